"""Telegram Bot API: read by long polling, written by the plain methods of pyTelegramBotAPI.

An error's text may hold the address, and the address holds the token: only its kind is ever kept or logged.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import transaction

from satuklik.spine.messaging import rules
from satuklik.spine.messaging.actions import receiving
from satuklik.spine.messaging.actions.handling import store_event
from satuklik.spine.messaging.actions.receiving import Handed
from satuklik.spine.messaging.adapters.registry import Adapter, File, Parcel, Sent, register_adapter
from satuklik.spine.messaging.errors import FileRefused, SendFailed, Unreadable
from satuklik.spine.messaging.models import ChannelState, Identity, RawEvent

NAME = "telegram"
LONGEST_TEXT = 4096
SECONDS = 20
WANTED = ["message", "edited_message", "my_chat_member"]
AT_ONCE = 100
Part = Mapping[str, Any]


def account() -> str:
    """The bot's number, the part of the token that is no secret."""
    return settings.TELEGRAM_TOKEN.partition(":")[0]


def is_on() -> bool:
    """Whether there is a bot."""
    return bool(settings.TELEGRAM_TOKEN)


def _api() -> Any:
    from telebot import apihelper

    apihelper.API_URL = f"{settings.TELEGRAM_URL}/bot{{0}}/{{1}}"  # type: ignore[assignment]
    apihelper.CONNECT_TIMEOUT, apihelper.READ_TIMEOUT = 10, SECONDS
    return apihelper


def poll(now: datetime, *, seconds: int | None = None) -> int:
    """Wait up to `seconds` (by the settings) for updates and store them; how many were new. Raises SendFailed.

    Each update and the place where reading goes on are written together: what was not stored is asked for again.
    """
    api = _api()
    if seconds is None:
        seconds = settings.TELEGRAM_POLL_SECONDS
    state, _made = ChannelState.objects.get_or_create(channel=NAME, account=account())
    try:
        updates = api.get_updates(
            settings.TELEGRAM_TOKEN, offset=state.position + 1, limit=AT_ONCE, long_polling_timeout=seconds,
            allowed_updates=WANTED,
        )  # fmt: skip
    except Exception as error:  # noqa: BLE001 - three libraries deep; what matters is whether to ask again
        raise failure(error, now) from None
    stored = 0
    with transaction.atomic():
        last = state.position
        for update in updates:
            number = int(update["update_id"])
            body = json.dumps(update, ensure_ascii=False).encode("utf-8", "surrogatepass")
            stored += store_event(NAME, account(), body, now=now, key=str(number))
            last = max(last, number)
        ChannelState.objects.filter(pk=state.pk).update(position=last, seen_at=now)
    return stored


def handle(event: RawEvent, now: datetime) -> None:
    """One update."""
    try:
        update = json.loads(bytes(event.body).decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no JSON: {type(error).__name__}") from error
    if not isinstance(update, dict):
        raise Unreadable("no update")
    if isinstance(update.get("my_chat_member"), dict):
        _member(update["my_chat_member"], now)
        return
    edited = update.get("edited_message")
    message = edited or update.get("message")
    if not isinstance(message, dict):
        raise Unreadable("an update without a message", "not_for_us")
    sender, chat = message.get("from"), message.get("chat")
    if not isinstance(sender, dict) or not isinstance(chat, dict) or chat.get("type") != "private":
        raise Unreadable("not from one person", "not_for_us")
    external_id = f"{int(chat['id'])}:{int(message['message_id'])}"
    text, kind, files = _content(message)
    if edited:
        at = _time(message.get("edit_date"), now)
        key = f"{NAME}:{event.account}:{event.key}"
        receiving.edit(
            channel=NAME, account=event.account, external_id=external_id, text=text, at=at, key=key, now=now
        )
        return
    answered = message.get("reply_to_message")
    reply_to = f"{int(chat['id'])}:{int(answered['message_id'])}" if isinstance(answered, dict) else ""
    words = {"/start": "MULAI", "/mulai": "MULAI", "/stop": "STOP", "/berhenti": "STOP"}
    receiving.receive(
        channel=NAME, address=str(int(sender["id"])), account=event.account, external_id=external_id,
        name=" ".join(str(sender.get(part) or "") for part in ("first_name", "last_name")),
        text=words.get(text.strip().lower(), text), kind=kind, files=files, reply_to=reply_to,
        at=_time(message.get("date"), now), now=now, phone=_own_number(message, sender),
    )  # fmt: skip


def _own_number(message: Part, sender: Part) -> str:
    """A shared contact proves a number only where it is the sender's own."""
    contact = message.get("contact")
    if isinstance(contact, dict) and contact.get("user_id") == sender.get("id"):
        return rules.e164(str(contact.get("phone_number") or ""))
    return ""


def _content(message: Part) -> tuple[str, str, list[Handed]]:
    text = str(message.get("text") or message.get("caption") or "")
    photos = message.get("photo")
    if isinstance(photos, list) and photos:
        return text, "image", [_file(photos[-1], "foto.jpg", "image/jpeg")]
    for kind, name in (("document", "berkas"), ("voice", "suara.ogg"), ("video", "video.mp4"), ("audio", "audio"),
                       ("video_note", "video.mp4"), ("sticker", "stiker.webp")):  # fmt: skip
        part = message.get(kind)
        if isinstance(part, dict):
            return text, kind, [_file(part, name, "")]
    location = message.get("location")
    if isinstance(location, dict):
        return f"📍 {location.get('latitude')}, {location.get('longitude')}", "location", []
    contact = message.get("contact")
    if isinstance(contact, dict):
        return f"👤 {contact.get('first_name', '')} {contact.get('phone_number', '')}", "contact", []
    return text, "text" if text else "unsupported", []


def _file(part: Part, name: str, media_type: str) -> Handed:
    return Handed(
        str(part.get("file_name") or name), None, str(part.get("mime_type") or media_type),
        {"id": str(part.get("file_id") or ""), "size": str(part.get("file_size") or "")},
    )  # fmt: skip


def _member(change: Part, now: datetime) -> None:
    """The person stopped the bot, or started it again."""
    sender = change.get("from")
    if (change.get("chat") or {}).get("type") != "private":
        return  # whoever takes the bot out of a group can still be written to
    status = (change.get("new_chat_member") or {}).get("status")
    if isinstance(sender, dict):
        gone = now if status in ("kicked", "left") else None
        Identity.objects.filter(channel=NAME, address=str(sender.get("id"))).update(unreachable_at=gone)


def _time(seconds: object, now: datetime) -> datetime:
    if not isinstance(seconds, int) or not 0 < seconds < 10**11:
        return now
    return rules.sane_time(datetime.fromtimestamp(seconds, UTC), now)


def send(parcel: Parcel, now: datetime) -> Sent:
    """Hand the text of one message to Telegram."""
    api = _api()
    text = parcel.text or parcel.link
    if len(text) > LONGEST_TEXT:
        text = f"{text[: LONGEST_TEXT - len(parcel.link) - 10]} …\n\n{parcel.link}"
    try:
        sent = api.send_message(settings.TELEGRAM_TOKEN, parcel.address, text)
        return Sent(f"{int(sent['chat']['id'])}:{int(sent['message_id'])}", account())
    except Exception as error:  # noqa: BLE001 - see poll
        raise failure(error, now, sending=True) from None


def send_file(parcel: Parcel, file: File, now: datetime) -> str:
    """Hand one file of a message to Telegram; what Telegram calls it. Raises SendFailed."""
    try:
        made = _api().send_data(
            settings.TELEGRAM_TOKEN, parcel.address, file.content, "document", visible_file_name=file.name
        )
        return str(int(made["message_id"]))
    except Exception as error:  # noqa: BLE001 - see poll
        raise failure(error, now, sending=True) from None


def failure(error: Exception, now: datetime, *, sending: bool = False) -> SendFailed:
    """What an error of the library means for us; never its text, which may hold the token. `sending`: a line that
    broke after the request had left leaves it open whether Telegram took it."""
    answer = getattr(error, "result_json", None)
    if not isinstance(answer, dict):
        unsure = sending and not _never_left(error)
        return SendFailed("network", type(error).__name__, again=not unsure, unsure=unsure)
    code, said = int(answer.get("error_code") or 0), str(answer.get("description") or "")
    if code == 429:
        wait = (answer.get("parameters") or {}).get("retry_after", 5)
        return SendFailed("429", said, again=True, rest_until=now + timedelta(seconds=int(wait)))
    if code == 403 or "chat not found" in said or "user is deactivated" in said:
        return SendFailed("blocked", said)
    return SendFailed(str(code), said, again=code >= 500 or code == 409)


def _never_left(error: Exception) -> bool:
    """Whether no connection came about, so that nothing can have been taken."""
    from requests.exceptions import ConnectionError as Broken
    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    if isinstance(error, ConnectTimeout):
        return True
    cause = error.args[0] if isinstance(error, Broken) and error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def fetch(source: Mapping[str, str]) -> bytes:
    """The bytes of a file that Telegram keeps. Raises SendFailed, FileRefused."""
    import httpx

    size = source.get("size", "")
    if size.isdigit() and int(size) > rules.MOST_FILE:
        raise FileRefused(source.get("id", ""), "too_large")
    api = _api()
    try:
        path = str(api.get_file(settings.TELEGRAM_TOKEN, source.get("id", ""))["file_path"])
    except Exception as error:  # noqa: BLE001 - see poll
        raise failure(error, datetime.now(UTC)) from None
    address = f"{settings.TELEGRAM_URL}/file/bot{settings.TELEGRAM_TOKEN}/{quote(path)}"
    content = bytearray()
    try:
        with httpx.stream("GET", address, timeout=SECONDS) as answer:
            answer.raise_for_status()
            for chunk in answer.iter_bytes(1 << 16):
                content += chunk
                if len(content) > rules.MOST_FILE:
                    raise FileRefused(source.get("id", ""), "too_large")
    except httpx.HTTPError as error:
        raise SendFailed("network", type(error).__name__, again=True) from None
    return bytes(content)


def problems() -> list[str]:
    """What of the configuration does not work."""
    if not is_on():
        return ["Not set: TELEGRAM_TOKEN."]
    try:
        _api().get_me(settings.TELEGRAM_TOKEN)
    except Exception as error:  # noqa: BLE001 - see poll
        failed = failure(error, datetime.now(UTC))
        return [f"Telegram does not take the token: {failed.code} {failed.detail}."]
    return []


def register() -> None:
    """Make the channel known."""
    register_adapter(Adapter(NAME, is_on, send, problems, handle, fetch, send_file))
