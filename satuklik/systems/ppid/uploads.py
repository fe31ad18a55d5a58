"""Files that applicants and officers hand in: taken by their content, never by their name or the type that is claimed."""

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from satuklik.base.files import actions as stored
from satuklik.base.files import queries as files_of
from satuklik.base.files.queries import FileDamaged
from satuklik.systems.ppid import actions, rules
from satuklik.systems.ppid.models import MatterFile

LARGEST = 10 * 1024 * 1024
MOST = 5
ACCEPT = ".pdf,.jpg,.jpeg,.png,.xlsx,.docx,.ods,.odt,.csv,.zip"
_SALT = "satuklik.ppid.files"
_KEPT_SECONDS = 24 * 3600
_PLAIN = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)
_OFFICE = {
    "word/document.xml": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xl/workbook.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
}
_OPEN = {
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text": "odt",
}


ENDINGS = {
    **{media: ending for _begin, media, ending in _PLAIN}, **dict(_OFFICE.values()), **_OPEN,
    "text/csv": "csv", "application/zip": "zip",
}  # fmt: skip


class BadFile(ValueError):
    """The file cannot be taken; the text says why and what to do."""


def keep(uploads: Sequence[Any], *, kind: str = "applicant") -> list[actions.GivenFile]:
    """The uploads in order, checked; they are stored with what they belong to. Raises BadFile for the first that cannot
    be taken."""
    if len(uploads) > MOST:
        raise BadFile(_("Paling banyak %(most)s berkas sekali kirim.") % {"most": MOST})
    checked = [(*_checked(upload), upload.name or "") for upload in uploads]
    return [
        actions.GivenFile(hashlib.sha256(content).hexdigest(), _named(name, ending), kind, media, content)
        for content, media, ending, name in checked
    ]


def hold(files: Sequence[actions.GivenFile]) -> list[actions.GivenFile]:
    """Put checked files by for the page after the form. They are not stored yet, and nothing is left of them after a day."""
    return [
        one if one.held or one.content is None else replace(one, held=stored.hold(one.content))
        for one in files
    ]


def seal(files: Sequence[actions.GivenFile]) -> str:
    """Held files as a word for a hidden field: the page after the form still has them, and nobody can name others."""
    held = [[one.held, one.name, one.kind, one.media_type] for one in files if one.held]
    return signing.dumps(held, salt=_SALT) if held else ""


def unseal(word: str) -> list[actions.GivenFile]:
    """The files behind the word; none for a word that is old or not ours."""
    if not word:
        return []
    try:
        return [_held(*one) for one in signing.loads(word, salt=_SALT, max_age=_KEPT_SECONDS)]
    except (signing.BadSignature, FileDamaged):
        return []


def of_agencies(referrals: Sequence[Any]) -> list[actions.GivenFile]:
    """The files with which agencies answered (referrals.queries.of_subject), named by agency and number: stored already,
    so that nobody downloads them here only to hand them in again. Each once."""
    found: dict[str, actions.GivenFile] = {}
    for one in referrals:
        for number, sha256 in enumerate(one.answer_files, 1):
            media = files_of.media_type(sha256)
            name = f"{one.agency.short_name} {number}.{ENDINGS.get(media, 'bin')}"
            found.setdefault(sha256, actions.GivenFile(sha256, name, MatterFile.Kind.ANSWER, media))
    return list(found.values())


def _held(word: str, name: str, kind: str, media: str) -> actions.GivenFile:
    content = files_of.held(word)
    return actions.GivenFile(hashlib.sha256(content).hexdigest(), name, kind, media, content, word)


def _checked(upload: Any) -> tuple[bytes, str, str]:
    if upload.size > LARGEST:
        raise BadFile(_("Berkas lebih besar dari 10 MB. Perkecil, atau kirim bagian yang diperlukan."))
    content = upload.read()
    found = kind_of(content)
    if found is None:
        raise BadFile(_("Berkas ini bukan PDF, gambar, CSV, ZIP, atau dokumen kantor tanpa makro."))
    return content, *found


def kind_of(content: bytes) -> tuple[str, str] | None:
    """(media type, ending) that the content itself shows; None for anything else."""
    for begin, media, ending in _PLAIN:
        if content.startswith(begin):
            return media, ending
    if content.startswith(b"PK\x03\x04"):
        return _of_archive(content)
    return ("text/csv", "csv") if content and _is_text(content) else None


def _of_archive(content: bytes) -> tuple[str, str] | None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            kind = (
                archive.read("mimetype")[:100].decode("ascii", "ignore")
                if "mimetype" in names and archive.getinfo("mimetype").file_size < 100
                else ""
            )
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        return None
    if kind in _OPEN:
        return kind, _OPEN[kind]
    for part, found in _OFFICE.items():
        if part in names:
            return found
    return "application/zip", "zip"


def _is_text(content: bytes) -> bool:
    if b"\0" in content or content.lstrip()[:1] == b"<":
        return False  # a page with scripts is no table
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _named(name: str, ending: str) -> str:
    """The name as given, with the ending that its content has."""
    clean = rules.file_name(name)
    stem = clean.rpartition(".")[0] or clean
    return f"{stem}.{ending}"
