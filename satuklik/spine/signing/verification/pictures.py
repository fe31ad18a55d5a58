"""Pictures of pages, drawn by Typst from bytes in memory, and two files compared page by page."""

import io
import mmap
import os
from dataclasses import dataclass, field

import typst
from PIL import Image, ImageChops, ImageDraw

from satuklik.spine.signing.errors import HOSTILE
from satuklik.spine.signing.verification import annotations, pages
from satuklik.spine.signing.verification.report import Refused

MOST_BYTES = 25_000_000
MOST_PIXELS = 12_000_000
MOST_COMPARED = 10
# Each page with annotations takes one more.
SHEETS = 3 * (2 * MOST_COMPARED + 2)
_PAGE = '#set page(width: auto, height: auto, margin: 0pt)\n#image("/{sheet}", format: "pdf", page: {page})\n'
_EMPTY = b"#set page(width: 9pt, height: 9pt, margin: 0pt)\n"
_FAINT = 24  # of 255: what two drawings of the same page may differ in
_MARK = (179, 38, 30)


class _Sheets:
    """Files in memory that Typst can open. All are made before the process loses the right to make any; each is
    written through a map, because the limit on the length of files forbids writing, and used once."""

    def __init__(self) -> None:
        self.free: list[int] = []

    def make(self) -> None:
        for _ in range(SHEETS):
            sheet = os.memfd_create("sheet", os.MFD_CLOEXEC)
            os.ftruncate(sheet, MOST_BYTES)
            self.free.append(sheet)

    def take(self, content: bytes) -> int:
        """A sheet with this content; close it after use. Raises Refused."""
        if not self.free or len(content) > MOST_BYTES:
            raise Refused("limit_memory", "No sheet is left.")
        sheet = self.free.pop()
        with mmap.mmap(sheet, MOST_BYTES) as place:
            place[: len(content)] = content
        os.ftruncate(sheet, len(content))
        return sheet


_SHEETS = _Sheets()
_COMPILERS: list[typst.Compiler] = []


def warm_up() -> None:
    """Set the sheets aside and start Typst's threads."""
    _SHEETS.make()
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    _COMPILERS.append(typst.Compiler(root="/proc/self/fd", font_paths=fonts, ignore_system_fonts=True))
    compiler().compile(input=_EMPTY, format="png")


def compiler() -> typst.Compiler:
    """The one compiler of this process."""
    return _COMPILERS[0]


def used_up() -> bool:
    """Whether the sheets run out."""
    return len(_SHEETS.free) < 2 * MOST_COMPARED + 2


@dataclass(frozen=True)
class ComparedPage:
    """One page of two files. `number` counts from 1; a side that has no such page has size (0, 0)."""

    number: int
    differs: bool
    original: tuple[int, int]
    other: tuple[int, int]


@dataclass
class Compared:
    """The pages, and their pictures one behind the other in `body`: original, other, original, other …"""

    pages: list[ComparedPage] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    body: bytes = b""


def picture(pdf: bytes, page: int, ppi: float) -> bytes:
    """A page (1 …) as PNG. Raises Refused."""
    sizes = pages.sizes(pdf)
    if not 1 <= page <= len(sizes):
        raise Refused("no_page", f"{len(sizes)} pages.")
    with _Drawing(pdf, sizes) as drawing:
        return drawing.page(page, ppi)


def compare(original: bytes, other: bytes, *, most: int, ppi: float) -> Compared:
    """The first `most` pages of two files, with what differs framed in the other's picture. Raises Refused."""
    left, right = pages.sizes(original), pages.sizes(other)
    compared, pictures = Compared(), []
    with _Drawing(original, left) as one, _Drawing(other, right) as two:
        for number in range(1, min(max(len(left), len(right)), min(most, MOST_COMPARED)) + 1):
            ours, theirs = one.image(number, ppi), two.image(number, ppi)
            box = _difference(ours, theirs)
            if theirs is not None and box is not None:
                ImageDraw.Draw(theirs).rectangle(box, outline=_MARK, width=3)
            compared.pages.append(ComparedPage(number, box is not None, _size(ours), _size(theirs)))
            pictures += [_png(ours), _png(theirs)]
    compared.lengths = [len(one) for one in pictures]
    compared.body = b"".join(pictures)
    return compared


class _Drawing:
    """One file that is drawn, in a `with` block. Typst draws no annotations, readers do: a page that has some is
    drawn from a copy that has them as part of the page."""

    def __init__(self, pdf: bytes, sizes: list[tuple[float, float]]) -> None:
        self._pdf = pdf
        self._sizes = sizes
        self._sheet = _SHEETS.take(pdf)

    def __enter__(self) -> "_Drawing":
        return self

    def __exit__(self, *_exception: object) -> None:
        os.close(self._sheet)

    def page(self, number: int, ppi: float) -> bytes:
        """A page (1 …) as PNG."""
        copy = annotations.drawn_in(self._pdf, number)
        if copy is None:
            return _drawn(self._sheet, number, self._sizes[number - 1], ppi)
        sheet = _SHEETS.take(copy)
        try:
            return _drawn(sheet, 1, self._sizes[number - 1], ppi)
        finally:
            os.close(sheet)

    def image(self, number: int, ppi: float) -> Image.Image | None:
        """A page on white; None where the file has no such page."""
        if number > len(self._sizes):
            return None
        drawn = Image.open(io.BytesIO(self.page(number, ppi))).convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn).convert("RGB")


def _drawn(sheet: int, page: int, size: tuple[float, float], ppi: float) -> bytes:
    # A page of five metres is drawn smaller, not larger than memory.
    width, height = size
    ppi = min(ppi, 72 * (MOST_PIXELS / (width * height)) ** 0.5)
    source = _PAGE.format(sheet=sheet, page=page).encode()
    try:
        made = compiler().compile(input=source, format="png", ppi=ppi)
    except (typst.TypstError, *HOSTILE) as error:
        raise Refused("damaged", f"The page cannot be drawn: {error}"[:300]) from error
    drawn = made[0] if isinstance(made, list) else made
    if not drawn:
        raise Refused("damaged", "The page cannot be drawn.")
    return drawn


def _difference(ours: Image.Image | None, theirs: Image.Image | None) -> tuple[int, int, int, int] | None:
    """The smallest rectangle that holds all that differs; None when nothing does."""
    if ours is None or theirs is None or ours.size != theirs.size:
        size = (theirs or ours or Image.new("RGB", (1, 1))).size
        return 0, 0, size[0] - 1, size[1] - 1
    apart = ImageChops.difference(ours, theirs).convert("L").point(lambda value: 255 if value > _FAINT else 0)
    box = apart.getbbox()
    return (max(0, box[0] - 4), max(0, box[1] - 4), box[2] + 3, box[3] + 3) if box else None


def _size(image: Image.Image | None) -> tuple[int, int]:
    return image.size if image is not None else (0, 0)


def _png(image: Image.Image | None) -> bytes:
    if image is None:
        return b""
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG")
    return out.getvalue()
