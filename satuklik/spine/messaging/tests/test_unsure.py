"""Between handing over and noting it: what a dead worker or a broken line leaves is unsure, never doubled, never lost."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from satuklik.base.files.actions import store
from satuklik.spine.messaging import actions, queries
from satuklik.spine.messaging.actions import sending
from satuklik.spine.messaging.models import Attachment, Conversation, ConversationEvent, Identity, Message
from satuklik.spine.messaging.tests.clock import NOW
from satuklik.spine.messaging.tests.people import HOUR, MX, PNG, SITI, letter, take
from satuklik.spine.messaging.twins.meta import call, status_value
from tests.mailserver import BOX
from tests.meta import PHONE_ID

LATER = NOW + timedelta(minutes=4)


def the_worker(settings: Any, meta: Any) -> subprocess.Popen[bytes]:
    """The real one, in a process of its own, on the database of this test."""
    known = connection.settings_dict
    environment = os.environ | {
        "DATABASE_URL": f"host={known['HOST']} user={known['USER']} dbname={known['NAME']}",
        "WHATSAPP_URL": meta.url, "WHATSAPP_TOKEN": settings.WHATSAPP_TOKEN, "WHATSAPP_PHONE_NUMBER_ID": PHONE_ID,
        "WHATSAPP_APP_SECRET": settings.WHATSAPP_APP_SECRET, "TELEGRAM_TOKEN": "", "MESSAGING_MAIL": "",
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-m", "satuklik.cli", "worker"], env=environment)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_handing_over_and_noting_it(meta, settings, work):
    now = datetime.now(UTC)
    conversation = actions.open_conversation(name="Siti", phone=f"+{SITI}", now=now)
    Identity.objects.filter(conversation=conversation).update(last_inbound_at=now, verified=True)
    meta.memory.written[SITI] = now
    meta.hold = threading.Event()
    message = actions.reply(conversation, "Jawaban.", now=now)
    worker = the_worker(settings, meta)
    try:
        assert meta.reached.wait(60), "the worker handed nothing over"
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait(10)
    finally:
        worker.kill()
        meta.hold.set()
    message.refresh_from_db()
    assert (message.status, message.external_id) == ("queued", "")
    assert message.handing_at is not None
    (taken,) = meta.memory.taken
    work(datetime.now(UTC) + timedelta(minutes=4))  # the next worker
    message.refresh_from_db()
    assert (message.status, message.error, len(meta.memory.taken)) == ("unsure", "killed", 1)
    assert queries.unsure() == [message]
    # Meta gives our own number back: the message has arrived.
    value = status_value(taken.wamid, "delivered", SITI, now, tracker=taken.tracker)
    actions.handling.store_event("whatsapp", PHONE_ID, call(PHONE_ID, value), now=now)
    work(datetime.now(UTC) + timedelta(minutes=5))
    message.refresh_from_db()
    assert (message.status, message.external_id, len(meta.memory.taken)) == ("delivered", taken.wamid, 1)
    assert queries.unsure() == []
    assert [step.status for step in queries.proof(message)] == ["queued", "unsure", "delivered"]


def begun(message: Message, file: int = 0) -> None:
    """A worker has written that it hands this over, and is dead."""
    name = actions.sending.ADAPTERS[message.channel].name_of
    assert sending._begin(message.pk, NOW, file=file, name=name(message.pk) if name else None)


def test_telegram_cannot_tell_and_an_officer_decides(db, telegram, work, regency):
    from satuklik.base.agencies.queries import demo_official

    officer = demo_official("ppid")
    conversation = actions.open_conversation(name="Budi", now=NOW)
    Identity.objects.create(conversation=conversation, channel="telegram", address="77", created_at=NOW)
    telegram.memory.chats.add("77")
    first, second = (actions.reply(conversation, text, now=NOW) for text in ("Satu", "Dua"))
    begun(first)
    begun(second)
    work(LATER)
    work(LATER + 5 * HOUR)
    assert telegram.memory.taken == []
    assert [one.pk for one in queries.unsure()] == [first.pk, second.pk]
    assert sending.send_again(first, by=officer, now=LATER)
    assert sending.leave(second, by=officer, now=LATER)
    work(LATER + 5 * HOUR)
    assert telegram.memory.taken == [("77", "Satu")]
    assert not sending.send_again(first, by=officer, now=LATER)  # it is sent
    assert not sending.leave(second, by=officer, now=LATER)
    second.refresh_from_db()
    assert (second.status, queries.unsure()) == ("unsure", [])
    assert [event.kind for event in queries.events(conversation.pk)] == ["sent_again", "left_unsure"]


def test_a_bounce_or_an_answer_tells_of_a_letter(db, postbox, work, settings):
    settings.MESSAGING_MAIL, settings.MESSAGING_MAIL_AUTHSERV_ID = BOX, MX
    take(letter("Halo"), work)
    conversation = Conversation.objects.get()
    one = actions.reply(conversation, "Ya?", now=NOW)
    begun(one)
    work(LATER)
    one.refresh_from_db()
    assert (one.status, postbox.taken) == ("unsure", [])
    take(letter("Ini jawaban saya", number=2, In_Reply_To=one.external_id), work)
    one.refresh_from_db()
    assert (one.status, queries.unsure_count()) == ("delivered", 0)


@pytest.mark.parametrize("when", ["closed", "slow"])
def test_a_line_that_breaks_after_the_request_left_is_unsure(siti, meta, work, when, monkeypatch):
    from satuklik.spine.messaging.adapters import whatsapp

    monkeypatch.setattr(whatsapp, "SECONDS", 0.3)
    whatsapp._client.key = ()
    meta.break_off = when
    message = actions.reply(siti, "Jawaban.", now=NOW)
    work()
    work(LATER)
    message.refresh_from_db()
    assert (message.status, len(meta.memory.taken)) == ("unsure", 1)
    whatsapp._client.key = ()


def test_a_line_that_never_came_about_is_tried_again(siti, meta, work, settings):
    url, settings.WHATSAPP_URL = settings.WHATSAPP_URL, "http://127.0.0.1:9"
    message = actions.reply(siti, "Jawaban.", now=NOW)
    work()
    message.refresh_from_db()
    assert (message.status, message.error, message.handing_at) == ("queued", "network", None)
    settings.WHATSAPP_URL = url
    work(LATER)
    message.refresh_from_db()
    assert (message.status, len(meta.memory.taken)) == ("sent", 1)


def test_a_retry_does_not_send_the_files_again(siti, meta, work, telegram):
    sha256 = store(PNG, "image/png", at=NOW)
    meta.graph.next_errors = [0, 0, 131000]  # both files go, the text fails
    actions.reply(siti, "Dua peta.", now=NOW, files=[sha256, sha256], names=["a.png", "b.png"])
    work()
    work(LATER)
    assert [one.text for one in meta.memory.taken] == ["a.png", "b.png", "Dua peta."]
    Identity.objects.create(conversation=siti, channel="telegram", address="77", created_at=NOW)
    telegram.memory.chats.add("77")
    telegram.bot.next_errors = [0, 500]
    actions.reply(siti, "Lagi.", now=NOW, files=[sha256], names=["c.png"], channel="telegram")
    work(LATER)
    work(LATER + HOUR)
    assert telegram.memory.taken == [("77", "c.png"), ("77", "Lagi.")]
    assert Attachment.objects.filter(sent_id="").count() == 0


def test_a_file_in_doubt_holds_the_rest_until_meta_tells(siti, meta, work, post):
    sha256 = store(PNG, "image/png", at=NOW)
    message = actions.reply(siti, "Ini petanya.", now=NOW, files=[sha256], names=["peta.png"])
    file = message.attachments.get()
    begun(message, file.pk)
    work(LATER)
    assert (queries.unsure_count(), meta.memory.taken) == (1, [])
    post(
        call(
            PHONE_ID,
            status_value("wamid.f", "sent", SITI, NOW, tracker=f"satuklik-file:{message.pk}:{file.pk}"),
        )
    )
    work(LATER)
    assert [one.text for one in meta.memory.taken] == ["Ini petanya."]
    message.refresh_from_db()
    assert message.status == "sent"
    for tracker in (
        "satuklik-file:",
        "satuklik-file:x:y",
        f"satuklik-file:{message.pk}",
        f"satuklik-file:{'9' * 30}:1",
    ):
        post(call(PHONE_ID, status_value("wamid.x", "failed", SITI, NOW, tracker=tracker, code=131053)))
    post(
        call(
            PHONE_ID,
            status_value(
                "wamid.f", "failed", SITI, NOW, tracker=f"satuklik-file:{message.pk}:{file.pk}", code=131053
            ),
        )
    )
    work(LATER)
    assert Attachment.objects.get().problem == "not_sent"
    assert queries.quarantined() == 0


def test_the_chat_of_the_portal_is_never_unsure(client, db, work):
    client.post("/obrolan/", {"text": "Halo"})
    message = actions.reply(Conversation.objects.get(), "Ya?", now=NOW)
    work()
    message.refresh_from_db()
    assert (message.status, message.handing_at) == ("sent", None)
    assert ConversationEvent.objects.count() == 0
