"""Where a visible signature stands on a page: pure geometry, in points from the page's lower left corner."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Corner = Literal["bottom_right", "bottom_left", "top_right", "top_left"]
MARGIN = 36.0
WIDTH, HEIGHT = 200.0, 64.0


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


def in_corner(
    corner: Corner, page_width: float, page_height: float, *, page: int, width: float, height: float
) -> Placement:
    """The rectangle in a corner of a page of this size, inside its margin."""
    vertical, horizontal = corner.split("_")
    x = page_width - MARGIN - width if horizontal == "right" else MARGIN
    y = page_height - MARGIN - height if vertical == "top" else MARGIN
    return Placement(page, max(0.0, x), max(0.0, y), width, height)
