"""Complaints in a picture: circles with how many, each a link; the table with the same numbers; what a moving map asks."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from satuklik.base.regions import queries as regions
from satuklik.base.regions.queries import charts
from satuklik.kernel.maps import (
    Block,
    Box,
    Point,
    apart,
    around,
    block_at,
    grown,
    holds,
    hull,
    level_for,
    middle,
    side,
)
from satuklik.systems.complaints import queries
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.queries import Cluster, Tally

COLUMNS = 12  # blocks side by side
FINEST_PUBLIC, FINEST_DESK = 0, -5  # at the desk down to some 14 m
NARROWEST = 0.04  # degrees, some 4 km
AROUND = 3  # levels: how many times a block of the finest level is doubled to show what lies around it
SMALLEST, LARGEST = 19.0, 34.0  # units: radius of a circle
NAME_FONT = 19.0


@dataclass(frozen=True)
class Dot:
    """A circle in a picture. `title` says everything in words."""

    x: float
    y: float
    r: float
    text: str
    url: str
    title: str
    closed: bool


@dataclass(frozen=True)
class Label:
    """A name beside a circle. `anchor`: start, middle or end."""

    name: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True)
class Row:
    """A line of the table beside the picture."""

    name: str
    url: str
    open: int
    count: int

    @property
    def closed(self) -> int:
        """How many have ended."""
        return self.count - self.open


@dataclass(frozen=True)
class Picture:
    """The map with its dots, their names and its table."""

    chart: charts.Chart
    dots: Sequence[Dot]
    names: Sequence[Label]
    rows: Sequence[Row]
    by: str
    """What a line of the table is: «Kecamatan» or «Desa/kelurahan»."""
    marked: str = ""
    """The code of the kecamatan that was chosen."""

    @property
    def moves(self) -> bool:
        """Whether a moving map would show more than this one: outlines, or streets."""
        return bool(self.chart.source or settings.SATUKLIK_MAP_TILES)

    @property
    def box(self) -> str:
        """West, south, east, north as scripts read them."""
        return " ".join(f"{one:.6f}" for one in self.chart.box)


Address = Callable[..., str]
"""The address of the page with the same filters and `kecamatan=…` or `kotak=…`."""


@dataclass(frozen=True)
class Asked:
    """What is drawn: `found` in no order, whose it is, where the page stands, and where its links lead."""

    found: QuerySet[Complaint]
    public: bool
    district: str
    block: Block | None
    address: Address
    page_of: Callable[[str], str]
    """The page of one complaint by its reference."""

    @property
    def finest(self) -> int:
        """The smallest level of blocks."""
        return FINEST_PUBLIC if self.public else FINEST_DESK


def picture(asked: Asked, whole: QuerySet[Complaint]) -> Picture | None:
    """The map of what is asked: all kecamatan, or the blocks of one kecamatan or of a block. `whole` is `found` without
    the block: what lies around it is seen too. None where there is neither an outline nor a point."""
    tallies = queries.by_region(asked.found, villages=bool(asked.district), public=asked.public)
    box = _window(asked, tallies, whole)
    if box is None:
        return None
    rows = [_row(asked, tally) for tally in tallies] if asked.block is None else []
    by = _("Desa/kelurahan") if asked.district else _("Kecamatan")
    if asked.block is None and not asked.district:
        drawn = charts.chart(box, names=False)
        return Picture(drawn, *_districts(asked, drawn, tallies), rows, by)
    drawn = charts.chart(box)
    level = level_for(drawn.box[2] - drawn.box[0], COLUMNS, finest=asked.finest)
    found = queries.clusters(whole, level, drawn.box, public=asked.public)
    dots = [_dot(asked, drawn, one) for one in found]
    # Without outlines nothing else says where one is.
    names = [] if drawn.areas else _villages(asked, drawn, dots)
    return Picture(drawn, dots, names, rows, by, asked.district)


def _villages(asked: Asked, drawn: charts.Chart, dots: Sequence[Dot]) -> list[Label]:
    """The villages' names, each beside the middle of its points."""
    taken = [_around(dot.x, dot.y, dot.r) for dot in dots]
    names = []
    for tally in queries.by_region(asked.found, villages=True, public=asked.public):
        if tally.code and tally.point is not None and holds(drawn.box, tally.point):
            x, y = drawn.frame.place(*tally.point)
            names += _beside(regions.region(tally.code).name, x, y, SMALLEST, drawn, taken)
    return names


def _window(asked: Asked, tallies: Iterable[Tally], whole: QuerySet[Complaint]) -> Box | None:
    if asked.block is not None:
        if asked.block.level <= asked.finest:
            return around(middle(asked.block.box), side(asked.block.level + AROUND))
        return grown(asked.block.box, 0.15)
    if asked.district:
        box = regions.box_of(asked.district) or queries.extent(whole, public=asked.public)
        return grown(box, 0.12, least=NARROWEST) if box is not None else None
    box = charts.whole()
    if box is not None:
        return grown(box, 0.02)
    points = [(*tally.point, *tally.point) for tally in tallies if tally.point is not None]
    return grown(hull(points), 0.16, least=8 * NARROWEST) if points else None


def _row(asked: Asked, tally: Tally) -> Row:
    if not tally.code:
        return Row(_("Tempat tidak disebut"), "", tally.open, tally.count)
    name = regions.region(tally.code).name
    url = "" if asked.district else asked.address(kecamatan=tally.code)
    return Row(name, url, tally.open, tally.count)


def _radius(count: int) -> float:
    return min(SMALLEST + 5 * math.log10(max(count, 1)), LARGEST)


def words(count: int, opened: int, where: str = "") -> str:
    """ "12 laporan, 3 masih terbuka, di Air Joman"."""
    said = ngettext("%(n)s laporan", "%(n)s laporan", count) % {"n": count}
    if count > 1 or opened:
        said += ", " + (_("%(n)s masih terbuka") % {"n": opened} if count > 1 else _("masih terbuka"))
    return f"{where}: {said}" if where else said


def _districts(asked: Asked, drawn: charts.Chart, tallies: Iterable[Tally]) -> tuple[list[Dot], list[Label]]:
    """One circle for each kecamatan, over its middle, and its name where there is room."""
    placed = []
    for tally in tallies:
        point = (charts.middle_of(tally.code) or tally.point) if tally.code else None
        if point is not None:
            placed.append((tally, drawn.frame.place(*point)))
    radii = [_radius(tally.count) for tally, _place in placed]
    places = apart([place for _tally, place in placed], [r + 2 for r in radii])
    taken = [_around(x, y, r) for (x, y), r in zip(places, radii, strict=True)]
    dots, names = [], []
    for (tally, _place), (x, y), r in zip(placed, places, radii, strict=True):
        name = regions.region(tally.code).name
        names += _beside(name, x, y, r, drawn, taken)
        url, title = asked.address(kecamatan=tally.code), words(tally.count, tally.open, name)
        dots.append(Dot(round(x, 1), round(y, 1), round(r, 1), str(tally.count), url, title, tally.open == 0))
    return dots, names


def _around(x: float, y: float, r: float) -> Box:
    return x - r, y - r, x + r, y + r


def _beside(name: str, x: float, y: float, r: float, drawn: charts.Chart, taken: list[Box]) -> list[Label]:
    """The name where it fits beside a circle (below, above, right or left), which is then taken; none elsewhere."""
    wide, high = len(name) * NAME_FONT * 0.57, NAME_FONT
    for dx, dy, anchor in (
        (0.0, r + high * 0.95, "middle"), (0.0, -r - high * 0.35, "middle"),
        (r + 5, high * 0.35, "start"), (-r - 5, high * 0.35, "end"),
    ):  # fmt: skip
        left = x + dx - {"middle": wide / 2, "start": 0.0, "end": wide}[anchor]
        box = (left, y + dy - high * 0.8, left + wide, y + dy + high * 0.25)
        inside = (
            box[0] >= 4
            and box[2] <= drawn.frame.width - 4
            and box[1] >= 4
            and box[3] <= drawn.frame.height - 4
        )
        if inside and not any(_cover(box, other) for other in taken):
            taken.append(box)
            return [Label(name, round(x + dx, 1), round(y + dy, 1), anchor)]
    return []


def _cover(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _dot(asked: Asked, drawn: charts.Chart, one: Cluster) -> Dot:
    x, y = drawn.frame.place(*one.point)
    return Dot(
        x, y, round(_radius(one.count), 1), str(one.count), _url(asked, one), one.title or words(one.count, one.open),
        one.open == 0,
    )  # fmt: skip


def _url(asked: Asked, one: Cluster) -> str:
    return asked.page_of(one.reference) if one.reference else asked.address(kotak=str(one.block))


def moving(asked: Asked, box: Box) -> list[dict[str, Any]]:
    """What a moving map shows in this box, as the drawn one: kecamatan with their names in a wide box, blocks in a
    narrow one; each with the box that a click goes to, or none where it leads to a page."""
    if box[2] - box[0] > charts.VILLAGES_BELOW and not asked.district:
        return [
            one
            for tally in queries.by_region(asked.found, villages=False, public=asked.public)
            if (one := _moving_region(asked, tally)) is not None
            and holds(box, (one["longitude"], one["latitude"]))
        ]
    level = level_for(box[2] - box[0], COLUMNS, finest=asked.finest)
    return [
        {
            "longitude": round(one.point[0], 6), "latitude": round(one.point[1], 6), "count": one.count, "open": one.open,
            "title": one.title or words(one.count, one.open), "name": "", "url": _url(asked, one),
            "box": None if one.reference or level <= asked.finest else [round(edge, 6) for edge in one.block.box],
        }
        for one in queries.clusters(asked.found, level, box, public=asked.public)
    ]  # fmt: skip


def _moving_region(asked: Asked, tally: Tally) -> dict[str, Any] | None:
    point = (charts.middle_of(tally.code) or tally.point) if tally.code else None
    if point is None:
        return None
    name = regions.region(tally.code).name
    box = regions.box_of(tally.code) or around(point, 5 * NARROWEST)
    return {
        "longitude": round(point[0], 6), "latitude": round(point[1], 6), "count": tally.count, "open": tally.open,
        "title": words(tally.count, tally.open, name), "name": name, "url": asked.address(kecamatan=tally.code),
        "box": [round(edge, 6) for edge in box],
    }  # fmt: skip


@dataclass(frozen=True)
class Surroundings:
    """The place of one complaint: the picture, and what lies near with its number, words and metres."""

    chart: charts.Chart
    pin: Point
    dots: Sequence[Dot]
    near: Sequence[tuple[int, Complaint, float]]


def surroundings(
    complaint: Complaint, near: Sequence[tuple[Complaint, float]], page_of: Callable[[str], str]
) -> Surroundings | None:
    """The picture around a complaint's point; None where it has none."""
    if complaint.longitude is None or complaint.latitude is None:
        return None
    point = (complaint.longitude, complaint.latitude)
    drawn = charts.chart(around(middle(block_at(point, -2).box), 0.014))
    dots, numbered = [], []
    for number, (row, metres) in enumerate(near, start=1):
        numbered.append((number, row, metres))
        place = (row.longitude or 0.0, row.latitude or 0.0)
        if holds(drawn.box, place):
            x, y = drawn.frame.place(*place)
            dots.append(Dot(x, y, SMALLEST, str(number), page_of(row.reference), row.title, False))
    return Surroundings(drawn, drawn.frame.place(*point), dots, numbered)
