"""The page of figures: what every system tells in numbers, over a span of days."""

from dataclasses import replace
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import public
from satuklik.base.accounts.queries import profile
from satuklik.base.figures import registry

LONGEST_DAYS = 3660
DESK = "/meja/"


@public
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """This year, or the span that was asked for; every figure with its source."""
    today = timezone.localdate()
    first, last, problem = _span(request, today)
    found = registry.figures(first, last, timezone.now())
    if profile(request, "official") is None:
        found = [(source, [_for_everybody(figure) for figure in figures]) for source, figures in found]
    return render(
        request,
        "portal/statistics.html",
        {"first": first, "last": last, "problem": problem, "sources": found, "today": today},
        status=422 if problem else 200,
    )


def _for_everybody(figure: registry.Figure) -> registry.Figure:
    """Without the way to the officials' list behind it, which would only say that it is not for this account."""
    return replace(figure, url="") if figure.url.startswith(DESK) else figure


def _span(request: HttpRequest, today: date) -> tuple[date, date, str]:
    usual = date(today.year, 1, 1), today
    days: list[date] = []
    for name, standing in zip(("dari", "sampai"), usual, strict=True):
        typed = request.GET.get(name, "")
        try:
            day = parse_date(typed) if typed else standing
        except ValueError:  # 2026-02-31
            day = None
        if day is None:
            return *usual, _("Tulis tanggal seperti 2026-01-31.")
        days.append(day)
    first, last = days
    if first > last:
        return *usual, _("Tanggal awal harus sebelum tanggal akhir.")
    if (last - first).days > LONGEST_DAYS:
        return *usual, _("Pilih paling lama sepuluh tahun.")
    return first, last, ""
