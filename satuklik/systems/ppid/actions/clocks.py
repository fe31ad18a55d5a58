"""The clocks of requests and objections: terms in working days, and the earlier of them as the date to sort by."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from satuklik.base.calendar import actions as calendar
from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.systems.ppid import parameters, rules
from satuklik.systems.ppid.models import InformationRequest, Objection

if TYPE_CHECKING:
    from satuklik.base.calendar.models import Term

FROM_RECEIPT, FROM_COMPLETE, CHECK, SUPPLEMENT = "answer", "answer_complete", "completeness", "supplement"
OBJECTION, DISPUTE = "objection", "dispute"


def works_six_days(day: date) -> bool:
    """Whether the PPID agency, who answers, works on Saturdays."""
    return settings.SATUKLIK_PPID_AGENCY in parameters.value("six_day_agencies", day)


def start(
    matter: InformationRequest | Objection, name: str, parameter: str, day: date, *, actor: str, now: datetime
) -> "Term":
    """Start a term of the matter; its length and its law come from the parameter that holds on `day`."""
    row = parameters.row(parameter, day)
    return calendar.start_term(
        matter.subject, name, received_on=day, days=int(row.value), law=row.source, actor=actor, now=now,
        six_day=matter.six_day,
    )  # fmt: skip


def start_anew(
    matter: InformationRequest, before: "Term | None", name: str, parameter: str, day: date, *, actor: str, now: datetime
) -> "Term":  # fmt: skip
    """A term that may begin several times (an applicant who must add something once more): it counts from this day, and
    the earlier one stays as it was. Its name is `name`, then `name`_2, `name`_3."""
    if before is None:
        return start(matter, name, parameter, day, actor=actor, now=now)
    calendar.close_term(before, actor=actor, now=now)
    number = int(before.name.rpartition("_")[2]) if before.name != name else 1
    return start(matter, f"{name}_{number + 1}", parameter, day, actor=actor, now=now)


def due_of(request: InformationRequest) -> date | None:
    """The date that is shown and alarms: the earlier of the clocks that run."""
    running = [
        term.due_on
        for term in (request.term, request.term_complete, request.term_order)
        if term is not None and term.closed_at is None
    ]
    return rules.earlier(*running)


def due_if_extended(request: InformationRequest, days: int) -> date | None:
    """The date that `days` more working days would give; None where the calendar does not reach so far."""
    try:
        return rules.earlier(
            *(
                calendar.calendar_of(term).add(term.due_on, days) if term.due_on else None
                for _name, term in request.answer_terms()
            )
        )
    except YearNotLoaded:
        return None


def close_all(request: InformationRequest, *, actor: str, now: datetime) -> None:
    """The notice is out (or the request ended): every clock stops. `due_on` stays as it was last: the register and
    the figures ask it."""
    for name in ("term", "term_complete", "term_check", "term_supplement", "term_order"):
        term = getattr(request, name)
        if term is not None:
            setattr(request, name, calendar.close_term(term, actor=actor, now=now))


@transaction.atomic
def recount(now: datetime) -> int:
    """After the calendar changed: the date of every open matter is that of its terms again. The terms count their own
    changes, so nothing is added to them. For `calendar.register_recount`.

    A matter on which somebody acts in this moment is left to the count of the next night: the action has the matter and
    may want its terms, which the caller has; waiting for it here would have each wait for the other."""
    del now
    rows = InformationRequest.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state__in=sorted(rules.OPEN)
    )
    for request in rows.select_related("term", "term_complete", "term_order").order_by("pk").iterator(500):
        due = due_of(request)
        if due != request.due_on:
            request.due_on = due
            request.save(update_fields=["due_on"])
    waiting = Objection.objects.select_for_update(of=("self",), skip_locked=True).exclude(
        state__in=("closed", "withdrawn", "ruled")
    )
    for objection in waiting.select_related("term", "term_dispute").order_by("pk").iterator(500):
        due = due_of_objection(objection)
        if due != objection.due_on:
            objection.due_on = due
            objection.save(update_fields=["due_on"])
    return 0


def due_of_objection(objection: Objection) -> date | None:
    """The date of the term that runs now."""
    for term in (objection.term, objection.term_dispute):
        if term is not None and term.closed_at is None:
            return term.due_on
    return objection.due_on


def today(now: datetime) -> date:
    """The day in Asia/Jakarta."""
    return timezone.localdate(now)
