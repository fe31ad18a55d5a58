"""Outlines of regions: reading GeoJSON, whether a point lies inside, their paths in a picture, where a name fits. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from satuklik.kernel.maps import Box, Point, centroid, clipped, grown, metres_beside

Ring = list[list[float]]
Polygon = list[Ring]
MOST_POINTS = 200_000


class BadOutline(ValueError):
    """A feature is no outline that can be used; the text says which and why."""


@dataclass(frozen=True)
class Outline:
    """The polygons of one region; of each, the first ring is the outside and the others are holes."""

    code: str
    polygons: tuple[Polygon, ...]

    @cached_property
    def box(self) -> Box:
        """West, south, east, north."""
        points = [point for polygon in self.polygons for ring in polygon for point in ring]
        west, east = min(point[0] for point in points), max(point[0] for point in points)
        return west, min(point[1] for point in points), east, max(point[1] for point in points)

    @cached_property
    def middle(self) -> Point:
        """The middle of the largest part."""
        parts = [centroid([(one[0], one[1]) for one in polygon[0]]) for polygon in self.polygons]
        return max(parts, key=lambda one: one[2])[:2]


def read(document: object) -> list[Outline]:
    """The outlines of a GeoJSON FeatureCollection whose features have `properties.code`. Raises BadOutline."""
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise BadOutline("The file is no GeoJSON FeatureCollection.")
    return [_outline(number, feature) for number, feature in enumerate(features, start=1)]


def _outline(number: int, feature: object) -> Outline:
    try:
        code = str(feature["properties"]["code"])  # type: ignore[index]
        geometry = feature["geometry"]  # type: ignore[index]
        shapes = {"Polygon": lambda c: [c], "MultiPolygon": lambda c: c}[geometry["type"]](
            geometry["coordinates"]
        )
        polygons = tuple([[_ring(ring) for ring in polygon] for polygon in shapes])
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise BadOutline(f"Feature {number} has no code or no polygon ({error}).") from error
    if not polygons or sum(len(ring) for polygon in polygons for ring in polygon) > MOST_POINTS:
        raise BadOutline(f"Feature {number} ({code}) is empty or too detailed.")
    return Outline(code, polygons)


def _ring(points: Sequence[Sequence[float]]) -> Ring:
    ring = [[round(float(point[0]), 6), round(float(point[1]), 6)] for point in points]
    if len(ring) < 4 or not all(
        math.isfinite(x) and math.isfinite(y) and -180 <= x <= 180 and -90 <= y <= 90 for x, y in ring
    ):
        raise ValueError("a ring has fewer than four points, or a point lies nowhere on Earth")
    return ring


def contains(outline: Outline, longitude: float, latitude: float) -> bool:
    """Whether the point lies inside: a ray to the east crosses the outside an odd number of times."""
    return any(
        _inside(polygon[0], longitude, latitude)
        and not any(_inside(hole, longitude, latitude) for hole in polygon[1:])
        for polygon in outline.polygons
    )


def _inside(ring: Ring, x: float, y: float) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


@dataclass(frozen=True)
class Frame:
    """How degrees become units of a picture: `width` units for the box, north at the top."""

    west: float
    north: float
    scale_x: float
    scale_y: float
    width: float
    height: float

    def place(self, longitude: float, latitude: float) -> Point:
        """Where a point stands in the picture."""
        return (
            round((longitude - self.west) * self.scale_x, 1),
            round((self.north - latitude) * self.scale_y, 1),
        )

    def back(self, x: float, y: float) -> Point:
        """Which longitude and latitude a place in the picture is."""
        return self.west + x / self.scale_x, self.north - y / self.scale_y


def frame(boxes: Iterable[Box], width: float = 1000.0) -> Frame:
    """A picture around these boxes. A degree of longitude is shorter than one of latitude, by the cosine."""
    known = list(boxes)
    west, south = min(box[0] for box in known), min(box[1] for box in known)
    east, north = max(box[2] for box in known), max(box[3] for box in known)
    span = max(east - west, 1e-6)
    scale_x = width / span
    scale_y = scale_x / max(math.cos(math.radians((south + north) / 2)), 0.01)
    return Frame(west, north, scale_x, scale_y, width, round(max(north - south, 1e-6) * scale_y, 1))


def metres_outside(outline: Outline, point: Point) -> float:
    """Metres from a point outside to the outline's nearest edge."""
    return min(metres_beside(point, ring) for polygon in outline.polygons for ring in polygon)


@dataclass(frozen=True)
class Drawn:
    """What of an outline is seen: the `d` of an SVG path, and in units of the picture the middle of its largest part
    with that part's width and height, for the name."""

    path: str
    middle: Point
    width: float
    height: float


def drawn(outline: Outline, box: Box, within: Frame, *, fine: float = 0.5) -> Drawn | None:
    """The part of the outline inside `box`, its corners at least `fine` units apart; None where nothing is seen."""
    around = grown(box, 0.03)  # the cut edges lie outside of the picture
    parts, largest = [], (0.0, (0.0, 0.0), 0.0, 0.0)
    for polygon in outline.polygons:
        for number, ring in enumerate(polygon):
            seen = clipped(ring, around)
            places = _thinned([within.place(x, y) for x, y in seen], fine)
            if len(places) < 3:
                continue
            parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in places) + "Z")
            inner = [within.place(x, y) for x, y in clipped(ring, box)] if number == 0 else []
            x, y, size = centroid(inner)
            if size > largest[0]:
                wide, high = ([one[axis] for one in inner] for axis in (0, 1))
                largest = (size, (x, y), max(wide) - min(wide), max(high) - min(high))
    return Drawn("".join(parts), *largest[1:]) if parts else None


def _thinned(places: Sequence[Point], fine: float) -> list[Point]:
    kept: list[Point] = []
    for place in places:
        if not kept or math.dist(place, kept[-1]) >= fine:
            kept.append(place)
    return kept


@dataclass(frozen=True)
class Name:
    """A name in a picture: one or two lines around a place."""

    x: float
    y: float
    lines: tuple[str, ...]


def named(wishes: Iterable[tuple[str, Drawn]], font: float, width: float) -> list[Name]:
    """Names that fit into their area and cover no other, the largest areas first; `font` and `width` in units of
    the picture."""
    found: list[tuple[Name, Box]] = []
    for text, area in sorted(wishes, key=lambda one: -one[1].width * one[1].height):
        for lines in ((text,), _halves(text)):
            wide = max(len(line) for line in lines) * font * 0.56
            high = len(lines) * font * 1.15
            x, y = area.middle
            x = min(max(x, wide / 2 + 4), width - wide / 2 - 4)
            box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
            free = all(
                box[2] < one[0] or one[2] < box[0] or box[3] < one[1] or one[3] < box[1]
                for _name, one in found
            )
            if wide <= area.width * 1.15 and high <= area.height and free:
                found.append((Name(round(x, 1), round(y, 1), lines), box))
                break
    return [name for name, _box in found]


def _halves(text: str) -> tuple[str, ...]:
    """The text in two lines of about the same length, where it has several words."""
    words = text.split()
    cuts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return min(cuts, key=lambda cut: max(len(cut[0]), len(cut[1])), default=(text,))
