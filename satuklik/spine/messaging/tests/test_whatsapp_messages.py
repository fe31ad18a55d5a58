"""WhatsApp: what Meta sends, in any order and as often as it likes."""

import random
from datetime import timedelta

import pytest

from satuklik.spine.messaging import actions, queries
from satuklik.spine.messaging.models import (
    Conversation,
    ConversationEvent,
    Message,
    RawEvent,
)
from satuklik.spine.messaging.tests.clock import NOW
from satuklik.spine.messaging.tests.people import BUDI, HOUR, SITI, only
from satuklik.spine.messaging.twins.meta import call, message_value, text_value
from tests.meta import PHONE_ID


def test_one_message_becomes_one_conversation(post, work):
    post(
        call(
            PHONE_ID,
            text_value(SITI, "Siti Aminah", "Selamat pagi, minta data jalan rusak.", NOW, wamid="wamid.1"),
        )
    )
    work()
    conversation = only()
    assert (conversation.name, conversation.phone, conversation.phone_verified) == (
        "Siti Aminah",
        f"+{SITI}",
        True,
    )
    assert conversation.waiting_since == NOW
    assert conversation.preview.startswith("Selamat pagi")
    (message,) = queries.messages(conversation.pk)
    assert (message.direction, message.status, message.at) == ("in", "received", NOW)
    assert RawEvent.objects.get().handled_at == NOW


def test_any_array_may_hold_several(post, work):
    values = [text_value(SITI, "Siti", f"Pesan {n}", NOW, wamid=f"wamid.{n}") for n in range(3)]
    both = {
        "contacts": values[0]["contacts"] + text_value(BUDI, "Budi", "x", NOW)["contacts"],
        "messages": values[0]["messages"]
        + text_value(BUDI, "Budi", "Dari Budi", NOW, wamid="wamid.b")["messages"],
    }
    post(call(PHONE_ID, both, values[1], values[2]))
    work()
    assert Conversation.objects.count() == 2
    assert {c.name: c.messages.count() for c in Conversation.objects.all()} == {"Siti": 3, "Budi": 1}


def test_replayed_and_shuffled_bodies_count_once(post, work):
    bodies = [
        call(
            PHONE_ID,
            text_value(number, name, f"{name} {n}", NOW + timedelta(seconds=n), wamid=f"wamid.{name}{n}"),
        )
        for number, name in ((SITI, "Siti"), (BUDI, "Budi"))
        for n in range(8)
    ]
    sent = bodies * 3 + [
        call(PHONE_ID, text_value(SITI, "Siti", "Siti 0", NOW, wamid="wamid.Siti0"), {"messages": []})
    ]
    random.Random(4).shuffle(sent)
    for body in sent:
        assert post(body).status_code == 200
        if random.random() < 0.3:
            work(NOW + HOUR)
    work(NOW + HOUR)
    assert Message.objects.count() == 16
    assert sorted(c.messages.count() for c in Conversation.objects.all()) == [8, 8]
    siti = Conversation.objects.get(name="Siti")
    assert [m.text for m in queries.messages(siti.pk)] == [f"Siti {n}" for n in range(8)]
    assert siti.preview == "Siti 7"
    assert queries.quarantined() == 0


def test_an_edit_may_come_before_its_message(post, work):
    edit = message_value(SITI, "Siti", {"type": "edit", "edit": {
        "original_message_id": "wamid.1", "message": {"type": "text", "text": {"body": "Jalan Cokroaminoto"}},
    }}, NOW + HOUR, wamid="wamid.e")  # fmt: skip
    post(call(PHONE_ID, edit))
    work(NOW + HOUR)
    post(call(PHONE_ID, text_value(SITI, "Siti", "Jalan Cokro", NOW, wamid="wamid.1")))
    work(NOW + 2 * HOUR)
    post(call(PHONE_ID, edit, {"messages": []}))
    work(NOW + 2 * HOUR)
    message = Message.objects.get()
    assert (message.text, message.body) == ("Jalan Cokro", "Jalan Cokroaminoto")
    assert ConversationEvent.objects.filter(kind="edited").count() == 1
    assert only().preview == "Jalan Cokroaminoto"


def test_a_deletion_hides_the_words_and_keeps_them(post, work):
    post(call(PHONE_ID, text_value(SITI, "Siti", "Salah kirim", NOW, wamid="wamid.1")))
    post(
        call(
            PHONE_ID,
            message_value(
                SITI, "Siti", {"type": "revoke", "revoke": {"original_message_id": "wamid.1"}}, NOW
            ),
        )
    )
    work()
    message = Message.objects.get()
    assert (message.text, message.body) == ("Salah kirim", "")
    assert ConversationEvent.objects.get().kind == "deleted"


def test_a_reaction_asks_for_no_answer(post, work, meta):
    post(call(PHONE_ID, text_value(SITI, "Siti", "Halo", NOW, wamid="wamid.1")))
    work()
    Conversation.objects.update(waiting_since=None)
    part = {"type": "reaction", "reaction": {"message_id": "wamid.1", "emoji": "👍"}}
    post(call(PHONE_ID, message_value(SITI, "Siti", part, NOW)))
    work()
    assert only().waiting_since is None
    assert ConversationEvent.objects.get(kind="reaction").data == {"emoji": "👍"}


POISON = [
    b"", b"\x00", b"[]", b"null", b'"x"', b"{", b"[" * 100_000, b'{"object": "page"}',
    b'{"object":"whatsapp_business_account","entry":{}}',
    b'{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":[]}]}]}',
    call(PHONE_ID, {"messages": [{"id": "", "type": "text"}]}),
    call(PHONE_ID, {"messages": [{"id": "wamid.1", "type": "text", "text": "x"}]}),
    call(PHONE_ID, {"messages": [{"id": "wamid.\x00", "from": SITI, "type": "text"}]}),
    call(PHONE_ID, {"messages": "x"}),
    call(PHONE_ID, {"messages": [{"id": "x" * 4000, "from": SITI, "type": "text"}]}),
]  # fmt: skip


def test_poison_goes_to_quarantine_and_stops_nobody(post, work):
    for body in POISON:
        assert post(body).status_code == 200
        post(call(PHONE_ID, text_value(SITI, "Siti", f"Sesudah {len(body)}", NOW)))
    work()
    assert only().messages.count() == len(POISON)
    assert queries.quarantined() == len(POISON)
    assert queries.waiting_events() == 0
    assert RawEvent.objects.exclude(problem="").exclude(reason="").count() == len(POISON)


@pytest.mark.parametrize(
    "text",
    ["👩‍👩‍👧‍👦🇮🇩 apa kabar", "\u202egnp.exe \u0645\u0631\u062d\u0628\u0627", "NUL \x00 di tengah", "\ud83d sendiri", "'; DROP TABLE x; --", "<script>alert(1)</script>", "\x1b[31m", "a" * 4096],
)  # fmt: skip
def test_any_text_is_kept(post, work, text):
    post(call(PHONE_ID, text_value(SITI, text[:200], text, NOW)))
    work()
    kept = Message.objects.get().text
    assert kept.replace("\ufffd", "") == text.replace("\x00", "").replace("\ud83d", "").replace("\x1b", "")
    assert "\u202e" not in only().name


def test_ten_megabytes_in_one_message_are_kept_as_a_file(db, work):
    actions.receive(
        channel="web",
        address="a" * 40,
        name="Siti",
        text="Panjang 📜 " * 1_000_000,
        external_id="1",
        at=NOW,
        now=NOW,
    )
    message = Message.objects.get()
    (file,) = message.attachments.all()
    assert len(message.text) == 20_000
    assert (file.media_type, file.size > 10_000_000, len(file.sha256)) == ("text/plain", True, 64)


def test_a_future_or_ancient_time_is_not_believed(post, work):
    post(call(PHONE_ID, text_value(SITI, "Siti", "Besok", NOW + timedelta(days=400))))
    value = text_value(SITI, "Siti", "Dahulu", NOW)
    value["messages"][0]["timestamp"] = "-5e99"
    post(call(PHONE_ID, value))
    event = RawEvent.objects.order_by("pk").first()
    work()
    assert all(
        abs(m.at - event.received_at) < timedelta(seconds=5) or m.at == NOW for m in Message.objects.all()
    )


def test_listeners_are_told_once_and_again_when_they_fail(post, work, monkeypatch):
    from satuklik.spine.messaging import registry

    heard, fails = [], [True]

    def listen(message, now):
        if fails and fails.pop():
            raise AttributeError("x")
        heard.append(message.text)

    monkeypatch.setattr(registry, "LISTENERS", {"uji": listen})
    post(call(PHONE_ID, text_value(SITI, "Siti", "Halo", NOW)))
    work()
    assert heard == []
    assert Message.objects.count() == 1
    work(NOW + HOUR)
    work(NOW + 2 * HOUR)
    assert heard == ["Halo"]
