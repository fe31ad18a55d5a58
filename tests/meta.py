"""A Graph API on a port of this machine: documented shapes, limits and errors, for every room's tests."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from satuklik.spine.messaging import wording
from satuklik.spine.messaging.twins.meta import Graph, Memory

PHONE_ID, TOKEN = "100000000000001", "token-of-tests"
SECRET, VERIFY = "app-secret-of-tests", "verify-token-of-tests"


class FakeMeta:
    """The running server. `graph.next_errors`, `memory.failures`, `memory.taken`; `clock` is Meta's time.

    A message that was taken gets no answer before `hold` is set (`reached` tells that one was); or never one, where
    `break_off` is "closed" or "slow".
    """

    def __init__(self) -> None:
        self.hold: threading.Event | None = None
        self.reached = threading.Event()
        self.break_off = ""
        self.memory = Memory()
        self.clock: datetime | None = None
        known = {name: (tuple(one.texts), len(one.variables)) for name, one in wording.templates().items()}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.graph = Graph(
            self.memory, PHONE_ID, TOKEN, self.url, known, lambda: self.clock or datetime.now(UTC)
        )
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, content, kind = fake.graph.answer(
                    self.command, self.path, self.headers.get("Authorization", ""), body,
                    self.headers.get("Content-Type", ""),
                )  # fmt: skip
                if self.path.endswith("/messages") and not fake.answers():
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET

            def log_message(self, format: str, *args: Any) -> None:
                """Silence."""

        return Handler

    def answers(self) -> bool:
        """Whether the far side hears that its message was taken."""
        self.reached.set()
        if self.hold is not None:
            self.hold.wait(60)
            return False
        if self.break_off == "slow":
            time.sleep(1)
        return not self.break_off

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def meta(settings: Any) -> Iterator[FakeMeta]:
    """Meta, reached by this test's settings."""
    fake = FakeMeta()
    settings.WHATSAPP_URL, settings.WHATSAPP_TOKEN = fake.url, TOKEN
    settings.WHATSAPP_PHONE_NUMBER_ID = PHONE_ID
    settings.WHATSAPP_APP_SECRET, settings.WHATSAPP_VERIFY_TOKEN = SECRET, VERIFY
    yield fake
    fake.stop()
