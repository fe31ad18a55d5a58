"""Files that come with an answer: taken by their content, never by their name."""

import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from satuklik.base.files import actions as files

LARGEST = 10 * 1024 * 1024
PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS = {PDF: "pdf", PNG: "png", JPEG: "jpg", DOCX: "docx", XLSX: "xlsx"}
MACROS = "vbaProject.bin"


class BadFile(ValueError):
    """The file cannot be taken; the text says why."""


def keep(uploads: list[Any], now: datetime) -> list[str]:
    """Store the uploads; their SHA-256 in order. Raises BadFile for the first that cannot be taken."""
    checked = [_checked(upload) for upload in uploads]
    return [files.store(content, kind, at=now) for content, kind in checked]


def _checked(upload: Any) -> tuple[bytes, str]:
    if upload.size > LARGEST:
        raise BadFile(_("Berkas lebih besar dari 10 MB. Perkecil, atau kirim bagian yang diperlukan."))
    content = upload.read()
    kind = kind_of(content)
    if kind is None:
        raise BadFile(_("Berkas ini bukan PDF, gambar, Excel, atau Word tanpa makro."))
    return content, kind


def kind_of(content: bytes) -> str | None:
    """The media type that the content itself shows; None for anything else."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    return None


def _office_kind(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return None
    if any(name.endswith(MACROS) for name in names):
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None
