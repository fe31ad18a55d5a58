"""What templates show: the time line, why a date is the date, the map with its points."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from satuklik.base.calendar import actions as calendar
from satuklik.base.regions import queries as regions
from satuklik.systems.complaints import wording
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.rules import states

ALONE = 0.01  # degrees around points where there is no outline


@dataclass(frozen=True)
class Step:
    """A step for `ui/timeline.html`."""

    title: str
    text: str
    at: datetime | None
    state: str
    office: str


def time_line(complaint: Complaint, *, desk: bool = False) -> list[Step]:
    """What happened, the newest last, and what comes next. The reporter sees what is meant for him."""
    found = complaint.events.order_by("pk").select_related("official")
    events = list(found if desk else found.filter(shown=True))
    steps = [
        Step(
            _title(event.kind, desk), event.text, event.at,
            "now" if number == len(events) and complaint.state in states.OPEN else "done",
            event.office or ("" if event.kind not in ("reporter_reply", "reopened", "fixed", "not_fixed") else _("Pelapor")),
        )
        for number, event in enumerate(events, start=1)
    ]  # fmt: skip
    following = _next(complaint)
    if following:
        steps.append(Step(following, "", None, "next", ""))
    return steps


def _title(kind: str, desk: bool) -> str:
    if kind == "reporter_reply" and not desk:
        return _("Anda menambahkan")
    if kind == "revealed" and desk:
        return _("Identitas pelapor dibuka")
    return str(wording.STEPS.get(kind, kind))


def _next(complaint: Complaint) -> str:
    texts = {
        states.NEW: _("Berikutnya: petugas memeriksa laporan"),
        states.POSTPONED: _("Berikutnya: pelapor melengkapi"),
        states.VERIFIED: _("Berikutnya: diteruskan ke instansi"),
        states.DISPATCHED: _("Berikutnya: instansi menindaklanjuti"),
        states.FOLLOWED_UP: _("Berikutnya: petugas menanggapi"),
        states.REPLIED: _("Berikutnya: pelapor menilai"),
        states.REPORTER_REPLY: _("Berikutnya: petugas menanggapi"),
        states.REOPENED: _("Berikutnya: petugas memeriksa lagi"),
    }
    return texts.get(complaint.state, "")


def whys(complaint: Complaint) -> list[tuple[str, Any]]:
    """What runs, with its date and why that date (for `calendar/why.html`)."""
    return [
        (label, calendar.why(term))
        for label, term in (
            (_("Langkah berikutnya"), complaint.term),
            (_("Seluruh laporan"), complaint.completion),
            (_("Waktu pelapor untuk menanggapi"), complaint.quiet),
        )
        if term is not None and term.closed_at is None
    ]


@dataclass(frozen=True)
class Dot:
    """A complaint in the picture."""

    x: float
    y: float
    url: str
    title: str
    number: int
    closed: bool


@dataclass(frozen=True)
class Picture:
    """The map: areas with their names, dots, and the size of the picture."""

    width: float
    height: float
    areas: Sequence[Any]
    dots: Sequence[Dot]
    source: str


def picture(rows: Iterable[tuple[int, Complaint]], district: str = "") -> Picture | None:
    """A server-made map of the numbered rows that have a public point. None where nothing can be drawn."""
    points = [
        (number, row) for number, row in rows
        if row.public_point and row.latitude is not None and row.longitude is not None
    ]  # fmt: skip
    drawn = regions.map_of(district) or regions.map_of()
    if drawn is None and not points:
        return None
    if drawn is not None:
        frame, areas, source = drawn.frame, drawn.areas, drawn.source
    else:
        boxes = [
            (row.longitude - ALONE, row.latitude - ALONE, row.longitude + ALONE, row.latitude + ALONE)
            for _number, row in points
        ]
        frame, areas, source = regions.frame(boxes), (), ""
    dots = []
    for number, row in points:
        x, y = frame.place(row.longitude, row.latitude)
        if 0 <= x <= frame.width and 0 <= y <= frame.height:
            url = reverse("complaints:public", args=[row.reference])
            dots.append(Dot(x, y, url, row.public_title, number, row.state in states.ENDED))
    return Picture(frame.width, frame.height, areas, dots, source)
