"""The clocks of a case: deadlines in working days, paused while the applicant has to mend something."""

import time
from datetime import date, timedelta
from functools import lru_cache

from satuklik.base.calendar import queries as calendar
from satuklik.base.postgres.actions import insert
from satuklik.kernel import workdays
from satuklik.spine.cases.definition import Deadline
from satuklik.spine.cases.models import Case, Clock


def due(start: date, days: int) -> date:
    """The date on which `days` working days after `start` are over; the day of receipt does not count
    (UU 30/2014 ps. 53: "setelah permohonan diterima")."""
    return _due(start, days, int(time.monotonic() / CALENDAR_SECONDS))


def forget() -> None:
    """Count anew at the next need: the calendar changed."""
    _due.cache_clear()


# A decree changes the calendar a few times a year; a click asks for the same date every second.
CALENDAR_SECONDS = 60


@lru_cache(maxsize=500)
def _due(start: date, days: int, minute: int) -> date:
    # Five working days never take more than sixteen calendar days, Lebaran's joint leave included.
    return workdays.due(start, days, calendar.holidays(start, start + timedelta(days=16 + days * 3)))


def start(case: Case, deadline: Deadline, today: date, due_on: date) -> None:
    """Start the clock of the decision."""
    clock = Clock(case=case, kind="decision", days=deadline.days, law=deadline.law, started_on=today)
    clock.due_on = due_on
    insert(clock)


def pause(case: Case, today: date) -> None:
    """Stop the time while the applicant mends; what was used so far is kept."""
    for clock in Clock.objects.filter(case=case, stopped_on=None, paused_on=None):
        clock.used_days += workdays.between(
            clock.started_on, today, calendar.holidays(clock.started_on, today)
        )
        clock.paused_on = today
        clock.save(update_fields=["used_days", "paused_on"])
    Case.objects.filter(pk=case.pk).update(due_on=None)
    case.due_on = None


def resume(case: Case, today: date) -> date | None:
    """Go on with the days that were left; the new due date."""
    due_on = None
    for clock in Clock.objects.filter(case=case, stopped_on=None).exclude(paused_on=None):
        left = max(1, clock.days - clock.used_days)
        clock.started_on, clock.paused_on, clock.due_on = today, None, due(today, left)
        clock.save(update_fields=["started_on", "paused_on", "due_on"])
        due_on = clock.due_on
    return due_on


def stop(case: Case, today: date) -> None:
    """The matter is decided: its clocks run no more."""
    Clock.objects.filter(case=case, stopped_on=None).update(stopped_on=today)
