"""Boxes of degrees, blocks of a grid that coarsens points, and how long a scale bar is. Pure geometry."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
"""(longitude, latitude) in degrees."""
Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
CELL = 1 / 256
"""Degrees: the side of a block of level 0, some 430 m. At the mean density of a regency like Asahan (about 200 people
per km²) some 40 people live in it, ten households: a point moved to its middle names nobody's house. In a plantation
there may be fewer; whoever releases a report decides whether its point is shown at all. A power of two: the database
and we divide by it exactly, so a point on an edge lies in the same block everywhere."""
DEGREE_METRES = 111_320.0  # of latitude; one of longitude is shorter by the cosine
COARSEST = 12
_BLOCK = re.compile(r"(-?\d{1,2})_(-?\d{1,7})_(-?\d{1,7})", re.ASCII)


@dataclass(frozen=True)
class Block:
    """A square of the grid; its side is CELL × 2**level degrees. Always the same squares: many reports of one place
    do not, as random shifts would, tell its middle."""

    level: int
    x: int
    y: int

    @property
    def box(self) -> Box:
        """What it covers; its west and south edges belong to it."""
        size = side(self.level)
        return self.x * size, self.y * size, (self.x + 1) * size, (self.y + 1) * size

    def __str__(self) -> str:
        return f"{self.level}_{self.x}_{self.y}"


def side(level: int) -> float:
    """Degrees of a block's side."""
    return math.ldexp(CELL, level)


def block_at(point: Point, level: int = 0) -> Block:
    """The block in which a point lies."""
    size = side(level)
    return Block(level, math.floor(point[0] / size), math.floor(point[1] / size))


def parsed(text: str, *, finest: int = 0) -> Block | None:
    """The block that `str(block)` wrote; None for anything else, and for one smaller than `finest` allows."""
    found = _BLOCK.fullmatch(text)
    if found is None:
        return None
    block = Block(*(int(part) for part in found.groups()))
    west, south, east, north = block.box
    there = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    return block if finest <= block.level <= COARSEST and there else None


def coarse(point: Point) -> Point:
    """The middle of the point's block of level 0."""
    return tuple(round(one, 6) for one in middle(block_at(point).box))  # type: ignore[return-value]


def by_middles(box: Box) -> Box:
    """The whole blocks of level 0 whose middles lie in the box; those on its west and south edges do. Empty (west equal
    to east, or south to north) where there are none."""
    west, south, east, north = (math.ceil(edge / CELL - 0.5) * CELL for edge in box)
    return west, south, east, north


def level_for(width: float, columns: int, *, finest: int = 0) -> int:
    """The smallest level of which at most `columns` blocks stand side by side in `width` degrees."""
    return min(max(math.ceil(math.log2(max(width, 1e-9) / columns / CELL)), finest), COARSEST)


def middle(box: Box) -> Point:
    """The middle of a box."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def around(point: Point, width: float) -> Box:
    """A square of `width` degrees around a point."""
    return point[0] - width / 2, point[1] - width / 2, point[0] + width / 2, point[1] + width / 2


def hull(boxes: Iterable[Box]) -> Box:
    """The box around boxes, of which there is at least one."""
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def grown(box: Box, share: float, *, least: float = 0.0) -> Box:
    """The box with `share` of its width and height more on each side; never narrower or lower than `least` degrees."""
    width = max((box[2] - box[0]) * (1 + 2 * share), least)
    height = max((box[3] - box[1]) * (1 + 2 * share), least)
    x, y = middle(box)
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def shaped(box: Box, lowest: float, highest: float) -> Box:
    """The box made wider or higher until its height is between `lowest` and `highest` times its width."""
    x, y = middle(box)
    width, height = box[2] - box[0], box[3] - box[1]
    height = max(height, width * lowest)
    width = max(width, height / highest)
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes have something in common."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def holds(box: Box, point: Point) -> bool:
    """Whether the point lies in the box."""
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def clipped(ring: Sequence[Sequence[float]], box: Box) -> list[Point]:
    """The part of a ring inside a box (Sutherland and Hodgman); where it leaves the box it runs along the edge."""
    found: list[Point] = [(one[0], one[1]) for one in ring]
    for axis, edge, keep in ((0, box[0], 1), (1, box[1], 1), (0, box[2], -1), (1, box[3], -1)):
        found = _half(found, axis, edge, keep)
    return found


def _half(ring: Sequence[Point], axis: int, edge: float, keep: int) -> list[Point]:
    """What lies on one side of a line: above it where `keep` is 1, below where it is -1."""
    found: list[Point] = []
    before = ring[-1] if ring else (0.0, 0.0)
    for point in ring:
        was, now = (before[axis] - edge) * keep, (point[axis] - edge) * keep
        if (was >= 0) != (now >= 0):
            share = was / (was - now)
            found.append(
                (before[0] + (point[0] - before[0]) * share, before[1] + (point[1] - before[1]) * share)
            )
        if now >= 0:
            found.append(point)
        before = point
    return found


def centroid(ring: Sequence[Point]) -> tuple[float, float, float]:
    """(longitude, latitude, area in square degrees) of what a ring encloses."""
    if not ring:
        return 0.0, 0.0, 0.0
    left, low = ring[0]
    twice = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        # Near the ring's first point: far from zero the products lose their digits.
        cross = (x1 - left) * (y2 - low) - (x2 - left) * (y1 - low)
        twice += cross
        x += (x1 + x2 - 2 * left) * cross
        y += (y1 + y2 - 2 * low) * cross
    if abs(twice) < 1e-14:
        return left, low, 0.0
    return left + x / (3 * twice), low + y / (3 * twice), abs(twice) / 2


def metres_beside(point: Point, ring: Sequence[Sequence[float]]) -> float:
    """Metres from a point to the nearest edge of a ring, flat: true enough within some kilometres."""
    east = DEGREE_METRES * math.cos(math.radians(point[1]))
    flat = [((one[0] - point[0]) * east, (one[1] - point[1]) * DEGREE_METRES) for one in ring]
    return min((_beside(one, other) for one, other in pairwise(flat)), default=math.inf)


def _beside(one: Point, other: Point) -> float:
    """How far the zero is from a line between two points."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else min(max(-(one[0] * dx + one[1] * dy) / length, 0.0), 1.0)
    return math.hypot(one[0] + along * dx, one[1] + along * dy)


def scale_bar(metres: float) -> int:
    """The largest of 1, 2 or 5 × 10ⁿ metres that `metres` hold (at least 1)."""
    ten: int = 10 ** max(math.floor(math.log10(max(metres, 1.0))), 0)
    return max(step * ten for step in (1, 2, 5) if step == 1 or step * ten <= metres)


def apart(places: Sequence[Point], radius: Sequence[float], rounds: int = 40) -> list[Point]:
    """Circles moved until they hardly cover one another; for some dozens of them. Each round costs n²."""
    now = [list(place) for place in places]
    for _round in range(rounds):
        moved = False
        for i in range(len(now)):
            for j in range(i):
                dx, dy = now[i][0] - now[j][0], now[i][1] - now[j][1]
                gap, wanted = math.hypot(dx, dy), radius[i] + radius[j]
                if gap >= wanted:
                    continue
                # Two in the same place part sideways.
                ux, uy = (dx / gap, dy / gap) if gap > 1e-6 else (1.0, 0.0)
                push = (wanted - gap) / 2 + 0.01
                now[i][0] += ux * push
                now[i][1] += uy * push
                now[j][0] -= ux * push
                now[j][1] -= uy * push
                moved = True
        if not moved:
            break
    return [(one[0], one[1]) for one in now]
