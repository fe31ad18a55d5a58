"""Send a signed naskah: into the inbox of offices of ours, by hand to everybody else."""

from datetime import datetime
from typing import TYPE_CHECKING

from satuklik.systems.correspondence.models import Incoming, Naskah, Recipient

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


def dispatch(naskah: Naskah, *, by: "Official", now: datetime) -> list[Incoming]:
    """Put it into the agenda masuk of every office of ours that it goes to. Who is outside stays to be sent by hand
    (`confirm_sent`). Doing it twice delivers once and returns the same. Raises WrongState, NotYours."""
    raise NotImplementedError


def confirm_sent(recipient: Recipient, *, by: "Official", now: datetime, how: str) -> Recipient:
    """State that it was sent to somebody outside, and how ("diantar", "pos", "surel"). Raises WrongState, NotYours."""
    raise NotImplementedError
