"""Dispositions: instructions on an incoming letter, passed on, reported back, closed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from satuklik.systems.correspondence.models import Disposition, Incoming

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


def dispose(
    incoming: Incoming,
    *,
    by: "Official",
    now: datetime,
    takers: "Sequence[Official]",
    instruction: str,
    note: str = "",
    due_on: date | None = None,
    parent: Disposition | None = None,
) -> list[Disposition]:
    """Give an instruction to one or several officials: the head (or who acts for him) and the secretary freely, others
    by passing on a disposition of their own (`parent`). Raises BadDisposition, NotYours, WrongState."""
    raise NotImplementedError


def report(disposition: Disposition, *, by: "Official", now: datetime, text: str) -> Disposition:
    """The taker says what was done. When every disposition of a letter is done, the letter is. Raises NotYours,
    WrongState, ReasonMissing (an empty report)."""
    raise NotImplementedError


def close(incoming: Incoming, *, by: "Official", now: datetime) -> Incoming:
    """The head or the secretary ends the matter, also without a disposition. Raises NotYours, WrongState."""
    raise NotImplementedError
