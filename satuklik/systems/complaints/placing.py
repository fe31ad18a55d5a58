"""Choosing a place on a picture without a script: each click goes nearer, and moves the pin."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from satuklik.base.regions import queries as regions
from satuklik.base.regions.queries import charts
from satuklik.kernel.maps import Box, Point, around, block_at, grown, holds, hull, middle

SIZE = 320  # pixels: a browser tells where a click was in pixels of the page, so the picture always has this width
FONT = 12.0
LEAST = 0.004  # degrees: some 450 m; a pixel is then 1.4 m
FAR = 0.6  # of the regency's width: a click in a wider picture chooses a kecamatan, in a narrower one a place
CLICK, BOX, OUT, REMOVE = "peta", "petakotak", "perkecil", "hapustitik"


@dataclass(frozen=True)
class Picker:
    """What the page shows: the picture, its box for the next click, what the last one did."""

    image: str
    box: str
    height: int
    near: bool
    """Whether the next click is a place (else a kecamatan)."""
    can_widen: bool
    pin: Point | None
    said: str = ""
    wrong: bool = False


@dataclass(frozen=True)
class Placed:
    """What an act on the map changes: the form's fields, the box, what is said."""

    fields: dict[str, str]
    box: Box
    said: str = ""
    wrong: bool = False


def offered() -> bool:
    """Whether there is a map to choose on: where outlines of villages were imported."""
    return regions.has_boundaries()


def is_act(post: Mapping[str, str]) -> bool:
    """Whether a form was sent by the map and not to go on."""
    return any(name in post for name in (f"{CLICK}.x", OUT, REMOVE))


def act(post: Mapping[str, str]) -> Placed:
    """What the click, «perkecil» or «hapus titik» does."""
    whole = charts.whole() or (0.0, 0.0, 1.0, 1.0)
    box = _box(post.get(BOX, ""), whole)
    if REMOVE in post:
        return Placed({"latitude": "", "longitude": ""}, box, _("Titik dihapus."))
    if OUT in post:
        wider = grown(box, 0.75)
        return Placed({}, wider if _width(wider) < _width(whole) else whole)
    x, y = (_number(post.get(f"{CLICK}.{axis}", "")) for axis in "xy")
    if x is None or y is None or (x == 0 and y == 0):
        # Enter on a picture sends no place.
        return Placed(
            {}, box, _("Klik tempatnya di peta, atau pilih desa atau kelurahan dari daftar."), wrong=True
        )
    point = charts.chart(box, width=SIZE, font=FONT, square=True).frame.back(x, y)
    village = regions.village_at(*point)
    if village is None or village.parent is None:
        return Placed({}, box, outside(), wrong=True)
    names = {"village": regions.full_name(village.code), "district": village.parent.name}
    if _width(box) > FAR * _width(whole):
        nearer = regions.box_of(village.parent.code) or whole
        return Placed({}, grown(nearer, 0.06), _("Kecamatan %(district)s. Sekarang klik tempatnya.") % names)
    around_it = grown(regions.box_of(village.code) or box, 0.12, least=LEAST)
    nearer = (
        around_it if _width(around_it) < 0.7 * _width(box) else around(point, max(_width(box) / 2, LEAST))
    )
    return Placed(
        {"latitude": f"{point[1]:.6f}", "longitude": f"{point[0]:.6f}", "village": village.code},
        hull([nearer, around(point, LEAST)]),
        _("Titik di %(village)s, Kecamatan %(district)s. Klik lagi untuk menggeser. Pilihan di bawah ikut; ubah bila keliru.") % names,
    )  # fmt: skip


def outside() -> str:
    """What is said of a point outside of the regency."""
    return _(
        "Titik ini di luar %(regency)s. Pilih titik di dalamnya, atau hapus titik dan tulis tempatnya saja."
    ) % {"regency": settings.REGENCY_NAME}


def picker(fields: Mapping[str, object], placed: Placed | None, theme: str) -> Picker | None:
    """The map beside a form with these fields; None without outlines."""
    whole = charts.whole()
    if whole is None or not offered():
        return None
    latitude, longitude = (_number(str(fields.get(name) or "")) for name in ("latitude", "longitude"))
    pin = (longitude, latitude) if latitude is not None and longitude is not None else None
    village = str(fields.get("village") or "")
    if placed is not None:
        box = placed.box
    elif pin is not None and holds(grown(whole, 0.2), pin):
        # Whole blocks, so that neighbouring pins share a drawing.
        box = around(middle(block_at(pin, -1).box), 0.02)
    else:
        known = regions.box_of(village) if village else None
        box = grown(known, 0.12, least=LEAST) if known is not None else whole
    chart = charts.chart(box, width=SIZE, font=FONT, square=True)
    return Picker(
        image=charts.image(chart, pin=pin, marked=village, theme=theme, font=FONT),
        box=",".join(f"{edge:.6f}" for edge in box),
        height=round(chart.frame.height),
        near=_width(box) <= FAR * _width(whole),
        can_widen=_width(box) < 0.95 * _width(whole),
        pin=pin,
        said=placed.said if placed is not None else "",
        wrong=placed.wrong if placed is not None else False,
    )


def place_image(point: Point, theme: str) -> str:
    """A small picture of a chosen place, to look at once more before sending."""
    chart = charts.chart(around(middle(block_at(point, -1).box), 0.02), width=SIZE, font=FONT)
    return charts.image(chart, pin=point, theme=theme, font=FONT)


def _width(box: Box) -> float:
    return box[2] - box[0]


def _box(text: str, whole: Box) -> Box:
    """The box that the form brings back, where it is one of ours; else the whole."""
    parts = [_number(part) for part in text.split(",")]
    if len(parts) != 4 or any(part is None for part in parts):
        return whole
    west, south, east, north = (part or 0.0 for part in parts)
    outer = grown(whole, 0.5)
    good = (
        east - west >= LEAST * 0.9
        and north > south
        and holds(outer, (west, south))
        and holds(outer, (east, north))
    )
    return (west, south, east, north) if good else whole


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) and abs(found) < 100_000 else None
