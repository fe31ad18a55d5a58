"""Meta's side: a Graph API for messages and media, and the bodies that its webhook sends, signed."""

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

WINDOW = timedelta(hours=24)
LONGEST_TEXT = 4096
MOST_MEDIA = 100_000_000
# code: (HTTP status, title), as documented for the Cloud API
ERRORS = {
    190: (401, "Invalid OAuth access token"),
    100: (400, "Invalid parameter"),
    130429: (429, "Rate limit hit"),
    131048: (429, "Spam rate limit hit"),
    131056: (429, "(Business Account, Consumer Account) pair rate limit hit"),
    131000: (500, "Something went wrong"),
    131026: (400, "Message undeliverable"),
    131047: (400, "Re-engagement message"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
}
_MESSAGES = re.compile(r"/v[\d.]+/(\d+)/messages")
_MEDIA = re.compile(r"/v[\d.]+/(\d+)/media")
_ONE = re.compile(r"/v[\d.]+/([\w-]+)")
_BYTES = re.compile(r"/media/([\w-]+)")
Answer = tuple[int, bytes, str]
"""status, body, content type"""


class Store(Protocol):
    """What Meta knows: of each person the last message to us and what is wrong; messages and files."""

    def wrote_at(self, address: str) -> datetime | None: ...
    def failing(self, address: str) -> int: ...
    def keep(self, message: "Taken") -> None: ...
    def add_media(self, content: bytes, media_type: str) -> str: ...
    def media(self, media_id: str) -> tuple[bytes, str] | None: ...


@dataclass(frozen=True)
class Taken:
    """A message that the Graph API took."""

    wamid: str
    address: str
    kind: str
    text: str
    tracker: str
    body: Mapping[str, Any]


@dataclass
class Memory:
    """A store of one process, for tests."""

    written: dict[str, datetime] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)

    def wrote_at(self, address: str) -> datetime | None:
        return self.written.get(address)

    def failing(self, address: str) -> int:
        return self.failures.get(address, 0)

    def keep(self, message: Taken) -> None:
        self.taken.append(message)

    def add_media(self, content: bytes, media_type: str) -> str:
        media_id = secrets.token_hex(8)
        self.files[media_id] = (content, media_type)
        return media_id

    def media(self, media_id: str) -> tuple[bytes, str] | None:
        return self.files.get(media_id)


@dataclass
class Graph:
    """`answer` is what the Graph API would say. `base`: the address under which it is reached."""

    store: Store
    phone_id: str
    token: str
    base: str
    templates: Mapping[str, tuple[Sequence[str], int]]
    """name → (languages, how many variables)"""
    now: Callable[[], datetime]
    next_errors: list[int] = field(default_factory=list)
    """Codes that the next messages get, whoever they are for."""

    def answer(self, method: str, path: str, authorization: str, body: bytes, content_type: str) -> Answer:
        """(status, body, content type) for one call."""
        if authorization != f"Bearer {self.token}":
            return _error(190)
        path = path.partition("?")[0]
        if method == "POST" and (found := _MESSAGES.fullmatch(path)):
            return self._message(body) if found[1] == self.phone_id else _error(100, "Unknown phone number")
        if method == "POST" and _MEDIA.fullmatch(path):
            return self._upload(body, content_type)
        if method == "GET" and (found := _BYTES.fullmatch(path)):
            kept = self.store.media(found[1])
            return (200, *kept) if kept else _error(100, "Media not found")
        if method == "GET" and (found := _ONE.fullmatch(path)):
            return self._about(found[1])
        return _error(100, f"Unknown path {path}")

    def _about(self, name: str) -> Answer:
        if name == self.phone_id:
            return _ok({"id": name, "display_phone_number": "+62 800 000 000", "quality_rating": "GREEN"})
        kept = self.store.media(name)
        if kept is None:
            return _error(100, "Media not found")
        content, media_type = kept
        return _ok({
            "messaging_product": "whatsapp", "id": name, "url": f"{self.base}/media/{name}", "mime_type": media_type,
            "sha256": hashlib.sha256(content).hexdigest(), "file_size": len(content),
        })  # fmt: skip

    def _upload(self, body: bytes, content_type: str) -> Answer:
        mark = content_type.partition("boundary=")[2].strip('"').encode()
        for part in body.split(b"--" + mark) if mark else ():
            head, _, content = part.partition(b"\r\n\r\n")
            if b'name="file"' in head:
                found = re.search(rb"(?i)content-type:\s*([\w.+/-]+)", head)
                if len(content) > MOST_MEDIA:
                    return _error(100, "Media too large")
                kind = found[1].decode() if found else "application/octet-stream"
                return _ok({"id": self.store.add_media(content.removesuffix(b"\r\n"), kind)})
        return _error(100, "(#100) Param file must be uploaded as multipart/form-data.")

    def _message(self, body: bytes) -> Answer:
        try:
            call = json.loads(body)
        except ValueError:
            return _error(100, "Invalid JSON")
        address = str(call.get("to") or call.get("recipient") or "")
        kind = call.get("type")
        if call.get("messaging_product") != "whatsapp" or not address or kind not in call:
            return _error(100)
        code = self.next_errors.pop(0) if self.next_errors else self.store.failing(address)
        if code:
            return _error(code)
        refused = self._template(call["template"]) if kind == "template" else self._free(address, call)
        if refused:
            return _error(refused)
        part = call[kind]
        wamid = f"wamid.{secrets.token_urlsafe(24)}"
        self.store.keep(
            Taken(wamid, address, kind, _words(kind, part), call.get("biz_opaque_callback_data", ""), call)
        )
        contact = (
            {"input": address, "wa_id": address}
            if address.isdigit()
            else {"input": address, "user_id": address}
        )
        return _ok({
            "messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": wamid}],
        })  # fmt: skip

    def _template(self, part: Mapping[str, Any]) -> int:
        known = self.templates.get(part.get("name", ""))
        if known is None or part.get("language", {}).get("code") not in known[0]:
            return 132001
        values = [one for component in part.get("components", []) if component.get("type") == "body"
                  for one in component.get("parameters", [])]  # fmt: skip
        if len(values) != known[1] or not all(one.get("text") for one in values):
            return 132000
        return 0

    def _free(self, address: str, call: Mapping[str, Any]) -> int:
        wrote_at = self.store.wrote_at(address)
        if wrote_at is None or self.now() - wrote_at >= WINDOW:
            return 131047
        if call["type"] == "text" and not 1 <= len(call["text"].get("body", "")) <= LONGEST_TEXT:
            return 100
        return 0


def _words(kind: str, part: Mapping[str, Any]) -> str:
    if kind == "text":
        return str(part["body"])
    if kind == "template":
        values = [one["text"] for component in part.get("components", []) for one in component["parameters"]]
        return f"[{part['name']}] " + " · ".join(values)
    return str(part.get("filename") or part.get("caption") or kind)


def _ok(answer: Mapping[str, Any]) -> Answer:
    return 200, json.dumps(answer).encode(), "application/json"


def _error(code: int, detail: str = "") -> Answer:
    status, title = ERRORS.get(code, (400, "Error"))
    error = {
        "message": f"(#{code}) {title}", "type": "OAuthException", "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": detail or title}, "fbtrace_id": secrets.token_hex(6),
    }  # fmt: skip
    return status, json.dumps({"error": error}).encode(), "application/json"


def call(phone_id: str, *values: Mapping[str, Any], waba: str = "102290129340398") -> bytes:
    """The body of a webhook call with one change for each value."""
    meta = {"display_phone_number": "62800000000", "phone_number_id": phone_id}
    changes = [
        {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": meta, **value}}
        for value in values
    ]
    whole = {"object": "whatsapp_business_account", "entry": [{"id": waba, "changes": changes}]}
    return json.dumps(whole, ensure_ascii=False).encode("utf-8", "surrogatepass")


def text_value(
    wa_id: str, name: str, text: str, at: datetime, *, wamid: str = "", user_id: str = "", answers: str = ""
) -> dict[str, Any]:
    """The value of one text message."""
    return message_value(
        wa_id,
        name,
        {"type": "text", "text": {"body": text}},
        at,
        wamid=wamid,
        user_id=user_id,
        answers=answers,
    )


def message_value(
    wa_id: str,
    name: str,
    part: Mapping[str, Any],
    at: datetime,
    *,
    wamid: str = "",
    user_id: str = "",
    answers: str = "",
) -> dict[str, Any]:
    """The value of one message of any type."""
    contact: dict[str, Any] = {"profile": {"name": name}}
    message: dict[str, Any] = {
        "from": wa_id or user_id, "id": wamid or f"wamid.{secrets.token_urlsafe(24)}",
        "timestamp": str(int(at.timestamp())), **part,
    }  # fmt: skip
    if wa_id:
        contact["wa_id"] = wa_id
    if user_id:
        contact["user_id"] = message["from_user_id"] = user_id
    if answers:
        message["context"] = {"from": "62800000000", "id": answers}
    return {"contacts": [contact], "messages": [message]}


def media_part(
    kind: str, media_id: str, content: bytes, media_type: str, *, name: str = "", caption: str = ""
) -> dict[str, Any]:
    """The part of a message that names a file, its hash in Base64 as in webhooks."""
    part = {
        "id": media_id,
        "mime_type": media_type,
        "sha256": base64.b64encode(hashlib.sha256(content).digest()).decode(),
    }
    if name:
        part["filename"] = name
    if caption:
        part["caption"] = caption
    return {"type": kind, kind: part}


def status_value(
    wamid: str, status: str, wa_id: str, at: datetime, *, code: int = 0, tracker: str = ""
) -> dict[str, Any]:
    """The value of one status."""
    one: dict[str, Any] = {
        "id": wamid, "status": status, "timestamp": str(int(at.timestamp())), "recipient_id": wa_id,
    }  # fmt: skip
    if tracker:
        one["biz_opaque_callback_data"] = tracker
    if code:
        title = ERRORS.get(code, (400, "Error"))[1]
        one["errors"] = [{"code": code, "title": title, "message": title, "error_data": {"details": title}}]
    return {"statuses": [one]}
