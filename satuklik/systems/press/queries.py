"""Reads the press desk: lists, one question with its facts and attempts, the tracking page, figures, releases."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from satuklik.spine.messaging import queries as conversations
from satuklik.spine.referrals import queries as referred
from satuklik.spine.referrals.queries import ReferralView
from satuklik.spine.referrals.rules import median
from satuklik.systems.press import permits, policies, rules
from satuklik.systems.press.errors import EnquiryNotFound
from satuklik.systems.press.models import Enquiry, Outlet, PressLetter, Release

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.messaging.queries import Proof

RELATED = ("journalist", "outlet", "assigned", "statement__written_by", "statement__approved_by")
MOST = 300


@dataclass(frozen=True)
class Row:
    """A line of the desk's list. `tone`: "late", "soon" or "" by the clock; only of what is not answered."""

    enquiry: Enquiry
    tone: str
    warn_at: datetime


@dataclass(frozen=True)
class Detail:
    """A question with all that is known of it."""

    enquiry: Enquiry
    row: Row
    facts: list[ReferralView]
    proof: "list[Proof]"
    """Of the statement that was sent."""
    draft: str
    """Where a new statement begins: the last version, else the facts."""


@dataclass(frozen=True)
class Told:
    """The figures of a period."""

    asked: int
    measured: int
    in_time: int
    minutes: float | None
    judged: int
    balanced: int
    replies: int
    releases: int


def desk(official: "Official", now: datetime, *, box: str = "open", text: str = "") -> list[Row]:
    """The list: "open" (what is due first at the top), "mine", "after" (sent, something may follow), "done"."""
    rows = Enquiry.objects.select_related(*RELATED)
    if box == "mine":
        rows = rows.filter(state__in=rules.UNANSWERED, assigned=official)
    elif box == "after":
        rows = rows.filter(state__in=rules.AFTER)
    elif box == "done":
        rows = rows.exclude(state__in=rules.UNANSWERED | rules.AFTER)
    else:
        rows = rows.filter(state__in=rules.UNANSWERED)
    if text:
        rows = rows.filter(
            Q(topic__icontains=text)
            | Q(question__icontains=text)
            | Q(outlet__name__icontains=text)
            | Q(reference=text)
        )
    order = ("due_at", "pk") if box in ("open", "mine") else ("-received_at", "-pk")
    policy = policies.in_force(timezone.localdate(now))
    return [_row(one, policy, now) for one in rows.order_by(*order)[:MOST]]


def counts(now: datetime) -> tuple[int, int]:
    """How many questions are not answered, and how many of them are past their time."""
    found = Enquiry.objects.filter(state__in=rules.UNANSWERED).aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now))
    )
    return found["all"], found["late"]


def to_approve() -> QuerySet[Enquiry]:
    """Questions whose statement waits for approval, what is due first at the top."""
    return (
        Enquiry.objects.select_related(*RELATED)
        .filter(
            state=rules.DRAFT, statement__submitted_at__isnull=False, statement__returned_at=None,
            statement__approved_at=None,
        )
        .order_by("due_at")
    )  # fmt: skip


def letters_to_approve() -> QuerySet[PressLetter]:
    """Letters to newsrooms and to the Press Council that wait for a signature."""
    rows = PressLetter.objects.filter(state=PressLetter.State.WAITING).select_related(
        "enquiry__outlet", "agency", "made_by"
    )
    return rows.order_by("made_at", "pk")


def letters_for(official: "Official", now: datetime) -> list[PressLetter]:
    """Those that this official may sign now: of his office, and nothing that he wrote himself."""
    return [
        one
        for one in letters_to_approve()
        if official.pk not in one.writers and permits.may_sign(official, one.agency, now) is not None
    ]


def letter(reference: str, official: "Official", now: datetime) -> PressLetter:
    """A letter, for the desk and for who signs it. Raises EnquiryNotFound."""
    rows = PressLetter.objects.select_related("enquiry__outlet", "agency", "document", "made_by", "signed_by")
    found = rows.filter(reference=reference).first()
    if found is None or not permits.of_desk(official, now):
        raise EnquiryNotFound(reference)
    return found


def releases_to_approve() -> QuerySet[Release]:
    """Releases that wait for approval."""
    return Release.objects.select_related("written_by").filter(state=rules.RELEASE_SUBMITTED).order_by("pk")


def to_approve_count() -> int:
    """How many statements, letters and releases wait for approval."""
    return to_approve().count() + letters_to_approve().count() + releases_to_approve().count()


def detail(reference: str, official: "Official", now: datetime) -> Detail:
    """A question, for somebody of the desk. Raises EnquiryNotFound."""
    found = (
        Enquiry.objects.select_related(*RELATED, "conversation", "message")
        .filter(reference=reference)
        .first()
    )
    if found is None or not permits.of_desk(official, now):
        raise EnquiryNotFound(reference)
    facts = referred.of_subject(f"press:{reference}", now)
    statement = found.statement
    return Detail(
        enquiry=found,
        row=_row(found, policies.in_force(timezone.localdate(now)), now),
        facts=facts,
        proof=conversations.proof(found.message) if found.message is not None else [],
        draft=statement.text
        if statement
        else rules.draft_of([(one.agency.name, one.answer) for one in facts]),
    )


def by_key(key_sha256: str) -> Enquiry | None:
    """The question whose tracking page this word opens."""
    return Enquiry.objects.select_related(*RELATED).filter(key_sha256=key_sha256).first()


def outlets() -> list[Outlet]:
    """Every outlet by name, with how many questions it asked."""
    return list(Outlet.objects.annotate(asked=Count("enquiries")).order_by("name"))


def published(text: str = "") -> QuerySet[Release]:
    """Published releases, the newest first."""
    rows = Release.objects.filter(state=rules.RELEASE_PUBLISHED).select_related("agency")
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(summary__icontains=text))
    return rows.order_by("-published_at", "-pk")


def release(slug: str) -> Release | None:
    """A release that the public may see: published, or withdrawn after it had been."""
    return Release.objects.select_related("agency").filter(slug=slug, published_at__isnull=False).first()


def releases_desk() -> list[Release]:
    """Every release for the desk: what is not published first."""
    return list(
        Release.objects.select_related("agency", "written_by", "approved_by").order_by(
            F("published_at").desc(nulls_first=True), "-pk"
        )[:MOST]
    )


def release_for_desk(release_id: int) -> Release | None:
    """One release in any state."""
    return Release.objects.select_related("agency", "written_by", "approved_by").filter(pk=release_id).first()


def told(first: date, last: date) -> Told:
    """Figures over the questions received from `first` to `last`. Within the clock: sent before `due_at`; those not
    sent and past it count against it; withdrawn and handed over ones do not count. Both sides: of what was printed and
    judged, the balanced, or those whose reply was run."""
    begin = timezone.make_aware(datetime.combine(first, time.min))
    end = timezone.make_aware(datetime.combine(last, time.max))
    rows = Enquiry.objects.filter(received_at__range=(begin, end))
    counted = rows.exclude(state__in=(rules.WITHDRAWN, rules.HANDED_OVER))
    sent = counted.filter(sent_at__isnull=False)
    overdue = counted.filter(sent_at=None, alarmed_at__isnull=False)
    judged = rows.filter(
        state__in=(
            rules.BALANCED,
            rules.HAK_JAWAB,
            rules.SENT_TO_OUTLET,
            rules.RUN,
            rules.REFUSED,
            rules.DEWAN_PERS,
        )
    )
    minutes = [(at - since).total_seconds() / 60 for since, at in sent.values_list("received_at", "sent_at")]
    middle = median(minutes)
    return Told(
        asked=rows.count(),
        measured=sent.count() + overdue.count(),
        in_time=sent.filter(sent_at__lte=F("due_at")).count(),
        minutes=None if middle is None else round(middle),
        judged=judged.count(),
        balanced=judged.filter(state__in=(rules.BALANCED, rules.RUN)).count(),
        replies=judged.exclude(state=rules.BALANCED).count(),
        releases=Release.objects.filter(
            state=rules.RELEASE_PUBLISHED, published_at__range=(begin, end)
        ).count(),
    )


def _row(enquiry: Enquiry, policy: rules.Policy, now: datetime) -> Row:
    warn = rules.warn_at(policy, enquiry.received_at, enquiry.due_at)
    tone = ""
    if enquiry.state in rules.UNANSWERED:
        tone = "late" if now > enquiry.due_at else "soon" if now >= warn else ""
    return Row(enquiry, tone, warn)
