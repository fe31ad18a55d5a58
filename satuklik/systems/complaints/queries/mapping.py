"""Complaints as points: counted by the blocks of a grid and by region, in the database; those near another one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Avg, Count, F, FloatField, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Floor, Substr

from satuklik.base.regions.rules import DISTRICT_LENGTH, VILLAGE_LENGTH
from satuklik.kernel.likeness import metres_between
from satuklik.kernel.maps import CELL, DEGREE_METRES, Block, Box, Point, by_middles, side
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.queries.public import inside
from satuklik.systems.complaints.rules import states
from satuklik.systems.complaints.scope import Scope

OPEN = Q(state__in=states.OPEN)
NEARBY_METRES, NEARBY_DAYS, MOST_NEARBY = 500, 90, 12


@dataclass(frozen=True)
class Cluster:
    """The complaints of one block; `reference` and `title` where it is a single one."""

    block: Block
    point: Point
    count: int
    open: int
    reference: str
    title: str


@dataclass(frozen=True)
class Tally:
    """The complaints of a region; `point` is the middle of those that have one."""

    code: str
    count: int
    open: int
    point: Point | None


def clusters(found: QuerySet[Complaint], level: int, box: Box, *, public: bool) -> list[Cluster]:
    """`found` by blocks of this level in a box. Public: only public points, by their coarse places and public titles.
    What is public lies in the box where its coarse place does: else boxes cut smaller and smaller would find the true
    one."""
    size = Value(side(level), FloatField())
    found = _with_points(found, public).filter(inside(by_middles(box) if public else box))
    rows = (
        found.order_by()
        .annotate(x=Floor(F("longitude") / size), y=Floor(F("latitude") / size))
        .values("x", "y")
        .annotate(
            longitude_=_mean("longitude", public),
            latitude_=_mean("latitude", public),
            n=Count("pk"),
            open_=Count("pk", filter=OPEN),
            reference_=Min("reference"),
            title_=Min("public_title" if public else "title"),
        )
    )
    return [
        Cluster(
            Block(level, int(row["x"]), int(row["y"])), (row["longitude_"], row["latitude_"]), row["n"], row["open_"],
            row["reference_"] if row["n"] == 1 else "", row["title_"] if row["n"] == 1 else "",
        )
        for row in rows
    ]  # fmt: skip


def by_region(found: QuerySet[Complaint], *, villages: bool, public: bool) -> list[Tally]:
    """`found` by kecamatan or by village, the most first. What has no place is counted under ""."""
    pointed = Q(public_point=True) if public else Q()
    rows = (
        found.order_by()
        .annotate(code=Substr("village_id", 1, VILLAGE_LENGTH if villages else DISTRICT_LENGTH))
        .values("code")
        .annotate(
            n=Count("pk"),
            open_=Count("pk", filter=OPEN),
            longitude_=_mean("longitude", public, pointed),
            latitude_=_mean("latitude", public, pointed),
        )
        .order_by("-n", "code")
    )
    return [
        Tally(
            row["code"] or "", row["n"], row["open_"],
            None if row["longitude_"] is None else (row["longitude_"], row["latitude_"]),
        )
        for row in rows
    ]  # fmt: skip


def extent(found: QuerySet[Complaint], *, public: bool) -> Box | None:
    """The box around the points of `found`, public ones coarse; None where there are none."""
    row = (
        _with_points(found, public)
        .order_by()
        .aggregate(
            west=Min(_place("longitude", public)), south=Min(_place("latitude", public)),
            east=Max(_place("longitude", public)), north=Max(_place("latitude", public)),
        )
    )  # fmt: skip
    return None if row["west"] is None else (row["west"], row["south"], row["east"], row["north"])


def nearby(complaint: Complaint, scope: Scope) -> list[tuple[Complaint, float]]:
    """Others of the last 90 days within 500 metres that this official may see, with their metres, the nearest first."""
    if complaint.latitude is None or complaint.longitude is None:
        return []
    reach = 1.1 * NEARBY_METRES / DEGREE_METRES
    x, y = complaint.longitude, complaint.latitude
    rows = (
        Complaint.objects.filter(scope.visible(), inside((x - reach, y - reach, x + reach, y + reach)))
        .filter(received_at__gte=complaint.received_at - timedelta(days=NEARBY_DAYS))
        .exclude(pk=complaint.pk)
        .order_by("-received_at")[: 4 * MOST_NEARBY]
    )
    found = [(row, metres_between(y, x, row.latitude or 0.0, row.longitude or 0.0)) for row in rows]
    return sorted((one for one in found if one[1] <= NEARBY_METRES), key=lambda one: one[1])[:MOST_NEARBY]


def _with_points(found: QuerySet[Complaint], public: bool) -> QuerySet[Complaint]:
    return found.filter(latitude__isnull=False, **({"public_point": True} if public else {}))


def _place(field: str, public: bool) -> Any:
    """A coordinate; for everybody the middle of its block, as `kernel.maps.coarse`."""
    if not public:
        return F(field)
    cell = Value(CELL, FloatField())
    return (Floor(F(field) / cell) + Value(0.5)) * cell


def _mean(field: str, public: bool, pointed: Q | None = None) -> Avg:
    return Avg(_place(field, public), filter=pointed, output_field=FloatField())
