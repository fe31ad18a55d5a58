"""The figures of public services: letters, times, satisfaction."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from satuklik.base.figures.registry import Figure, Source
from satuklik.spine.cases import queries as cases
from satuklik.systems.services import queries


def figures(first: date, last: date, now: datetime) -> Iterator[Figure]:
    """What came in between two days, and what became of it; satisfaction over everything that was ever rated."""
    found = cases.totals(first, last, now)
    yield Figure("services.submitted", _("Permohonan masuk"), found.submitted)
    yield Figure("services.issued", _("Surat terbit"), found.issued)
    share = round(100 * found.at_once / found.submitted, 1) if found.submitted else None
    yield Figure("services.at_once", _("Selesai dalam satu klik"), share, "%")
    hours = None if found.median_seconds is None else round(found.median_seconds / 3600, 1)
    yield Figure("services.median", _("Waktu tengah sampai selesai"), hours, "hours")
    yield Figure("services.waiting", _("Masih berjalan"), found.waiting)
    yield Figure("services.late", _("Lewat tenggat"), found.late, alarm=bool(found.late))
    whole, _by_service = queries.satisfaction()
    index = None if whole.index is None else float(whole.index)
    yield Figure("services.satisfaction", _("Kepuasan warga (SKM)"), index, url="/kepuasan/")


SOURCE = Source("services", _("Layanan publik"), 10, figures)
