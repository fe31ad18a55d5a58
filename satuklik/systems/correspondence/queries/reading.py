"""Who may read what."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.systems.correspondence.models import Incoming, Naskah


def may_read(official: "Official", naskah: "Naskah", now: datetime | None = None) -> bool:
    """biasa: everybody of the office. terbatas: who drafted it, who is or was in its chain, who receives it. rahasia,
    sangat rahasia: the same, where of a recipient's office only its head (or who acts for him), and whoever took a
    disposition of it."""
    raise NotImplementedError


def may_read_incoming(official: "Official", incoming: "Incoming", now: datetime | None = None) -> bool:
    """The same for a letter that came in."""
    raise NotImplementedError
