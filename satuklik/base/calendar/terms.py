"""Terms of working days: started, extended, closed, counted again when the calendar changes. Each change is a row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from satuklik.base.calendar import queries
from satuklik.base.calendar.errors import HoldsTheYear, TermClosed, YearNotLoaded
from satuklik.base.calendar.models import Holiday, Term, TermEvent
from satuklik.base.calendar.queries import WorkingDays
from satuklik.kernel import workdays

Recount = Callable[[datetime], int]
"""(now) → how many open matters got another date. For rooms whose dates are no terms."""
RECOUNTS: dict[str, Recount] = {}


class DuplicateRecount(RuntimeError):
    """Two rooms registered a recount under one name."""


def register_recount(name: str, recount: Recount) -> None:
    """Call `recount` after the calendar changed, in the transaction of the change. Raises DuplicateRecount."""
    if name in RECOUNTS:
        raise DuplicateRecount(name)
    RECOUNTS[name] = recount


@transaction.atomic
def start_term(
    subject: str,
    name: str,
    *,
    received_on: date,
    days: int,
    law: str,
    actor: str,
    now: datetime,
    six_day: bool = False,
    reason: str = "",
) -> Term:
    """Start a term of `days` working days; day 0 is `received_on`. Where the count reaches a year that is not decreed,
    the term begins without a date and gets one when the year is loaded: nothing that comes in is refused for it."""
    term = Term(subject=subject, name=name, received_on=received_on, days=days, six_day=six_day, law=law)
    term.due_on = _due(term)
    term.save()
    _note(term, TermEvent.Kind.STARTED, actor, reason, None, now)
    return term


@transaction.atomic
def extend_term(term: Term, extra_days: int, *, reason: str, actor: str, now: datetime) -> Term:
    """Add working days behind the end of the term. The caller knows whether its law allows it. Raises TermClosed."""
    term = _locked(term)
    before = term.due_on
    term.extra_days += extra_days
    term.due_on = _due(term)
    term.save(update_fields=["extra_days", "due_on"])
    _note(term, TermEvent.Kind.EXTENDED, actor, reason, before, now)
    return term


@transaction.atomic
def close_term(term: Term, *, actor: str, now: datetime, reason: str = "") -> Term:
    """What had to happen has happened. Closing a closed term changes nothing."""
    locked = Term.objects.select_for_update().get(pk=term.pk)
    if locked.closed_at is None:
        locked.closed_at = now
        locked.save(update_fields=["closed_at"])
        _note(locked, TermEvent.Kind.CLOSED, actor, reason, locked.due_on, now)
    return locked


@transaction.atomic
def reopen_term(term: Term, *, actor: str, reason: str, now: datetime) -> Term:
    """The matter goes on; the date is counted again by today's calendar."""
    locked = Term.objects.select_for_update().get(pk=term.pk)
    if locked.closed_at is not None:
        before, locked.closed_at = locked.due_on, None
        locked.due_on = _due(locked)
        locked.save(update_fields=["closed_at", "due_on"])
        _note(locked, TermEvent.Kind.REOPENED, actor, reason, before, now)
    return locked


@transaction.atomic
def declare_holiday(day: date, *, name: str, kind: str, decree: str, actor: str, now: datetime) -> int:
    """Enter a day off, or correct its row, and count every open term again. How many got another date."""
    Holiday.objects.update_or_create(
        date=day, defaults={"name": name, "kind": kind, "decree": decree, "confirmed": True}
    )
    return recompute(actor=actor, reason=f"{name} ({decree})", now=now)


@transaction.atomic
def withdraw_holiday(day: date, *, decree: str, actor: str, now: datetime) -> int:
    """Take a day off out of the calendar, and count every open term again. How many got another date. Raises
    HoldsTheYear for the days by which a year counts as loaded: without one, every open term lost its date."""
    if queries.holds_the_year(day):
        raise HoldsTheYear(day)
    Holiday.objects.filter(date=day).delete()
    return recompute(actor=actor, reason=f"{day} ({decree})", now=now)


@transaction.atomic
def recompute(*, actor: str, reason: str, now: datetime) -> int:
    """Count every open term again by the calendar as it now is; closed ones stay as they were. How many got another
    date."""
    queries.forget()
    transaction.on_commit(queries.forget)
    changed = 0
    for term in Term.objects.select_for_update().filter(closed_at=None).order_by("pk").iterator(1_000):
        before, term.due_on = term.due_on, _due(term)
        if term.due_on != before:
            term.save(update_fields=["due_on"])
            _note(term, TermEvent.Kind.RECOMPUTED, actor, reason, before, now)
            changed += 1
    return changed + sum(recount(now) for recount in RECOUNTS.values())


@dataclass(frozen=True)
class Day:
    """One day of the count: its number (None where it does not count), and why not ("" where it does)."""

    date: date
    number: int | None
    reason: str


@dataclass(frozen=True)
class Why:
    """Why a term ends when it ends, for the panel «Mengapa tanggal ini?». `days` begins with day 0."""

    term: Term
    days: tuple[Day, ...]
    events: tuple[TermEvent, ...]


WEEKEND = "weekend"


def why(term: Term) -> Why:
    """Every day from receipt to the end of the term with its number, or with the reason that it does not count: the
    holiday's name with its decree, or `WEEKEND`."""
    events = tuple(term.events.order_by("pk"))
    if term.due_on is None:
        return Why(term, (), events)
    calendar = calendar_of(term)
    span = Holiday.objects.filter(date__range=(term.received_on, term.due_on))
    off = {row.date: f"{row.name} ({row.decree})" for row in span if row.date in calendar.holidays}
    days, number = [Day(term.received_on, 0, "")], 0
    for ahead in range(1, (term.due_on - term.received_on).days + 1):
        day = term.received_on + timedelta(days=ahead)
        if workdays.is_workday(day, calendar.holidays, six_day=term.six_day):
            number += 1
            days.append(Day(day, number, ""))
        else:
            days.append(Day(day, None, off.get(day, WEEKEND)))
    return Why(term, tuple(days), events)


def left(term: Term, now: datetime) -> int | None:
    """Working days until the term ends (0: today; negative: late); None where it has no date yet, or where today lies in
    a year that is not loaded (the first days of January before a decree: the page must open all the same)."""
    if term.due_on is None:
        return None
    try:
        return calendar_of(term).between(timezone.localdate(now), term.due_on)
    except YearNotLoaded:
        return None


def calendar_of(term: Term) -> WorkingDays:
    """The calendar in which this term is counted."""
    return queries.working_days(six_day=term.six_day, joint_leave=settings.SATUKLIK_JOINT_LEAVE_COUNTS_AS_OFF)


def _due(term: Term) -> date | None:
    calendar = calendar_of(term)
    try:
        end = calendar.due(term.received_on, term.days)
        return calendar.add(end, term.extra_days) if term.extra_days else end
    except YearNotLoaded:
        return None


def _locked(term: Term) -> Term:
    found = Term.objects.select_for_update().get(pk=term.pk)
    if found.closed_at is not None:
        raise TermClosed(found.subject, found.name)
    return found


def _note(term: Term, kind: str, actor: str, reason: str, before: date | None, now: datetime) -> None:
    TermEvent.objects.create(
        term=term,
        kind=kind,
        at=now,
        actor=actor,
        reason=reason[:500],
        due_before=before,
        due_after=term.due_on,
    )
