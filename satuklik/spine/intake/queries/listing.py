"""The lists of the inbox: one index each, a page by its last row, whatever has piled up behind it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from satuklik.base.calendar import queries as calendar
from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.base.postgres import queries as postgres
from satuklik.spine.intake.models import Desk
from satuklik.spine.messaging import queries as messaging

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.messaging.models import Conversation

WAITING, MINE, FREE, ALL, CLOSED = "menunggu", "saya", "bebas", "semua", "selesai"
BOXES = (WAITING, MINE, FREE, ALL, CLOSED)
PAGE = 40
MOST_URGENT = 20
MOST_FOUND = 200
MOST_BACK = 30  # days; nobody has thirty days off in a row


@dataclass(frozen=True)
class Cursor:
    """The last row of the page before."""

    at: datetime
    id: int

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """ "1764000000.123456-17" → a cursor; None for anything else."""
        at, _, number = text.partition("-")
        if not (
            number.isascii() and number.isdigit() and len(number) < 18 and at.replace(".", "", 1).isdigit()
        ):
            return None
        if not at.isascii() or float(at) > 4e9:
            return None
        return cls(datetime.fromtimestamp(float(at), tz=timezone.get_default_timezone()), int(number))

    def __str__(self) -> str:
        return f"{self.at.timestamp():.6f}-{self.id}"


@dataclass(frozen=True)
class Counts:
    """The morning in numbers."""

    waiting: int
    late: int
    fresh: int
    """Waiting, and not late."""
    mine: int
    free: int
    """Waiting, and nobody's."""


@dataclass(frozen=True)
class Load:
    """How much an officer has."""

    official_id: int
    waiting: int
    oldest: datetime | None


def page(
    box: str, official: "Official", *, after: Cursor | None = None, limit: int = PAGE
) -> "list[Conversation]":
    """A page of a box, with the assigned officer and the desk's row read with it.

    What waits stands with the longest waiting first; the others with the last activity first.
    """
    rows = messaging.listed().select_related("assigned", "desk")
    if box in (WAITING, FREE):
        rows = rows.filter(waiting_since__isnull=False)
        if box == FREE:
            rows = rows.filter(assigned=None)
        if after is not None:
            rows = rows.extra(
                where=["(messaging_conversation.waiting_since, messaging_conversation.id) > (%s, %s)"],
                params=[after.at, after.id],
            )
        return list(rows.order_by("waiting_since", "id")[:limit])
    rows = rows.filter(closed_at__isnull=box != CLOSED)
    if box == MINE:
        rows = rows.filter(assigned=official)
    return _by_activity(rows, after, limit)


def cursor_of(row: "Conversation", box: str) -> Cursor:
    """Where the page after this row begins."""
    at = row.waiting_since if box in (WAITING, FREE) and row.waiting_since else row.last_message_at
    return Cursor(at, row.pk)


def search(words: str, *, after: Cursor | None = None, limit: int = PAGE) -> "list[Conversation]":
    """Conversations by name, number, reference, or words of a message, the last activity first.

    Secret conversations are found by their reference only: names and words would tell who wrote.
    """
    words = " ".join(words.replace("\x00", " ").split())[:200]
    if not words:
        return []
    named = SearchQuery(words.lstrip("+"), config="simple", search_type="plain")
    ids = set(Desk.objects.filter(words=named).values_list("conversation_id", flat=True)[:MOST_FOUND])
    ids |= {
        one
        for (one,) in postgres.rows(
            "SELECT DISTINCT conversation_id FROM (SELECT conversation_id FROM messaging_message WHERE "
            "to_tsvector('indonesian'::regconfig, COALESCE(text, '')) @@ plainto_tsquery('indonesian'::regconfig, %s) "
            "ORDER BY id DESC LIMIT %s) AS found",
            (words, MOST_FOUND),
        )
    }
    rows = messaging.listed().select_related("assigned", "desk").filter(pk__in=ids)
    shown = rows.filter(
        Q(desk=None) | Q(desk__secret=False) | Q(outcomes__reference__iexact=words)
    ).distinct()
    return _by_activity(shown, after, limit)


def _by_activity(rows: "QuerySet[Conversation]", after: Cursor | None, limit: int) -> "list[Conversation]":
    if after is not None:
        rows = rows.extra(
            where=["(messaging_conversation.last_message_at, messaging_conversation.id) < (%s, %s)"],
            params=[after.at, after.id],
        )
    return list(rows.order_by("-last_message_at", "-id")[:limit])


def urgent() -> "list[Conversation]":
    """Conversations with words of an emergency that nobody has dealt with, the newest first."""
    rows = messaging.listed().select_related("assigned", "desk").filter(desk__urgent_since__isnull=False)
    return list(rows.order_by("-desk__urgent_since")[:MOST_URGENT])


def counts(official: "Official", now: datetime) -> Counts:
    """All figures in one statement over what waits."""
    limit = late_before(now)
    found = messaging.listed().filter(waiting_since__isnull=False).aggregate(
        waiting=Count("pk"), late=Count("pk", filter=Q(waiting_since__lt=limit)),
        mine=Count("pk", filter=Q(assigned=official)), free=Count("pk", filter=Q(assigned=None)),
    )  # fmt: skip
    return Counts(
        found["waiting"],
        found["late"],
        found["waiting"] - found["late"],
        found["mine"],
        found["free"],
    )


def load() -> list[Load]:
    """What waits with each officer, the most first."""
    rows = (
        messaging.listed().filter(waiting_since__isnull=False, assigned__isnull=False)
        .values("assigned_id").annotate(number=Count("pk"), oldest=Min("waiting_since")).order_by("-number", "assigned_id")
    )  # fmt: skip
    return [Load(row["assigned_id"], row["number"], row["oldest"]) for row in rows]


def late_before(now: datetime) -> datetime:
    """What waits since before this moment is late: a message is answered by the end of the next working day (policy).

    Where the calendar of the year is not loaded, two days are taken.
    """
    today = timezone.localdate(now)
    try:
        previous = _previous_working_day(today)
    except YearNotLoaded:
        previous = today - timedelta(days=2)
    midnight = datetime.combine(previous, datetime.min.time())
    return timezone.make_aware(midnight, timezone.get_default_timezone())


def _previous_working_day(today: date) -> date:
    days = calendar.working_days()
    for back in range(1, MOST_BACK):
        day = today - timedelta(days=back)
        if days.between(day - timedelta(days=1), day) == 1:
            return day
    return today - timedelta(days=MOST_BACK)
