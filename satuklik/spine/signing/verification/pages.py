"""Pages of foreign PDFs: how large a reader shows them, and where a tag stands in their text."""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from satuklik.spine.signing.errors import HOSTILE
from satuklik.spine.signing.placement import Frame, Placement, under_tag
from satuklik.spine.signing.verification.report import Refused

MOST_PAGES = 2000
MOST_PAGES_SEARCHED = 100
_SMALLEST, _LARGEST = 3.0, 14_400.0  # points: what readers show (ISO 32000-1 annex C)
_A_LETTER = 0.5  # of the font's size: about how wide one is
LONGEST_TAG = 40


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height in points of each page, as a reader shows it. Raises Refused."""
    with _reading(pdf) as pages:
        return [frame_of(page).size for page in pages]


def find_tag(pdf: bytes, tag: str, width: float, height: float) -> Placement | None:
    """The first place where `tag` stands in the text as a word of its own, as a rectangle of this size below its upper
    edge; None where it stands nowhere. Raises Refused."""
    if not 2 <= len(tag) <= LONGEST_TAG:
        raise Refused("damaged", "No tag is that short or long.")
    whole = re.compile(rf"(?<!\w){re.escape(tag)}(?!\w)")
    with _reading(pdf) as pages:
        for number, page in enumerate(pages[:MOST_PAGES_SEARCHED], 1):
            frame = frame_of(page)
            for x, y in _places(page, whole):
                return under_tag(*frame.shown(x, y), frame, page=number, width=width, height=height)
    return None


class _reading:
    """The pages of a file in a `with` block that turns what hostile files raise into Refused."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pdf

    def __enter__(self) -> list[PageObject]:
        try:
            return self._pages()
        except (PyPdfError, *HOSTILE) as error:
            raise _refused(error) from error

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, (PyPdfError, *HOSTILE)):
            raise _refused(error) from error

    def _pages(self) -> list[PageObject]:
        if not self._pdf.startswith(b"%PDF-"):
            raise Refused("not_pdf")
        reader = PdfReader(io.BytesIO(self._pdf))
        if reader.is_encrypted:
            raise Refused("encrypted")
        if not 0 < len(reader.pages) <= MOST_PAGES:
            raise Refused("damaged", f"{len(reader.pages)} pages.")
        return list(reader.pages)


def _refused(error: BaseException) -> Refused:
    if isinstance(error, MemoryError):
        return Refused("limit_memory")
    return Refused("damaged", f"{type(error).__name__}: {error}"[:300])


def frame_of(page: PageObject) -> Frame:
    """The page's visible part. Raises Refused when no reader would show it."""
    return frame(
        [float(n) for n in page.mediabox],
        [float(n) for n in page.cropbox],
        int(page.rotation),
        float(page.get("/UserUnit", 1.0)),
    )


def frame(media: list[float], crop: list[float], rotation: int, unit: float) -> Frame:
    """A page's visible part from its boxes (in any order of corners). Raises Refused."""
    boxes = [(min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3])) for b in (media, crop)]
    (left, bottom, right, top), inner = boxes
    cut = (max(left, inner[0]), max(bottom, inner[1]), min(right, inner[2]), min(top, inner[3]))
    if cut[0] >= cut[2] or cut[1] >= cut[3]:
        cut = boxes[0]  # as readers do with a crop box that lies elsewhere
    found = Frame(*cut, rotation=rotation % 360, unit=unit)
    if rotation % 90 or not all(_SMALLEST <= side <= _LARGEST for side in found.size):
        raise Refused("damaged", "A page has an impossible size.")
    return found


def _places(page: PageObject, whole: re.Pattern[str]) -> Iterator[tuple[float, float]]:
    """Upper left corners of what `whole` finds, in the page's own coordinates."""
    pieces: list[tuple[int, float, float, float]] = []
    words: list[str] = []
    length = 0

    def see(text: str, current: Any, matrix: Any, _font: Any, size: float) -> None:
        nonlocal length
        if text.strip():
            x, y, tall = _corner(current, matrix, float(size))
            pieces.append((length, x, y, tall))
        words.append(text)
        length += len(text)

    page.extract_text(visitor_text=see)
    for found in whole.finditer("".join(words)):
        before = [piece for piece in pieces if piece[0] <= found.start()]
        if before:
            start, x, y, tall = before[-1]
            yield x + (found.start() - start) * _A_LETTER * abs(tall), y + tall


def _corner(current: Any, matrix: Any, size: float) -> tuple[float, float, float]:
    """Where a piece of text begins on the page, and how tall it is (negative: drawn head down)."""
    x = matrix[4] * current[0] + matrix[5] * current[2] + current[4]
    y = matrix[4] * current[1] + matrix[5] * current[3] + current[5]
    return float(x), float(y), size * float(matrix[1] * current[1] + matrix[3] * current[3])
