"""What templates show: the time line, why a date is the date."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from satuklik.base.calendar import actions as calendar
from satuklik.systems.complaints import wording
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.rules import states


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
