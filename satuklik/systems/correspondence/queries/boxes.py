"""An official's boxes: what waits for him, what he wrote, what came in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.calendar import queries as calendar
from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.systems.correspondence import catalogue, rules, words
from satuklik.systems.correspondence.errors import NaskahNotFound
from satuklik.systems.correspondence.models import Disposition, Incoming, Naskah, Step
from satuklik.systems.correspondence.queries import reading, searching
from satuklik.systems.correspondence.queries.views import Box, BoxName, Row

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

STEP_DAYS = 2  # working days that a paraf or a signature may stay open before it counts as late
READ_DAYS = 1  # … and a letter unread


@dataclass(frozen=True)
class Viewer:
    """Who looks, when, for which offices."""

    official: "Official"
    now: datetime
    offices: tuple[int, ...]
    headed: tuple[int, ...]

    @classmethod
    def of(cls, official: "Official", now: datetime) -> "Viewer":
        """Ask once what every box needs."""
        headed = tuple(agency.pk for agency in agencies.may_sign_for(official, now))
        return cls(official, now, tuple(agencies.offices_of(official, now)), headed)

    @property
    def today(self) -> date:
        """The day in the regency."""
        return timezone.localdate(self.now)

    def before(self, days: int) -> datetime:
        """What was opened before this moment has been open for more than `days` working days."""
        try:
            day = calendar.working_days().add(self.today, -days)
        except YearNotLoaded:
            day = self.today - timedelta(days=days)
        return datetime.combine(day, time.min, timezone.get_current_timezone())


def box(
    official: "Official",
    name: BoxName,
    *,
    now: datetime,
    text: str = "",
    after: str | None = None,
    limit: int = 50,
) -> Box:
    """A page of one box, the newest first.

    `text` searches (Indonesian stems) in subject and content; `after` as the page before gave it. Raises
    NaskahNotFound for a box that does not exist, or an `after` that nobody gave.
    """
    kept = BOXES.get(name)
    if kept is None:
        raise NaskahNotFound(name)
    viewer = Viewer.of(official, now)
    found = kept.rows(viewer)
    if searching.tidy(text):
        found = kept.search(found, searching.tidy(text))
    if after:
        at, pk = _cursor(after)
        found = found.filter(Q(**{f"{kept.at}__lt": at}) | Q(**{kept.at: at, "pk__lt": pk}))
    listed = list(found.order_by(f"-{kept.at}", "-pk")[: limit + 1])
    rows = tuple(kept.row(viewer, one) for one in listed[:limit])
    last = listed[limit - 1] if len(listed) > limit else None
    return Box(rows, f"{_at(last, kept.at).isoformat()}_{last.pk}" if last is not None else None)


def counts(official: "Official", now: datetime) -> dict[str, tuple[int, int]]:
    """How much lies in each box that asks for something, and how much of it is late: {"paraf": (3, 1), …}. For
    «terkirim» always (0, 0); for «masuk» what is new."""
    viewer = Viewer.of(official, now)
    incoming = _incoming(viewer).filter(state=Incoming.State.NEW)
    dispositions = _my_dispositions(viewer).filter(done_at=None)
    return {
        **dict.fromkeys(BOXES, (0, 0)),
        **_count_mine(viewer),
        **_count_steps(viewer),
        "masuk": _count(incoming, Q(received_at__lt=viewer.before(READ_DAYS))),
        "disposisi": _count(dispositions, _overdue(viewer)),
    }


def _count(waiting: QuerySet[Any], late: Q) -> tuple[int, int]:
    counted = waiting.aggregate(number=Count("pk"), late=Count("pk", filter=late))
    return counted["number"], counted["late"]


def _count_mine(viewer: Viewer) -> dict[str, tuple[int, int]]:
    boxes = {rules.DRAFT: "draf", rules.RETURNED: "dikembalikan"}
    counted = Naskah.objects.filter(drafted_by=viewer.official, state__in=boxes).values_list("state")
    rows = counted.annotate(number=Count("pk"), late=Count("pk", filter=_overdue(viewer))).order_by()
    return {boxes[state]: (number, late) for state, number, late in rows}


def _count_steps(viewer: Viewer) -> dict[str, tuple[int, int]]:
    """Two steps of one naskah that wait for the same official are one naskah."""
    boxes = {str(Step.Kind.PARAF): "paraf", str(Step.Kind.SIGN): "tandatangan"}
    steps = _my_steps(viewer).filter(
        Q(kind=Step.Kind.PARAF, naskah__state=rules.IN_REVIEW)
        | Q(kind=Step.Kind.SIGN, naskah__state=rules.TO_SIGN)
    )
    late = Q(_open_long(viewer, "naskah")) | Q(naskah__due_on__lt=viewer.today)
    rows = steps.values_list("kind").annotate(
        number=Count("naskah", distinct=True), late=Count("naskah", filter=late, distinct=True)
    )
    return {boxes[kind]: (number, late) for kind, number, late in rows.order_by()}


@dataclass(frozen=True)
class _Kept:
    rows: Callable[[Viewer], QuerySet[Any]]
    row: Callable[[Viewer, Any], Row]
    search: Callable[[QuerySet[Any], str], QuerySet[Any]]
    at: str


def _naskah() -> QuerySet[Naskah]:
    return Naskah.objects.select_related("agency", "drafted_by", "document").prefetch_related("recipients")


def _drafts(viewer: Viewer) -> QuerySet[Naskah]:
    return _naskah().filter(drafted_by=viewer.official, state=rules.DRAFT)


def _returned(viewer: Viewer) -> QuerySet[Naskah]:
    return _naskah().filter(drafted_by=viewer.official, state=rules.RETURNED)


def my_steps(viewer: Viewer, kind: str) -> QuerySet[Step]:
    """The open steps of this kind that wait for this official, also as who acts for a head."""
    return _my_steps(viewer).filter(kind=kind)


def _my_steps(viewer: Viewer) -> QuerySet[Step]:
    mine = Q(official=viewer.official) | Q(official=None, agency__in=viewer.headed)
    return Step.objects.filter(mine, state=Step.State.OPEN, version=F("naskah__version"))


def _to_paraf(viewer: Viewer) -> QuerySet[Naskah]:
    return (
        _naskah()
        .annotate(open_long=_open_long(viewer))
        .filter(
            Exists(my_steps(viewer, Step.Kind.PARAF).filter(naskah=OuterRef("pk"))), state=rules.IN_REVIEW
        )
    )


def _to_sign(viewer: Viewer) -> QuerySet[Naskah]:
    return (
        _naskah()
        .annotate(open_long=_open_long(viewer))
        .filter(Exists(my_steps(viewer, Step.Kind.SIGN).filter(naskah=OuterRef("pk"))), state=rules.TO_SIGN)
    )


def _open_long(viewer: Viewer, naskah: str = "pk") -> Exists:
    return Exists(
        Step.objects.filter(
            naskah=OuterRef(naskah), state=Step.State.OPEN, opened_at__lt=viewer.before(STEP_DAYS)
        )
    )


def _sent(viewer: Viewer) -> QuerySet[Naskah]:
    """What the official's office has signed or sent, as far as he may read it; and what he has on its way."""
    gone = Q(state__in=(rules.SIGNED, rules.DISPATCHED)) & (
        Q(agency__in=viewer.offices) | Q(signed_for__in=viewer.offices)
    )
    on_its_way = Q(drafted_by=viewer.official, state__in=rules.GOING_UP)
    return reading.readable(viewer.official, _naskah().filter(gone | on_its_way), viewer.now)


def _incoming(viewer: Viewer) -> QuerySet[Incoming]:
    found = Incoming.objects.select_related("entry", "agency", "naskah__agency").filter(
        agency__in=viewer.offices
    )
    return reading.readable_incoming(viewer.official, found, viewer.now)


def _my_dispositions(viewer: Viewer) -> QuerySet[Disposition]:
    return Disposition.objects.select_related("incoming__entry", "incoming__agency", "giver").filter(
        taker=viewer.official
    )


def _search_naskah(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    return found.filter(
        Q(searching.in_naskah(text)) | Q(document__number__istartswith=text) | Q(reference__iexact=text)
    )


def _search_incoming(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    return found.filter(Q(searching.in_agenda(text)) | Q(entry__number__istartswith=text))


def _search_dispositions(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    return found.filter(
        Q(searching.in_agenda(text)) | Q(incoming__entry__number__istartswith=text) | Q(note__icontains=text)
    )


def _naskah_row(viewer: Viewer, one: Naskah) -> Row:
    terms = catalogue.current()
    at_work = one.state in (rules.DRAFT, rules.RETURNED, *rules.GOING_UP)
    overdue = one.due_on is not None and one.due_on < viewer.today
    late = at_work and (overdue or getattr(one, "open_long", False))
    return Row(
        what="naskah",
        key=one.reference,
        title=one.subject,
        about=_to(one),
        office=one.agency.short_name,
        kind_words=kind_words(one.kind),
        state=one.state,
        state_words=str(words.NASKAH[one.state]),
        urgency=one.urgency,
        urgency_words=words.said(terms.urgencies[one.urgency].words),
        secrecy=one.secrecy,
        secrecy_words=words.said(terms.secrecies[one.secrecy].words),
        at=one.changed_at,
        due_on=one.due_on,
        late=late,
        unread=False,
        number=one.document.number if one.document else "",
    )


def _to(one: Naskah) -> str:
    names = [recipient.name for recipient in one.recipients.all() if recipient.kind == "to"]
    return ", ".join(names[:2]) + (f" (+{len(names) - 2})" if len(names) > 2 else "")


def kind_words(slug: str) -> str:
    """The name of a template in the reader's language; also of one whose folder is gone."""
    if slug == rules.UPLOAD:
        return str(words.UPLOADED)
    found = catalogue.current().kinds.get(slug)
    return words.said(found.name) if found else slug.replace("-", " ").capitalize()


def _incoming_row(viewer: Viewer, one: Incoming) -> Row:
    return _letter_row(one, what="incoming", about=one.entry.correspondent, at=one.received_at, due_on=None,
                       late=one.state == "new" and one.received_at < viewer.before(READ_DAYS),
                       unread=one.state == "new", state=one.state, state_words=str(words.INCOMING[one.state]))  # fmt: skip


def _disposition_row(viewer: Viewer, one: Disposition) -> Row:
    late = one.done_at is None and one.due_on is not None and one.due_on < viewer.today
    state = "done" if one.done_at else "open"
    return _letter_row(one.incoming, what="disposition", about=one.giver.name, at=one.given_at, due_on=one.due_on,
                       late=late, unread=one.read_at is None and one.done_at is None, state=state,
                       state_words=str(words.STEP[state]))  # fmt: skip


def _letter_row(incoming: Incoming, **own: Any) -> Row:
    terms, entry = catalogue.current(), incoming.entry
    return Row(
        key=str(incoming.pk),
        title=entry.subject,
        office=incoming.agency.short_name,
        kind_words=f"{entry.serial}/{entry.year}",
        urgency=incoming.urgency,
        urgency_words=words.said(terms.urgencies[incoming.urgency].words),
        secrecy=entry.secrecy,
        secrecy_words=words.said(terms.secrecies[entry.secrecy].words),
        number=entry.number,
        **own,
    )


def _cursor(after: str) -> tuple[datetime, int]:
    moment, _, pk = after.rpartition("_")
    try:
        at = datetime.fromisoformat(moment)
        number = int(pk)
    except ValueError:
        raise NaskahNotFound(after) from None
    if at.tzinfo is None or not 0 < number < 2**63:
        raise NaskahNotFound(after)
    return at, number


def _at(row: Any, name: str) -> datetime:
    value: datetime = getattr(row, name)
    return value


def _overdue(viewer: Viewer) -> Q:
    return Q(due_on__lt=viewer.today)


BOXES: dict[str, _Kept] = {
    "draf": _Kept(_drafts, _naskah_row, _search_naskah, "changed_at"),
    "paraf": _Kept(_to_paraf, _naskah_row, _search_naskah, "changed_at"),
    "tandatangan": _Kept(_to_sign, _naskah_row, _search_naskah, "changed_at"),
    "dikembalikan": _Kept(_returned, _naskah_row, _search_naskah, "changed_at"),
    "terkirim": _Kept(_sent, _naskah_row, _search_naskah, "changed_at"),
    "masuk": _Kept(_incoming, _incoming_row, _search_incoming, "received_at"),
    "disposisi": _Kept(_my_dispositions, _disposition_row, _search_dispositions, "given_at"),
}
__all__: Sequence[str] = ["BOXES", "STEP_DAYS", "Viewer", "box", "counts", "kind_words", "my_steps"]
