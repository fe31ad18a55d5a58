"""The silence rule at work: hops that are due are made, once each, whoever runs it and however often."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from satuklik.spine.messaging import queries as messages
from satuklik.spine.referrals import links, policies, recipients, rules, telling
from satuklik.spine.referrals.models import Hop, Referral, ReferralEvent

AT_ONCE = 200
FAILED = "failed"  # a message that no channel delivers


def escalate(now: datetime) -> int:
    """Make every hop that is due. How many were made (those that found nobody included).

    Safe to run twice at once: each referral is locked by one runner, the other passes it over.
    """
    made = _pass_on_undelivered(now)
    for pk in _due(now):
        with transaction.atomic():
            referral = _locked(pk)
            if referral is not None:
                made += advance(referral, now)
    return made


def _pass_on_undelivered(now: datetime) -> int:
    """A message that bounced everywhere, to somebody without an account, has asked nobody: the turn goes on at once."""
    made = 0
    bounced = Hop.objects.select_related("message", "referral").filter(
        referral__state=rules.OPEN, referral__next_hop_at__isnull=False, skipped="", acknowledged_at=None,
        opened_at=None, official__user=None, message__status=FAILED,
    )  # fmt: skip
    for hop in bounced.order_by("pk")[:AT_ONCE]:
        if hop.message is None or messages.standing(hop.message).status != FAILED:
            continue  # another way was taken, and may still arrive
        with transaction.atomic():
            referral = _locked(hop.referral_id)
            last = None if referral is None else referral.hops.order_by("-order").first()
            if referral is None or last is None or last.pk != hop.pk or last.skipped:
                continue
            last.skipped = Hop.Skipped.UNREACHABLE
            last.save(update_fields=["skipped"])
            _note(referral, ReferralEvent.Kind.SKIPPED, last, now, last.skipped)
            referral.next_hop_at = now
            made += advance(referral, now)
    return made


def _locked(pk: int) -> Referral | None:
    """A waiting referral for this runner alone; None where another runner has it, or it ended."""
    return (
        Referral.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("agency", "term", "asked_by__user")
        .filter(pk=pk, state__in=rules.WAITING)
        .first()
    )


def _due(now: datetime) -> list[int]:
    waiting = Referral.objects.filter(state__in=rules.WAITING, next_hop_at__lte=now)
    return list(waiting.order_by("next_hop_at").values_list("pk", flat=True)[:AT_ONCE])


def advance(referral: Referral, now: datetime) -> int:
    """Make the hop that is due, and those that must be passed over; the caller holds the lock. How many rows."""
    policy = policies.in_force(timezone.localdate(referral.asked_at))
    made = 0
    while referral.next_hop_at is not None and referral.next_hop_at <= now:
        order = referral.hops.count()
        if order >= len(policy.hops):
            referral.next_hop_at = None
            break
        _make(referral, policy, order, now)
        made += 1
        referral.next_hop_at = due_at(referral)
    if referral.next_hop_at is None and len(policy.hops) > 1:
        referral.escalated = True  # every level was asked, or found empty
    referral.save(update_fields=["next_hop_at", "escalated"])
    return made


def _make(referral: Referral, policy: rules.Policy, order: int, now: datetime) -> Hop:
    rule = policy.hops[order]
    found = recipients.find(rule, referral.agency, now)
    hop = Hop(referral=referral, order=order, post=rule.post, at=now)
    if found is None:
        hop.skipped = Hop.Skipped.NOBODY
    else:
        hop.official, hop.position = found.official, found.position[:140]
        if referral.hops.filter(official=found.official, skipped="").exists():
            hop.skipped = Hop.Skipped.ALREADY
        elif not recipients.reachable(found.official):
            hop.skipped = Hop.Skipped.UNREACHABLE
    if hop.skipped:
        hop.save()
        _note(referral, ReferralEvent.Kind.SKIPPED, hop, now, hop.skipped)
        return hop
    token = links.new()
    hop.token_sha256 = links.digest(token)
    hop.token_expires_at = now + timedelta(days=policy.link_days)
    hop.save()
    message = telling.of_hop(hop, token, now)
    hop.message = message
    if hop.official is not None and hop.official.user_id is None and message.status == FAILED:
        hop.skipped, hop.token_sha256, hop.token_expires_at = Hop.Skipped.UNREACHABLE, None, None
    hop.save()
    if hop.skipped:
        _note(referral, ReferralEvent.Kind.SKIPPED, hop, now, hop.skipped)
        return hop
    if any(not one.skipped for one in referral.hops.filter(order__lt=order)):
        referral.escalated = True
    _note(referral, ReferralEvent.Kind.SENT, hop, now, rule.post)
    return hop


def due_at(referral: Referral) -> datetime | None:
    """When the next hop is due by the rule of the day on which it was asked; None where no hop is left."""
    policy = policies.in_force(timezone.localdate(referral.asked_at))
    made = [rules.Made(policies.local(hop.at), bool(hop.skipped)) for hop in referral.hops.order_by("order")]
    urgent = policies.local(referral.urgent_until) if referral.urgent_until else None
    return rules.next_hop_at(
        policy,
        made,
        asked_at=policies.local(referral.asked_at),
        urgent_until=urgent,
        resume_at=_resume_at(referral, policy),
        is_workday=policies.is_workday,
    )


def _resume_at(referral: Referral, policy: rules.Policy) -> datetime | None:
    """Who acknowledged is asked again when the answer is late, not before."""
    if referral.state != rules.ACKNOWLEDGED or not policy.acknowledged_pauses:
        return None
    if referral.urgent_until is not None:
        return policies.local(referral.urgent_until)
    due_on = referral.term.due_on if referral.term else None
    if due_on is None:  # its year is not decreed yet: counted by weekends alone, until it is
        return rules.later(policies.local(referral.asked_at), policy.answer_days, policy, policies.is_workday)
    end = policies.local(referral.asked_at).replace(year=due_on.year, month=due_on.month, day=due_on.day)
    end = end.replace(hour=policy.closes.hour, minute=policy.closes.minute, second=0, microsecond=0)
    return rules.opening(end, policy, policies.is_workday)


@transaction.atomic
def recount(now: datetime) -> int:
    """The calendar changed: when each waiting referral's next hop is due. How many got another time."""
    changed = 0
    waiting = Referral.objects.select_for_update(of=("self",)).filter(
        state__in=rules.WAITING, next_hop_at__isnull=False
    )
    for referral in waiting.select_related("term").order_by("pk"):
        due = due_at(referral)
        if due != referral.next_hop_at:
            referral.next_hop_at = due
            referral.save(update_fields=["next_hop_at"])
            changed += 1
    return changed


def _note(referral: Referral, kind: str, hop: Hop, now: datetime, text: str) -> None:
    ReferralEvent.objects.create(referral=referral, kind=kind, at=now, hop=hop, note=text)
