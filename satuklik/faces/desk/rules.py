"""What the desk decides by itself: how urgent a matter is, and which one comes after which."""

import base64
import binascii
import json
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Literal, Protocol, TypeVar

from satuklik.kernel.workdays import between

Tone = Literal["late", "today", "soon", "calm", "none"]
SOON_DAYS = 2  # working days: from here on the list says so in a stronger tone
NO_DATE = date.max  # matters without a deadline come last

VISIT_MINUTES = 60  # a neighbour stands at the counter at most this long before identity is checked anew


class Sortable(Protocol):
    """What the inbox needs of an item to place it."""

    @property
    def due_on(self) -> date | None: ...
    @property
    def reference(self) -> str: ...


Item = TypeVar("Item", bound=Sortable)


@dataclass(frozen=True)
class Place:
    """Where a page of the inbox ends: the list goes on after this matter."""

    due_on: date
    reference: str

    def text(self) -> str:
        """For an address; carries nothing of a person."""
        raw = json.dumps([self.due_on.isoformat(), self.reference]).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def place(text: str) -> Place | None:
    """The place that an address names; None when the text is not one of ours."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        due_on, reference = json.loads(raw)
        return Place(date.fromisoformat(due_on), str(reference))
    except (binascii.Error, ValueError, TypeError):
        return None


def place_of(item: Sortable) -> Place:
    """The place of this item in the order of the inbox: what is due first, then by reference."""
    return Place(item.due_on or NO_DATE, item.reference)


def page_of(sources: Iterable[Iterable[Item]], *, after: Place | None, most: int) -> tuple[list[Item], bool]:
    """The next `most` items of several systems in one order, and whether more follow.

    Each source gives at most its own next `most + 1` items after `after`, in any order.
    """
    merged = sorted((item for source in sources for item in source), key=_key)
    if after is not None:
        merged = [item for item in merged if _key(item) > (after.due_on, after.reference)]
    return merged[:most], len(merged) > most


def _key(item: Sortable) -> tuple[date, str]:
    found = place_of(item)
    return found.due_on, found.reference


@dataclass(frozen=True)
class Deadline:
    """How many working days are left (negative: since when it is late), and how loudly to say it."""

    days: int
    tone: Tone


def deadline(due_on: date | None, today: date, holidays: Set[date]) -> Deadline:
    """Judge a deadline at the end of `due_on`, in working days of the office."""
    if due_on is None:
        return Deadline(0, "none")
    days = between(today, due_on, holidays)
    if due_on < today:
        return Deadline(days, "late")
    if days == 0:
        return Deadline(0, "today")
    return Deadline(days, "soon" if days <= SOON_DAYS else "calm")


def next_reference(waiting: Sequence[str], just_done: str) -> str | None:
    """The matter that opens after `just_done`: the one behind it in the list, else the first that is left."""
    if just_done in waiting:
        behind = islice(waiting, waiting.index(just_done) + 1, None)
        found = next(behind, None)
        if found:
            return found
    return next((reference for reference in waiting if reference != just_done), None)


def visit_open(opened_at: datetime, ended_at: datetime | None, now: datetime) -> bool:
    """Is the neighbour still at the counter?"""
    return ended_at is None and now - opened_at <= timedelta(minutes=VISIT_MINUTES)
