"""Typst, warm: a few compilers per process that turn a letter's source and data into PDF or pictures."""

import json
import queue
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst
import zxingcpp
from django.conf import settings

from satuklik.spine.documents.errors import LetterBroken

STANDARDS = ["a-3a", "ua-1"]
PICTURE_PPI = 110
_OWN_LAYANAN = Path(__file__).resolve().parents[3] / "layanan"
_EMBED = '#set page(width: auto, height: auto, margin: 0pt)\n#image("/{path}", format: "pdf", page: {page})\n'


class _Compilers:
    """Compilers lent to one thread at a time.

    `compile` releases the GIL but one compiler serves one call at a time ("Already borrowed"), so each
    thread that is at work borrows its own. They share one set of fonts.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
        self._free: queue.SimpleQueue[typst.Compiler] = queue.SimpleQueue()

    @contextmanager
    def one(self) -> Iterator[typst.Compiler]:
        try:
            compiler = self._free.get_nowait()
        except queue.Empty:
            compiler = typst.Compiler(root=self._root, font_paths=self._fonts, ignore_system_fonts=True)
        try:
            yield compiler
        finally:
            self._free.put(compiler)


def library_root() -> Path:
    """The folder that holds surat.typ: the first service folder that has one, else the project's own."""
    for folder in settings.LAYANAN:
        if (folder / "surat.typ").exists():
            return Path(folder)
    return _OWN_LAYANAN


@cache
def _letters(root: Path) -> _Compilers:
    return _Compilers(root)


@cache
def _pictures(root: Path) -> _Compilers:
    return _Compilers(root)


def qr_svg(address: str) -> str:
    """A QR code that leads to `address`, as SVG without quiet zone (the letter leaves white around it)."""
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    svg: str = code.to_svg(add_quiet_zones=False)
    return svg


def pdf(slug: str, source: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The letter as PDF/A-3a and PDF/UA-1; the same input gives the same bytes. Raises LetterBroken."""
    return _compile(slug, source, data, format="pdf", pdf_standards=STANDARDS, timestamp=int(at.timestamp()))


def picture(
    slug: str,
    source: str,
    data: Mapping[str, Any],
    *,
    format: Literal["png", "svg"] = "png",
    ppi: float = PICTURE_PPI,
    number: int = 1,
) -> bytes:
    """A page of the letter as a picture: the first, or the last one for a `number` beyond it. Raises LetterBroken."""
    return _compile(slug, source, data, number, format=format, ppi=ppi)


def picture_of_file(root: Path, path: str, *, page: int = 1, ppi: float = PICTURE_PPI) -> bytes:
    """A page of the PDF at `path` under `root` as PNG: a picture of the very bytes that were signed."""
    with _pictures(root).one() as compiler:
        made = compiler.compile(input=_EMBED.format(path=path, page=page).encode(), format="png", ppi=ppi)
    return _page(made, 1)


def _compile(slug: str, source: str, data: Mapping[str, Any], number: int = 1, **options: Any) -> bytes:
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    with _letters(library_root()).one() as compiler:
        try:
            return _page(compiler.compile(input=source.encode(), sys_inputs=inputs, **options), number)
        except typst.TypstError as error:
            raise LetterBroken(slug, error.diagnostic or error.message) from error


def _page(made: bytes | list[bytes] | None, number: int) -> bytes:
    if isinstance(made, list):
        return made[min(number, len(made)) - 1]
    assert made is not None
    return made
