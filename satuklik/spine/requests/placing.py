"""From what a form or a program says to the rectangle of a visible signature: by place, corner or tag, or none."""

from collections.abc import Callable, Mapping, Sequence
from typing import get_args

from satuklik.spine.requests.errors import BadPlacement
from satuklik.spine.signing.placement import HEIGHT, WIDTH, Corner, Placement, in_corner

MODES = ("corner", "place", "tag", "hidden")
CORNERS: tuple[str, ...] = get_args(Corner)
DEFAULT_TAG = "#tte"
LEAST_WIDTH, LEAST_HEIGHT = 110.0, 36.0  # smaller than this nobody reads the words, and no camera the QR code
LONGEST_TAG = 40
ROUNDING = 1.0
FindTag = Callable[[str, float, float], Placement | None]


def read_placement(
    given: Mapping[str, str], sizes: Sequence[Sequence[float]], find_tag: FindTag
) -> Placement | None:
    """The rectangle that `given` asks for: {"mode": corner|place|tag|hidden, "page", "corner", "x", "y", "width",
    "height", "tag"}, all texts; None for "hidden". `page` 1 … or -1 for the last one. Raises BadPlacement."""
    mode = given.get("mode") or "corner"
    if mode == "hidden":
        return None
    if mode == "tag":
        tag = (given.get("tag") or DEFAULT_TAG).strip()
        found = find_tag(tag, WIDTH, HEIGHT) if 2 <= len(tag) <= LONGEST_TAG else None
        if found is None:
            raise BadPlacement("no_tag", tag[:LONGEST_TAG])
        return found
    if mode not in MODES:
        raise BadPlacement("unreadable", mode[:20])
    page = _page(given.get("page") or "1", len(sizes))
    wide, tall = sizes[page - 1]
    if mode == "corner":
        corner = given.get("corner") or CORNERS[0]
        if corner not in CORNERS:
            raise BadPlacement("unreadable", corner[:20])
        place = in_corner(corner, wide, tall, page=page, width=WIDTH, height=HEIGHT)  # type: ignore[arg-type]
    else:
        names = ("x", "y", "width", "height")
        place = Placement(page, *(_number(given.get(name, "")) for name in names))
    check_placement(place, sizes)
    return place


def check_placement(place: Placement, sizes: Sequence[Sequence[float]]) -> None:
    """Raises BadPlacement where the rectangle is not on its page, or too small to be read."""
    page = _page(str(place.page), len(sizes))
    wide, tall = sizes[page - 1]
    inside = (
        place.x >= -ROUNDING
        and place.y >= -ROUNDING
        and place.x + place.width <= wide + ROUNDING
        and place.y + place.height <= tall + ROUNDING
    )
    if not inside or place.width < LEAST_WIDTH or place.height < LEAST_HEIGHT:
        raise BadPlacement("off_page")


def _page(text: str, pages: int) -> int:
    try:
        page = int(text) if len(text) < 8 else 0
    except ValueError:
        raise BadPlacement("unreadable", text[:20]) from None
    page = pages if page == -1 else page
    if not 1 <= page <= pages:
        raise BadPlacement("no_page", text)
    return page


def _number(text: str) -> float:
    try:
        number = float(text) if len(text) < 24 else float("nan")
    except ValueError:
        raise BadPlacement("unreadable", text[:20]) from None
    if not -20_000 < number < 20_000:  # also what is no number at all
        raise BadPlacement("unreadable", text[:20])
    return number
