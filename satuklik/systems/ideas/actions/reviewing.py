"""The agency says what an idea costs and where it stands in the plan (RKPD); asked through spine.referrals."""

import re
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoSuchAgency
from satuklik.spine.referrals import actions as referrals
from satuklik.spine.referrals import queries as referral_queries
from satuklik.spine.referrals.errors import NotYours
from satuklik.systems.ideas import catalogue
from satuklik.systems.ideas.actions.moving import (
    actor_of,
    go,
    locked,
    note,
    owe,
    owe_nothing,
    require_coordinator,
    tell_author,
)
from satuklik.systems.ideas.errors import MayNot, Missing, NotNow
from satuklik.systems.ideas.models import Idea
from satuklik.systems.ideas.rules import states
from satuklik.systems.ideas.scope import scope_of

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.referrals.models import Referral

# Kodefikasi of programmes and activities (Permendagri 90/2019): numbers with points [?], so only the shape is checked.
RKPD = re.compile(r"\d{1,2}(?:\.\d{1,4}){1,7}")
QUESTION = (
    "Mohon ditelaah ide warga ini: kelayakan, perkiraan biaya (Rupiah), dan kode RKPD.\n\n{title}\n\n{text}"
)
READY = "Ide Anda sudah ditelaah {agency} dan siap masuk pemungutan suara."
REFUSED = "Ide Anda ditelaah {agency} dan tidak dapat dilanjutkan: {reason}"
MOST_COST = 10_000_000_000_000  # Rp10 trillion: more than the regency's budget is a slip of the finger


def send_to_review(idea: Idea, *, by: "Official | None", now: datetime) -> None:
    """To the agency; the caller holds the row."""
    go(idea, states.REVIEW)
    owe(idea, "review", actor=actor_of(by), now=now)
    note(idea, "review", now=now, by=by, text=idea.agency.short_name if idea.agency else "")
    _ask(idea, by, now)


def _ask(idea: Idea, by: "Official | None", now: datetime) -> None:
    if idea.agency is None:
        return
    today = timezone.localdate(now)
    referrals.refer(
        subject=idea.subject, title=idea.title, question=QUESTION.format(title=idea.title, text=idea.text),
        agency=idea.agency, asked_by=by, received_on=today, now=now, answer_days=catalogue.rule("review", today).value,
        url=reverse("ideas:case", args=[idea.reference]),
    )  # fmt: skip


@transaction.atomic
def start_review(idea_id: int, *, by: "Official", now: datetime) -> Idea:
    """An official brings it to the agency before the threshold is reached (a like plan exists, say)."""
    require_coordinator(by, now)
    idea = locked(idea_id)
    send_to_review(idea, by=by, now=now)
    return idea


@transaction.atomic
def assign(idea_id: int, agency: str, *, by: "Official", now: datetime) -> Idea:
    """Another agency reviews it (the first one gave it back, or was the wrong one)."""
    require_coordinator(by, now)
    try:
        office = agencies.agency(agency)
    except NoSuchAgency:
        raise Missing(agency="unknown") from None
    recall(idea_id, by=by, reason=office.short_name, now=now)
    idea = locked(idea_id)
    if idea.state not in (states.REVIEW, states.SUPPORT):
        raise NotNow(idea.state, "assign")
    idea.agency = office
    note(idea, "assigned", now=now, by=by, text=office.short_name)
    if idea.state == states.REVIEW:
        _ask(idea, by, now)
    return idea


@transaction.atomic
def review(
    idea_id: int,
    *,
    by: "Official",
    feasible: bool,
    cost: int | None,
    rkpd_code: str,
    text: str,
    now: datetime,
) -> Idea:
    """What it costs (whole rupiah) and its code; or why it cannot be done, which ends it with the reason.
    By the agency, or by the coordinator for it. Raises MayNot, Missing, NotNow."""
    wrong = {}
    if not text.strip():
        wrong["text"] = "missing"
    if feasible and (cost is None or not 0 < cost <= MOST_COST):
        wrong["cost"] = "missing"
    if rkpd_code and not RKPD.fullmatch(rkpd_code):
        wrong["rkpd_code"] = "shape"
    if wrong:
        raise Missing(**wrong)
    seen = Idea.objects.filter(pk=idea_id).first()
    scope = scope_of(by, now)
    if seen is None or not scope.works_on(seen):
        raise MayNot("role")
    # The referral is locked before the idea, as where the agency answers at its own page.
    own = seen.agency_id in scope.offices
    for one in referral_queries.of_subject(seen.subject, now):
        if one.waiting and own:
            referrals.answer(one.referral, text=text.strip(), by=by, now=now)
    if not own:
        recall(idea_id, by=by, reason=text[:200], now=now)
    idea = locked(idea_id)
    go(idea, states.READY if feasible else states.NOT_ADOPTED)
    idea.cost, idea.rkpd_code, idea.review, idea.reviewed_at = (
        cost if feasible else None,
        rkpd_code,
        text.strip(),
        now,
    )
    owe_nothing(idea, actor=actor_of(by), now=now)
    name = idea.agency.short_name if idea.agency else by.agency.short_name
    if feasible:
        note(idea, "reviewed", now=now, by=by, text=idea.review)
        tell_author(idea, READY.format(agency=name), now=now, by=by)
    else:
        idea.reason, idea.outcome = idea.review, "declined"
        note(idea, "not_adopted", now=now, by=by, text=idea.review)
        tell_author(idea, REFUSED.format(agency=name, reason=idea.reason), now=now, by=by)
    return idea


def recall(idea_id: int, *, by: "Official", reason: str, now: datetime) -> None:
    """An open question to an agency is no longer needed."""
    reference = Idea.objects.values_list("reference", flat=True).filter(pk=idea_id).first()
    for one in referral_queries.of_subject(f"idea:{reference}", now):
        if one.waiting:
            try:
                referrals.recall(one.referral, by=by, reason=reason or "-", now=now)
            except NotYours:
                continue  # asked by the house itself: the agency may still answer, which changes nothing


@transaction.atomic
def answered(referral: "Referral", now: datetime) -> None:
    """The agency wrote; what it costs still stands in the form of the review."""
    idea = _of(referral)
    if idea is not None:
        note(
            idea,
            "answered",
            now=now,
            actor="referrals",
            office=referral.agency.short_name,
            text=referral.answer,
            shown=False,
        )


@transaction.atomic
def given_back(referral: "Referral", now: datetime) -> None:
    """The agency says that it is not its matter: the coordinator chooses another one."""
    idea = _of(referral)
    if idea is not None:
        note(
            idea,
            "given_back",
            now=now,
            actor="referrals",
            office=referral.agency.short_name,
            text=referral.reason,
            shown=False,
        )


def _of(referral: "Referral") -> Idea | None:
    found = (
        Idea.objects.filter(reference=referral.subject.partition(":")[2]).values_list("pk", flat=True).first()
    )
    return locked(found) if found is not None else None
