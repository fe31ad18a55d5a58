"""People who write, and the far sides that carry their words."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from satuklik.spine.messaging import registry
from satuklik.spine.messaging.actions import working
from satuklik.spine.messaging.adapters import whatsapp
from satuklik.spine.messaging.tests.clock import NOW
from satuklik.spine.messaging.tests.people import SITI, only
from satuklik.spine.messaging.twins.meta import call, text_value
from satuklik.spine.messaging.views import hooks
from tests.meta import PHONE_ID

SECRET = "app-secret-of-tests"


@pytest.fixture(autouse=True)
def alone(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only this room: no listeners of others, files in a folder of the test's own, no channel switched on."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.WHATSAPP_TOKEN = settings.TELEGRAM_TOKEN = settings.MESSAGING_MAIL = ""
    settings.WHATSAPP_PHONE_NUMBER_ID = ""
    settings.WHATSAPP_APP_SECRET = SECRET
    monkeypatch.setattr(registry, "LISTENERS", {})


@pytest.fixture
def post(db: None, client: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Send a body to the hook, signed unless told otherwise; it arrives when its last message was written."""
    clock = SimpleNamespace(now=lambda: NOW)
    monkeypatch.setattr(hooks, "timezone", clock)

    def send(body: bytes | dict[str, Any], *, header: str | None = None) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        said = [int(one) for one in re.findall(rb'"timestamp": "(1[78]\d{8})"', raw)]
        at = max([NOW, *(datetime.fromtimestamp(one, UTC) for one in said)])
        clock.now = lambda: at if at < NOW + timedelta(days=1) else NOW
        mark = whatsapp.signature(SECRET, raw) if header is None else header
        return client.post(
            "/hooks/whatsapp", raw, content_type="application/json", headers={"X-Hub-Signature-256": mark}
        )

    return send


@pytest.fixture
def work(db: None) -> Callable[..., int]:
    """Let the worker do what waits, round after round."""

    def rounds(now: datetime = NOW, most: int = 30) -> int:
        done = 0
        for _round in range(most):
            found = working.work(now)
            done += found
            if not found:
                break
        return done

    return rounds


@pytest.fixture
def siti(post, work, meta):
    """Siti has just written."""
    post(call(PHONE_ID, text_value(SITI, "Siti", "Halo", NOW, wamid="wamid.1")))
    meta.clock, meta.memory.written[SITI] = NOW, NOW
    work()
    return only()
