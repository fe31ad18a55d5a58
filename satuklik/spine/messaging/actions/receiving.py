"""A message comes in: whose it is, stored once, its files kept, the listeners told afterwards."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from satuklik.base.files.actions import store
from satuklik.base.postgres import queries as postgres
from satuklik.spine.messaging import registry, rules
from satuklik.spine.messaging.actions import people, quoting, talks, waking
from satuklik.spine.messaging.actions.opting import note_word
from satuklik.spine.messaging.errors import FileRefused, NotYet
from satuklik.spine.messaging.models import Attachment, Conversation, Identity, Message

LEASE = timedelta(minutes=5)
TEXT_FILE = "pesan-lengkap.txt"


@dataclass(frozen=True)
class Handed:
    """A file as it came with a message. `content` None: the channel keeps it, `source` says where."""

    name: str
    content: bytes | None = None
    media_type: str = ""
    source: Mapping[str, str] = field(default_factory=dict)


def receive(
    *,
    channel: str,
    address: str,
    name: str,
    text: str,
    files: Sequence[Handed] = (),
    external_id: str,
    at: datetime | None,
    now: datetime,
    account: str = "",
    also: Sequence[str] = (),
    kind: str = "text",
    subject: str = "",
    reply_to: str = "",
    phone: str = "",
    email: str = "",
    user: Any = None,
    conversation_id: int | None = None,
    claimed: bool = False,
    proof: str = "",
    claimed_from: str = "",
) -> Message:
    """Store a message that a person wrote; a second call with the same (channel, account, external_id) returns
    the first one's. `also`: further addresses of the same person in this channel. Listeners are told by the worker.

    `claimed`: nobody proves that it comes from `address`; what such letters say lies in a conversation of their own.
    `proof`: a word of rules.PROOFS; `claimed_from`: what an unproven From header says.
    """
    sender = people.Sender(
        channel, (address, *also), name, phone=phone, email=email, user=user, conversation_id=conversation_id,
        claimed=claimed,
    )  # fmt: skip
    with transaction.atomic():
        when = rules.sane_time(at, now)
        found, opted_out = people.who(sender, when, now)
        whole = quoting.hide(rules.clean(text))
        message = _insert(
            Message(
                conversation_id=found.conversation_id, identity_id=found.identity_id, direction="in",
                channel=channel, account=account, external_id=external_id, kind=kind,
                subject=quoting.hide(rules.clean_name(subject, 200)), text=whole[: rules.LONGEST_TEXT], at=when,
                stored_at=now, status=Message.Status.RECEIVED, reply_to=reply_to[:250],
                announced_at=None if registry.LISTENERS else now, next_try_at=now, sender_proof=proof,
                claimed_from=claimed_from[:254],
            )
        )  # fmt: skip
        if message is None:
            return Message.objects.get(channel=channel, account=account, external_id=external_id)
        handed = list(files[: rules.MOST_FILES])
        if len(whole) > rules.LONGEST_TEXT:
            handed.append(Handed(TEXT_FILE, whole.encode()))
        for file in handed:
            keep(message, file, now)
        shown = rules.preview(message.text, kind, len(handed))
        values = {"at": when, "shown": shown, "channel": channel, "name": rules.clean_name(name)}
        postgres.rows(_NOTE, values | {"id": found.conversation_id})
        if phone and channel != "whatsapp":  # there a number is an address, and settled with the sender
            people.prove_phone(found.conversation_id, phone, when)
        if proof == "none":
            pass  # whoever it is, he stops and starts nobody's messages
        elif channel != "web" and (word := rules.opting(whole)):
            note_word(message, word, now)
        elif opted_out:
            note_word(message, "", now)
        waking.wake()
    return message


_COLUMNS = (
    "conversation_id", "identity_id", "direction", "channel", "account", "external_id", "kind", "subject",
    "text", "at", "stored_at", "status", "error", "reply_to", "announced_at", "next_try_at", "tries", "template",
    "by_link", "sender_proof", "claimed_from",
)  # fmt: skip
_INSERT = f"""
INSERT INTO messaging_message ({", ".join(_COLUMNS)}, variables)
VALUES ({", ".join(["%s"] * len(_COLUMNS))}, '{{}}')
ON CONFLICT DO NOTHING RETURNING id
"""  # noqa: S608 - our own names

_NOTE = """
UPDATE messaging_conversation SET
  preview = CASE WHEN last_channel = '' OR last_message_at <= %(at)s THEN %(shown)s ELSE preview END,
  last_direction = CASE WHEN last_channel = '' OR last_message_at <= %(at)s THEN 'in' ELSE last_direction END,
  last_channel = CASE WHEN last_channel = '' OR last_message_at <= %(at)s THEN %(channel)s ELSE last_channel END,
  last_message_at = CASE WHEN last_channel = '' THEN %(at)s ELSE GREATEST(last_message_at, %(at)s) END,
  last_inbound_at = GREATEST(last_inbound_at, %(at)s),
  waiting_since = LEAST(waiting_since, %(at)s),
  closed_at = NULL,
  name = CASE WHEN name = '' THEN %(name)s ELSE name END
WHERE id = %(id)s RETURNING id
"""


def _insert(message: Message) -> Message | None:
    """None where the message is there already."""
    found = postgres.row(_INSERT, [getattr(message, column) for column in _COLUMNS])
    if found is None:
        return None
    message.pk = found[0]
    message._state.adding = False
    return message


def keep(message: Message, file: Handed, now: datetime) -> Attachment:
    """Write the row of a file that came with a message, and the file where its bytes are at hand.

    A file that cannot be kept leaves a row that says why: the officer sees that there was one.
    """
    row = Attachment(
        message=message, name=rules.file_name(file.name), media_type=file.media_type[:100],
        source=dict(file.source), next_try_at=now,
    )  # fmt: skip
    if file.content is not None:
        fill(row, file.content, now)
    row.save()
    return row


def fill(row: Attachment, content: bytes, now: datetime) -> None:
    """Check the bytes of an attachment and keep them, or note on the row why not."""
    row.size = len(content)
    try:
        row.media_type = check_file(row.name, content)
    except FileRefused as refused:
        row.problem = refused.problem
        return
    row.sha256 = store(content, row.media_type, at=now)


def check_file(name: str, content: bytes) -> str:
    """The media type that the bytes prove; name and claim count for nothing. Raises FileRefused."""
    if not content:
        raise FileRefused(name, "empty")
    if len(content) > rules.MOST_FILE:
        raise FileRefused(name, "too_large")
    media_type = rules.kind_of_file(content)
    if not media_type:
        raise FileRefused(name, "wrong_type")
    return media_type


def edit(
    *,
    channel: str,
    account: str,
    external_id: str,
    text: str | None,
    at: datetime | None,
    key: str,
    now: datetime,
) -> bool:
    """Note that a person edited a message, or deleted it (`text` None). The first text stays in the row, and the
    listeners are told of an edited message once more.

    False when the event `key` was noted before. Raises NotYet where the message has not come in yet.
    """
    with transaction.atomic():
        message = (
            Message.objects.select_for_update()
            .filter(channel=channel, account=account, external_id=external_id)
            .first()
        )
        if message is None:
            raise NotYet(f"{channel}: the message that was changed is not there")
        when = rules.sane_time(at, now)
        deleted = text is None
        body = "" if text is None else quoting.hide(rules.clean(text))[: rules.LONGEST_TEXT]
        data = {} if deleted else {"text": body}
        kind = "deleted" if deleted else "edited"
        if not talks.note(message.conversation_id, kind, at=when, message=message, key=key, data=data):
            return False
        if deleted:
            message.deleted_at = when
        elif message.edited_at is None or message.edited_at <= when:
            message.edited_at, message.edited_text = when, body
            if registry.LISTENERS:
                message.announced_at, message.next_try_at, message.tries = None, now, 0
        message.save(
            update_fields=["deleted_at", "edited_at", "edited_text", "announced_at", "next_try_at", "tries"]
        )
        conversation = Conversation.objects.select_for_update().get(pk=message.conversation_id)
        if conversation.last_message_at == message.at and conversation.last_direction == message.direction:
            conversation.preview = rules.preview(message.body, kind, 0)
            conversation.save(update_fields=["preview"])
        waking.wake()
    return True


def react(*, channel: str, account: str, external_id: str, emoji: str, at: datetime, key: str) -> bool:
    """Note that a person set a sign (👍) on a message; it asks for no answer. False when it was noted before.
    Raises NotYet where the message is not there."""
    message = Message.objects.filter(channel=channel, account=account, external_id=external_id).first()
    if message is None:
        raise NotYet(f"{channel}: the message of the reaction is not there")
    data = {"emoji": rules.clean(emoji)[:16]}
    return talks.note(message.conversation_id, "reaction", at=at, message=message, key=key, data=data)


def change_number(*, old: Sequence[str], new: Sequence[str], at: datetime, key: str, now: datetime) -> bool:
    """WhatsApp says that a person has another number or user id. The conversation stays; the old address is kept
    as given up: whoever writes from it later is somebody else. False when it was noted before. Raises NotYet
    where nobody has the old address."""
    with transaction.atomic():
        known = list(
            Identity.objects.select_for_update().filter(channel="whatsapp", address__in=old).order_by("pk")
        )
        if not known:
            raise NotYet("nobody has the number that was given up")
        conversation_id = known[0].conversation_id
        if not talks.note(conversation_id, "number_changed", at=at, key=key, data={"addresses": list(new)}):
            return False
        for address in new:
            people.take_over(conversation_id, address, at=at, now=now)
        Identity.objects.filter(pk__in=[one.pk for one in known]).exclude(address__in=new).update(
            retired_at=at
        )
        number = next((address for address in new if address.isdigit()), "")
        conversation = Conversation.objects.select_for_update().get(pk=conversation_id)
        if number:
            conversation.phone, conversation.phone_verified = f"+{number}", True
        elif conversation.phone.lstrip("+") in old:
            conversation.phone, conversation.phone_verified = "", False
        conversation.save(update_fields=["phone", "phone_verified"])
    return True


_UNANNOUNCED = """
UPDATE messaging_message SET tries = tries + 1, next_try_at = %s
WHERE id IN (
  SELECT id FROM messaging_message
  WHERE direction = 'in' AND announced_at IS NULL AND next_try_at <= %s
  ORDER BY next_try_at LIMIT 10 FOR UPDATE SKIP LOCKED
) RETURNING id
"""


def announce(now: datetime, *, failed: Callable[[Message, str], None]) -> int:
    """Tell the listeners about messages that they have not had. Each message in a transaction of its own; one
    that raises is told again later. `failed` hears of each failure. How many were told."""
    told = 0
    claimed = postgres.rows(_UNANNOUNCED, (now + LEASE, now))
    for (message_id,) in sorted(claimed):
        message = Message.objects.select_related("conversation", "identity").get(pk=message_id)
        try:
            with transaction.atomic():
                for listener in registry.LISTENERS.values():
                    listener(message, now)
                Message.objects.filter(pk=message_id).update(announced_at=now)
            told += 1
        except Exception as error:  # noqa: BLE001 - another room's code: whatever it raises, the message is there
            failed(message, f"{type(error).__name__}: {error}")
            wait = rules.pause(min(message.tries, 10))
            Message.objects.filter(pk=message_id).update(next_try_at=now + wait)
    return told
