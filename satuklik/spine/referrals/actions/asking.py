"""A question is put to an agency; whoever got it says so."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from django.db import transaction
from django.utils import timezone

from satuklik.base.audit import actions as audit
from satuklik.base.calendar import actions as calendar
from satuklik.base.calendar import queries as days
from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.kernel.codes import code
from satuklik.spine.referrals import permits, policies, rules
from satuklik.spine.referrals.actions import escalating
from satuklik.spine.referrals.errors import BadText, NotYours, WrongState
from satuklik.spine.referrals.models import Hop, Referral, ReferralEvent

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official

STREAM = "referral:"
TITLE_LENGTH = 200


@transaction.atomic
def refer(
    *,
    subject: str,
    title: str,
    question: str,
    agency: "Agency",
    asked_by: "Official | None",
    received_on: date,
    now: datetime,
    answer_days: int | None = None,
    url: str,
    files: Sequence[str] = (),
    confidential: bool = False,
    urgent_until: datetime | None = None,
) -> Referral:
    """Ask `agency`, and tell its contact at once with a one-tap link.

    `received_on` is day 0 of the matter: the agency's term is counted from it, forwarding resets nothing.
    `answer_days`: None takes the rule's. `title` must not name people: it stands behind the link. `urgent_until`
    replaces days by shares of the time until then. Raises BadText.
    """
    title, question = _clean(title), _clean(question)
    if not title or len(title) > TITLE_LENGTH:
        raise BadText("title", TITLE_LENGTH)
    if not question or len(question) > rules.LONGEST_QUESTION:
        raise BadText("question", rules.LONGEST_QUESTION)
    policy = policies.in_force(timezone.localdate(now))
    reference = f"PN-{code(secrets.token_bytes(8))}"
    actor = asked_by.name if asked_by else "sistem"
    term = calendar.start_term(
        f"{STREAM}{reference}", "answer", received_on=received_on, law=policy.source, actor=actor, now=now,
        days=_term_days(policy, answer_days, received_on, now),
    )  # fmt: skip
    referral = Referral.objects.create(
        reference=reference, subject=subject, title=title, question=question, url=url, files=list(files),
        confidential=confidential, agency=agency, asked_by=asked_by, asked_at=now, received_on=received_on,
        urgent_until=urgent_until, term=term, next_hop_at=now,
    )  # fmt: skip
    note(referral, ReferralEvent.Kind.ASKED, now, actor=asked_by)
    audit.record(
        f"{STREAM}{reference}",
        [audit.Happening("referral.asked", actor, {"subject": subject, "agency": agency.code})],
        at=now, new=True,
    )  # fmt: skip
    escalating.advance(referral, now)
    return referral


@transaction.atomic
def opened(hop: Hop, *, now: datetime) -> None:
    """A person opened the link or the page; only the first time is kept."""
    if Hop.objects.filter(pk=hop.pk, opened_at=None).update(opened_at=now):
        hop.opened_at = now
        note(hop.referral, ReferralEvent.Kind.OPENED, now, actor=hop.official, hop=hop)


@transaction.atomic
def acknowledge(
    referral: Referral,
    *,
    by: "Official | None",
    via: Literal["link", "desk"],
    now: datetime,
    hop: Hop | None = None,
) -> Referral:
    """Whoever was asked says: received. `hop`: the one whose link was tapped. A second time changes nothing.

    Further hops wait until the answer is due, where the rule says so. The board's acknowledgement is noted, but it
    is not the agency's: its silence goes on. Raises NotYours, WrongState (it was ended meanwhile).
    """
    referral = locked(referral)
    if via == "desk":
        if by is None or not (permits.of_agency(by, referral, now) or permits.was_asked(by, referral)):
            raise NotYours(by.name if by else "", referral.reference)
        hop = hop or referral.hops.filter(official=by, skipped="").order_by("-order").first()
    if referral.state not in rules.WAITING:
        raise WrongState(referral.state, rules.ACKNOWLEDGED)
    if hop is not None:
        first = Hop.objects.filter(pk=hop.pk, acknowledged_at=None).update(acknowledged_at=now)
    else:
        first = int(referral.state == rules.OPEN)
    if first:
        note(referral, ReferralEvent.Kind.ACKNOWLEDGED, now, actor=by, hop=hop, text=via)
    board = hop is not None and hop.post == rules.BOARD
    if referral.state == rules.OPEN and not board:
        referral.state = rules.ACKNOWLEDGED
        referral.acknowledged_at, referral.acknowledged_by = now, by
        referral.next_hop_at = escalating.due_at(referral)
        referral.save(update_fields=["state", "acknowledged_at", "acknowledged_by", "next_hop_at"])
    return referral


def locked(referral: Referral) -> Referral:
    """The row as it is now, for the rest of the transaction: of two clicks one waits for the other."""
    return (
        Referral.objects.select_for_update(of=("self",))
        .select_related("agency", "term", "asked_by__agency", "asked_by__user")
        .get(pk=referral.pk)
    )


def note(
    referral: Referral,
    kind: str,
    now: datetime,
    *,
    actor: "Official | None" = None,
    hop: Hop | None = None,
    text: str = "",
) -> ReferralEvent:
    """Write what happened."""
    return ReferralEvent.objects.create(
        referral=referral, kind=kind, at=now, actor=actor, hop=hop, note=text[:1000]
    )


def _term_days(policy: rules.Policy, wanted: int | None, received_on: date, now: datetime) -> int:
    allowed = policy.answer_days if wanted is None else wanted
    try:
        gone = max(0, days.working_days().between(received_on, timezone.localdate(now)))
    except YearNotLoaded:
        return allowed
    return max(allowed, gone + min(policy.shortest_days, allowed))


def _clean(text: str) -> str:
    """A text as PostgreSQL can keep it."""
    return text.replace("\0", "").strip()
