"""The one signature of a naskah: number, page, signature, register."""

from datetime import datetime
from typing import TYPE_CHECKING

from satuklik.systems.correspondence.models import Naskah

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.documents.actions import IssuedDocument
    from satuklik.spine.signing.keys import UnlockedKey


def sign(
    naskah: Naskah, *, by: "Official", key: "UnlockedKey", now: datetime, sha256_seen: str
) -> "IssuedDocument":
    """Number, sign and register the version whose PDF has the digest `sha256_seen`. Doing it twice returns the first.
    Raises MaySignNot (his right is asked at this moment), NotTheVersionShown, NotYours, WrongState, and what
    documents and signing raise."""
    raise NotImplementedError
