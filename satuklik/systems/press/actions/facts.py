"""Facts are asked of several agencies at once; what they answer stands in the draft."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from satuklik.spine.referrals import actions as referrals
from satuklik.spine.referrals import queries as referred
from satuklik.systems.press import permits, policies, rules, telling
from satuklik.systems.press.actions.asking import STREAM, clean, locked, log, move, note
from satuklik.systems.press.errors import BadText, NoAgencies, NotYours, WrongState
from satuklik.systems.press.models import Attempt, Enquiry

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official
    from satuklik.spine.referrals.models import Referral


@transaction.atomic
def request_facts(
    enquiry: Enquiry, *, agencies: "Sequence[Agency]", question: str, by: "Official", now: datetime
) -> "list[Referral]":
    """Ask several agencies at once, each with its own referral and the same urgent deadline; agencies that were asked
    and have not given it back are left out. Raises NoAgencies, BadText, NotYours, WrongState."""
    enquiry = locked(enquiry)
    if not permits.of_desk(by, now):
        raise NotYours(by.name)
    if enquiry.state not in rules.WRITING:
        raise WrongState(enquiry.state, rules.FACTS_REQUESTED)
    question = clean(question)
    if not question or len(question) > rules.LONGEST_QUESTION:
        raise BadText("question", rules.LONGEST_QUESTION)
    subject = f"{STREAM}{enquiry.reference}"
    asked = {view.agency.pk for view in referred.of_subject(subject, now) if view.waiting or view.answer}
    fresh = {agency.pk: agency for agency in agencies if agency.pk not in asked}
    if not fresh:
        raise NoAgencies
    policy = policies.in_force(timezone.localdate(now))
    until = rules.facts_until(policy, policies.local(now), policies.local(enquiry.due_at))
    made = []
    for agency in fresh.values():
        made.append(
            referrals.refer(
                subject=subject, title=enquiry.topic, question=question, agency=agency, asked_by=by,
                received_on=timezone.localdate(enquiry.received_at), now=now,
                url=reverse("press:enquiry", args=[enquiry.reference]), files=(), urgent_until=until,
            )
        )  # fmt: skip
        log(
            enquiry,
            at=now,
            now=now,
            by=by,
            way=Attempt.Way.REFERRAL,
            outcome=Attempt.Outcome.SENT,
            whom=agency.short_name,
        )
    if enquiry.state != rules.FACTS_REQUESTED:
        move(enquiry, rules.FACTS_REQUESTED, by=by, now=now)
    return made


def on_answered(referral: "Referral", now: datetime) -> None:
    """An agency (or PPID Utama on its behalf) gave facts."""
    _came_back(referral, "fact", Attempt.Outcome.RECEIVED, now)


def on_given_back(referral: "Referral", now: datetime) -> None:
    """An agency says that it is not its matter."""
    _came_back(referral, "given_back", Attempt.Outcome.REFUSED, now)


def _came_back(referral: "Referral", kind: str, outcome: str, now: datetime) -> None:
    enquiry = Enquiry.objects.filter(reference=referral.subject.removeprefix(STREAM)).first()
    if enquiry is None:
        return
    note(enquiry, kind, now, by=referral.ended_by, text=referral.agency.short_name)
    log(
        enquiry, at=now, now=now, by=referral.ended_by, way=Attempt.Way.REFERRAL, outcome=outcome,
        whom=referral.agency.short_name,
    )  # fmt: skip
    telling.fact_came(enquiry, referral.agency.short_name, kind, now)
