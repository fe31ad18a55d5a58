"""Read hooks and how their messages stand."""

from django.db.models import Count, Q, QuerySet

from satuklik.base.webhooks.models import Delivery, Hook

__all__ = ["Delivery", "Hook", "hook", "hooks"]


def hooks() -> QuerySet[Hook]:
    """All hooks with `waiting`, `parked` and `delivered` (numbers of messages)."""
    counts = {
        name: Count("deliveries", filter=Q(deliveries__status=name))
        for name in ("waiting", "parked", "delivered")
    }
    return Hook.objects.select_related("agency").annotate(**counts).order_by("pk")


def hook(pk: int) -> Hook | None:
    """One hook with its agency."""
    return Hook.objects.select_related("agency").filter(pk=pk).first()
