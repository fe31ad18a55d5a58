"""The public board of answer times, as a page with a picture and as JSON."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import public
from satuklik.spine.referrals import queries
from satuklik.spine.referrals.drawing import picture

DAYS, LONGEST = 90, 366


@public
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Per agency: questions, hours to acknowledge, days to answer, silent now, answered on behalf. No names."""
    first, last = _period(request)
    found = queries.board(first, last, timezone.now())
    return render(request, "referrals/board.html", {"board": found, "picture": picture(found.rows)})


@public
@require_safe
def board_json(request: HttpRequest) -> HttpResponse:
    """The same for programs."""
    first, last = _period(request)
    found = queries.board(first, last, timezone.now())
    rows = [
        {
            "agency": row.code, "name": row.name, "rank": row.rank, "asked": row.asked, "answered": row.answered,
            "given_back": row.given_back, "answered_on_behalf": row.on_behalf, "silent_now": row.silent_now,
            "median_working_hours_to_acknowledge": _rounded(row.hours_to_acknowledge),
            "median_working_days_to_answer": _rounded(row.days_to_answer),
        }
        for row in found.rows
    ]  # fmt: skip
    return JsonResponse(
        {"from": first.isoformat(), "to": last.isoformat(), "fewest_for_rank": 3, "agencies": rows}
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _period(request: HttpRequest) -> tuple[date, date]:
    """From `dari` to `sampai`, else the last 90 days; what is no date is as if it were not there."""
    today = timezone.localdate()
    last = _day(request.GET.get("sampai", "")) or today
    first = _day(request.GET.get("dari", "")) or last - timedelta(days=DAYS)
    if first > last or (last - first).days > LONGEST:
        first = last - timedelta(days=DAYS)
    return first, last


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2020 <= day.year <= 2100 else None
