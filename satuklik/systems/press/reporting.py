"""Figures of the press desk."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from satuklik.base.figures.registry import Figure, Source
from satuklik.systems.press import queries, rules

DESK = "/meja/pers/"


def figures(first: date, last: date, now: datetime) -> list[Figure]:
    """Over the questions that came in from `first` to `last`."""
    told = queries.told(first, last)
    late = queries.counts(now)[1]
    return [
        Figure("press.enquiries", _("Pertanyaan wartawan"), told.asked),
        Figure(
            "press.within_clock", _("Dijawab dalam waktunya"), rules.share(told.in_time, told.measured), "%"
        ),
        Figure("press.minutes", _("Menit sampai dijawab (median)"), told.minutes, "minutes"),
        Figure("press.both_sides", _("Terbit dengan dua sisi"), rules.share(told.balanced, told.judged), "%"),
        Figure("press.replies", _("Hak jawab dipakai"), told.replies),
        Figure("press.releases", _("Siaran pers terbit"), told.releases, url="/siaran-pers/"),
        Figure("press.late", _("Lewat waktu sekarang"), late, alarm=late > 0, url=DESK),
    ]


SOURCE = Source("press", _("Meja pers"), 40, figures)
