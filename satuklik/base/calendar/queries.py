"""Reads the calendar and counts in it; refuses to count past the last loaded year."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.base.calendar.models import Holiday, Term, TermEvent
from satuklik.kernel import workdays

FRESH_SECONDS = 60  # a decree that is entered in one process is seen by the others after this time


@dataclass(frozen=True)
class WorkingDays:
    """A calendar to count in. Every method raises `YearNotLoaded` where a count reaches a year without rows."""

    holidays: frozenset[date]
    years: frozenset[int]
    six_day: bool = False
    """True for offices that work on Saturdays."""

    def due(self, received: date, days: int) -> date:
        """The day at whose end a term of `days` working days is over; day 0 is the day of receipt."""
        return self._in_reach(received, workdays.due(received, days, self.holidays, six_day=self.six_day))

    def add(self, start: date, days: int) -> date:
        """The working day `days` working days after `start` (before it, where negative)."""
        return self._in_reach(start, workdays.add(start, days, self.holidays, six_day=self.six_day))

    def between(self, first: date, last: date) -> int:
        """How many working days lie after `first` up to and including `last`; negative when in the past."""
        self._in_reach(first, last)
        return workdays.between(first, last, self.holidays, six_day=self.six_day)

    def is_workday(self, day: date) -> bool:
        """True when offices work on `day`."""
        self._in_reach(day, day)
        return workdays.is_workday(day, self.holidays, six_day=self.six_day)

    def _in_reach(self, first: date, last: date) -> date:
        for year in range(min(first, last).year, max(first, last).year + 1):
            if year not in self.years:
                raise YearNotLoaded(year)
        return last


@dataclass
class _Known:
    """The table as this process read it last."""

    rows: list[Holiday] = field(default_factory=list)
    read_at: float = -FRESH_SECONDS


_known = _Known()


def forget() -> None:
    """Read the calendar again at the next need; to be called after a change."""
    _known.rows, _known.read_at = [], -FRESH_SECONDS


def holidays(first: date, last: date, *, joint_leave: bool = True) -> frozenset[date]:
    """The holidays from `first` to `last`; `joint_leave` days (cuti bersama) count unless switched off.

    Raises `YearNotLoaded` where a year of the span has no rows.
    """
    calendar = working_days(joint_leave=joint_leave)
    calendar._in_reach(first, last)
    return frozenset(day for day in calendar.holidays if first <= day <= last)


def working_days(*, six_day: bool = False, joint_leave: bool = True) -> WorkingDays:
    """The calendar to count in, of everything that is loaded."""
    return counted_in(_rows(), six_day=six_day, joint_leave=joint_leave)


def counted_in(rows: Iterable[Holiday], *, six_day: bool = False, joint_leave: bool = True) -> WorkingDays:
    """The calendar of these days off, whether or not they stand in the table."""
    known = list(rows)
    counted = (row.date for row in known if joint_leave or row.kind != Holiday.Kind.JOINT_LEAVE)
    return WorkingDays(frozenset(counted), _years(known), six_day)


def last_year() -> int | None:
    """The last year with rows, or None; from September on, the next year should be there."""
    return max(_years(_rows()), default=None)


def unconfirmed(year: int) -> list[Holiday]:
    """The days of `year` that nobody has compared with the decree, by date."""
    return list(Holiday.objects.filter(date__year=year, confirmed=False).order_by("date"))


def years() -> list[int]:
    """The years of which the table has days, loaded or begun."""
    return sorted({row.date.year for row in _rows()})


def holidays_of(year: int) -> list[Holiday]:
    """The days off of a year, by date."""
    return list(Holiday.objects.filter(date__year=year).order_by("date"))


def is_holiday(day: date) -> bool:
    """Whether the table has this day."""
    return Holiday.objects.filter(pk=day).exists()


def day_off(day: date) -> Holiday | None:
    """The table's row of this day, or None."""
    return Holiday.objects.filter(pk=day).first()


WARN_FROM_MONTH = 9  # the joint decree for the next year comes in September or October


def missing_year(today: date) -> int | None:
    """The year whose holidays should be there and are not: this one, from September on the next one too. None where
    all is well."""
    wanted = [today.year] + ([today.year + 1] if today.month >= WARN_FROM_MONTH else [])
    loaded = _years(_rows())
    return next((year for year in wanted if year not in loaded), None)


def undated_terms() -> int:
    """How many open terms wait for the calendar of a year that is not loaded."""
    return Term.objects.filter(closed_at=None, due_on=None).count()


def changes(most: int) -> list[TermEvent]:
    """The terms that a change of the calendar moved last, newest first, their terms read with them."""
    moved = TermEvent.objects.filter(kind=TermEvent.Kind.RECOMPUTED).select_related("term")
    return list(moved.order_by("-pk")[:most])


def _rows() -> list[Holiday]:
    now = time.monotonic()
    if not _known.rows or now - _known.read_at > FRESH_SECONDS:
        _known.rows, _known.read_at = list(Holiday.objects.order_by("date")), now
    return _known.rows


FIRST_AND_LAST = ((1, 1), (12, 25))
"""Month and day of the first and the last day off of every joint decree."""


def _years(rows: Iterable[Holiday]) -> frozenset[int]:
    """The years whose decree is there. One day entered by hand (a local holiday, an election) is no decree: a year
    counts from the day that its first and its last day off stand in it, which every decree has."""
    known = {row.date for row in rows}
    return frozenset(
        day.year for day in known if {date(day.year, month, at) for month, at in FIRST_AND_LAST} <= known
    )


def holds_the_year(day: date) -> bool:
    """Whether the year would count as not loaded without this day: then no date in it could be computed."""
    return (day.month, day.day) in FIRST_AND_LAST and day.year in _years(_rows())
