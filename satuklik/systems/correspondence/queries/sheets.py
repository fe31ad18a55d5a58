"""Pages: what a naskah looks like, its control sheet, an incoming letter's disposition sheet."""

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from satuklik.systems.correspondence.models import Incoming, Naskah


def preview(naskah: "Naskah", format: Literal["png", "pdf"] = "png", page: int = 1) -> bytes:
    """What it looks like now: a draft as it would be (marked), a version as it went up, a signed one as it is. The
    caller has asked `naskah_for` first. Raises BadContent, LetterBroken."""
    raise NotImplementedError


def sample(slug: str) -> bytes:
    """A PNG of a template with invented content, marked CONTOH. Raises UnknownKind."""
    raise NotImplementedError


def control_sheet(naskah: "Naskah") -> bytes:
    """Lembar kendali as PDF: every paraf with name, time and hash."""
    raise NotImplementedError


def disposition_sheet(incoming: "Incoming") -> bytes:
    """Lembar disposisi as PDF."""
    raise NotImplementedError


def incoming_file(incoming: "Incoming") -> tuple[bytes, str]:
    """The letter that came in and its media type: the signed PDF, or the scan. Raises FileNotFoundError where none
    was uploaded."""
    raise NotImplementedError
