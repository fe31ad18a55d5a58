"""What the pages of the inbox show: rows of the list, messages, suggestions; secret persons are covered here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from satuklik.base.agencies import queries as agencies
from satuklik.faces.inbox import words
from satuklik.faces.inbox.forms import ask_name
from satuklik.spine.intake import queries
from satuklik.spine.intake.registry import KINDS
from satuklik.spine.messaging import queries as messaging

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.intake.models import Desk, Finding, Outcome, Suggestion
    from satuklik.spine.messaging.models import Attachment, Conversation, Message

PUT_ASIDE = ("greeting", "spam")  # nobody waits for an answer to these


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

    message: "Message | Outline"
    mine: bool
    text: str
    channel: str
    channel_icon: str
    status: str
    status_icon: str
    failed: bool
    undecided: bool
    """Nobody knows whether it arrived, and no officer has decided what to do."""
    unproven: bool
    """An e-mail whose sender nobody proved."""
    claimed_from: str
    """What its From header says, where that is not the address that was proven."""
    first_text: str
    """The words before the writer edited them."""
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
    closes: bool
    """Whether nothing is made of this kind: it is answered, or put aside."""
    leaves: bool
    """Whether another suggestion waits beside it: then putting this one aside does not end the conversation."""
    answers: tuple[tuple[str, str], ...]
    """What the message itself answers of the kind's own questions: (name of the form's field, value)."""
    ready: bool
    """Whether one click is enough: the message answers every question that must be answered."""
    part: bool
    """Whether it stands on a piece of a message that holds other matters too."""


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
        # The person's own words stand in the list, not the receipt that the house sent after them.
        said = desk.preview if desk is not None and desk.preview else one.preview
        label, icon = words.channel(desk.channel if desk is not None and desk.channel else one.last_channel)
        made.append(
            Row(
                one.pk, f"{reverse('inbox:conversation', args=[one.pk])}?kotak={box}",
                _("Pelapor dirahasiakan") if secret else name_of(one), "" if secret else words.wordless(said), label, icon,
                words.kind(desk.kind) if desk and desk.kind else "", one.last_inbound_at or one.last_message_at, one.waiting_since,
                one.waiting_since is not None and one.waiting_since < late,
                desk is not None and desk.urgent_since is not None, secret, one.assigned.name if one.assigned else "",
                desk.deadline if desk and one.waiting_since else None,
            )
        )  # fmt: skip
    return made


@dataclass(frozen=True)
class Covered:
    """A conversation whose person is secret, for a page: nothing that says who it is."""

    pk: int
    assigned: "Official | None"
    assigned_id: int | None


@dataclass(frozen=True)
class CoveredDesk:
    """The inbox's row of such a conversation without the words of its messages."""

    secret: bool
    urgent_since: datetime | None
    deadline: datetime | None


def covered_desk(desk: "Desk | None") -> CoveredDesk | None:
    """The row without words."""
    return CoveredDesk(desk.secret, desk.urgent_since, desk.deadline) if desk is not None else None


def covered(conversation: "Conversation") -> Covered:
    """The conversation without its person."""
    return Covered(conversation.pk, conversation.assigned, conversation.assigned_id)


@dataclass(frozen=True)
class Outline:
    """A message without its words."""

    pk: int
    at: datetime
    edited_at: datetime | None
    by: "Official | None"


def outline(message: "Message") -> Outline:
    """When a message came, and which officer wrote it."""
    return Outline(message.pk, message.at, message.edited_at, message.by)


def name_of(conversation: "Conversation") -> str:
    """The person's name, else the number, else a number of ours."""
    return conversation.name or conversation.phone or conversation.email or f"#{conversation.pk}"


def bubbles(
    found: "Sequence[Message]",
    outcomes: "Sequence[Outcome]",
    findings: "dict[int, Finding]",
    chosen: set[int],
    *,
    hidden: bool,
) -> list[Bubble]:
    """Messages with their delivery, files, and what was made of them. Where the person is `hidden` no word of them."""
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
                outline(one) if hidden else one, one.direction == "out", "" if hidden else one.body, label, icon,
                str(status), status_icon, one.status == "failed",
                one.status == "unsure" and one.next_try_at is not None, one.sender_proof == "none",
                one.claimed_from if one.sender_proof != "none" and not hidden else "",
                one.text if one.edited_at and not one.deleted_at and not hidden else "",
                () if hidden else tuple(one.attachments.all()),
                None if hidden else findings.get(one.pk), tuple(by_message.get(one.pk, ())),
                one.pk in chosen,
            )
        )  # fmt: skip
    return made


def answers_of(kind: str, finding: "Finding | None") -> dict[str, str]:
    """What the rules found in the message, by the names of the kind's own questions that ask for it."""
    if finding is None or kind not in KINDS:
        return {}
    known = {
        "outlet": finding.outlet,
        "ground": finding.grounds[:1],
        "request_number": next((ticket for ticket, _subject in finding.subjects), ""),
    }
    asked = {ask.name: {value for value, _label in ask.choices} for ask in KINDS[kind].asks}
    return {
        name: value
        for name, value in known.items()
        if value and name in asked and (not asked[name] or value in asked[name])
    }


def proposals(
    found: "Sequence[Suggestion]", texts: dict[int, str], findings: "dict[int, Finding]", most: int = 3
) -> list[Proposal]:
    """The open suggestions: sure ones before mere guesses, and those of the newest message first."""
    found = sorted((one for one in found if one.likely), key=lambda one: not one.kind)
    codes = {route[0] for one in found for route in one.routes}
    names = {agency.code: agency.short_name for agency in agencies.agencies_by_code(codes)}
    several = Counter(one.message_id for one in found)
    made = []
    for number, one in enumerate(found[:most], 1):
        kind = one.likely
        answers = answers_of(kind, findings.get(one.message_id))
        needed = {ask.name for ask in KINDS[kind].asks if ask.required} if kind in KINDS else set()
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
                kind in KINDS and KINDS[kind].create is None,
                any(other is not one and other.likely not in PUT_ASIDE for other in found),
                tuple((ask_name(kind, name), value) for name, value in answers.items()),
                needed <= answers.keys(),
                several[one.message_id] > 1 or one.number > 0,
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
