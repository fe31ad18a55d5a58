"""Parafs: initials bound to the page that was read, one covering the other; returned; handed on."""

from datetime import datetime
from typing import TYPE_CHECKING

from satuklik.systems.correspondence.models import Naskah, Step

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


def paraf(naskah: Naskah, *, by: "Official", now: datetime, sha256_seen: str, note: str = "") -> Step:
    """Approve the version whose PDF has the digest `sha256_seen`. The last of a group opens the next one. Doing it
    twice returns the first. Raises NotTheVersionShown, NotYours, WrongState."""
    raise NotImplementedError


def give_back(naskah: Naskah, *, by: "Official", now: datetime, reason: str) -> Naskah:
    """Return it to who drafted it, from a paraf or from the signature. The next version begins the chain anew; these
    steps stay. Raises ReasonMissing, NotYours, WrongState."""
    raise NotImplementedError


def forward(naskah: Naskah, *, by: "Official", now: datetime, to: "Official", note: str = "") -> Step:
    """Hand one's own paraf to another official of the same office. Raises BadChain, NotYours, WrongState."""
    raise NotImplementedError
