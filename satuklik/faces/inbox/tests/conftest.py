"""The information office, people who write to it, and browsers of officers: shared with the room below."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from satuklik.spine.intake.tests.conftest import kinds as kinds
from satuklik.spine.intake.tests.conftest import office as office
from satuklik.spine.intake.tests.conftest import write as write
from tests.people import NOW


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Tuesday, 24 November 2026, ten o'clock."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def browser(office: dict[str, Any]) -> Callable[[str], Client]:
    """The browser of an officer who has logged in: `browser("lina")`."""

    def open_(name: str) -> Client:
        client = Client()
        client.force_login(office[name].user)
        return client

    return open_
