"""What the pages of the inbox show: rows of the list, messages, suggestions; secret persons are covered here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from satuklik.base.agencies import queries as agencies
from satuklik.faces.inbox import words
from satuklik.spine.intake import queries
from satuklik.spine.intake.registry import KINDS
from satuklik.spine.messaging import queries as messaging

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.intake.models import Desk, Finding, Outcome, Suggestion
    from satuklik.spine.messaging.models import Attachment, Conversation, Message


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    id: int
    url: str
    name: str
    preview: str
    channel: str
    channel_icon: str
    kind: str
    at: datetime
    waiting_since: datetime | None
    late: bool
    urgent: bool
    secret: bool
    assigned: str
    deadline: datetime | None


@dataclass(frozen=True)
class Bubble:
    """A message on the page."""

    message: "Message"
    mine: bool
    text: str
    channel: str
    channel_icon: str
    status: str
    status_icon: str
    failed: bool
    files: tuple["Attachment", ...]
    finding: "Finding | None"
    references: tuple["Outcome", ...]
    chosen: bool


@dataclass(frozen=True)
class Office:
    """An agency that triage suggests."""

    code: str
    name: str
    share: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A suggestion on the page; the number is the key that chooses it."""

    number: int
    suggestion: "Suggestion"
    kind: str
    label: str
    icon: str
    sure: bool
    percent: int
    piece: str
    reasons: tuple[str, ...]
    offices: tuple[Office, ...]
    makes: bool
    """Whether an object can be made of it here."""


def desk_of(conversation: "Conversation") -> "Desk | None":
    """The inbox's row, where triage has read the conversation."""
    found: Desk | None = getattr(conversation, "desk", None)
    return found


def rows(found: "Sequence[Conversation]", box: str, now: datetime) -> list[Row]:
    """Lines of the list; secret ones say no name and no word."""
    late = queries.late_before(now)
    made = []
    for one in found:
        desk = desk_of(one)
        secret = desk is not None and desk.secret
        label, icon = words.channel(one.last_channel)
        made.append(
            Row(
                one.pk, f"{reverse('inbox:conversation', args=[one.pk])}?kotak={box}",
                _("Pelapor dirahasiakan") if secret else name_of(one), "" if secret else one.preview, label, icon,
                words.kind(desk.kind) if desk and desk.kind else "", one.last_message_at, one.waiting_since,
                one.waiting_since is not None and one.waiting_since < late,
                desk is not None and desk.urgent_since is not None, secret, one.assigned.name if one.assigned else "",
                desk.deadline if desk and one.waiting_since else None,
            )
        )  # fmt: skip
    return made


def name_of(conversation: "Conversation") -> str:
    """The person's name, else the number, else a number of ours."""
    return conversation.name or conversation.phone or conversation.email or f"#{conversation.pk}"


def bubbles(
    found: "Sequence[Message]",
    outcomes: "Sequence[Outcome]",
    findings: "dict[int, Finding]",
    chosen: set[int],
) -> list[Bubble]:
    """Messages with their delivery, files, and what was made of them."""
    by_message: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        for message in outcome.messages.all():
            by_message.setdefault(message.pk, []).append(outcome)
    made = []
    for one in found:
        label, icon = words.channel(one.channel)
        status, status_icon = words.STEPS.get(one.status, ("", ""))
        made.append(
            Bubble(
                one, one.direction == "out", one.body, label, icon, str(status), status_icon, one.status == "failed",
                tuple(one.attachments.all()), findings.get(one.pk), tuple(by_message.get(one.pk, ())),
                one.pk in chosen,
            )
        )  # fmt: skip
    return made


def proposals(found: "Sequence[Suggestion]", texts: dict[int, str], most: int = 3) -> list[Proposal]:
    """The open suggestions, those of the newest message first."""
    codes = {route[0] for one in found for route in one.routes}
    names = {agency.code: agency.short_name for agency in agencies.agencies_by_code(codes)}
    made = []
    for number, one in enumerate(found[:most], 1):
        kind = one.likely
        made.append(
            Proposal(
                number, one, kind, words.kind(kind), words.kind_icon(kind), bool(one.kind), round(100 * one.probability),
                texts.get(one.message_id, "")[one.start : one.end],
                tuple(words.reason(word) for word in one.reasons),
                tuple(
                    Office(code, names[code], round(100 * share), tuple(reasons))
                    for code, share, reasons in one.routes
                    if code in names
                ),
                kind in KINDS and KINDS[kind].create is not None,
            )
        )  # fmt: skip
    return made


def seen_answer(found: "Sequence[Message]") -> int:
    """The id of the last answer of an officer on the page: what the form says that its writer has seen."""
    return max((one.pk for one in found if one.direction == "out" and one.by_id is not None), default=0)


def others(conversation: "Conversation", official: "Official", now: datetime) -> list[tuple[str, bool]]:
    """(name, is typing) of the other officers who are here just now."""
    return [(one.official.name, one.typing) for one in queries.present(conversation.pk, official, now)]


def reachable(conversation: "Conversation", now: datetime) -> messaging.Window:
    """How the person can be answered now."""
    return messaging.window(conversation, now)
