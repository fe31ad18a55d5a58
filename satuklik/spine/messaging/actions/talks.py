"""Conversations as a whole: joined, parted, given to an officer, put aside, and what happened to them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from satuklik.base.postgres.actions import insert_unless_there
from satuklik.spine.messaging import rules
from satuklik.spine.messaging.errors import NoSuchConversation, NotJoinable
from satuklik.spine.messaging.models import Conversation, ConversationEvent, Identity, Message

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


def follow(conversation_id: int) -> Conversation | None:
    """The conversation, or the one that it was joined into."""
    found = Conversation.objects.filter(pk=conversation_id).first()
    while found is not None and found.joined_into_id is not None:
        found = Conversation.objects.get(pk=found.joined_into_id)
    return found


def settled(conversation_id: int) -> int:
    """The number of the conversation that this one is part of now. Raises NoSuchConversation."""
    found = follow(conversation_id)
    if found is None:
        raise NoSuchConversation(str(conversation_id))
    return found.pk


@transaction.atomic
def join(
    into: Conversation, other: Conversation, *, by: "Official | None" = None, now: datetime
) -> Conversation:
    """Make one conversation of two. Everything moves to `into`; `other` only leads there.

    Raises NotJoinable where both have an account, or one is an official's.
    """
    if into.pk == other.pk:
        raise NotJoinable("It is the same conversation.")
    join_rows(into.pk, other.pk, at=now, by=by)
    return Conversation.objects.get(pk=into.pk)


def join_rows(into_id: int, other_id: int, *, at: datetime, by: "Official | None") -> None:
    """As `join`, by numbers, in the caller's transaction."""
    # Addresses first, as `who` locks them: a message on its way waits, or sees where they went.
    moved = list(
        Identity.objects.select_for_update()
        .filter(conversation=other_id)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    rows = Conversation.objects.select_for_update().filter(pk__in=(into_id, other_id)).order_by("pk")
    both = {row.pk: row for row in rows}
    into, other = both[into_id], both[other_id]
    if into.joined_into_id is not None or other.joined_into_id is not None:
        raise NotJoinable("One of them is part of another conversation already.")
    if into.official_id is not None or other.official_id is not None:
        raise NotJoinable("One of them is an official's.")
    user_id = into.user_id or other.user_id
    if into.user_id and other.user_id:
        raise NotJoinable("Both belong to an account.")
    Identity.objects.filter(pk__in=moved).update(conversation=into)
    Message.objects.filter(conversation=other).update(conversation=into)
    ConversationEvent.objects.filter(conversation=other).update(conversation=into)
    Conversation.objects.filter(pk=other.pk).update(
        joined_into=into, user=None, waiting_since=None, assigned=None
    )
    latest = max((into, other), key=lambda one: one.last_message_at)
    for name in ("last_message_at", "last_channel", "last_direction", "preview"):
        setattr(into, name, getattr(latest, name))
    into.last_inbound_at = max(filter(None, (into.last_inbound_at, other.last_inbound_at)), default=None)
    into.waiting_since = min(filter(None, (into.waiting_since, other.waiting_since)), default=None)
    into.user_id = user_id
    into.name, into.email = into.name or other.name, into.email or other.email
    if not into.phone or (other.phone_verified and not into.phone_verified):
        into.phone, into.phone_verified = other.phone, other.phone_verified
    into.assigned_id = into.assigned_id or other.assigned_id
    into.save()
    note(into, "joined", at=at, by=by, data={"conversation": other.pk, "identities": moved})


@transaction.atomic
def split(identity: Identity, *, by: "Official | None", now: datetime) -> Conversation:
    """Part an address, with all that was written by it and to it, from the others of its conversation."""
    identity = Identity.objects.select_for_update().get(pk=identity.pk)
    old = Conversation.objects.select_for_update().get(pk=identity.conversation_id)
    if not Identity.objects.filter(conversation=old).exclude(pk=identity.pk).exists():
        raise NotJoinable("It has no other address.")
    phone = f"+{identity.address}" if identity.channel == "whatsapp" and identity.address.isdigit() else ""
    new = Conversation.objects.create(
        name=old.name, phone=phone, phone_verified=bool(phone and identity.verified),
        email=identity.address if identity.channel == "email" else "", language=old.language,
        created_at=now, last_message_at=now,
    )  # fmt: skip
    Identity.objects.filter(pk=identity.pk).update(conversation=new)
    Message.objects.filter(conversation=old, identity=identity).update(conversation=new)
    for one in (old, new):
        recount(one)
    if phone and old.phone == phone:
        Conversation.objects.filter(pk=old.pk).update(phone="", phone_verified=False)
    note(old, "split", at=now, by=by, data={"conversation": new.pk})
    note(new, "split", at=now, by=by, data={"conversation": old.pk})
    return new


def recount(conversation: Conversation) -> None:
    """Set what the list shows from the messages that are there."""
    messages = Message.objects.filter(conversation=conversation)
    last = messages.order_by("-at", "-pk").first()
    inbound = messages.filter(direction="in").order_by("-at").first()
    answered = messages.filter(direction="out", by__isnull=False).order_by("-at").first()
    waiting = messages.filter(direction="in")
    if answered is not None:
        waiting = waiting.filter(at__gt=answered.at)
    first = waiting.order_by("at").first()
    conversation.last_inbound_at = inbound.at if inbound else None
    conversation.waiting_since = first.at if first else None
    if last is not None:
        conversation.last_message_at, conversation.last_channel = last.at, last.channel
        conversation.last_direction = last.direction
        conversation.preview = rules.preview(last.body, last.kind, last.attachments.count())
    conversation.save()


@transaction.atomic
def assign(
    conversation: Conversation, official: "Official | None", *, by: "Official | None", now: datetime
) -> bool:
    """Give a conversation to an officer (or to nobody). False when it was so already."""
    row = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if row.assigned_id == (official.pk if official else None):
        return False
    row.assigned = official
    row.save(update_fields=["assigned"])
    conversation.assigned = official
    note(row, "assigned", at=now, by=by, data={"official": official.pk if official else None})
    return True


@transaction.atomic
def close(conversation: Conversation, *, by: "Official | None", now: datetime) -> bool:
    """Put a conversation aside; a new message opens it again. False when it was so already."""
    changed = Conversation.objects.filter(pk=conversation.pk, closed_at=None).update(
        closed_at=now, waiting_since=None
    )
    if changed:
        note(conversation, "closed", at=now, by=by)
    return bool(changed)


def note(
    conversation: Conversation | int,
    kind: str,
    *,
    at: datetime,
    by: "Official | None" = None,
    message: Message | None = None,
    key: str | None = None,
    data: dict[str, Any] | None = None,
) -> bool:
    """Write an event of a conversation. False when one with this key is there already."""
    event = ConversationEvent(
        conversation_id=conversation if isinstance(conversation, int) else conversation.pk,
        message=message, kind=kind, at=at, by=by, key=key, data=data or {},
    )  # fmt: skip
    return insert_unless_there(event)
