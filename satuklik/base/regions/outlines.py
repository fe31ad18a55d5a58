"""Outlines of regions: reading GeoJSON, whether a point lies inside, and their paths in a picture. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

Point = tuple[float, float]
"""(longitude, latitude) in degrees, as GeoJSON orders them."""
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
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        points = [point for polygon in self.polygons for ring in polygon for point in ring]
        west, east = min(point[0] for point in points), max(point[0] for point in points)
        return west, min(point[1] for point in points), east, max(point[1] for point in points)


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


def frame(boxes: Iterable[tuple[float, float, float, float]], width: float = 1000.0) -> Frame:
    """A picture around these boxes. A degree of longitude is shorter than one of latitude, by the cosine."""
    known = list(boxes)
    west, south = min(box[0] for box in known), min(box[1] for box in known)
    east, north = max(box[2] for box in known), max(box[3] for box in known)
    span = max(east - west, 1e-6)
    scale_x = width / span
    scale_y = scale_x / max(math.cos(math.radians((south + north) / 2)), 0.01)
    return Frame(west, north, scale_x, scale_y, width, round(max(north - south, 1e-6) * scale_y, 1))


def path(outline: Outline, within: Frame) -> str:
    """The outline as the `d` of an SVG path."""
    parts = []
    for polygon in outline.polygons:
        for ring in polygon:
            places = [within.place(x, y) for x, y in ring]
            parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in places) + "Z")
    return "".join(parts)
