"""The clocks of a complaint: what the office owes next, the whole matter's limit, the reporter's days."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from satuklik.base.calendar import actions as calendar
from satuklik.systems.complaints import catalogue
from satuklik.systems.complaints.models import Complaint

if TYPE_CHECKING:
    from satuklik.base.calendar.models import Term


def owe(complaint: Complaint, what: str, *, since: date, actor: str, now: datetime) -> None:
    """From now on the office owes the step `what` (a name of limits.toml); what it owed before is done."""
    owe_nothing(complaint, actor=actor, now=now)
    complaint.term = _start(complaint, what, since, actor, now)


def owe_nothing(complaint: Complaint, *, actor: str, now: datetime) -> None:
    """What the office owed is done."""
    if complaint.term is not None:
        calendar.close_term(complaint.term, actor=actor, now=now)
        complaint.term = None


def begin_completion(complaint: Complaint, *, since: date, actor: str, now: datetime) -> None:
    """The whole matter's limit, by its level; counted from the receipt (or from the day it was opened again)."""
    end_completion(complaint, actor=actor, now=now)
    complaint.completion = _start(complaint, complaint.level, since, actor, now)


def end_completion(complaint: Complaint, *, actor: str, now: datetime) -> None:
    """The matter is done. Its term stays, for the figures."""
    if complaint.completion is not None:
        calendar.close_term(complaint.completion, actor=actor, now=now)


def resume_completion(complaint: Complaint, *, actor: str, reason: str, now: datetime) -> None:
    """It was not done after all: the same term runs on, with its old date."""
    if complaint.completion is not None:
        calendar.reopen_term(complaint.completion, actor=actor, reason=reason, now=now)


def wait_for_reporter(complaint: Complaint, *, actor: str, now: datetime) -> None:
    """The reporter's days begin: to object to an answer, or to complete a report."""
    stop_waiting(complaint, actor=actor, now=now)
    complaint.quiet = _start(complaint, "reporter", timezone.localdate(now), actor, now)


def stop_waiting(complaint: Complaint, *, actor: str, now: datetime) -> None:
    """The reporter has spoken, or the days are over."""
    if complaint.quiet is not None:
        calendar.close_term(complaint.quiet, actor=actor, now=now)
        complaint.quiet = None


def _start(complaint: Complaint, what: str, since: date, actor: str, now: datetime) -> "Term":
    limit = catalogue.limit(what, since)
    complaint.steps += 1
    return calendar.start_term(
        complaint.subject, f"{what}-{complaint.steps}", received_on=since, days=limit.days, law=limit.source[:200],
        actor=actor, now=now,
    )  # fmt: skip
