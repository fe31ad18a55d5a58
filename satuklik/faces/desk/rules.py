"""What the desk decides by itself: how urgent a matter is, and which one comes after which."""

import base64
import json
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from satuklik.kernel.workdays import between

Tone = Literal["late", "today", "soon", "calm", "none"]
SOON_DAYS = 2  # working days: from here on the list says so in a stronger tone

LONGEST_PLACE = 160
VISIT_MINUTES = 60  # a neighbour stands at the counter at most this long before identity is checked anew


@dataclass(frozen=True)
class Place:
    """Where a page of a box ends: the list goes on after this matter. Closed matters are placed by the time
    of their end, open ones by their due date (None: without one)."""

    at: date | datetime | None
    reference: str

    def text(self) -> str:
        """For an address; carries nothing of a person."""
        raw = json.dumps([self.at.isoformat() if self.at else None, self.reference]).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def place(text: str) -> Place | None:
    """The place that an address names; None when the text is not one of ours."""
    if len(text) > LONGEST_PLACE:
        return None
    try:
        at, reference = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not str(reference).isprintable():  # no NUL comes to the database, and no half of a surrogate pair
            return None
        if at is None:
            return Place(None, str(reference)[:20])
        return Place(date.fromisoformat(at) if len(at) == 10 else _aware(at), str(reference)[:20])
    except (ValueError, TypeError):  # also binascii's and json's errors
        return None


def _aware(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at


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


def visit_open(opened_at: datetime, ended_at: datetime | None, now: datetime) -> bool:
    """Is the neighbour still at the counter?"""
    return ended_at is None and now - opened_at <= timedelta(minutes=VISIT_MINUTES)
