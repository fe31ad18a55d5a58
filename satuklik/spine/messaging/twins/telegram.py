"""Telegram's side: the methods of the Bot API that we call, with their documented answers and errors."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import parse_qs

LONGEST_TEXT = 4096
_METHOD = re.compile(r"/bot([^/]+)/(\w+)")
_FILE = re.compile(r"/file/bot([^/]+)/([\w./-]+)")
Answer = tuple[int, bytes, str]


class Store(Protocol):
    """What Telegram knows: updates that wait for the bot, who can be written to, files."""

    def updates(self, after: int, limit: int) -> list[dict[str, Any]]: ...
    def failing(self, chat: str) -> int: ...
    def keep(self, chat: str, text: str, at: datetime) -> int | None: ...
    def file(self, file_id: str) -> bytes | None: ...


@dataclass
class Memory:
    """A store of one process, for tests."""

    waiting: list[dict[str, Any]] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    chats: set[str] = field(default_factory=set)
    taken: list[tuple[str, str]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def updates(self, after: int, limit: int) -> list[dict[str, Any]]:
        self.waiting = [one for one in self.waiting if one["update_id"] >= after]
        return self.waiting[:limit]

    def failing(self, chat: str) -> int:
        return self.failures.get(chat, 0)

    def keep(self, chat: str, text: str, at: datetime) -> int | None:
        if chat not in self.chats:
            return None
        self.taken.append((chat, text))
        return len(self.taken)

    def file(self, file_id: str) -> bytes | None:
        return self.files.get(file_id)


@dataclass
class BotApi:
    """`answer` is what the Bot API would say."""

    store: Store
    token: str
    next_errors: list[int] = field(default_factory=list)

    def answer(self, path: str, body: bytes, content_type: str, now: datetime) -> Answer:
        """(status, body, content type) for one call."""
        path, _, query = path.partition("?")
        if found := _FILE.fullmatch(path):
            content = self.store.file(found[2]) if found[1] == self.token else None
            return (
                (200, content, "application/octet-stream")
                if content is not None
                else (404, b"", "text/plain")
            )
        call = _METHOD.fullmatch(path)
        if call is None or call[1] != self.token:
            return _error(401, "Unauthorized")
        return self._call(call[2], _fields(query, body, content_type), now)

    def _call(self, method: str, fields: Mapping[str, str], now: datetime) -> Answer:
        if method == "getMe":
            return _ok(
                {
                    "id": int(self.token.split(":")[0]),
                    "is_bot": True,
                    "first_name": "PPID",
                    "username": "ppid_bot",
                }
            )
        if method == "getUpdates":
            return _ok(self.store.updates(int(fields.get("offset") or 0), int(fields.get("limit") or 100)))
        if method == "getFile":
            file_id = fields.get("file_id", "")
            content = self.store.file(file_id)
            if content is None:
                return _error(400, "Bad Request: invalid file_id")
            return _ok(
                {
                    "file_id": file_id,
                    "file_unique_id": file_id,
                    "file_size": len(content),
                    "file_path": file_id,
                }
            )
        if method in ("sendMessage", "sendDocument"):
            return self._send(method, fields, now)
        return _error(404, "Not Found")

    def _send(self, method: str, fields: Mapping[str, str], now: datetime) -> Answer:
        chat, text = fields.get("chat_id", ""), fields.get("text") or fields.get("document") or ""
        code = self.next_errors.pop(0) if self.next_errors else self.store.failing(chat)
        if code == 429:
            return _error(429, "Too Many Requests: retry after 7", {"retry_after": 7})
        if code == 403:
            return _error(403, "Forbidden: bot was blocked by the user")
        if code:
            return _error(code, "Internal Server Error")
        if method == "sendMessage" and not text.strip():
            return _error(400, "Bad Request: message text is empty")
        if method == "sendMessage" and len(text) > LONGEST_TEXT:
            return _error(400, "Bad Request: message is too long")
        number = self.store.keep(chat, text, now)
        if number is None:
            return _error(400, "Bad Request: chat not found")
        return _ok(
            {"message_id": number, "date": int(now.timestamp()), "chat": {"id": int(chat), "type": "private"}}
        )


def message_update(
    update_id: int, chat: int, name: str, text: str, at: datetime, *, message_id: int = 0, **part: Any
) -> dict[str, Any]:
    """An update with one message of a private chat."""
    message: dict[str, Any] = {
        "message_id": message_id or update_id, "date": int(at.timestamp()),
        "from": {"id": chat, "is_bot": False, "first_name": name, "language_code": "id"},
        "chat": {"id": chat, "first_name": name, "type": "private"}, **part,
    }  # fmt: skip
    if text:
        message["text"] = text
    return {"update_id": update_id, "message": message}


def _fields(query: str, body: bytes, content_type: str) -> dict[str, str]:
    found = {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
    if "multipart/form-data" in content_type:
        mark = content_type.partition("boundary=")[2].strip('"').encode()
        for part in body.split(b"--" + mark):
            head, _, content = part.partition(b"\r\n\r\n")
            name = re.search(rb'name="([^"]+)"', head)
            file = re.search(rb'filename\*?="?([^"\r\n;]+)', head)
            if name:
                value = file[1] if file else content.removesuffix(b"\r\n")
                found[name[1].decode()] = value.decode("utf-8", "replace")
        return found
    if "json" in content_type:
        return {name: str(value) for name, value in json.loads(body or b"{}").items()}
    found |= {
        name: values[-1]
        for name, values in parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).items()
    }
    return found


def _ok(result: object) -> Answer:
    return 200, json.dumps({"ok": True, "result": result}).encode(), "application/json"


def _error(code: int, description: str, parameters: Mapping[str, int] | None = None) -> Answer:
    answer: dict[str, object] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        answer["parameters"] = parameters
    return code, json.dumps(answer).encode(), "application/json"
