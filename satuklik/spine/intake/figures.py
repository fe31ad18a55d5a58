"""Figures of the inbox: what came in, what waits, how soon it became a matter, how often triage was right."""

import statistics
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from satuklik.base.figures.registry import Figure, Source
from satuklik.spine.intake.models import Desk, Finding, Outcome
from satuklik.spine.intake.queries.listing import late_before
from satuklik.spine.intake.queries.measured import measured
from satuklik.spine.messaging import queries as messaging


def figures(first: date, last: date, now: datetime) -> Iterator[Figure]:
    """Over messages that came in from `first` to `last`; what waits is counted now."""
    since, until = _midnight(first), _midnight(last + timedelta(days=1))
    came = Finding.objects.filter(at__gte=since, at__lt=until)
    found = came.aggregate(messages=Count("pk"), people=Count("message__conversation", distinct=True))
    yield Figure("inbox.messages", _("Pesan masuk"), found["messages"])
    yield Figure("inbox.people", _("Orang yang menulis"), found["people"])
    made = Outcome.objects.filter(messages__finding__at__gte=since, messages__finding__at__lt=until)
    taken = list(made.annotate(began=Min("messages__at")).values_list("at", "began"))
    yield Figure("inbox.outcomes", _("Dijadikan urusan"), len(taken))
    hours = [(at - began).total_seconds() / 3600 for at, began in taken]
    yield Figure(
        "inbox.hours_to_outcome", _("Dari pesan sampai menjadi urusan (median)"),
        round(statistics.median(hours), 1) if hours else None, "hours",
    )  # fmt: skip
    waiting = messaging.listed().filter(waiting_since__isnull=False)
    late = waiting.filter(waiting_since__lt=late_before(now)).count()
    yield Figure("inbox.waiting", _("Menunggu balasan"), waiting.count())
    yield Figure("inbox.late", _("Menunggu terlalu lama"), late, alarm=late > 0, url=_list_url())
    urgent = Desk.objects.filter(urgent_since__isnull=False).count()
    yield Figure("inbox.urgent", _("Mungkin darurat"), urgent, alarm=urgent > 0, url=_list_url())
    rows = measured(since)
    decided, right = sum(row.decided for row in rows), sum(row.right for row in rows)
    yield Figure(
        "inbox.triage_precision", _("Usulan triase yang benar"), round(100 * right / decided, 1) if decided else None, "%"
    )  # fmt: skip


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()), timezone.get_default_timezone())


def _list_url() -> str:
    return reverse("inbox:list")


# What waits with the officers is theirs to see: the public sees what each system says of its own matters.
SOURCE = Source("inbox", _("Kotak pesan"), 50, figures, public=False)
