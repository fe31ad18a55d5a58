"""One conversation for its page: what triage says of it, what was made of it, who is there, who has looked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from satuklik.spine.intake.models import CannedAnswer, Finding, Look, Note, Outcome, Presence, Suggestion
from satuklik.spine.messaging import queries as messaging
from satuklik.spine.messaging.errors import NoSuchConversation

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.messaging.models import Conversation

THERE = timedelta(seconds=45)
MOST_LOOKS = 20


def conversation(conversation_id: int) -> "Conversation | None":
    """The conversation, or the one that it was merged into; None where there is none for the inbox."""
    try:
        found = messaging.conversation(conversation_id)
    except NoSuchConversation:
        return None
    return None if found.official_id is not None else found


def findings(message_ids: Sequence[int]) -> dict[int, Finding]:
    """What the rules found, by message."""
    rows = Finding.objects.filter(message__in=message_ids).select_related("alike")
    return {row.message_id: row for row in rows}


def suggestions(message_ids: Sequence[int]) -> list[Suggestion]:
    """The suggestions that no officer has decided, the newest message first."""
    rows = Suggestion.objects.filter(message__in=message_ids, decided_at=None)
    return list(rows.order_by("-message_id", "number"))


def outcomes(conversation_id: int) -> list[Outcome]:
    """What was made of the conversation, the newest first."""
    rows = Outcome.objects.filter(conversation=conversation_id).select_related("by")
    return list(rows.prefetch_related("messages").order_by("-at", "-pk"))


def chosen_agency(subject: str) -> str:
    """The code of the agency that the officer chose when this object was made of messages; "" where he chose none."""
    found = Outcome.objects.filter(subject=subject).values_list("agency_code", flat=True).first()
    return found or ""


def notes(conversation_id: int) -> list[Note]:
    """The internal notes in their order."""
    return list(Note.objects.filter(conversation=conversation_id).select_related("by").order_by("at", "pk"))


def present(conversation_id: int, official: "Official", now: datetime) -> list[Presence]:
    """The other officers who have the conversation open just now."""
    rows = Presence.objects.filter(conversation=conversation_id, at__gt=now - THERE).exclude(
        official=official
    )
    return list(rows.select_related("official").order_by("pk"))


def looks(conversation_id: int) -> list[Look]:
    """Who has read the conversation lately."""
    rows = Look.objects.filter(conversation=conversation_id).select_related("official")
    return list(rows.order_by("-at")[:MOST_LOOKS])


def uncovered(conversation_id: int, official: "Official", now: datetime) -> bool:
    """Whether this officer has uncovered the secret conversation and the hour is not over."""
    return Look.objects.filter(
        conversation=conversation_id, official=official, uncovered_until__gt=now
    ).exists()


def similar(findings_of: Sequence[Finding]) -> list[Finding]:
    """Findings whose message is much like one of another person, the most alike first."""
    return sorted((one for one in findings_of if one.alike_id is not None), key=lambda one: -one.likeness)


def canned(kind: str = "", *, all_of_them: bool = False) -> list[CannedAnswer]:
    """The canned answers, those for `kind` first."""
    rows = CannedAnswer.objects.order_by("order", "title")
    found = list(rows if all_of_them else rows.filter(active=True))
    return sorted(found, key=lambda one: (one.kind != kind or not kind, one.order, one.title))


def canned_answer(slug: str) -> CannedAnswer | None:
    """One canned answer, active or not."""
    return CannedAnswer.objects.filter(slug=slug).first()
