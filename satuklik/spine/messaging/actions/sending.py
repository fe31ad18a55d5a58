"""What waits to go out is handed to its channel: claimed first, sent outside of any transaction, noted after.

Before each part is handed over, it is written that it is. A worker that dies in between leaves that note: what the part
became is then unsure, and nothing sends it again by itself. A channel that can tell resolves it, else an officer does.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.base.files import queries as stored
from satuklik.base.files.queries import FileDamaged
from satuklik.base.postgres import queries as postgres
from satuklik.base.sealing.errors import SealBroken
from satuklik.spine.messaging import links, rules, veiling, wording
from satuklik.spine.messaging.actions import receiving, replying, talks, waking
from satuklik.spine.messaging.adapters.registry import ADAPTERS, Adapter, File, Parcel, Sent
from satuklik.spine.messaging.errors import FileRefused, SendFailed
from satuklik.spine.messaging.models import Attachment, ChannelState, Identity, Message

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

# Longer than any one request may take: whose note of handing over is older has died.
LEASE = timedelta(minutes=3)
AT_ONCE = 20
SEND_TRIES = rules.MOST_TRIES
THREAD = 10
Clock = Callable[[], datetime]

_CLAIM = """
UPDATE messaging_message SET tries = tries + 1, next_try_at = %s
WHERE id IN (
  SELECT m.id FROM messaging_message m
  WHERE m.direction = 'out' AND m.status = 'queued' AND m.next_try_at <= %s AND m.handing_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM messaging_channelstate s WHERE s.channel = m.channel AND s.paused_until > %s)
  ORDER BY m.next_try_at, m.id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id
"""
_ABANDONED = """
SELECT id FROM messaging_message
WHERE direction = 'out' AND status = 'queued' AND next_try_at <= %s AND handing_at IS NOT NULL
ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_BEGIN = """
UPDATE messaging_message SET handing_at = %s, next_try_at = %s
WHERE id = %s AND status = 'queued' AND handing_at IS NULL RETURNING id
"""


def forget_veiled(now: datetime) -> int:
    """Delete what only the person may read of old messages. How many had such parts."""
    return Message.objects.filter(veiled__isnull=False, at__lt=now - rules.VEILED_FOR).update(veiled=None)


def send_waiting(now: datetime) -> int:
    """Hand over what is due, at most AT_ONCE messages. How many were tried, or found abandoned."""
    began = time.monotonic()

    def clock() -> datetime:  # twenty messages may take minutes: a lease counts from its own begin
        return now + timedelta(seconds=time.monotonic() - began)

    abandoned = _abandoned(now)
    claimed = sorted(row[0] for row in postgres.rows(_CLAIM, (now + LEASE, now, now, AT_ONCE)))
    for message_id in claimed:
        message = Message.objects.select_related("identity", "conversation").get(pk=message_id)
        adapter = ADAPTERS.get(message.channel)
        if adapter is None or not adapter.on() or message.identity is None:
            with transaction.atomic():
                replying.fail(_locked(message_id), "switched_off", "", now)
        elif adapter.local:
            with transaction.atomic():
                _send(adapter, message, now, clock)
        else:
            _send(adapter, message, now, clock)
    return len(claimed) + abandoned


@transaction.atomic
def _abandoned(now: datetime) -> int:
    """Messages whose worker died while it handed them over."""
    found = [row[0] for row in postgres.rows(_ABANDONED, (now, AT_ONCE))]
    for message_id in found:
        _doubt(_locked(message_id), "killed", "", now)
    return len(found)


def _doubt(row: Message, code: str, detail: str, now: datetime) -> None:
    """It may have been taken, or not. In the caller's transaction, which holds the row. Which part is meant stays
    written with the file."""
    row.handing_at, row.next_try_at = None, now
    row.save(update_fields=["handing_at", "next_try_at"])
    replying.step(row, "unsure", now, error=code, detail=detail)


def _send(adapter: Adapter, message: Message, now: datetime, clock: Clock) -> None:
    try:
        parcel = parcel_of(message)
        if adapter.send_file is not None:
            for file in parcel.files:
                if not _begin(message.pk, clock(), file=file.number):
                    return
                _note_file_sent(message.pk, file.number, adapter.send_file(parcel, file, now))
        if not _begin(message.pk, clock(), name=adapter.name_of(message.pk) if adapter.name_of else None):
            return
        sent = adapter.send(parcel, now)
    except SendFailed as failure:
        _note_failure(message, failure, now)
    except FileDamaged as damage:
        _note_failure(message, SendFailed("file", str(damage)), now)
    except SealBroken as broken:  # tried again: the vault key may come back
        _note_failure(message, SendFailed("seal", str(broken), again=True), now)
    else:
        note_sent(message.pk, sent, now)


@transaction.atomic
def _begin(message_id: int, now: datetime, *, file: int = 0, name: tuple[str, str] | None = None) -> bool:
    """Write that a part is being handed over. False when it went another way meanwhile: a status came, or somebody
    else is at it."""
    if not postgres.rows(_BEGIN, (now, now + LEASE, message_id)):
        return False
    if file:
        Attachment.objects.filter(pk=file).update(handing_at=now)
    if name is not None:
        Message.objects.filter(pk=message_id, external_id="").update(
            external_id=name[0][:250], account=name[1]
        )
    return True


@transaction.atomic
def _note_file_sent(message_id: int, file: int, sent_id: str) -> None:
    Attachment.objects.filter(pk=file).update(sent_id=sent_id[:250] or "?", handing_at=None)
    Message.objects.filter(pk=message_id).update(handing_at=None)


@transaction.atomic
def note_sent(message_id: int, sent: Sent, now: datetime) -> None:
    """The channel took the message; a status that came before this moment has told us so already."""
    message = _locked(message_id)
    if not message.external_id:
        message.external_id, message.account = sent.external_id[:250], sent.account
    message.handing_at = None
    message.save(update_fields=["external_id", "account", "handing_at"])
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
        if failure.unsure:
            _doubt(row, failure.code, failure.detail, now)
            return
        row.handing_at = None
        row.attachments.filter(sent_id="").update(handing_at=None)
        if failure.again and row.tries < SEND_TRIES:
            code = int(failure.code) if failure.code.isdigit() else 0
            row.next_try_at = now + rules.pause(row.tries, code)
            row.error = failure.code[:40]
            row.save(update_fields=["next_try_at", "error", "handing_at"])
            return
        row.save(update_fields=["handing_at"])
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
    # Files that went as messages of their own already do not go again with the next try.
    files = () if message.by_link else tuple(
        File(one.name, one.media_type, stored.read(one.sha256), one.pk)
        for one in message.attachments.filter(sent_id="").exclude(sha256="").order_by("pk")
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


@transaction.atomic
def note_file(tracker: str, external_id: str, status: str, now: datetime) -> None:
    """WhatsApp tells of a file that went as a message of its own. `tracker`: "message:attachment", ours. A file of
    which we were unsure has arrived, so the rest of its message goes on; one that failed is named as such."""
    message_id, _, number = tracker.partition(":")
    if not all(one.isdecimal() and len(one) < 19 for one in (message_id, number)):
        return
    row = Message.objects.select_for_update().filter(pk=int(message_id), direction="out").first()
    file = Attachment.objects.filter(pk=int(number), message=row).first() if row is not None else None
    if row is None or file is None:
        return
    doubtful = file.handing_at is not None and not file.sent_id
    file.sent_id, file.handing_at = file.sent_id or external_id[:250], None
    if status == "failed":
        file.problem = "not_sent"
    file.save(update_fields=["sent_id", "handing_at", "problem"])
    if doubtful and row.status == Message.Status.UNSURE:
        _queue(row, now)


@transaction.atomic
def note_answered(external_ids: Sequence[str], channel: str, now: datetime) -> None:
    """Somebody answers these messages of ours, so they arrived, whatever we knew of it."""
    rows = Message.objects.select_for_update().filter(
        channel=channel, direction="out", external_id__in=external_ids, status__in=("unsure", "queued")
    )
    for row in rows.order_by("pk"):
        replying.step(row, "delivered", now)


@transaction.atomic
def send_again(message: Message, *, by: "Official", now: datetime) -> bool:
    """An officer lets a message go once more of which nobody knows whether it arrived; it may arrive twice. False
    when it is not unsure (any more)."""
    row = _locked(message.pk)
    if row.status != Message.Status.UNSURE:
        return False
    row.attachments.filter(sent_id="").update(handing_at=None)
    row.tries = 0
    row.save(update_fields=["tries"])
    _queue(row, now)
    talks.note(row.conversation_id, "sent_again", at=now, by=by, message=row)
    return True


@transaction.atomic
def leave(message: Message, *, by: "Official", now: datetime) -> bool:
    """An officer decides that nothing is to be sent again. It stays unsure, and waits for nobody. False when nobody
    needs to decide."""
    row = _locked(message.pk)
    if row.status != Message.Status.UNSURE or row.next_try_at is None:
        return False
    row.next_try_at = None
    row.save(update_fields=["next_try_at"])
    talks.note(row.conversation_id, "left_unsure", at=now, by=by, message=row)
    return True


def _queue(row: Message, now: datetime) -> None:
    replying.step(row, "queued", now)
    Message.objects.filter(pk=row.pk).update(next_try_at=now, handing_at=None)
    waking.wake()
