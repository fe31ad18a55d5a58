"""A Bot API on a port of this machine, for every room's tests."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from satuklik.spine.messaging.twins.telegram import BotApi, Memory

BOT_TOKEN = "100001:token-of-tests"


class FakeTelegram:
    """The running server. `memory.waiting` are updates for the bot, `memory.taken` what it sent."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.bot = BotApi(self.memory, BOT_TOKEN)
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                kind = self.headers.get("Content-Type", "")
                status, content, made = fake.bot.answer(self.path, body, kind, datetime.now(UTC))
                self.send_response(status)
                self.send_header("Content-Type", made)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET

            def log_message(self, format: str, *args: Any) -> None:
                """Silence."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def telegram(settings: Any) -> Iterator[FakeTelegram]:
    """Telegram, reached by this test's settings."""
    fake = FakeTelegram()
    settings.TELEGRAM_URL, settings.TELEGRAM_TOKEN = fake.url, BOT_TOKEN
    yield fake
    fake.stop()
