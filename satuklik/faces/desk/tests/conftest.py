"""Officials at their desks: their browsers, and cases that wait for them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.people import NOW

USAHA = "surat-keterangan-usaha"
ANSWERS = {
    "business_name": "Warung Sari",
    "business_kind": "kuliner",
    "business_place": "Jl. Cokroaminoto No. 12",
    "since": "2024-01-15",
    "purpose": "kur",
}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Tuesday, 24 November 2026, ten o'clock."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def browser() -> Callable[[Any], Client]:
    """The browser of an official who has logged in."""

    def open_(official: Any) -> Client:
        client = Client()
        client.force_login(official.user)
        return client

    return open_


@pytest.fixture
def apply(services: None) -> Callable[..., Any]:
    """Somebody applies for a business letter: the case waits for an official."""
    # Imported here: pytest reads this file before the database is up.
    from satuklik.spine.cases import actions
    from satuklik.spine.cases.actions.submitting import Applicant
    from satuklik.spine.cases.attachments import Upload

    numbers = iter(range(1, 10_000))

    def submit(
        person: Any,
        *,
        answers: dict[str, object] | None = None,
        photo: bytes | None = None,
        now: datetime = NOW,
        name: str = "warung.png",
    ) -> Any:
        given = {**ANSWERS, "business_name": f"Warung {next(numbers)}", **(answers or {})}
        uploads = {"photo": Upload(name, photo)} if photo else {}
        receipt = actions.submit(
            USAHA, person_id=person.pk, answers=given, uploads=uploads,
            by=Applicant(person.user.pk, 2, "portal"), key=f"k{next(numbers)}", language="id", now=now,
        )  # fmt: skip
        return receipt.case

    return submit
