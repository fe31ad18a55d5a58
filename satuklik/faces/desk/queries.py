"""What the desk shows: boxes with their rows, a case made ready for its page, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from satuklik.base.accounts.queries import profile
from satuklik.base.agencies import queries as agencies
from satuklik.base.calendar import queries as calendar
from satuklik.base.calendar.queries import YearNotLoaded
from satuklik.base.ui.registry import Inbox
from satuklik.faces.desk import wording
from satuklik.faces.desk.rules import Deadline, Place, deadline, place
from satuklik.spine.cases import queries as cases

PAGE = 50


@dataclass(frozen=True)
class Box:
    """One box of the inbox. `name` is the one that the cases know."""

    slug: str
    name: str
    label: object
    icon: str
    empty: object


BOXES = (
    Box("putuskan", "decide", _("Perlu diputuskan"), "gavel",
        _("Tidak ada yang menunggu keputusan. Permohonan baru muncul di sini.")),
    Box("tandatangani", "sign", _("Perlu ditandatangani"), "pen-line",
        _("Tidak ada surat yang menunggu tanda tangan.")),
    Box("teruskan", "handoff", _("Diteruskan"), "send",
        _("Tidak ada permohonan yang menunggu instansi lain.")),
    Box("dikembalikan", "returned", _("Dikembalikan"), "undo-2",
        _("Tidak ada permohonan yang menunggu perbaikan warga.")),
    Box("selesai", "done", pgettext_lazy("box of the desk", "Selesai"), "check-check",
        _("Belum ada permohonan yang selesai.")),
)  # fmt: skip
BY_SLUG = {box.slug: box for box in BOXES}
COUNTER_ROLES = ("counter", "staff", "secretary", "head")


@dataclass(frozen=True)
class Row:
    """One case in a list."""

    case: cases.Case
    who: str
    title: str
    state: str
    age: str
    deadline: Deadline
    closed: bool
    url: str


@dataclass(frozen=True)
class Page:
    """One page of a box."""

    box: Box
    rows: Sequence[Row]
    next_url: str
    first_url: str


def rail(request: HttpRequest) -> list[Inbox]:
    """The desk's entries in the officials' rail, with what waits and what is late."""
    official = profile(request, "official")
    if official is None:
        return []
    waiting = cases.waiting(official, now=timezone.now())
    found = [
        Inbox(
            box.label,
            reverse("desk:box", args=[box.slug]),
            box.icon,
            *waiting.get(box.name, (0, 0)),
            order=10 + number,
        )
        for number, box in enumerate(BOXES)
    ]
    found.append(Inbox(_("Meja tanda tangan"), reverse("desk:sign"), "file-signature", order=19))
    if official.role in COUNTER_ROLES:
        found.append(Inbox(_("Loket"), reverse("desk:counter"), "users-round", order=20))
    return found


def page(
    official: agencies.Official,
    box: Box,
    *,
    now: datetime,
    text: str = "",
    service: str = "",
    after: str = "",
) -> Page:
    """One page of a box; `after` is where the page before ended (an unreadable one gives the first page)."""
    begin = place(after) if after else None
    found = cases.inbox(
        official, box.name, now=now, slug=service, text=text, limit=PAGE + 1,
        after=(begin.at, begin.reference) if begin else None,
    )  # fmt: skip
    shown = found[:PAGE]
    kept = {name: value for name, value in (("q", text), ("layanan", service)) if value}
    here = reverse("desk:box", args=[box.slug])
    more = ""
    if len(found) > PAGE:
        last = shown[-1]
        end = Place(last.closed_at if box.name == "done" else last.due_on, last.reference)
        more = f"{here}?{urlencode({**kept, 'sesudah': end.text()})}"
    first = f"{here}?{urlencode(kept)}" if begin else ""
    return Page(box, rows(shown, box, now), more, first)


def rows(found: Sequence[cases.Case], box: Box | None, now: datetime) -> list[Row]:
    """The rows of these cases (with person and version loaded)."""
    today = timezone.localdate(now)
    holidays = holidays_around([case.due_on for case in found], today)
    suffix = f"?{urlencode({'kotak': box.slug})}" if box else ""
    return [
        Row(
            case,
            case.person.name,
            service_name(cases.version_of(case)),
            wording.state(case.state),
            wording.age(timezone.localdate(case.submitted_at), today),
            deadline(case.due_on, today, holidays),
            case.closed_at is not None,
            reverse("desk:case", args=[case.reference]) + suffix,
        )
        for case in found
    ]


def holidays_around(dates: Sequence[date | None], today: date) -> frozenset[date]:
    """The holidays between all these days; none where their year is not decreed yet."""
    known = [day for day in dates if day is not None] + [today]
    try:
        return calendar.holidays(min(known), max(known))
    except YearNotLoaded:
        return frozenset()


def service_name(service: cases.Published) -> str:
    """The service's name in the language of the page."""
    return service.definition.name.in_language(get_language() or "id")


def services() -> list[tuple[str, str]]:
    """The services to filter by: slug and name, in the order of the names."""
    return sorted(((one.slug, service_name(one)) for one in cases.catalogue()), key=lambda pair: pair[1])


def following(
    official: agencies.Official, box: Box, done: cases.Case, due_on: date | None, *, now: datetime
) -> str:
    """The reference that opens after `done` (which stood in the box with this date); "" when none is left."""
    if box.name == "done":
        return ""
    for after in ((due_on, done.reference), None):
        for case in cases.inbox(official, box.name, now=now, limit=2, after=after):
            if case.reference != done.reference:
                return case.reference
    return ""
