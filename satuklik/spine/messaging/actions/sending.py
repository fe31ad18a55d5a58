"""What waits to go out is handed to its channel: claimed first, sent outside of any transaction, noted after."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from satuklik.base.files import queries as stored
from satuklik.base.files.queries import FileDamaged
from satuklik.base.postgres import queries as postgres
from satuklik.base.sealing.errors import SealBroken
from satuklik.spine.messaging import links, rules, veiling, wording
from satuklik.spine.messaging.actions import receiving, replying
from satuklik.spine.messaging.adapters.registry import ADAPTERS, Adapter, File, Parcel, Sent
from satuklik.spine.messaging.errors import FileRefused, SendFailed
from satuklik.spine.messaging.models import Attachment, ChannelState, Identity, Message

# A worker that is killed between handing over and noting it: the message is tried again after so long, unless the
# channel told us meanwhile that it has it (WhatsApp gives our own number back with each status).
LEASE = timedelta(minutes=3)
AT_ONCE = 20
SEND_TRIES = rules.MOST_TRIES
THREAD = 10

_CLAIM = """
UPDATE messaging_message SET tries = tries + 1, next_try_at = %s
WHERE id IN (
  SELECT m.id FROM messaging_message m
  WHERE m.direction = 'out' AND m.status = 'queued' AND m.next_try_at <= %s
    AND NOT EXISTS (SELECT 1 FROM messaging_channelstate s WHERE s.channel = m.channel AND s.paused_until > %s)
  ORDER BY m.next_try_at, m.id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id
"""


def forget_veiled(now: datetime) -> int:
    """Delete what only the person may read of old messages. How many had such parts."""
    return Message.objects.filter(veiled__isnull=False, at__lt=now - rules.VEILED_FOR).update(veiled=None)


def send_waiting(now: datetime) -> int:
    """Hand over what is due, at most AT_ONCE messages. How many were tried."""
    claimed = sorted(row[0] for row in postgres.rows(_CLAIM, (now + LEASE, now, now, AT_ONCE)))
    for message_id in claimed:
        message = Message.objects.select_related("identity", "conversation").get(pk=message_id)
        adapter = ADAPTERS.get(message.channel)
        if adapter is None or not adapter.on() or message.identity is None:
            with transaction.atomic():
                replying.fail(_locked(message_id), "switched_off", "", now)
            continue
        _send(adapter, message, now)
    return len(claimed)


def _send(adapter: Adapter, message: Message, now: datetime) -> None:
    try:
        sent = adapter.send(parcel_of(message), now)
    except SendFailed as failure:
        _note_failure(message, failure, now)
    except FileDamaged as damage:
        _note_failure(message, SendFailed("file", str(damage)), now)
    except SealBroken as broken:  # tried again: the vault key may come back
        _note_failure(message, SendFailed("seal", str(broken), again=True), now)
    else:
        note_sent(message.pk, sent, now)


@transaction.atomic
def note_sent(message_id: int, sent: Sent, now: datetime) -> None:
    """The channel took the message; a status that came before this moment has told us so already."""
    message = _locked(message_id)
    if not message.external_id:
        message.external_id, message.account = sent.external_id[:250], sent.account
        message.save(update_fields=["external_id", "account"])
    replying.step(message, "sent", now)
    if sent.status != "sent":
        replying.step(message, sent.status, now)
    ChannelState.objects.update_or_create(channel=message.channel, account="", defaults={"seen_at": now})


def _note_failure(message: Message, failure: SendFailed, now: datetime) -> None:
    with transaction.atomic():
        row = _locked(message.pk)
        if failure.rest_until is not None:
            ChannelState.objects.update_or_create(
                channel=row.channel, account="", defaults={"paused_until": failure.rest_until}
            )
        if failure.again and row.tries < SEND_TRIES:
            code = int(failure.code) if failure.code.isdigit() else 0
            row.next_try_at = now + rules.pause(row.tries, code)
            row.error = failure.code[:40]
            row.save(update_fields=["next_try_at", "error"])
            return
        note_failed(row, failure.code, failure.detail, now)


def note_failed(row: Message, code: str, detail: str, now: datetime) -> Message | None:
    """A channel gave a message up (now, or in a status later). Remembers what that says about the address, and
    takes another way. In the caller's transaction, which holds the row; returns the message that goes instead."""
    if row.identity_id is not None and row.channel == "whatsapp" and code.isdigit():
        mine = Identity.objects.filter(conversation=row.conversation_id, channel=row.channel)
        if int(code) == rules.WINDOW_CLOSED and not row.by_link:
            mine.update(window_closed_at=now)
            return _past_the_window(row, code, detail, now)
        if int(code) in rules.UNDELIVERABLE:
            mine.update(unreachable_at=now)
    elif row.identity_id is not None and code in ("bounce", "blocked"):
        Identity.objects.filter(pk=row.identity_id).update(unreachable_at=now)
    return replying.fail(row, code, detail, now)


def _past_the_window(row: Message, code: str, detail: str, now: datetime) -> Message | None:
    """The window closed before our clock said so: the same address may still take a prepared text."""
    if not replying.step(row, "failed", now, error=code, detail=detail):
        return None
    return replying.again(row, now, keep_address=True)


def _locked(message_id: int) -> Message:
    return Message.objects.select_for_update().get(pk=message_id)


def parcel_of(message: Message) -> Parcel:
    """Everything that a channel needs to send this message. Raises FileDamaged, SealBroken."""
    link = links.address_of(message.pk)
    values: tuple[str, ...] = ()
    if message.template and message.by_link:
        prepared = wording.template(message.template)
        values = tuple(prepared.complete(message.variables.get("given", []), link))
    files = () if message.by_link else tuple(
        File(one.name, one.media_type, stored.read(one.sha256))
        for one in message.attachments.exclude(sha256="").order_by("pk")
    )  # fmt: skip
    before = Message.objects.filter(
        conversation=message.conversation_id, channel=message.channel, pk__lt=message.pk
    ).exclude(external_id="").order_by("-pk")  # fmt: skip
    thread = list(before.values_list("external_id", "subject")[:THREAD])
    subject = message.subject or next((f"Re: {said.removeprefix('Re: ')}" for _, said in thread if said), "")
    address = message.identity.address if message.identity else ""
    return Parcel(
        message.pk, message.conversation_id, address, veiling.whole(message), subject, message.conversation.language, link,
        message.template if message.by_link else "", values, files, message.reply_to, message.by_id is None,
        tuple(reversed([one for one, _ in thread])), message.text,
    )  # fmt: skip


_FILES = """
UPDATE messaging_attachment SET tries = tries + 1, next_try_at = %s
WHERE id IN (
  SELECT id FROM messaging_attachment WHERE sha256 = '' AND problem = '' AND next_try_at <= %s
  ORDER BY next_try_at LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id
"""


def fetch_files(now: datetime) -> int:
    """Fetch files that a channel still keeps: its addresses are short-lived. How many were tried."""
    claimed = sorted(row[0] for row in postgres.rows(_FILES, (now + LEASE, now, AT_ONCE)))
    for attachment_id in claimed:
        row = Attachment.objects.select_related("message").get(pk=attachment_id)
        adapter = ADAPTERS.get(row.message.channel)
        try:
            if adapter is None or adapter.fetch is None:
                raise FileRefused(row.name, "gone")
            receiving.fill(row, adapter.fetch(row.source), now)
        except FileRefused as refused:
            row.problem = refused.problem
        except SendFailed as failure:
            if not failure.again or row.tries >= SEND_TRIES:
                row.problem = "gone"
            row.next_try_at = now + rules.pause(row.tries)
        row.save()
    return len(claimed)


@dataclass(frozen=True)
class Report:
    """A status that a channel tells about one of our messages."""

    channel: str
    account: str
    external_id: str
    status: str
    at: datetime
    code: str = ""
    detail: str = ""
    ours: str = ""
    """Our own number, where the channel gives it back."""


@transaction.atomic
def note_status(report: Report, now: datetime) -> bool:
    """Note what a channel says about a message that went out. False where nobody knows the message (yet)."""
    row = (
        Message.objects.select_for_update()
        .filter(channel=report.channel, account=report.account, external_id=report.external_id)
        .first()
    )
    if row is None and report.ours.isdecimal() and len(report.ours) < 19:
        row = (
            Message.objects.select_for_update()
            .filter(pk=int(report.ours), channel=report.channel, direction="out", external_id="")
            .first()
        )
        if row is not None:
            row.external_id, row.account = report.external_id, report.account
            row.save(update_fields=["external_id", "account"])
    if row is None or row.direction != "out":
        return False
    if report.status == "failed":
        note_failed(row, report.code, report.detail, now)
    else:
        replying.step(row, report.status, report.at)
    return True
