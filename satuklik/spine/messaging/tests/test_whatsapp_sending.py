"""WhatsApp: what goes out, the 24 hours, the proof of delivery, and what Meta refuses."""

from datetime import timedelta

import pytest

from satuklik.spine.messaging import actions, queries
from satuklik.spine.messaging.actions import handling
from satuklik.spine.messaging.models import (
    Identity,
)
from satuklik.spine.messaging.tests.clock import NOW
from satuklik.spine.messaging.tests.people import HOUR, PNG, SITI, SITI_ID, only
from satuklik.spine.messaging.twins.meta import call, status_value, text_value
from tests.meta import PHONE_ID


def test_a_statuses_order_does_not_matter(post, work, meta):
    post(call(PHONE_ID, text_value(SITI, "Siti", "Halo", NOW)))
    work()
    message = actions.reply(only(), "Selamat pagi.", now=NOW)
    meta.clock, meta.memory.written[SITI] = NOW, NOW
    work()
    message.refresh_from_db()
    assert message.status == "sent"
    for word, later in (("read", 3), ("sent", 1), ("delivered", 2), ("read", 3)):
        post(call(PHONE_ID, status_value(message.external_id, word, SITI, NOW + timedelta(seconds=later))))
        work(NOW + HOUR)
    message.refresh_from_db()
    assert message.status == "read"
    assert [(step.status, step.at - NOW) for step in queries.proof(message)[2:]] == [
        ("delivered", timedelta(seconds=2)), ("read", timedelta(seconds=3)),
    ]  # fmt: skip


def test_a_status_that_is_faster_than_our_own_note_waits_for_nothing(post, work, meta):
    """Meta gives our number back: a worker that died after sending is told so by the status."""
    post(call(PHONE_ID, text_value(SITI, "Siti", "Halo", NOW)))
    work()
    message = actions.reply(only(), "Selamat pagi.", now=NOW)
    post(call(PHONE_ID, status_value("wamid.fast", "delivered", SITI, NOW, tracker=f"satuklik:{message.pk}")))
    handling.handle_waiting(NOW)
    message.refresh_from_db()
    assert (message.status, message.external_id) == ("delivered", "wamid.fast")
    work(NOW + HOUR)
    assert meta.memory.taken == []  # it is not sent again


def test_a_status_of_an_unknown_message_ends_in_quarantine_not_nowhere(post, work):
    post(call(PHONE_ID, status_value("wamid.unknown", "delivered", SITI, NOW)))
    for hours in range(12):
        work(NOW + hours * HOUR)
    (event,) = queries.quarantine()
    assert event.problem == "unknown_message"


def test_a_reply_goes_out_with_its_file(siti, meta, work):
    from satuklik.base.files.actions import store

    sha256 = store(PNG, "image/png", at=NOW)
    actions.reply(siti, "Ini petanya.", now=NOW, files=[sha256], names=["peta.png"])
    work()
    assert [(t.address, t.text) for t in meta.memory.taken] == [(SITI, "peta.png"), (SITI, "Ini petanya.")]


def test_a_long_reply_ends_in_a_link_to_all_of_it(siti, meta, work, client):
    message = actions.reply(siti, "kata " * 2000, now=NOW)
    work()
    (taken,) = meta.memory.taken
    assert len(taken.text) <= 4096
    assert queries.link(message) in taken.text


@pytest.mark.parametrize(("hours", "is_open"), [(0, True), (23.99, True), (24, False), (30, False)])
def test_the_window_is_24_hours(siti, hours, is_open):
    window = queries.window(siti, NOW + timedelta(hours=hours))
    assert (window.channel, window.open, window.until) == ("whatsapp", is_open, NOW + timedelta(hours=24))


def test_past_the_window_only_a_template_goes(siti, meta, work):
    later = NOW + timedelta(hours=25)
    meta.clock = later
    message = actions.reply(
        siti,
        "Permintaan Anda terdaftar.",
        now=later,
        template="registered",
        variables=("PI-7F3K", "8 Desember 2026"),
    )
    work(later)
    (taken,) = meta.memory.taken
    assert taken.text == f"[registered] PI-7F3K · 8 Desember 2026 · {queries.link(message)}"
    message.refresh_from_db()
    assert (message.status, message.text) == ("sent", "Permintaan Anda terdaftar.")


def test_past_the_window_without_a_template_a_link_goes(siti, meta, work, client):
    later = NOW + timedelta(hours=25)
    meta.clock = later
    message = actions.reply(siti, "Jawaban lengkap kami.", now=later)
    work(later)
    assert meta.memory.taken[0].text == f"[message] {queries.link(message)}"


def test_inside_the_window_the_words_go_and_no_template(siti, meta, work):
    actions.reply(siti, "Terdaftar.", now=NOW, template="registered", variables=("PI-1", "besok"))
    work()
    assert [(t.kind, t.text) for t in meta.memory.taken] == [("text", "Terdaftar.")]


def test_meta_says_131047_and_the_template_follows(siti, meta, work):
    """Our clock and Meta's differ: the message still arrives."""
    meta.clock = NOW + timedelta(hours=24, minutes=1)
    message = actions.reply(siti, "Jawaban.", now=NOW + timedelta(hours=23, minutes=59))
    work(NOW + timedelta(hours=23, minutes=59))
    message.refresh_from_db()
    assert (message.status, message.error) == ("failed", "131047")
    standing = queries.standing(message)
    assert (standing.status, standing.template, standing.channel) == ("sent", "message", "whatsapp")
    assert not queries.window(siti, NOW + timedelta(hours=23, minutes=59)).open


@pytest.mark.parametrize("code", [130429, 131048, 131056, 131000])
def test_meta_asks_for_patience_and_gets_it(siti, meta, work, code):
    meta.graph.next_errors = [code, code]
    message = actions.reply(siti, "Jawaban.", now=NOW)
    work()
    message.refresh_from_db()
    assert (message.status, meta.memory.taken) == ("queued", [])
    work(NOW + timedelta(minutes=5))
    meta.clock = NOW + timedelta(minutes=20)
    work(NOW + timedelta(minutes=20))
    message.refresh_from_db()
    assert message.status == "sent"
    assert len(meta.memory.taken) == 1


def test_a_limit_of_the_account_rests_everything(siti, meta, work):
    meta.graph.next_errors = [130429]
    actions.reply(siti, "Satu", now=NOW)
    work()
    actions.reply(siti, "Dua", now=NOW)
    work()
    assert meta.memory.taken == []
    work(NOW + timedelta(minutes=2))
    work(NOW + timedelta(minutes=4))
    assert sorted(t.text for t in meta.memory.taken) == ["Dua", "Satu"]


def test_undeliverable_goes_by_the_other_channel(siti, meta, work, telegram):
    Identity.objects.create(conversation=siti, channel="telegram", address="77", created_at=NOW)
    telegram.memory.chats.add("77")
    meta.memory.failures[SITI] = 131026
    message = actions.reply(siti, "Jawaban.", now=NOW)
    work()
    assert telegram.memory.taken == [("77", "Jawaban.")]
    assert [(p.status, p.channel, p.error) for p in queries.proof(message)] == [
        ("queued", "whatsapp", ""), ("failed", "whatsapp", "131026"), ("queued", "telegram", ""), ("sent", "telegram", ""),
    ]  # fmt: skip


def test_undeliverable_everywhere_is_seen_and_can_be_read_by_link(siti, meta, work, client):
    meta.memory.failures[SITI] = 131026
    message = actions.reply(siti, "Jawaban rahasia.", now=NOW)
    work()
    message.refresh_from_db()
    assert (message.status, message.error) == ("failed", "131026")
    assert queries.standing(message) == message
    # She writes again: she can be reached again.
    Identity.objects.get(address=SITI)
    assert queries.window(siti, NOW).open


def test_a_number_and_its_user_id_are_one_way_not_two(post, work, meta):
    post(call(PHONE_ID, text_value(SITI, "Siti", "Halo", NOW, user_id=SITI_ID)))
    meta.clock, meta.memory.written[SITI] = NOW, NOW
    work()
    meta.memory.failures |= {SITI: 131026, SITI_ID: 0}
    message = actions.reply(only(), "Jawaban.", now=NOW)
    work()
    message.refresh_from_db()
    assert (queries.standing(message).pk, message.error) == (message.pk, "131026")
    assert meta.memory.taken == []
    assert Identity.objects.filter(unreachable_at=None).count() == 0


def test_a_failure_that_a_status_tells_later_is_the_same(siti, meta, work, post):
    message = actions.reply(siti, "Jawaban.", now=NOW)
    work()
    message.refresh_from_db()
    post(call(PHONE_ID, status_value(message.external_id, "failed", SITI, NOW, code=131026)))
    work()
    message.refresh_from_db()
    assert (message.status, message.error) == ("failed", "131026")
    assert Identity.objects.get(address=SITI).unreachable_at is not None


def test_a_worker_that_dies_while_sending_is_followed_by_another(siti, meta, work, monkeypatch):
    from satuklik.spine.messaging.actions import sending

    actions.reply(siti, "Jawaban.", now=NOW)
    with monkeypatch.context() as killed:
        killed.setattr(sending, "_send", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            work()
    work()
    assert meta.memory.taken == []  # somebody may still be at it
    work(NOW + timedelta(minutes=4))
    assert [t.text for t in meta.memory.taken] == ["Jawaban."]
