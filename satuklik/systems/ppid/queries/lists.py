"""The desk's lists: requests and objections by their date, filtered, and the counts of the rail."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from satuklik.systems.ppid import permits, rules, words
from satuklik.systems.ppid.models import InformationRequest, Letter, Objection

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

PER_PAGE = 50
VIEWS = ("open", "mine", "late", "waiting", "sign", "done", "all")


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    reference: str
    number: str
    title: str
    about: str
    state: str
    state_words: str
    tone: str
    due_on: date | None
    late: bool
    tags: tuple[str, ...]
    officer: str
    received_at: datetime


def requests(
    official: "Official", *, view: str, text: str, now: datetime, page: int = 1, officer_id: int = 0
) -> "Page[Any]":
    """A page of requests: what is due first stands first; ended ones newest first. Rows in `page.rows`."""
    rows = _filtered(view, official, timezone.localdate(now))
    wanted = text.replace("\0", "").strip()[:80]
    if wanted:
        rows = rows.filter(
            Q(number__icontains=wanted) | Q(reference__icontains=wanted) | Q(name__icontains=wanted) | Q(details__icontains=wanted)
        )  # fmt: skip
    if officer_id:
        rows = rows.filter(officer=officer_id)
    order = ("-changed_at",) if view in ("done", "all") else (F("due_on").asc(nulls_last=True), "pk")
    found = Paginator(rows.select_related("officer").order_by(*order), PER_PAGE).get_page(page)
    found.rows = [_row(one, timezone.localdate(now)) for one in found]  # type: ignore[attr-defined]
    return found


def objections(official: "Official", *, view: str, now: datetime, page: int = 1) -> "Page[Any]":
    """A page of objections."""
    del official
    rows = Objection.objects.select_related("request")
    if view != "all":
        rows = rows.exclude(state__in=(rules.CLOSED, rules.WITHDRAWN, rules.RULED))
    found = Paginator(rows.order_by(F("due_on").asc(nulls_last=True), "pk"), PER_PAGE).get_page(page)
    today = timezone.localdate(now)
    found.rows = [_objection_row(one, today) for one in found]  # type: ignore[attr-defined]
    return found


def next_open(official: "Official", after: str, now: datetime) -> str:
    """The reference of the open request that is due next beside this one; "" where there is none."""
    rows = _filtered("waiting", official, timezone.localdate(now)).exclude(reference=after)
    found = rows.order_by(F("due_on").asc(nulls_last=True), "pk").values_list("reference", flat=True).first()
    return found or ""


def counts(now: datetime) -> tuple[int, int]:
    """How many requests are open, and how many of them are late."""
    today = timezone.localdate(now)
    found = InformationRequest.objects.filter(state__in=sorted(rules.OPEN), notified_at=None).aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))
    )
    return found["all"], found["late"]


def objection_counts(now: datetime, *, superior: bool) -> tuple[int, int]:
    """How many objections wait (for Atasan PPID only those that lie there), and how many are late."""
    states = (rules.WITH_ATASAN, rules.DECIDED) if superior else tuple(rules.OBJECTION_OPEN)
    found = Objection.objects.filter(state__in=states).aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=timezone.localdate(now)))
    )
    return found["all"], found["late"]


def letters_waiting(official: "Official", now: datetime) -> QuerySet[Letter]:
    """The letters that this official may sign now."""
    codes = [
        agency.code
        for agency in (permits.ppid_agency(), permits.superior_agency())
        if permits.may_sign(official, agency.code, now) is not None
    ]
    rows = Letter.objects.filter(state=Letter.State.WAITING, agency__code__in=codes)
    return rows.select_related("agency", "made_by").order_by(F("due_on").asc(nulls_last=True), "pk")


def of_user(user: Any, limit: int) -> list[InformationRequest]:
    """The requests that were sent from this account, newest first."""
    return list(InformationRequest.objects.filter(user=user).order_by("-received_at")[:limit])


def load_by_officer(now: datetime) -> list[tuple[str, int, int]]:
    """(officer, open requests, late ones), the most laden first."""
    today = timezone.localdate(now)
    rows = (
        InformationRequest.objects.filter(state__in=sorted(rules.OPEN), notified_at=None)
        .exclude(officer=None)
        .values_list("officer__name")
        .annotate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
        .order_by("-all", "officer__name")
    )
    return [(name, count, late) for name, count, late in rows]


def _filtered(view: str, official: "Official", today: date) -> QuerySet[InformationRequest]:
    rows = InformationRequest.objects.all()
    open_ = rows.filter(state__in=sorted(rules.OPEN))
    if view == "mine":
        return open_.filter(officer=official)
    if view == "late":
        return open_.filter(due_on__lt=today, notified_at=None)
    if view == "waiting":
        return open_.exclude(state__in=(rules.WITH_PELAKSANA, rules.INCOMPLETE, rules.CLARIFICATION))
    if view == "sign":
        return open_.filter(Q(state=rules.DECIDED) | Q(extension_letter__state=Letter.State.WAITING))
    if view == "done":
        return rows.filter(state__in=(rules.DELIVERED, rules.CLOSED, rules.WITHDRAWN))
    return rows if view == "all" else open_


def _row(request: InformationRequest, today: date) -> Row:
    is_open = request.state in rules.OPEN and request.notified_at is None
    tags = [str(words.TAG_EXTENDED)] if request.extended_on else []
    return Row(
        reference=request.reference, number=request.number, title=request.details[:160], about=request.name,
        state=request.state, state_words=words.state(request.state), tone=words.TONES[request.state],
        due_on=request.due_on if is_open else None,
        late=is_open and request.due_on is not None and request.due_on < today,
        tags=tuple(tags), officer=request.officer.name if request.officer else "", received_at=request.received_at,
    )  # fmt: skip


def _objection_row(objection: Objection, today: date) -> Row:
    is_open = objection.state not in (rules.CLOSED, rules.WITHDRAWN, rules.RULED)
    tags = [str(words.TAG_LATE_FILED)] if objection.filed_late else []
    return Row(
        reference=objection.reference, number=objection.number, title=objection.request.details[:160],
        about=f"{objection.name} · {objection.request.number}", state=objection.state,
        state_words=words.state(objection.state), tone=words.TONES[objection.state],
        due_on=objection.due_on if is_open else None,
        late=objection.state in rules.OBJECTION_OPEN and objection.due_on is not None and objection.due_on < today,
        tags=tuple(tags), officer="", received_at=objection.received_at,
    )  # fmt: skip
