"""Read a user's inbox, the conversations with people, and the proof of what was delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, Q, QuerySet

from satuklik.spine.messaging import links, rules, veiling, wording
from satuklik.spine.messaging.errors import NoSuchConversation
from satuklik.spine.messaging.models import (
    Attachment,
    Conversation,
    ConversationEvent,
    Identity,
    Message,
    OutboundMessage,
    RawEvent,
)

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

UNREAD_SQL = """SELECT count(*) FROM messaging_outboundmessage
  WHERE user_id = me.user_id AND channel = 'inapp' AND read_at IS NULL"""
"""`unread` as a scalar sub-select beside a row `me`."""


def inbox(user: Any) -> QuerySet[OutboundMessage]:
    """The user's messages, newest first."""
    return OutboundMessage.objects.filter(user=user, channel="inapp").order_by("-created_at", "-id")


def unread(user: Any) -> int:
    """How many messages the user has not opened yet."""
    return OutboundMessage.objects.filter(user=user, channel="inapp", read_at=None).count()


PAGE = 50


@dataclass(frozen=True)
class Window:
    """How a person can be answered now: the channel used last, whether free text may go there, and until when.

    `until` is None where the channel has no such limit (or nobody ever wrote)."""

    channel: str
    open: bool
    until: datetime | None


@dataclass(frozen=True)
class Proof:
    """One step of a message's delivery. `status`: queued, sent, delivered, read or failed."""

    status: str
    at: datetime
    channel: str
    error: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Cursor:
    """Where a page of the list ended: the last row's time and number."""

    at: datetime
    id: int


def joined_ids(conversation_id: int) -> list[int]:
    """The conversation and every one that was joined into it: rows of other rooms may still name those."""
    found, newer = [conversation_id], [conversation_id]
    while newer:
        newer = list(Conversation.objects.filter(joined_into__in=newer).values_list("pk", flat=True))
        found += newer
    return found


def conversation(conversation_id: int) -> Conversation:
    """The conversation with this number, or the one that it was joined into. Raises NoSuchConversation."""
    found = Conversation.objects.select_related("assigned", "user").filter(pk=conversation_id).first()
    while found is not None and found.joined_into_id is not None:
        found = Conversation.objects.select_related("assigned", "user").get(pk=found.joined_into_id)
    if found is None:
        raise NoSuchConversation(str(conversation_id))
    return found


def listed() -> QuerySet[Conversation]:
    """The conversations of the inbox: people who wrote. Ordered by nothing yet; the index is by last message."""
    return Conversation.objects.filter(joined_into=None, last_inbound_at__isnull=False)


def page(
    *,
    after: Cursor | None = None,
    limit: int = PAGE,
    waiting: bool = False,
    closed: bool = False,
    assigned: "Official | None" = None,
    unassigned: bool = False,
    channel: str = "",
    search: str = "",
) -> list[Conversation]:
    """A page of the list, the last activity first; `after` is the row that the page before ended with.

    `waiting`: only those that nobody has answered. Closed ones are left out unless asked for (or searched).
    """
    rows = listed().select_related("assigned")
    if waiting:
        rows = rows.filter(waiting_since__isnull=False)
    if closed:
        rows = rows.filter(closed_at__isnull=False)
    elif not search:
        rows = rows.filter(closed_at=None)
    if assigned is not None:
        rows = rows.filter(assigned=assigned)
    if unassigned:
        rows = rows.filter(assigned=None)
    if channel:
        rows = rows.filter(last_channel=channel)
    if search.strip():
        rows = rows.filter(_matches(search.strip()))
    if after is not None:
        rows = rows.filter(Q(last_message_at=after.at, id__lt=after.id) | Q(last_message_at__lt=after.at))
        rows = rows.filter(last_message_at__lte=after.at)
    return list(rows.order_by("-last_message_at", "-id")[:limit])


# Far sides tell whole seconds: two steps of one second are told apart by what they are.
RANK = ["received", "queued", "unsure", "sent", "failed", "delivered", "read"]
MOST_FOUND = 500


def _matches(words: str) -> Q:
    """Name, number, e-mail address, or words in a message."""
    words = rules.clean(words)[:200]
    asked = Q(name__icontains=words) | Q(email=words.lower())
    phone = rules.e164(words)
    if phone:
        asked |= Q(phone=phone)
    found = (
        Message.objects.annotate(words=SearchVector("text", config="indonesian"))
        .filter(words=SearchQuery(words, config="indonesian", search_type="plain"))
        .order_by("-pk")
        .values_list("conversation_id", flat=True)[:MOST_FOUND]
    )
    return asked | Q(pk__in=list(found))


def waiting_count() -> int:
    """How many conversations nobody has answered."""
    return Conversation.objects.filter(joined_into=None, waiting_since__isnull=False).count()


def messages(conversation_id: int, *, limit: int = 200, before: Cursor | None = None) -> list[Message]:
    """The last `limit` messages of a conversation in the order in which they were written, their attachments
    and steps read with them."""
    rows = Message.objects.filter(conversation_id=conversation_id)
    if before is not None:
        rows = rows.filter(Q(at__lt=before.at) | Q(at=before.at, pk__lt=before.id))
    rows = rows.select_related("by", "identity").prefetch_related("attachments", "steps")
    found = list(reversed(rows.order_by("-at", "-pk")[:limit]))
    veiling.cover(found)
    return found


def message(message_id: int) -> Message | None:
    """One message, its conversation read with it."""
    return Message.objects.select_related("conversation", "by").filter(pk=message_id).first()


def messages_by_id(ids: Sequence[int]) -> list[Message]:
    """These messages in the order in which they were written; numbers that none has are left out."""
    rows = Message.objects.filter(pk__in=list(ids)).select_related("conversation")
    return list(rows.prefetch_related("attachments").order_by("at", "pk"))


def events(conversation_id: int) -> list[ConversationEvent]:
    """What else happened to a conversation, in its order."""
    rows = ConversationEvent.objects.filter(conversation_id=conversation_id).select_related("by")
    return list(rows.order_by("at", "pk"))


def identities(conversation_id: int) -> list[Identity]:
    """The addresses of a person, the one used last first; those given up are left out."""
    rows = Identity.objects.filter(conversation_id=conversation_id, retired_at=None)
    return list(rows.order_by(F("last_inbound_at").desc(nulls_last=True), "pk"))


def templates() -> list[wording.Template]:
    """The prepared texts that WhatsApp takes after its 24 hours."""
    return list(wording.templates().values())


def window(conversation: Conversation, now: datetime) -> Window:
    """How this person can be answered now."""
    known = identities(conversation.pk)
    if not known:
        return Window("", False, None)
    last = known[0]
    if last.channel not in rules.WINDOWED:
        return Window(last.channel, last.opted_out_at is None, None)
    mine = [one for one in known if one.channel == last.channel]
    ends = [rules.window_until(one.last_inbound_at, one.window_closed_at) for one in mine]
    until = max((end for end in ends if end is not None), default=None)
    is_open = until is not None and now < until and last.opted_out_at is None
    return Window(last.channel, is_open, until)


def proof(message: Message) -> list[Proof]:
    """Every step of the delivery with its time, those of the ways that were tried instead included."""
    chain = [message]
    while (later := Message.objects.filter(fallback_of=chain[-1]).order_by("pk").first()) is not None:
        chain.append(later)
    found = []
    for one in chain:
        found.append(Proof("queued", one.stored_at, one.channel))
        found += [
            Proof(step.status, step.at, one.channel, step.error, step.detail)
            for step in sorted(one.steps.all(), key=lambda step: (RANK.index(step.status), step.at))
        ]
        if one.channel == "inapp":
            read = OutboundMessage.objects.filter(pk=int(one.external_id), read_at__isnull=False).first()
            if read is not None:
                found.append(Proof("read", read.read_at, one.channel))
    return found


def standing(message: Message) -> Message:
    """The message that stands for this one now: itself, or the last of those that went instead of it."""
    last = message
    while (later := Message.objects.filter(fallback_of=last).order_by("pk").first()) is not None:
        last = later
    return last


def link(message: Message) -> str:
    """The address at which the person reads this message without login."""
    return links.address_of(message.pk)


def attachment(attachment_id: int) -> Attachment | None:
    """An attachment with its message and conversation."""
    rows = Attachment.objects.select_related("message__conversation", "message__identity")
    return rows.filter(pk=attachment_id).first()


def attachments_of(ids: Sequence[int]) -> list[Attachment]:
    """The kept files of these messages."""
    return list(Attachment.objects.filter(message_id__in=list(ids)).exclude(sha256="").order_by("pk"))


def quarantine(*, settled: bool = False, limit: int = 100) -> list[RawEvent]:
    """What could not be handled, the newest first; bodies are left in the table."""
    rows = RawEvent.objects.exclude(problem="").filter(settled_at__isnull=not settled)
    return list(rows.defer("body").order_by("-pk")[:limit])


def quarantined() -> int:
    """How many events wait in quarantine for an officer."""
    return RawEvent.objects.exclude(problem="").filter(settled_at=None).count()


def unsure(limit: int = 50) -> list[Message]:
    """Messages to people that may or may not have arrived, and for which no officer has decided yet."""
    return list(_unsure().filter(conversation__official=None)[:limit])


def unsure_everywhere(limit: int = 100) -> list[Message]:
    """The same, with those to officials of the house."""
    return list(_unsure()[:limit])


def unsure_count() -> int:
    """How many messages wait for an officer's decision, whoever they go to."""
    return _unsure().count()


def _unsure() -> QuerySet[Message]:
    rows = Message.objects.filter(direction="out", status="unsure", next_try_at__isnull=False)
    return rows.select_related("conversation").order_by("next_try_at", "pk")


def waiting_events() -> int:
    """How many events wait for the worker."""
    return RawEvent.objects.filter(handled_at=None, problem="").count()
