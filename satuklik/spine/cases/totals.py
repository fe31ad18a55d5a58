"""Figures over all offices: what came in between two days, and what became of it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, ExpressionWrapper, F, FloatField, Q
from django.db.models.functions import Extract
from django.utils import timezone

from satuklik.base.postgres.aggregates import Median
from satuklik.spine.cases.models import Case


@dataclass(frozen=True)
class Totals:
    """Of the matters that came in from one day to another."""

    submitted: int
    issued: int
    at_once: int
    """Issued in the very click."""
    waiting: int
    late: int
    """Open past their date."""
    median_seconds: float | None
    """From the click to the end, of those that ended; None without any."""


def totals(first: date, last: date, now: datetime) -> Totals:
    """The figures of `first` to `last`, both included, in Asia/Jakarta."""
    zone = timezone.get_current_timezone()
    begin = datetime.combine(first, time.min, zone)
    end = datetime.combine(last + timedelta(days=1), time.min, zone)
    rows = Case.objects.filter(submitted_at__gte=begin, submitted_at__lt=end)
    took = ExpressionWrapper(Extract(F("closed_at") - F("submitted_at"), "epoch"), output_field=FloatField())
    open_ = Q(closed_at=None)
    found = rows.aggregate(
        submitted=Count("id"),
        issued=Count("id", filter=Q(state=Case.State.ISSUED)),
        at_once=Count("id", filter=Q(closed_at=F("submitted_at"))),
        waiting=Count("id", filter=open_),
        late=Count("id", filter=open_ & Q(due_on__lt=timezone.localdate(now))),
        median=Median(took, filter=~open_),
    )
    return Totals(
        found["submitted"],
        found["issued"],
        found["at_once"],
        found["waiting"],
        found["late"],
        found["median"],
    )
