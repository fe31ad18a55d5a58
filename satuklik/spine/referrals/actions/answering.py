"""A referral ends: answered by the agency or on its behalf, given back, recalled."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.base.audit import actions as audit
from satuklik.base.calendar import actions as calendar
from satuklik.spine.referrals import permits, registry, rules, telling
from satuklik.spine.referrals.actions.asking import STREAM, locked, note
from satuklik.spine.referrals.errors import BadText, NotYours, ReasonMissing, WrongState
from satuklik.spine.referrals.models import Referral, ReferralEvent
from satuklik.spine.referrals.queries.seeing import is_late

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official


@transaction.atomic
def answer(
    referral: Referral,
    *,
    text: str,
    files: Sequence[str] = (),
    by: "Official",
    now: datetime,
    on_behalf_reason: str = "",
) -> Referral:
    """The answer of the agency, by somebody of it; or on its behalf by PPID Utama, logged: after the last hop or the
    last day of its term, or before with a reason. Calls the subject's `on_answered` in this transaction.

    Raises BadText, NotYours, ReasonMissing, WrongState (somebody else ended it first).
    """
    referral = locked(referral)
    _check(referral, rules.ANSWERED)
    text = text.replace("\0", "").strip()
    if not text or len(text) > rules.LONGEST_ANSWER:
        raise BadText("text", rules.LONGEST_ANSWER)
    on_behalf = not permits.of_agency(by, referral, now)
    reason = on_behalf_reason.replace("\0", "").strip()[: rules.LONGEST_REASON] if on_behalf else ""
    if on_behalf:
        if not permits.is_utama(by, now):
            raise NotYours(by.name, referral.reference)
        time_over = referral.next_hop_at is None or is_late(referral, now)
        if not time_over and not reason:
            raise ReasonMissing
    referral.answer, referral.answer_files = text, list(files)
    referral.on_behalf, referral.reason = on_behalf, reason
    if referral.acknowledged_at is None and not on_behalf:
        referral.acknowledged_at, referral.acknowledged_by = now, by  # who answers has received it
    kind = ReferralEvent.Kind.ANSWERED_ON_BEHALF if on_behalf else ReferralEvent.Kind.ANSWERED
    _end(referral, rules.ANSWERED, kind, by, now)
    subject = registry.of(referral.subject)
    if subject is not None:
        subject.on_answered(referral, now)
    return referral


@transaction.atomic
def give_back(
    referral: Referral, *, by: "Official", reason: str, suggested: "Agency | None", now: datetime
) -> Referral:
    """«Bukan kewenangan kami»: back to whoever asked, with the reason and, if known, who should be asked instead.
    The legal clock of the matter goes on. Raises NotYours, ReasonMissing, WrongState."""
    referral = locked(referral)
    _check(referral, rules.GIVEN_BACK)
    if not permits.of_agency(by, referral, now):
        raise NotYours(by.name, referral.reference)
    referral.reason, referral.suggested = _reason(reason), suggested
    if referral.acknowledged_at is None:
        referral.acknowledged_at, referral.acknowledged_by = now, by
    _end(referral, rules.GIVEN_BACK, ReferralEvent.Kind.GIVEN_BACK, by, now)
    subject = registry.of(referral.subject)
    if subject is not None:
        subject.on_given_back(referral, now)
    return referral


@transaction.atomic
def recall(referral: Referral, *, by: "Official", reason: str, now: datetime) -> Referral:
    """Whoever asked (or PPID Utama) no longer needs the answer. Links of its hops end with it.
    Raises NotYours, ReasonMissing, WrongState."""
    referral = locked(referral)
    _check(referral, rules.RECALLED)
    if not (permits.is_asker(by, referral, now) or permits.is_utama(by, now)):
        raise NotYours(by.name, referral.reference)
    referral.reason = _reason(reason)
    _end(referral, rules.RECALLED, ReferralEvent.Kind.RECALLED, by, now)
    return referral


@transaction.atomic
def release(subject: str, *, actor: str, reason: str, now: datetime) -> int:
    """The matter is over: what is still asked about it needs no answer, so nobody is reminded and no silence counted.
    Nobody decided this about the agency, so it names nobody. To be called before the matter's own row is locked, as an
    answering agency locks. `reason`: for the agency to read. How many ended."""
    waiting = Referral.objects.filter(subject=subject, state__in=rules.WAITING).order_by("pk")
    ended = 0
    for row in waiting:
        referral = locked(row)
        if referral.state in rules.WAITING:  # else the agency was faster
            referral.reason = _reason(reason)
            _end(referral, rules.RECALLED, ReferralEvent.Kind.RECALLED, None, now, actor=actor)
            ended += 1
    return ended


def _reason(text: str) -> str:
    found = text.replace("\0", "").strip()
    if not found:
        raise ReasonMissing
    if len(found) > rules.LONGEST_REASON:
        raise BadText("reason", rules.LONGEST_REASON)
    return found


def _check(referral: Referral, wanted: str) -> None:
    if wanted not in rules.NEXT[referral.state]:
        raise WrongState(referral.state, wanted)


def _end(
    referral: Referral, state: str, kind: str, by: "Official | None", now: datetime, *, actor: str = ""
) -> None:
    referral.state, referral.ended_at, referral.ended_by = state, now, by
    referral.next_hop_at = None
    referral.save()
    if referral.term is not None:
        calendar.close_term(referral.term, actor=by.name if by else actor, now=now, reason=state)
    note(referral, kind, now, actor=by, text=referral.reason)
    audit.record(
        f"{STREAM}{referral.reference}",
        [
            audit.Happening(
                f"referral.{kind}", f"official:{by.pk}" if by else actor, {"subject": referral.subject}
            )
        ],
        at=now,
    )
    if state in (rules.ANSWERED, rules.GIVEN_BACK):
        telling.asker(referral, state, now)
