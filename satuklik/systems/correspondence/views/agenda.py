"""The registers of letters by year: read, searched, downloaded, printed."""

from typing import Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import official
from satuklik.systems.correspondence import queries
from satuklik.systems.correspondence.views.boxes import LONGEST_SEARCH, who

DIRECTIONS: dict[str, Literal["in", "out"]] = {"masuk": "in", "keluar": "out"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = 200
OLDEST = 2000


@official()
@require_safe
def agenda(request: HttpRequest, direction: str) -> HttpResponse:
    """A year of agenda masuk or agenda keluar of the official's office."""
    way, year, text = _asked(request, direction)
    found = queries.agenda(who(request), way, year, text)
    kept = urlencode({"tahun": year, **({"q": text} if text else {})})
    all_of_them = "semua" in request.GET
    return render(
        request,
        "correspondence/agenda.html",
        {
            "official": who(request), "direction": direction, "year": year, "text": text, "query": kept,
            "rows": found if all_of_them else found[:PAGE], "total": len(found),
            "shortened": not all_of_them and len(found) > PAGE,
        },
    )  # fmt: skip


@official()
@require_safe
def csv(request: HttpRequest, direction: str) -> HttpResponse:
    """The same lines as CSV."""
    way, year, text = _asked(request, direction)
    content = queries.agenda_csv(who(request), way, year, text)
    # With the mark of UTF-8: a spreadsheet opens names right.
    return _file("\ufeff" + content, "text/csv; charset=utf-8", f"agenda-{direction}-{year}.csv")


@official()
@require_safe
def xlsx(request: HttpRequest, direction: str) -> HttpResponse:
    """The same lines as a workbook."""
    way, year, text = _asked(request, direction)
    content = queries.agenda_xlsx(who(request), way, year, text)
    return _file(content, XLSX, f"agenda-{direction}-{year}.xlsx")


def _asked(request: HttpRequest, direction: str) -> tuple[Literal["in", "out"], int, str]:
    if direction not in DIRECTIONS:
        raise Http404
    this_year = timezone.localdate().year
    named = request.GET.get("tahun", "")
    year = int(named) if named.isascii() and named.isdigit() and len(named) == 4 else this_year
    if not OLDEST <= year <= this_year + 1:
        year = this_year
    return DIRECTIONS[direction], year, request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]


def _file(content: str | bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response
