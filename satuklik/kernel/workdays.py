"""Counts working days. Which days are holidays is an argument: see base.calendar."""

from collections.abc import Set
from datetime import date, timedelta

SATURDAY, SUNDAY = 5, 6
ONE_DAY = timedelta(days=1)


def is_workday(day: date, holidays: Set[date], *, six_day: bool = False) -> bool:
    """True when offices work on `day`; `six_day` offices work on Saturdays too."""
    weekday = day.weekday()
    return weekday != SUNDAY and (six_day or weekday != SATURDAY) and day not in holidays


def due(received: date, days: int, holidays: Set[date], *, six_day: bool = False) -> date:
    """The last day of a term of `days` working days. Day 0 is the day of receipt (in Asia/Jakarta), counting
    begins with the next working day; the matter is due at the end of the day returned."""
    if days < 0:
        raise ValueError(f"A term has no negative number of days ({days}).")
    return add(received, days, holidays, six_day=six_day)


def add(start: date, days: int, holidays: Set[date], *, six_day: bool = False) -> date:
    """The working day that lies `days` working days after `start` (before it, where negative)."""
    step = ONE_DAY if days >= 0 else -ONE_DAY
    day, left = start, abs(days)
    while left:
        day += step
        left -= is_workday(day, holidays, six_day=six_day)
    return day


def between(first: date, last: date, holidays: Set[date], *, six_day: bool = False) -> int:
    """How many working days lie after `first` up to and including `last`; negative where `last` is earlier."""
    if last < first:
        return -between(last, first, holidays, six_day=six_day)
    days = (first + ONE_DAY * number for number in range(1, (last - first).days + 1))
    return sum(is_workday(day, holidays, six_day=six_day) for day in days)
