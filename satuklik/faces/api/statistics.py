"""The API's figures: the same as the portal's page, for programs."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Schema

from satuklik.base.figures import registry
from satuklik.faces.api.views import ApiError, api

LONGEST_DAYS = 3660


class FigureOut(Schema):
    """One figure."""

    name: str = Field(description="ppid.requests: the system, a point, what is counted")
    label: str = Field(description="In the language that was asked for")
    value: float | None = Field(description="null: nothing was measured")
    unit: str = Field(description='"" (a count), "%", "days" (working days), "hours", "minutes", "rupiah"')
    alarm: bool


class SourceOut(Schema):
    """The figures of one system."""

    name: str
    label: str
    figures: list[FigureOut]


@api.get("/statistics", response=list[SourceOut], auth=None)
def statistics(
    request: HttpRequest, first: date | None = None, last: date | None = None
) -> list[dict[str, object]]:
    """Every public figure over the matters that came in from `first` (default: 1 January) to `last` (today)."""
    today = timezone.localdate()
    begin, end = first or date(today.year, 1, 1), last or today
    if begin > end or (end - begin).days > LONGEST_DAYS:
        raise ApiError(
            422, "bad_span", _("Tanggal awal harus sebelum tanggal akhir, paling lama sepuluh tahun.")
        )
    return [
        {
            "name": source.name,
            "label": str(source.label),
            "figures": [
                {
                    "name": one.name,
                    "label": str(one.label),
                    "value": one.value,
                    "unit": str(one.unit),
                    "alarm": one.alarm,
                }
                for one in figures
            ],
        }
        for source, figures in registry.figures(begin, end, timezone.now())
    ]
