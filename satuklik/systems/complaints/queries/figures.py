"""The figures of complaints, over those that came in within a period."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from satuklik.base.figures.registry import Figure
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.queries.desk import with_due
from satuklik.systems.complaints.rules import states


def figures(first: date, last: date, now: datetime) -> Iterable[Figure]:
    """Received, open, late, median days to the first answer, satisfaction, reopened, closed without being settled."""
    zone = timezone.get_current_timezone()
    begin = datetime.combine(first, time.min, zone)
    end = datetime.combine(last + timedelta(days=1), time.min, zone)
    found = Complaint.objects.filter(received_at__gte=begin, received_at__lt=end)
    counted = with_due(found, now).aggregate(
        received=Count("pk"),
        open=Count("pk", filter=Q(state__in=states.OPEN)),
        late=Count("pk", filter=Q(state__in=states.OPEN, due__lt=timezone.localdate(now))),
        reopened=Count("pk", filter=Q(round__gt=1)),
        rated=Count("rating"),
        happy=Count("pk", filter=Q(rating__gte=3)),
        unsettled=Count(
            "pk", filter=Q(state=states.CLOSED) & ~(Q(fixed=True) | (Q(fixed=None) & Q(result=states.DONE)))
        ),
    )
    spans = [
        (replied - received).total_seconds() / 86_400
        for received, replied in found.exclude(replied_at=None).values_list("received_at", "replied_at")
    ]
    public, desk = reverse("complaints:map"), reverse("complaints:desk")
    yield Figure("complaints.received", _("Laporan masuk"), counted["received"], url=public)
    yield Figure("complaints.open", _("Masih terbuka"), counted["open"], url=public)
    yield Figure(
        "complaints.late",
        _("Terlambat"),
        counted["late"],
        alarm=counted["late"] > 0,
        url=f"{desk}?state=late",
    )
    yield Figure(
        "complaints.days",
        _("Hari sampai ditanggapi (median)"),
        round(median(spans), 1) if spans else None,
        "days",
    )
    yield Figure(
        "complaints.satisfied", _("Puas dengan tanggapan"),
        round(100 * counted["happy"] / counted["rated"], 1) if counted["rated"] else None, "%",
    )  # fmt: skip
    yield Figure("complaints.reopened", _("Dibuka kembali"), counted["reopened"])
    yield Figure("complaints.unsettled", _("Ditutup, belum dipastikan selesai"), counted["unsettled"])
