"""Figures of referrals for the statistics page, the API and the command centre."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from satuklik.base.figures.registry import Figure, Source
from satuklik.spine.referrals import queries, rules

BOARD = "/papan-jawaban/"


def figures(first: date, last: date, now: datetime) -> list[Figure]:
    """Over the questions that were asked from `first` to `last`."""
    board = queries.board(first, last, now)
    days = [row.days_to_answer for row in board.rows if row.days_to_answer is not None]
    hours = [row.hours_to_acknowledge for row in board.rows if row.hours_to_acknowledge is not None]
    return [
        Figure("referrals.asked", _("Pertanyaan diteruskan ke instansi"), board.asked, url=BOARD),
        Figure(
            "referrals.hours_to_acknowledge", _("Jam kerja sampai dikonfirmasi (median antarinstansi)"),
            rules.median(hours), "hours", url=BOARD,
        ),
        Figure(
            "referrals.days_to_answer", _("Hari kerja sampai dijawab (median antarinstansi)"),
            rules.median(days), "days", url=BOARD,
        ),
        Figure(
            "referrals.silent", _("Instansi diam sekarang (pertanyaan)"), board.silent_now,
            alarm=board.silent_now > 0, url=BOARD,
        ),
        Figure("referrals.on_behalf", _("Dijawab atas nama instansi"), board.on_behalf, url=BOARD),
    ]  # fmt: skip


SOURCE = Source("referrals", _("Penerusan antarinstansi"), 60, figures)
