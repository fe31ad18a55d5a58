"""A piece of the regency as a picture: outlines, names, a scale bar. Drawn by the server; each process keeps them."""

import math
from base64 import b64encode
from dataclasses import dataclass

from django.template.loader import render_to_string

from satuklik.base.regions.models import Region
from satuklik.base.regions.outlines import Drawn, Frame, Name, drawn, frame, named
from satuklik.base.regions.queries import known
from satuklik.base.regions.rules import DISTRICT_LENGTH, VILLAGE_LENGTH
from satuklik.kernel.maps import DEGREE_METRES, Box, Point, hull, middle, overlap, scale_bar, shaped

WIDTH = 600.0  # units: on the smallest telephone one unit is half a pixel
FONT = 21.0
VILLAGES_BELOW = 0.45  # degrees: in wider pictures only the kecamatan are drawn
BAR = 0.28  # of the width at most


@dataclass(frozen=True)
class Area:
    """A region in a picture. `path` is the `d` of an SVG path."""

    region: Region
    path: str


@dataclass(frozen=True)
class Chart:
    """The picture of a box: its villages, or in a wide one its kecamatan; names, the scale. Never both: outlines that
    somebody has simplified do not lie on one another."""

    box: Box
    frame: Frame
    areas: tuple[Area, ...]
    names: tuple[Name, ...]
    bar: float
    """Units that `metres` are long."""
    metres: int
    source: str

    @property
    def scale(self) -> str:
        """ "500 m", "2 km"."""
        return f"{self.metres // 1000} km" if self.metres >= 1000 else f"{self.metres} m"

    @property
    def bar_room(self) -> float:
        """Units that the bar and its words take."""
        return max(self.bar, len(self.scale) * FONT * 0.6) + 16

    @property
    def bottom(self) -> float:
        """Where the bar stands."""
        return self.frame.height - 14


def chart(
    box: Box, *, width: float = WIDTH, font: float = FONT, names: bool = True, square: bool = False
) -> Chart:
    """The picture of this box, made wider or higher to be neither a stripe nor a tower (`square`: exactly a square).
    Without outlines it has no areas: points stand over the scale alone."""
    box = shaped(box, 1.0 if square else 0.66, 1.0 if square or known.outlines() else 0.66)
    # A degree of longitude is drawn shorter: a square of degrees is no square of metres.
    if square:
        high = (box[3] - box[1]) * math.cos(math.radians(middle(box)[1])) / 2
        box = (box[0], middle(box)[1] - high, box[2], middle(box)[1] + high)
    key = ("chart", tuple(round(one, 6) for one in box), width, font, names)
    return known.kept(key, lambda: _draw(box, width, font, names))


def _draw(box: Box, width: float, font: float, with_names: bool) -> Chart:
    within = frame([box], width)
    villages = box[2] - box[0] < VILLAGES_BELOW
    seen: dict[int, list[tuple[Region, Drawn]]] = {DISTRICT_LENGTH: [], VILLAGE_LENGTH: []}
    for code, outline in known.outlines().items():
        if len(code) in seen and overlap(outline.box, box):
            piece = drawn(outline, box, within)
            if piece is not None:
                seen[len(code)].append((known.region(code), piece))
    finest = VILLAGE_LENGTH if villages and seen[VILLAGE_LENGTH] else DISTRICT_LENGTH
    shown = seen[finest]
    metres_wide = (box[2] - box[0]) * DEGREE_METRES * math.cos(math.radians(middle(box)[1]))
    metres = scale_bar(metres_wide * BAR)
    return Chart(
        box=box,
        frame=within,
        areas=tuple(Area(region, piece.path) for region, piece in shown),
        names=tuple(named([(region.name, piece) for region, piece in shown], font, within.width)) if with_names else (),
        bar=round(metres / metres_wide * width, 1),
        metres=metres,
        source=known.source(),
    )  # fmt: skip


def whole() -> Box | None:
    """The box of the regency; None without outlines."""
    boxes = [known.box_of(region.code) for region in known.districts()]
    there = [box for box in boxes if box is not None]
    return hull(there) if there else None


def middle_of(code: str) -> Point | None:
    """The middle of a region's largest part, for a sign on it; None without its outline."""
    outline = known.outlines().get(code)
    return outline.middle if outline is not None else None


def image(
    of: Chart, *, pin: Point | None = None, marked: str = "", theme: str = "auto", font: float = FONT
) -> str:
    """The chart as a picture file in an address (`data:`): nobody is asked for it, so no log holds where somebody has
    looked. `pin` in degrees; `marked` is the code of a region."""
    context = {
        "chart": of, "pin": of.frame.place(*pin) if pin is not None else None, "marked": marked, "theme": theme,
        "font": font,
    }  # fmt: skip
    text = render_to_string("regions/image.svg", context)
    return "data:image/svg+xml;base64," + b64encode(text.encode()).decode()
