"""Where the visible signature stands on an uploaded PDF: a corner of a page, or a place in points."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from django import forms
from django.utils.translation import gettext_lazy as _
from pypdf import PdfReader

from satuklik.spine.signing.errors import HOSTILE
from satuklik.spine.signing.placement import HEIGHT, WIDTH, Corner, Placement, in_corner
from satuklik.systems.correspondence import queries
from satuklik.systems.correspondence.queries import NaskahView

A4 = (595.28, 841.89)
CORNERS = [
    ("bottom_right", _("Kanan bawah")),
    ("bottom_left", _("Kiri bawah")),
    ("top_right", _("Kanan atas")),
    ("top_left", _("Kiri atas")),
    ("own", _("Tempat lain: seret kotak di atas halaman, atau isi jaraknya")),
]


class PlacementForm(forms.Form):
    """Page and corner; with `own`, the distance from the page's lower left corner in points (1/72 inch)."""

    page = forms.IntegerField(
        label=_("Halaman"), help_text=_("Kosongkan untuk halaman terakhir."), required=False, min_value=1,
        max_value=2000, widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"}),
    )  # fmt: skip
    corner = forms.ChoiceField(
        label=_("Tempat tanda tangan tampak"),
        choices=CORNERS,
        widget=forms.RadioSelect,
        initial="bottom_right",
    )
    x = forms.FloatField(
        label=_("Dari kiri (pt)"), required=False, min_value=0, max_value=14_400,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5", "step": "any"}),
    )  # fmt: skip
    y = forms.FloatField(
        label=_("Dari bawah (pt)"), required=False, min_value=0, max_value=14_400,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5", "step": "any"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("corner") == "own":
            for name in ("x", "y"):
                if found.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Isi jaraknya, atau pilih salah satu sudut."))
        return found

    def placement(self, pdf: bytes) -> Placement:
        """The place on this PDF. Whether the PDF can be read at all is for `actions` to say."""
        given = self.cleaned_data
        number = given["page"] or -1
        if given["corner"] == "own":
            return Placement(number, given["x"], given["y"])
        width, height = page_size(pdf, number)
        return in_corner(given["corner"], width, height, page=number, width=WIDTH, height=HEIGHT)

    @staticmethod
    def initial_of(kept: Mapping[str, Any] | None, size: tuple[float, float] = A4) -> dict[str, Any]:
        """What the form shows for a placement that was kept, on a page of this size."""
        if not kept:
            return {"corner": "bottom_right", "page": None}
        place = Placement.from_facts(kept)
        corner = "own"
        for name in get_args(Corner):
            if in_corner(name, *size, page=place.page, width=place.width, height=place.height) == place:
                corner = name
        page = place.page if place.page > 0 else None
        return {"corner": corner, "page": page, "x": round(place.x), "y": round(place.y)}


def page_size(pdf: bytes, number: int) -> tuple[float, float]:
    """Width and height of a page (-1: the last) in points as a reader shows it; A4 where it cannot be read."""
    try:
        pages = PdfReader(io.BytesIO(pdf)).pages
        page = pages[number - 1 if number > 0 else -1]
        width, height = float(page.cropbox.width), float(page.cropbox.height)
        turned = page.rotation % 180 != 0
    except HOSTILE:
        return A4
    return (height, width) if turned else (width, height)


@dataclass(frozen=True)
class Paper:
    """The page on which the box is dragged, in points, and its number."""

    width: float
    height: float
    page: int
    box_width: float = WIDTH
    box_height: float = HEIGHT
    x: float = 0.0
    y: float = 0.0


def paper_of(view: NaskahView) -> Paper:
    """The page of an uploaded PDF that the kept placement names."""
    kept = view.naskah.placement or {}
    number = int(kept.get("page", -1))
    width, height = page_size(queries.preview(view.naskah, "pdf"), number)
    shown = number if number > 0 else max(1, view.pages)
    return Paper(width, height, shown, x=float(kept.get("x", 0)), y=float(kept.get("y", 0)))
