"""WhatsApp Business Cloud API: what Meta's webhook says, and sending through pywa.

Inbound is read by ourselves (every array may hold several; any order; anything may come twice); pywa is loaded only
where something is sent, in the worker.
"""

import base64
import binascii
import hashlib
import hmac
import json
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from satuklik.spine.messaging import rules
from satuklik.spine.messaging.actions import receiving, sending
from satuklik.spine.messaging.actions.receiving import Handed
from satuklik.spine.messaging.adapters.registry import Adapter, File, Parcel, Sent, register_adapter
from satuklik.spine.messaging.errors import FileRefused, NotYet, SendFailed, Unreadable
from satuklik.spine.messaging.models import RawEvent

NAME = "whatsapp"
SIGNATURE = "X-Hub-Signature-256"
MEDIA = ("image", "document", "audio", "video", "sticker")
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
LONGEST_TEXT = 4096  # characters of a text message
LONGEST_CAPTION = 1024
SECONDS = 20.0
TRACKER, FILE_TRACKER = "satuklik:", "satuklik-file:"
VERSION = 23.0
Part = Mapping[str, Any]


def signature(secret: str, body: bytes) -> str:
    """What Meta puts into the header for this body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_genuine(body: bytes, header: str) -> bool:
    """Whether the signature is that of the raw bytes under our app secret; compared in constant time."""
    secret = settings.WHATSAPP_APP_SECRET
    return bool(secret) and hmac.compare_digest(
        signature(secret, body).encode(), header.encode("utf-8", "replace")
    )


def account_of(body: bytes) -> str:
    """The `phone_number_id` that a call is for, by a look at the bytes; "" where there is none."""
    _, found, rest = body.partition(b'"phone_number_id"')
    if not found:
        return ""
    value = rest[:60].lstrip(b" \t\r\n:").lstrip(b'"').partition(b'"')[0]
    return value.decode("ascii", "ignore")[:32]


def handle(event: RawEvent, now: datetime) -> None:
    """Everything in one call of the webhook. Parts that are done stay done when another must wait."""
    waits: list[str] = []
    for field, value in _changes(event):
        if field == "messages" or "messages" in value or "statuses" in value:
            _value(value, now, waits)
    if waits:
        raise NotYet("; ".join(waits)[:400])


def _changes(event: RawEvent) -> Iterator[tuple[str, Part]]:
    try:
        call = json.loads(bytes(event.body))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no JSON: {type(error).__name__}") from error
    if not isinstance(call, dict) or call.get("object") != "whatsapp_business_account":
        raise Unreadable("no call of a WhatsApp Business account")
    for entry in _list(call, "entry"):
        for change in _list(entry, "changes"):
            value = change.get("value")
            if not isinstance(value, dict):
                raise Unreadable("a change without value")
            yield str(change.get("field", "")), value


def _list(part: Part, name: str) -> list[Part]:
    found = part.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Unreadable(f"{name} is no list of objects")
    return found


def _part(part: Part, name: str) -> Part:
    found = part.get(name) or {}
    if not isinstance(found, dict):
        raise Unreadable(f"{name} is no object")
    return found


def _text(part: Part, name: str) -> str:
    found = part.get(name)
    return "" if found is None else str(found)


def _value(value: Part, now: datetime, waits: list[str]) -> None:
    account = _text(_part(value, "metadata"), "phone_number_id")
    contacts = _list(value, "contacts")
    messages = _list(value, "messages")
    for message in messages:
        try:
            _message(message, contacts, account, now)
        except NotYet as reason:
            waits.append(str(reason))
    for status in _list(value, "statuses"):
        try:
            _status(status, account, now)
        except NotYet as reason:
            waits.append(str(reason))


def _message(message: Part, contacts: list[Part], account: str, now: datetime) -> None:
    kind, external_id, at = _text(message, "type"), _text(message, "id"), _time(message, now)
    if not external_id or len(external_id) > 250 or "\x00" in external_id:
        raise Unreadable("a message without id")
    if kind == "system":
        _system(message, external_id, at, now)
        return
    if kind in ("edit", "revoke"):
        part = _part(message, kind)
        text = _content(_part(part, "message"))[0] if kind == "edit" else None
        receiving.edit(
            channel=NAME, account=account, external_id=_text(part, "original_message_id"), text=text, at=at,
            key=f"{NAME}:{account}:{external_id}", now=now,
        )  # fmt: skip
        return
    contact = _contact(message, contacts)
    number, user_id = _text(message, "from") or _text(contact, "wa_id"), ""
    user_id = _text(message, "from_user_id") or _text(contact, "user_id")
    if rules.is_bsuid(number):
        number, user_id = "", user_id or number
    addresses = [one for one in (user_id, number.lstrip("+")) if one]
    if not addresses or any(len(one) > 150 or "\x00" in one for one in addresses):
        raise Unreadable("a message from nobody")
    text, files = _content(message)
    if kind == "reaction":
        receiving.react(
            channel=NAME, account=account, external_id=_text(_part(message, kind), "message_id"), emoji=text, at=at,
            key=f"{NAME}:{account}:{external_id}",
        )  # fmt: skip
        return
    context = _part(message, "context")
    receiving.receive(
        channel=NAME, address=addresses[0], also=addresses[1:], account=account, external_id=external_id,
        name=_text(_part(contact, "profile"), "name"), text=text, files=files, at=at, now=now,
        kind=(kind or "unsupported")[:16], reply_to=rules.clean(_text(context, "id")),
        phone=rules.e164(number) if number else "",
    )  # fmt: skip


def _contact(message: Part, contacts: list[Part]) -> Part:
    """The contact that a message is from: `contacts` holds one for each person of the call."""
    sender, user_id = _text(message, "from"), _text(message, "from_user_id")
    for contact in contacts:
        known = {_text(contact, "wa_id"), _text(contact, "user_id")} - {""}
        if sender in known or user_id in known:
            return contact
    return contacts[0] if len(contacts) == 1 and not _text(contacts[0], "wa_id") else {}


def _content(message: Part) -> tuple[str, list[Handed]]:
    """The words of a message of any kind, and its file."""
    kind = _text(message, "type")
    part = _part(message, kind) if isinstance(message.get(kind), dict) else {}
    if kind == "text":
        return _text(part, "body"), []
    if kind in MEDIA:
        name = (
            _text(part, "filename")
            or f"{kind}.{_text(part, 'mime_type').partition(';')[0].rpartition('/')[2]}"
        )
        source = {key: _text(part, key) for key in ("id", "sha256", "url") if part.get(key)}
        return _text(part, "caption"), [Handed(name, None, _text(part, "mime_type"), source)]
    if kind == "location":
        place = " ".join(filter(None, (_text(part, "name"), _text(part, "address"))))
        return f"📍 {_text(part, 'latitude')}, {_text(part, 'longitude')} {place}".strip(), []
    if kind == "reaction":
        return _text(part, "emoji"), []
    if kind == "button":
        return _text(part, "text"), []
    if kind == "interactive":
        chosen = _part(part, _text(part, "type"))
        return _text(chosen, "title") or _text(chosen, "response_json"), []
    if kind == "contacts":
        people_sent = message.get("contacts")
        names = [_text(_part(one, "name"), "formatted_name") for one in people_sent if isinstance(one, dict)] if (
            isinstance(people_sent, list)
        ) else []  # fmt: skip
        return "👤 " + ", ".join(filter(None, names)), []
    return "", []


def _time(part: Part, now: datetime) -> datetime:
    seconds = _text(part, "timestamp")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 11):
        return now
    return rules.sane_time(datetime.fromtimestamp(int(seconds), UTC), now)


def _system(message: Part, external_id: str, at: datetime, now: datetime) -> None:
    """A person changed the number or the user id. Other system events change nothing that we keep."""
    system = _part(message, "system")
    if _text(system, "type") not in (
        "user_changed_number",
        "customer_changed_number",
        "user_changed_user_id",
    ):
        return
    old = [_text(message, "from"), _text(system, "customer"), _text(message, "from_user_id")]
    new = [_text(system, "user_id"), _text(system, "wa_id") or _text(system, "new_wa_id")]
    gone, here = [one for one in dict.fromkeys(old) if one], [one for one in new if one]
    if not gone or not here:
        raise Unreadable("a change of number without numbers")
    receiving.change_number(old=gone, new=here, at=at, key=f"{NAME}:{external_id}", now=now)


def _status(status: Part, account: str, now: datetime) -> None:
    word = STATUSES.get(_text(status, "status"))
    external_id, tracker = _text(status, "id"), _text(status, "biz_opaque_callback_data")
    if word is None or not external_id:
        return
    errors = _list(status, "errors")
    if tracker.startswith(FILE_TRACKER):
        sending.note_file(tracker.removeprefix(FILE_TRACKER), external_id, word, now)
        return
    known = sending.note_status(
        sending.Report(
            NAME, account, external_id, word, _time(status, now), _text(errors[0], "code") if errors else "",
            _text(errors[0], "title") if errors else "", tracker.removeprefix(TRACKER),
        ), now,
    )  # fmt: skip
    ours = settings.WHATSAPP_PHONE_NUMBER_ID
    if not known and (not ours or account in ("", ours)):  # another number's are not our business
        raise NotYet(f"status {word} of a message that we do not know (yet)")


class _Client(threading.local):
    """pywa's client, one a thread, made anew where the settings changed."""

    key: tuple[str, ...] = ()
    made: Any = None


_client = _Client()


def client() -> Any:
    """pywa's client for our number and our base address."""
    key = (settings.WHATSAPP_PHONE_NUMBER_ID, settings.WHATSAPP_TOKEN, settings.WHATSAPP_URL)
    if _client.key != key:
        import httpx
        from pywa import WhatsApp

        # Its advice to bring a client of one's own (this is one) would stand in the log for every line that breaks;
        # what broke is kept with the message.
        logging.getLogger("pywa.api").setLevel(logging.ERROR)
        session = httpx.Client(timeout=SECONDS, follow_redirects=False)
        _client.made = WhatsApp(key[0], key[1], session=session, api_version=VERSION)
        session.base_url = httpx.URL(f"{settings.WHATSAPP_URL}/v{VERSION}")
        _client.key = key
    return _client.made


def send(parcel: Parcel, now: datetime) -> Sent:
    """Hand the text of one message to Meta. Raises SendFailed."""
    with _sending(now):
        return _send(client(), parcel)


def send_file(parcel: Parcel, file: File, now: datetime) -> str:
    """Hand one file to Meta as a message of its own; its wamid. Raises SendFailed."""
    with _sending(now):
        sent = client().send_document(
            to=parcel.address, document=file.content, filename=file.name, mime_type=file.media_type,
            tracker=f"{FILE_TRACKER}{parcel.message_id}:{file.number}",
        )  # fmt: skip
        return str(sent.id)


@contextmanager
def _sending(now: datetime) -> Iterator[None]:
    """Errors on the way as SendFailed. A line that broke after the request had left, or an answer of another shape
    than the documented one, leaves it open whether Meta took the message."""
    import httpx
    from pywa.errors import WhatsAppError

    try:
        yield
    except WhatsAppError as error:
        raise _failure(error, now) from error
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise SendFailed("network", type(error).__name__, again=True) from error
    except httpx.RequestError as error:
        # A file is put into Meta's store first: that is no message yet.
        unsure = not str(error.request.url.path).endswith("/media")
        raise SendFailed("network", type(error).__name__, again=not unsure, unsure=unsure) from error
    except (KeyError, ValueError, TypeError) as error:
        raise SendFailed("answer", type(error).__name__, unsure=True) from error


def _send(wa: Any, parcel: Parcel) -> Sent:
    account = settings.WHATSAPP_PHONE_NUMBER_ID
    tracker = f"{TRACKER}{parcel.message_id}"
    if parcel.template:
        sent = wa.api.send_message(
            sender=account, **_to(parcel.address), recipient_type="individual", typ="template",
            msg={
                "name": parcel.template, "language": {"code": parcel.language if parcel.language in ("id", "en") else "id"},
                "components": [
                    {"type": "body", "parameters": [{"type": "text", "text": value} for value in parcel.values]}
                ],
            },
            biz_opaque_callback_data=tracker,
        )  # fmt: skip
        return Sent(sent["messages"][0]["id"], account)
    text = parcel.text
    if len(text) > LONGEST_TEXT:
        text = f"{text[: LONGEST_TEXT - len(parcel.link) - 10]} …\n\n{parcel.link}"
    found = wa.send_message(
        to=parcel.address,
        text=text or parcel.link,
        reply_to_message_id=parcel.reply_to or None,
        tracker=tracker,
    )
    return Sent(str(found.id), account)


def _to(address: str) -> dict[str, str | None]:
    if rules.is_bsuid(address):
        return {"to": None, "recipient": address}
    return {"to": address, "recipient": None}


def _failure(error: Any, now: datetime) -> SendFailed:
    code = int(error.code)
    status = error.status_code or 0
    again = code in rules.PATIENCE or status == 429
    if status >= 500 and not again:  # of a machine before Meta's own: what stands behind it may have taken it
        return SendFailed(str(code), str(error.message), unsure=True)
    rest = now + rules.pause(4, code) if code in rules.ACCOUNT_WIDE else None
    return SendFailed(str(code), str(error.message), again=again, rest_until=rest)


def fetch(source: Mapping[str, str]) -> bytes:
    """The bytes of a file that Meta keeps for a few minutes, its hash compared with the one that the message named."""
    import httpx
    from pywa.errors import WhatsAppError

    wa = client()
    try:
        about = wa.api.get_media_url(source.get("id", ""))
        address = str(about["url"])
        if not _is_metas(address):
            raise FileRefused(source.get("id", ""), "gone")
        content = bytearray()
        with wa.api.stream_media_bytes(media_url=address) as answer:
            answer.raise_for_status()
            for chunk in answer.iter_bytes(1 << 16):
                content += chunk
                if len(content) > rules.MOST_FILE:
                    raise FileRefused(source.get("id", ""), "too_large")
    except WhatsAppError as error:
        raise SendFailed(str(error.code), again=(error.status_code or 500) != 400) from error
    except (httpx.HTTPError, KeyError, ValueError) as error:
        raise SendFailed("network", type(error).__name__, again=True) from error
    _compare(bytes(content), source.get("sha256") or str(about.get("sha256") or ""))
    return bytes(content)


def _is_metas(address: str) -> bool:
    """Our token goes to Meta only: https at one of its hosts, or the very server that the settings name."""
    parts, ours = urlsplit(address), urlsplit(settings.WHATSAPP_URL)
    if parts.netloc == ours.netloc:
        return True
    host = parts.hostname or ""
    return parts.scheme == "https" and host.endswith(
        (".fbsbx.com", ".facebook.com", ".whatsapp.net", ".fbcdn.net")
    )


def _compare(content: bytes, claimed: str) -> None:
    """Meta writes the hash as Base64 in messages and as hexadecimal digits elsewhere."""
    if not claimed:
        return
    digest = hashlib.sha256(content).digest()
    try:
        wanted = bytes.fromhex(claimed) if len(claimed) == 64 else base64.b64decode(claimed, validate=True)
    except (ValueError, binascii.Error):
        wanted = b""
    if not hmac.compare_digest(digest, wanted):
        raise FileRefused("", "changed")


def problems() -> list[str]:
    """What of the configuration does not work."""
    import httpx
    from pywa.errors import WhatsAppError

    wanted = ("WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_PHONE_NUMBER_ID", "WHATSAPP_TOKEN")
    missing = [name for name in wanted if not getattr(settings, name)]
    if missing:
        return [f"Not set: {', '.join(missing)}."]
    try:
        client().api.get_business_phone_number(
            phone_id=settings.WHATSAPP_PHONE_NUMBER_ID, fields=("display_phone_number", "quality_rating")
        )
    except WhatsAppError as error:
        return [f"Meta refuses the number or the token: {error.code} {error.message}"]
    except httpx.HTTPError as error:
        return [f"{settings.WHATSAPP_URL} does not answer: {type(error).__name__}."]
    return []


def is_on() -> bool:
    """Whether messages can be sent."""
    return bool(settings.WHATSAPP_TOKEN and settings.WHATSAPP_PHONE_NUMBER_ID)


def register() -> None:
    """Make the channel known."""
    register_adapter(Adapter(NAME, is_on, send, problems, handle, fetch, send_file))
