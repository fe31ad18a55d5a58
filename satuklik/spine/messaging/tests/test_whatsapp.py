"""WhatsApp: what Meta sends, in any order and as often as it likes; and what Meta takes."""

import base64
import hashlib
import random
from datetime import timedelta

import pytest
from django.db import connection

from satuklik.spine.messaging import actions, queries
from satuklik.spine.messaging.actions import handling
from satuklik.spine.messaging.models import (
    Attachment,
    Conversation,
    ConversationEvent,
    Identity,
    Message,
    RawEvent,
)
from satuklik.spine.messaging.tests.conftest import NOW
from satuklik.spine.messaging.twins.meta import (
    call,
    media_part,
    message_value,
    status_value,
    text_value,
)
from tests.meta import PHONE_ID, VERIFY

SITI, BUDI = "6284000000011", "6284000000012"
SITI_ID, BUDI_ID = "ID.84000000000000011", "ID.84000000000000012"
HOUR = timedelta(hours=1)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def only() -> Conversation:
    return Conversation.objects.get(joined_into=None)


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


def test_the_user_id_is_the_key_and_the_number_may_be_missing(post, work):
    post(call(PHONE_ID, text_value("", "Siti", "Tanpa nomor", NOW, user_id=SITI_ID)))
    post(call(PHONE_ID, text_value(SITI, "Siti", "Dengan nomor", NOW, user_id=SITI_ID)))
    post(call(PHONE_ID, text_value("", "Siti", "Lagi tanpa nomor", NOW, user_id=SITI_ID)))
    work()
    assert only().messages.count() == 3
    assert only().phone == f"+{SITI}"
    assert {i.address for i in Identity.objects.all()} == {SITI, SITI_ID}


def test_a_number_first_then_its_user_id_is_one_person(post, work):
    post(call(PHONE_ID, text_value(SITI, "Siti", "Satu", NOW)))
    post(call(PHONE_ID, text_value("", "Siti", "Dua", NOW, user_id=SITI_ID)))
    work()
    assert Conversation.objects.filter(joined_into=None).count() == 2  # nothing says yet that they are one
    post(call(PHONE_ID, text_value(SITI, "Siti", "Tiga", NOW, user_id=SITI_ID)))
    work()
    assert [m.text for m in queries.messages(only().pk)] == ["Satu", "Dua", "Tiga"]


def test_a_number_that_somebody_else_has_now_keeps_two_people_apart(post, work):
    post(call(PHONE_ID, text_value(SITI, "Siti", "Rahasia Siti", NOW, user_id=SITI_ID)))
    post(call(PHONE_ID, text_value(SITI, "Budi", "Nomor baru saya", NOW + HOUR, user_id=BUDI_ID)))
    work(NOW + HOUR)
    budi = Identity.objects.get(address=BUDI_ID).conversation
    assert [m.text for m in queries.messages(budi.pk)] == ["Nomor baru saya"]
    assert Identity.objects.get(address=SITI).conversation == budi


def changed(old: str, new: str, at=NOW, user_id: str = "") -> bytes:
    system = {"body": "changed", "type": "user_changed_number", "wa_id": new, "customer": old}
    if user_id:
        system["user_id"] = user_id
    value = {
        "messages": [
            {
                "from": old,
                "id": f"wamid.sys{new}",
                "timestamp": str(int(at.timestamp())),
                "type": "system",
                "system": system,
            }
        ]
    }
    return call(PHONE_ID, value)


def test_a_changed_number_takes_the_conversation_along(post, work):
    post(call(PHONE_ID, text_value(SITI, "Siti", "Dari nomor lama", NOW)))
    post(changed(SITI, BUDI, NOW + HOUR))
    post(changed(SITI, BUDI, NOW + HOUR) + b" ")
    post(call(PHONE_ID, text_value(BUDI, "Siti", "Dari nomor baru", NOW + 2 * HOUR)))
    work(NOW + 3 * HOUR)
    assert [m.text for m in queries.messages(only().pk)] == ["Dari nomor lama", "Dari nomor baru"]
    assert only().phone == f"+{BUDI}"
    assert ConversationEvent.objects.filter(kind="number_changed").count() == 1
    # The old number is given to a stranger one day: nothing of Siti's is his.
    post(call(PHONE_ID, text_value(SITI, "Orang lain", "Halo", NOW + 4 * HOUR)))
    work(NOW + 5 * HOUR)
    assert Identity.objects.get(address=SITI).conversation.messages.count() == 1


def test_a_changed_number_before_the_first_message_waits(post, work):
    post(changed(SITI, BUDI, NOW + HOUR))
    work(NOW + HOUR)
    post(call(PHONE_ID, text_value(SITI, "Siti", "Dari nomor lama", NOW)))
    work(NOW + 2 * HOUR)
    work(NOW + 3 * HOUR)
    assert {i.conversation_id for i in Identity.objects.all()} == {only().pk}
    assert Identity.objects.get(address=SITI).retired_at is not None


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


# --- files ---------------------------------------------------------------------------------------


def send_file(
    post, meta, content, *, name="", kind="image", media_type="image/png", claimed=None, wamid="wamid.f"
):
    media_id = meta.memory.add_media(content, media_type)
    part = media_part(kind, media_id, claimed if claimed is not None else content, media_type, name=name)
    post(call(PHONE_ID, message_value(SITI, "Siti", part, NOW, wamid=wamid)))


def test_a_file_is_fetched_and_its_hash_compared(post, work, meta):
    send_file(post, meta, PNG)
    work()
    file = Attachment.objects.get()
    assert (file.sha256, file.media_type, file.size) == (
        hashlib.sha256(PNG).hexdigest(),
        "image/png",
        len(PNG),
    )
    assert only().preview == "📎 1"


@pytest.mark.parametrize(
    ("content", "claimed", "problem"),
    [(PNG, PNG + b"x", "changed"), (b"MZ\x90\x00" + b"\x00" * 99, None, "wrong_type"), (b"<html>", None, "wrong_type"), (b"", None, "empty")],
)  # fmt: skip
def test_a_file_that_is_not_what_it_says_is_named_and_not_kept(post, work, meta, content, claimed, problem):
    send_file(post, meta, content, claimed=claimed)
    work()
    file = Attachment.objects.get()
    assert (file.problem, file.sha256) == (problem, "")


def test_a_file_that_meta_no_longer_has_is_named(post, work, meta):
    part = media_part("document", "weg", PNG, "application/pdf", name="x.pdf")
    post(call(PHONE_ID, message_value(SITI, "Siti", part, NOW)))
    work()
    assert Attachment.objects.get().problem == "gone"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\evil\\cv.pdf", "cv.pdf"), ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ('a"b<c>.png', "a_b_c_.png"), ("\x00\x01", "berkas"), ("..", "berkas"), ("x" * 500 + ".png", "x" * 100 + "x" * 16 + ".png"),
    ],
)  # fmt: skip
def test_hostile_names_of_files_lead_nowhere(post, work, meta, name, kept):
    send_file(post, meta, PNG, name=name, kind="document")
    work()
    assert Attachment.objects.get().name == kept


def test_our_token_goes_to_meta_only(post, work, meta, monkeypatch):
    meta.graph.base = "http://evil.example"
    send_file(post, meta, PNG)
    work()
    assert Attachment.objects.get().problem == "gone"


# --- going out ------------------------------------------------------------------------------------


@pytest.fixture
def siti(post, work, meta):
    """Siti has just written."""
    post(call(PHONE_ID, text_value(SITI, "Siti", "Halo", NOW, wamid="wamid.1")))
    meta.clock, meta.memory.written[SITI] = NOW, NOW
    work()
    return only()


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


def test_stop_and_mulai(siti, post, work, meta):
    post(call(PHONE_ID, text_value(SITI, "Siti", " Berhenti! ", NOW + HOUR, wamid="wamid.s")))
    work(NOW + HOUR)
    assert "MULAI" in meta.memory.taken[-1].text  # the word itself is answered
    refused = actions.reply(siti, "Kabar.", now=NOW + HOUR)
    assert (refused.status, refused.error) == ("failed", "nowhere")
    assert not queries.window(siti, NOW + HOUR).open
    post(call(PHONE_ID, text_value(SITI, "Siti", "Masih ada pertanyaan", NOW + 2 * HOUR)))
    post(call(PHONE_ID, text_value(SITI, "Siti", "Halo?", NOW + 2 * HOUR)))
    work(NOW + 2 * HOUR)
    assert len(meta.memory.taken) == 2  # told once how to get answers again
    post(call(PHONE_ID, text_value(SITI, "Siti", "mulai", NOW + 3 * HOUR)))
    work(NOW + 3 * HOUR)
    actions.reply(siti, "Kabar lagi.", now=NOW + 3 * HOUR)
    work(NOW + 3 * HOUR)
    assert meta.memory.taken[-1].text == "Kabar lagi."
    assert [e.kind for e in queries.events(siti.pk)] == ["opted_out", "opted_in"]


def test_stop_that_comes_after_a_later_mulai_changes_nothing(siti, post, work, meta):
    post(call(PHONE_ID, text_value(SITI, "Siti", "MULAI", NOW + 2 * HOUR)))
    work(NOW + 2 * HOUR)
    post(call(PHONE_ID, text_value(SITI, "Siti", "STOP", NOW + HOUR)))
    work(NOW + 2 * HOUR)
    assert Identity.objects.get(address=SITI).opted_out_at is None


def test_an_official_is_told_with_proof(regency, settings, meta, work):
    from satuklik.base.agencies.queries import demo_official

    settings.MESSAGING_MAIL = "ppid@asahan.example"
    official = demo_official("ppid")
    message = actions.notify_official(official, "referral", "Permintaan baru", "Mohon jawab.", "/meja/", NOW)
    work()
    message.refresh_from_db()
    assert (message.channel, message.status) == ("email", "sent")
    assert queries.page() == []  # no citizen wrote


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


def test_problems_of_the_configuration(meta, settings):
    from satuklik.spine.messaging.adapters import whatsapp

    assert whatsapp.problems() == []
    settings.WHATSAPP_TOKEN = "lain"
    assert "190" in whatsapp.problems()[0]
    settings.WHATSAPP_APP_SECRET = ""
    assert "WHATSAPP_APP_SECRET" in whatsapp.problems()[0]


def test_the_list_reads_its_index(db):
    with connection.cursor() as cursor:
        cursor.execute("""
            INSERT INTO messaging_conversation (name, phone, phone_verified, email, language, created_at, last_message_at,
              last_inbound_at, last_channel, last_direction, preview)
            SELECT 'X', '', false, '', 'id', now(), now() - n * interval '1 minute', now(), 'whatsapp', 'in', ''
            FROM generate_series(1, 5000) n""")
        cursor.execute("ANALYZE messaging_conversation")
    first = queries.page(limit=10)
    rows = queries.page(after=queries.Cursor(first[-1].last_message_at, first[-1].pk), limit=10)
    assert [r.pk for r in first + rows] == [
        c.pk for c in Conversation.objects.order_by("-last_message_at")[:20]
    ]
    found = str(queries.listed().order_by("-last_message_at", "-id")[:10].explain())
    assert "messaging_conv_last" in found
