"""The widget with which a visible signature is placed on a PDF: what it shows, and what its form sends.

A page includes it inside its form with `{% include "ui/placement.html" with place=place %}`, where `place` is a
`PlacementWidget`; `given(request.POST)` is what spine.requests' `read_placement` takes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES = ("mode", "page", "corner", "x", "y", "width", "height", "tag")
PREFIX = "place-"
SHOWN_WITHOUT_SCRIPT = 20
CORNERS: tuple[tuple[str, Promise], ...] = (
    ("bottom_right", _("Kanan bawah")),
    ("bottom_left", _("Kiri bawah")),
    ("top_right", _("Kanan atas")),
    ("top_left", _("Kiri atas")),
)


@dataclass(frozen=True)
class PlacedPage:
    """One page: its number (1 …), its size in points as a reader shows it, and the address of its picture."""

    number: int
    width: float
    height: float
    picture: str


@dataclass(frozen=True)
class PlacementWidget:
    """What the widget shows. `given`: what was chosen before, by the names of NAMES."""

    pages: Sequence[PlacedPage]
    given: Mapping[str, str]
    error: str = ""

    @property
    def mode(self) -> str:
        """corner, place, tag or hidden."""
        return self.given.get("mode") or "corner"

    @property
    def page(self) -> int:
        """The page that is shown first."""
        chosen = self.given.get("page") or ""
        number = int(chosen) if chosen.isdecimal() and len(chosen) < 6 else len(self.pages)
        return number if 1 <= number <= len(self.pages) else len(self.pages)

    @property
    def first(self) -> PlacedPage:
        """That page."""
        return self.pages[self.page - 1]

    @property
    def few(self) -> Sequence[PlacedPage]:
        """The pages that are shown where no script turns them."""
        return self.pages[:SHOWN_WITHOUT_SCRIPT]

    @property
    def corners(self) -> Sequence[tuple[str, Promise]]:
        """The corners with their names."""
        return CORNERS

    @property
    def corner(self) -> str:
        """The chosen corner."""
        return self.given.get("corner") or CORNERS[0][0]

    @property
    def tag(self) -> str:
        """The tag to look for."""
        return self.given.get("tag") or "#tte"


def given(post: Mapping[str, str]) -> dict[str, str]:
    """What the widget's fields say, by the names of NAMES; nothing for fields that are not there."""
    return {name: post[PREFIX + name] for name in NAMES if PREFIX + name in post}


def facts_as_given(facts: Mapping[str, object] | None, *, hidden: bool = False) -> dict[str, str]:
    """A stored placement (signing.placement.Placement.facts) as the widget shows it again; `hidden`: None means that
    the signature is not shown, not that nothing was chosen yet."""
    if facts is None:
        return {"mode": "hidden"} if hidden else {}
    return {"mode": "place", **{name: str(value) for name, value in facts.items()}}
