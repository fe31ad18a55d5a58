"""WhatsApp's way in: who may call it, what it stores, and what the configuration lacks."""

import pytest

from satuklik.spine.messaging.models import (
    RawEvent,
)
from satuklik.spine.messaging.tests.clock import NOW
from satuklik.spine.messaging.tests.people import SITI
from satuklik.spine.messaging.twins.meta import call, text_value
from tests.meta import PHONE_ID, VERIFY


def test_meta_checks_that_we_are_we(client, db, meta):
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    answer = client.get("/hooks/whatsapp", asked)
    assert (answer.status_code, answer.content) == (200, b"1158201444")
    assert client.get("/hooks/whatsapp", asked | {"hub.verify_token": "lain"}).status_code == 403
    assert client.get("/hooks/whatsapp", asked | {"hub.mode": "x"}).status_code == 403
    assert client.get("/hooks/whatsapp").status_code == 403
    assert client.put("/hooks/whatsapp").status_code == 405


@pytest.mark.parametrize(
    "header", ["", "sha256=", "sha256=" + "0" * 64, "sha1=x", "sha256=é" + "0" * 63, "x" * 10_000]
)
def test_a_forged_signature_leaves_nothing(post, header):
    body = call(PHONE_ID, text_value(SITI, "Siti", "Halo", NOW))
    assert post(body, header=header).status_code == 401
    assert not RawEvent.objects.exists()


def test_a_signature_of_another_body_is_forged(post):
    from satuklik.spine.messaging.adapters import whatsapp

    body = call(PHONE_ID, text_value(SITI, "Siti", "Halo", NOW))
    assert post(body + b" ", header=whatsapp.signature("app-secret-of-tests", body)).status_code == 401


def test_without_an_app_secret_nobody_is_genuine(post, settings):
    settings.WHATSAPP_APP_SECRET = ""
    assert post(b"{}").status_code == 401


def test_the_hook_answers_after_one_statement(post, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert post(call(PHONE_ID, text_value(SITI, "Siti", "Halo", NOW))).status_code == 200
    assert RawEvent.objects.get().account == PHONE_ID


def test_the_database_is_away_and_meta_repeats(post, monkeypatch):
    from django.db import OperationalError

    from satuklik.spine.messaging.views import hooks

    def away(*_a, **_k):
        raise OperationalError

    monkeypatch.setattr(hooks, "store_event", away)
    answer = post(call(PHONE_ID, text_value(SITI, "Siti", "Halo", NOW)))
    assert answer.status_code == 503
    assert answer["Retry-After"]


def test_a_body_of_ten_megabytes_is_refused(post):
    assert post(b'{"x": "' + b"a" * 10_000_000 + b'"}').status_code == 413
    assert not RawEvent.objects.exists()


def test_problems_of_the_configuration(meta, settings):
    from satuklik.spine.messaging.adapters import whatsapp

    assert whatsapp.problems() == []
    settings.WHATSAPP_TOKEN = "lain"
    assert "190" in whatsapp.problems()[0]
    settings.WHATSAPP_APP_SECRET = ""
    assert "WHATSAPP_APP_SECRET" in whatsapp.problems()[0]
