"""Where a visible signature stands on a page: pure geometry, in points from the page's lower left corner."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Corner = Literal["bottom_right", "bottom_left", "top_right", "top_left"]
MARGIN = 36.0
WIDTH, HEIGHT = 200.0, 64.0
LEAST_WIDTH, LEAST_HEIGHT = 110.0, 36.0
"""Smaller than this nobody reads the words, and no camera the QR code."""


@dataclass(frozen=True)
class Placement:
    """A rectangle on a page (1 …, or -1 for the last one), as a reader shows the page: after its rotation, inside
    its crop box."""

    page: int
    x: float
    y: float
    width: float = WIDTH
    height: float = HEIGHT

    def facts(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Placement":
        """The reverse of `facts`. Raises KeyError, TypeError, ValueError."""
        return cls(
            int(facts["page"]),
            float(facts["x"]),
            float(facts["y"]),
            float(facts["width"]),
            float(facts["height"]),
        )


@dataclass(frozen=True)
class Frame:
    """The visible part of a page in its own coordinates (crop box within media box), its rotation (0, 90, 180, 270:
    clockwise, as the reader turns it) and how many points one of its units is (ISO 32000-1 §7.7.3.3)."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int = 0
    unit: float = 1.0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points as the reader shows the page."""
        width, height = (self.right - self.left) * self.unit, (self.top - self.bottom) * self.unit
        return (height, width) if self.rotation in (90, 270) else (width, height)

    def holds(self, place: Placement) -> bool:
        """Whether the rectangle lies on the page (a hair over its edge is rounding) and is large enough."""
        width, height = self.size
        return (
            min(place.x, place.y) > -1
            and place.x + place.width < width + 1
            and place.y + place.height < height + 1
            and place.width >= LEAST_WIDTH
            and place.height >= LEAST_HEIGHT
        )

    def rectangle(self, place: Placement) -> tuple[float, float, float, float]:
        """The rectangle in the page's own coordinates: left, bottom, right, top."""
        one, other = (
            self._own(place.x, place.y),
            self._own(place.x + place.width, place.y + place.height),
        )
        return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])

    def shown(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the page's own coordinates is shown."""
        right, up = (x - self.left) * self.unit, (y - self.bottom) * self.unit
        width, height = (self.right - self.left) * self.unit, (self.top - self.bottom) * self.unit
        turned = {
            0: (right, up),
            90: (up, width - right),
            180: (width - right, height - up),
            270: (height - up, right),
        }
        return turned[self.rotation]

    def _own(self, x: float, y: float) -> tuple[float, float]:
        x, y = x / self.unit, y / self.unit
        turned = {
            0: (self.left + x, self.bottom + y),
            90: (self.right - y, self.bottom + x),
            180: (self.right - x, self.top - y),
            270: (self.left + y, self.top - x),
        }
        return turned[self.rotation]


def in_corner(
    corner: Corner, page_width: float, page_height: float, *, page: int, width: float, height: float
) -> Placement:
    """The rectangle in a corner of a page of this size, inside its margin."""
    vertical, horizontal = corner.split("_")
    x = page_width - MARGIN - width if horizontal == "right" else MARGIN
    y = page_height - MARGIN - height if vertical == "top" else MARGIN
    return Placement(page, max(0.0, x), max(0.0, y), width, height)


def under_tag(x: float, y: float, frame: Frame, *, page: int, width: float, height: float) -> Placement:
    """The rectangle whose upper left corner is the tag's (x, y as shown), moved onto the page where it stands over
    its edge."""
    shown_width, shown_height = frame.size
    return Placement(
        page,
        max(0.0, min(x, shown_width - width)),
        max(0.0, min(y - height, shown_height - height)),
        width,
        height,
    )
