"""The demo's far sides: a chat is played from a page, over real HTTP, and nothing leaves the demo."""

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from satuklik.run.twins import twin_settings
from satuklik.spine.messaging import actions, commands, queries
from satuklik.spine.messaging.actions import working
from satuklik.spine.messaging.actions.handling import store_event
from satuklik.spine.messaging.adapters import telegram
from satuklik.spine.messaging.models import Conversation, Message, TwinLine, TwinPerson
from satuklik.spine.messaging.tests.clock import NOW
from satuklik.spine.messaging.tests.people import PNG
from satuklik.spine.messaging.twins import play

NOTHING = dict.fromkeys(("WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_TOKEN", "WHATSAPP_PHONE_NUMBER_ID", "TELEGRAM_TOKEN", "MESSAGING_MAIL"), "")  # fmt: skip


@pytest.fixture
def demo(live_server, settings):
    """A demo that is served."""
    settings.DEMO, settings.PORT = True, int(live_server.url.rpartition(":")[2])
    for name, value in twin_settings("uji", settings.PORT, NOTHING).items():
        setattr(settings, name, value)
    play.load()
    yield
    with (
        connection.cursor() as cursor
    ):  # the server's threads keep theirs, and the database could not be dropped
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


def work() -> None:
    telegram.poll(timezone.now())
    while working.work(timezone.now()):
        pass


def person(name: str, channel: str) -> TwinPerson:
    return TwinPerson.objects.get(name=name, channel=channel)


def write(who: TwinPerson, text: str, **more):
    return Client().post(f"/peraga/kanal/?orang={who.pk}", {"text": text, **more})


@pytest.mark.django_db(transaction=True)
def test_a_chat_is_played_in_every_channel(demo):
    for channel in ("whatsapp", "telegram", "email"):
        who = person("Siti Aminah", channel)
        assert (
            write(who, f"Halo lewat {channel}", file=SimpleUploadedFile("../peta.png", PNG)).status_code
            == 302
        )
        work()
        message = Message.objects.filter(direction="in").latest("pk")
        assert (message.channel, message.text) == (channel, f"Halo lewat {channel}")
        assert [(file.name, file.media_type) for file in message.attachments.all()] == [
            ("peta.png", "image/png")
        ]
        answer = actions.reply(message.conversation, f"Jawaban {channel}", now=timezone.now())
        work()
        answer.refresh_from_db()
        assert answer.status in ("sent", "read")
        page = Client().get(f"/peraga/kanal/?orang={who.pk}").content.decode()
        assert f"Jawaban {channel}" in page
    assert queries.quarantined() == 0


@pytest.mark.django_db(transaction=True)
def test_time_passes_and_a_phone_is_lost(demo):
    who = person("Budi Hartono", "whatsapp")
    write(who, "Lampu jalan mati")
    work()
    conversation = Conversation.objects.get()
    Client().post(f"/peraga/kanal/{who.pk}/", {"what": "time"})
    assert not queries.window(conversation, timezone.now()).open
    message = actions.reply(conversation, "Sudah diperbaiki.", now=timezone.now())
    work()
    assert TwinLine.objects.latest("pk").text == f"[message] {queries.link(message)}"
    Client().post(f"/peraga/kanal/{who.pk}/", {"what": "fail"})
    lost = actions.reply(conversation, "Satu lagi.", now=timezone.now())
    work()
    lost.refresh_from_db()
    assert (lost.status, lost.error) == ("failed", "131026")
    Client().post(f"/peraga/kanal/{who.pk}/", {"what": "heal"})
    write(who, "Saya kembali")
    work()
    again = actions.reply(conversation, "Selamat datang kembali.", now=timezone.now())
    work()
    again.refresh_from_db()
    assert again.status == "read"


@pytest.mark.django_db(transaction=True)
def test_somebody_new_writes_and_stands_before_mere_numbers(demo):
    TwinPerson.objects.create(channel="whatsapp", address="6284009999999", name="6284009999999")
    page = Client().get("/peraga/kanal/").content.decode()
    assert page.index("Siti Aminah") < page.index("6284009999999")
    assert 'id="phone">Andi Pratama' in page  # nobody plays a number first
    for channel in ("whatsapp", "telegram", "email"):
        made = Client().post("/peraga/kanal/baru/", {"name": "Juri Contoh", "channel": channel})
        who = person("Juri Contoh", channel)
        assert made.headers["Location"] == f"/peraga/kanal/?orang={who.pk}"
        write(who, "Halo, saya baru")
        work()
        assert Message.objects.latest("pk").conversation.name == "Juri Contoh"
    for bad in ({}, {"name": "\0", "channel": "whatsapp"}, {"name": "Juri", "channel": "fax"}):
        assert Client().post("/peraga/kanal/baru/", bad).status_code == 422


def test_without_a_demo_there_is_nothing_to_play(client, db, settings):
    settings.DEMO = False
    for address in ("/peraga/kanal/", "/peraga/graph/v23.0/1/messages", "/peraga/telegram/bot1/getMe"):
        assert client.get(address).status_code == 404
    for address in ("/peraga/kanal/1/", "/peraga/kanal/baru/"):
        assert client.post(address).status_code == 404


def test_nothing_written_is_said(client, db, settings):
    settings.DEMO = True
    play.load()
    answer = write(person("Siti Aminah", "telegram"), " ")
    assert answer.status_code == 422
    assert re.search(r"Tulis pesan", answer.content.decode())


def test_check_tells_what_does_not_work(db, settings, meta):
    told = CliRunner().invoke(commands.messaging, ["check"])
    assert told.exit_code == 0, told.output
    assert re.search(r"whatsapp +ok", told.output)
    assert re.search(r"telegram +off", told.output)
    settings.WHATSAPP_TOKEN = "salah"
    told = CliRunner().invoke(commands.messaging, ["check"])
    assert told.exit_code == 1
    assert "190" in told.output


def test_quarantine_on_the_console(db):
    store_event("whatsapp", "1", b"\xffx", now=NOW, problem="poison", reason="uji")
    run = CliRunner().invoke
    listed = run(commands.messaging, ["quarantine", "list"]).output
    number = listed.split()[0]
    assert "poison" in listed
    assert run(commands.messaging, ["quarantine", "show", number]).exit_code == 0
    assert run(commands.messaging, ["quarantine", "retry", number]).exit_code == 0
    assert run(commands.messaging, ["quarantine", "retry", number]).exit_code == 1
    assert run(commands.messaging, ["quarantine", "settle", "999"]).exit_code == 1


def test_notices_to_accounts_go_out_by_whatsapp_with_a_template(db, settings, meta):
    from django.contrib.auth import get_user_model

    settings.MESSAGE_CHANNELS = ["whatsapp"]
    user = get_user_model().objects.create_user(
        "sari", name="Sari", phone="+6284000000011", phone_verified=True
    )
    actions.notify(user, "case.issued", "Surat terbit", "Silakan unduh.", "/urusan/SK-1/", NOW)
    now = timezone.now()
    meta.clock = now
    actions.deliver_waiting(now)
    while working.work(now + timedelta(seconds=1)):
        pass
    (taken,) = meta.memory.taken
    assert taken.text == f"[notice] Surat terbit · {settings.PUBLIC_URL}/urusan/SK-1/"
    assert queries.page() == []
