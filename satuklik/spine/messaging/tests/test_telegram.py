"""Telegram: long polling with the place kept in the database, and its limits and errors."""

from datetime import timedelta

import pytest

from satuklik.spine.messaging import actions, queries
from satuklik.spine.messaging.adapters import telegram as adapter
from satuklik.spine.messaging.errors import SendFailed
from satuklik.spine.messaging.models import (
    Attachment,
    ChannelState,
    Conversation,
    ConversationEvent,
    Identity,
    Message,
    RawEvent,
)
from satuklik.spine.messaging.tests.clock import NOW
from satuklik.spine.messaging.tests.people import PNG
from satuklik.spine.messaging.twins.telegram import message_update

SITI = 7_000_001


def only() -> Conversation:
    return Conversation.objects.get(joined_into=None)


def poll(now=NOW) -> int:
    return adapter.poll(now, seconds=0)


@pytest.fixture
def siti(db, telegram, work):
    telegram.memory.chats.add(str(SITI))
    telegram.memory.waiting.append(message_update(10, SITI, "Siti", "Halo", NOW))
    poll()
    work()
    return only()


def test_updates_are_stored_once_and_the_place_is_kept(db, telegram, work):
    telegram.memory.waiting += [message_update(n, SITI, "Siti", f"Pesan {n}", NOW) for n in (11, 10, 12)]
    again = list(telegram.memory.waiting)
    assert poll() == 3
    assert ChannelState.objects.get(channel="telegram").position == 12
    telegram.memory.waiting = again  # Telegram delivers what was not confirmed once more
    assert poll() == 0
    ChannelState.objects.update(position=0)
    telegram.memory.waiting = again
    assert poll() == 0
    work()
    assert sorted(m.text for m in queries.messages(only().pk)) == ["Pesan 10", "Pesan 11", "Pesan 12"]
    assert only().name == "Siti"


def test_a_shared_own_number_joins_what_whatsapp_knows(siti, telegram, work):
    actions.receive(
        channel="whatsapp", address="6284000000011", name="Siti", text="Dari WhatsApp", external_id="w", at=NOW, now=NOW,
        phone="+6284000000011",
    )  # fmt: skip
    other = {"phone_number": "+6284000000011", "first_name": "Siti", "user_id": 999}
    telegram.memory.waiting.append(message_update(20, SITI, "Siti", "", NOW, contact=other))
    poll()
    work()
    assert Conversation.objects.filter(joined_into=None).count() == 2  # somebody's number proves nothing
    own = other | {"user_id": SITI}
    telegram.memory.waiting.append(message_update(21, SITI, "Siti", "", NOW, contact=own))
    poll()
    work()
    assert only().messages.count() == 4
    assert only().phone_verified


def test_edits_and_answers(siti, telegram, work):
    changed = message_update(30, SITI, "Siti", "Halo, PPID", NOW, message_id=10)
    changed["edited_message"] = changed.pop("message") | {"edit_date": int(NOW.timestamp()) + 5}
    answer = message_update(31, SITI, "Siti", "Ini jawaban saya", NOW, reply_to_message={"message_id": 10})
    telegram.memory.waiting += [changed, answer]
    poll()
    work(NOW + timedelta(minutes=1))
    first, second = queries.messages(siti.pk)
    assert (first.text, first.body) == ("Halo", "Halo, PPID")
    assert second.reply_to == first.external_id


def test_a_file_is_fetched(siti, telegram, work):
    telegram.memory.files["abc"] = PNG
    document = {
        "file_id": "abc",
        "file_name": "../peta.png",
        "mime_type": "application/x-evil",
        "file_size": len(PNG),
    }
    telegram.memory.waiting.append(
        message_update(40, SITI, "Siti", "", NOW, document=document, caption="Peta")
    )
    huge = {"file_id": "x", "file_name": "film.mp4", "file_size": 90_000_000}
    telegram.memory.waiting.append(message_update(41, SITI, "Siti", "", NOW, video=huge))
    poll()
    work()
    peta, film = Attachment.objects.order_by("pk")
    assert (peta.name, peta.media_type, peta.message.text) == ("peta.png", "image/png", "Peta")
    assert film.problem == "too_large"


def test_groups_and_channels_are_not_for_us(db, telegram, work):
    group = message_update(50, SITI, "Siti", "Halo semua", NOW)
    group["message"]["chat"] = {"id": -100, "type": "group", "title": "Warga"}
    telegram.memory.waiting += [
        group,
        {"update_id": 51, "poll": {}},
        {"update_id": 52, "message": {"chat": []}},
    ]
    poll()
    work()
    assert not Message.objects.exists()
    assert queries.quarantined() == 3


def test_start_and_stop(siti, telegram, work):
    telegram.memory.waiting.append(message_update(60, SITI, "Siti", "/stop", NOW))
    poll()
    work()
    assert actions.reply(siti, "Kabar", now=NOW).status == "failed"
    telegram.memory.waiting.append(message_update(61, SITI, "Siti", "/start", NOW + timedelta(minutes=1)))
    poll(NOW + timedelta(minutes=1))
    work(NOW + timedelta(minutes=1))
    actions.reply(siti, "Kabar baru", now=NOW + timedelta(minutes=1))
    work(NOW + timedelta(minutes=1))
    assert telegram.memory.taken[-1] == (str(SITI), "Kabar baru")
    assert ConversationEvent.objects.count() == 2


def test_a_reply_with_a_file_and_a_long_one(siti, telegram, work):
    from satuklik.base.files.actions import store

    actions.reply(siti, "kata " * 1500, now=NOW, files=[store(PNG, "image/png", at=NOW)], names=["peta.png"])
    work()
    (file, text) = telegram.memory.taken
    assert file[1] == "peta.png"
    assert len(text[1]) <= 4096


@pytest.mark.parametrize(
    ("code", "status", "error"), [(403, "failed", "blocked"), (429, "queued", "429"), (500, "queued", "500")]
)
def test_what_telegram_refuses(siti, telegram, work, code, status, error):
    telegram.bot.next_errors = [code]
    message = actions.reply(siti, "Jawaban", now=NOW)
    work()
    message.refresh_from_db()
    assert (message.status, message.error) == (status, error)
    if code == 403:
        assert Identity.objects.get().unreachable_at is not None
    else:
        work(NOW + timedelta(minutes=1))
        message.refresh_from_db()
        assert message.status == "sent"


def test_a_blocked_bot_is_noticed(siti, telegram, work):
    change = {
        "from": {"id": SITI},
        "chat": {"id": -5, "type": "group"},
        "new_chat_member": {"status": "kicked"},
    }
    telegram.memory.waiting.append({"update_id": 69, "my_chat_member": change})
    poll()
    work()
    assert Identity.objects.get().unreachable_at is None  # only out of a group
    change = {**change, "chat": {"id": SITI, "type": "private"}}
    telegram.memory.waiting.append({"update_id": 70, "my_chat_member": change})
    poll()
    work()
    assert actions.reply(siti, "x", now=NOW).error == "nowhere"


def test_no_error_tells_the_token(db, telegram, settings, caplog):
    settings.TELEGRAM_TOKEN = "100001:rahasia"
    with pytest.raises(SendFailed) as failure:
        poll()
    assert "rahasia" not in str(failure.value)
    settings.TELEGRAM_URL = "http://127.0.0.1:1"
    with pytest.raises(SendFailed) as failure:
        poll()
    assert "rahasia" not in str(failure.value)
    assert "rahasia" not in caplog.text
    assert "network" in adapter.problems()[0]


def test_any_text_is_kept(siti, telegram, work):
    telegram.memory.waiting.append(message_update(80, SITI, "\u202eSiti\x00", "NUL \x00 👩‍👩‍👧 مرحبا", NOW))
    poll()
    work()
    assert Message.objects.latest("pk").text == "NUL  👩‍👩‍👧 مرحبا"
    assert RawEvent.objects.filter(problem="").count() == 2
