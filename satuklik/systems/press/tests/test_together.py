"""A question whose form is sent several times at one moment is one question."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from satuklik.systems.press.models import Enquiry
from satuklik.systems.press.tests.conftest import make_press
from satuklik.systems.press.tests.test_pages import ASKED


@pytest.mark.django_db(transaction=True)
def test_one_form_is_one_question(settings: Any, tmp_path: Path) -> None:
    make_press(settings, tmp_path)
    start, answers = threading.Barrier(4), []

    def send() -> None:
        start.wait()
        try:
            answers.append(Client().post("/pers/tanya/", ASKED | {"nonce": "w" * 24}))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.status_code for one in answers] == [302] * 4
    assert len({one["Location"] for one in answers}) == 1
    assert Enquiry.objects.count() == 1
    assert Client().get(answers[3]["Location"]).status_code == 200
