"""The clock is watched: the desk is warned before it runs out, and told when it has."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from satuklik.systems.press import policies, rules, telling
from satuklik.systems.press.actions.asking import note
from satuklik.systems.press.models import Enquiry


@transaction.atomic
def watch(now: datetime) -> int:
    """Warn of every question whose time is nearly over, and alarm of those past it; each once. How many were told."""
    told = 0
    policy = policies.in_force(timezone.localdate(now))
    waiting = Enquiry.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state__in=rules.UNANSWERED, alarmed_at=None
    )
    for enquiry in waiting.select_related("assigned__user").order_by("due_at")[:500]:
        if now > enquiry.due_at:
            enquiry.alarmed_at = now
            enquiry.save(update_fields=["alarmed_at"])
            note(enquiry, "late", now)
            telling.late(enquiry, now)
            told += 1
        elif enquiry.warned_at is None and now >= rules.warn_at(policy, enquiry.received_at, enquiry.due_at):
            enquiry.warned_at = now
            enquiry.save(update_fields=["warned_at"])
            note(enquiry, "warned", now)
            telling.nearly_late(enquiry, now)
            told += 1
    return told
