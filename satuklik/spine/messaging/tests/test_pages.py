"""The chat on the portal, answers by link, files, and the officers' quarantine."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from satuklik.spine.messaging import actions, links, queries
from satuklik.spine.messaging.actions.handling import store_event
from satuklik.spine.messaging.models import Attachment, Conversation, Identity, Message, RawEvent
from satuklik.spine.messaging.tests.clock import NOW
from satuklik.spine.messaging.tests.people import PNG


def say(client, text="Halo", **more):
    return client.post("/obrolan/", {"text": text, **more})


def only():
    return Conversation.objects.get(joined_into=None)


def test_anybody_can_write_without_an_account(client, db, work, settings):
    page = client.get("/obrolan/")
    assert page.status_code == 200
    once = page.context["form"].initial["once"]
    for _twice in range(2):
        assert (
            say(
                client, "Jam berapa kantor buka?", name="Siti", email="siti@warga.example", once=once
            ).status_code
            == 302
        )
    conversation = only()
    assert (conversation.name, conversation.messages.count()) == ("Siti", 1)
    message = actions.reply(conversation, "Pukul delapan.", now=NOW)
    work()
    assert "Pukul delapan." in client.get("/obrolan/pesan/").content.decode()
    assert [step.status for step in queries.proof(message)] == ["queued", "sent", "delivered", "read"]
    assert say(client, "Terima kasih").status_code == 302
    assert only().messages.count() == 3


def test_another_browser_sees_nothing(client, db):
    from django.test import Client

    say(client, "Rahasia saya", files=SimpleUploadedFile("a.png", PNG))
    other = Client()
    assert "Rahasia" not in other.get("/obrolan/").content.decode()
    file = Attachment.objects.get()
    assert other.get(f"/obrolan/lampiran/{file.pk}/").status_code == 404
    say(other, "Saya orang lain")
    assert other.get(f"/obrolan/lampiran/{file.pk}/").status_code == 404
    answer = client.get(f"/obrolan/lampiran/{file.pk}/")
    assert (answer.content, answer["Content-Type"]) == (PNG, "image/png")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_with_an_account_everything_is_one_conversation(client, sari, work):
    sari.user.phone, sari.user.phone_verified = "+6284000000077", True
    sari.user.save()
    actions.receive(
        channel="whatsapp", address="6284000000077", name="Sari", text="Dari WhatsApp", external_id="w1", at=NOW,
        now=NOW, phone="+6284000000077",
    )  # fmt: skip
    say(client, "Sebelum masuk")
    client.force_login(sari.user)
    say(client, "Sesudah masuk")
    assert {m.text for m in only().messages.all()} == {"Dari WhatsApp", "Sebelum masuk", "Sesudah masuk"}
    assert only().user == sari.user
    assert "Dari WhatsApp" in client.get("/obrolan/").content.decode()


def test_a_typed_address_opens_nothing(client, db, work):
    """Somebody types Budi's address into the chat: Budi's letters are not shown to him."""
    say(client, "Halo", name="Penipu", email="budi@warga.example")
    actions.receive(
        channel="email", address="budi@warga.example", name="Budi", text="Surat pribadi Budi", external_id="<1@x>",
        at=NOW, now=NOW, email="budi@warga.example",
    )  # fmt: skip
    assert Conversation.objects.count() == 2
    assert "Surat pribadi" not in client.get("/obrolan/").content.decode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("x.png", b"MZ\x90\x00\x00", "Jenis berkas"), ("y.html", b"<script>alert(1)</script>", "Jenis berkas"), ("z.png", b"", "kosong")],
)  # fmt: skip
def test_a_bad_file_is_said_and_nothing_typed_is_lost(client, db, name, content, said):
    answer = say(client, "Tulisan panjang saya", files=SimpleUploadedFile(name, content))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Tulisan panjang saya" in answer.content.decode()
    assert not Message.objects.exists()


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 8001])
def test_nothing_and_too_much_are_said(client, db, text):
    assert say(client, text).status_code == 422


@pytest.mark.parametrize("text", ["\x00NUL", "\u202eRTL مرحبا", "👩‍👩‍👧", "<b>tebal</b>"])
def test_any_text_is_taken(client, db, text):
    answer = say(client, text, name=text[:20])
    assert answer.status_code in (302, 422)
    page = client.get("/obrolan/").content.decode()
    assert "<b>tebal</b>" not in page
    assert answer.status_code == 422 or Message.objects.exists()


def test_too_many_messages_have_to_wait(client, db):
    answers = [say(client, f"Pesan {n}").status_code for n in range(32)]
    assert answers[-1] == 429
    assert answers.count(302) == 30


def test_an_answer_is_read_by_its_link_only(client, db, settings):
    conversation = actions.open_conversation(name="Siti", phone="0840 0000 0001", now=NOW)
    message = actions.reply(conversation, "Jawaban rahasia", now=NOW)
    assert (message.status, message.error) == ("failed", "nowhere")
    address = links.address_of(message.pk).removeprefix(settings.PUBLIC_URL)
    assert "Jawaban rahasia" in client.get(address).content.decode()
    assert queries.proof(message)[-1].status == "read"
    token = links.token_of(message.pk)
    assert len(token.partition(".")[2]) >= 40  # 256 bit in Base64
    for wrong in (
        token[:-1],
        f"{message.pk + 1}.{token.partition('.')[2]}",
        "x",
        f"{message.pk}",
        "a" * 5000,
    ):
        assert client.get(f"/balasan/{wrong}/").status_code == 404


def test_a_file_of_an_answer_hangs_on_its_own_link(client, db):
    from satuklik.base.files.actions import store

    conversation = actions.open_conversation(name="Siti", now=NOW)
    first = actions.reply(conversation, "Satu", now=NOW, files=[store(PNG, "image/png", at=NOW)])
    other = actions.reply(conversation, "Dua", now=NOW)
    file = first.attachments.get()
    assert client.get(f"/balasan/{links.token_of(first.pk)}/lampiran/{file.pk}/").content == PNG
    assert client.get(f"/balasan/{links.token_of(other.pk)}/lampiran/{file.pk}/").status_code == 404


@pytest.fixture
def ppid(regency, client):
    from tests.people import _official

    official = _official("ppid")
    client.force_login(official.user)
    return official


def test_quarantine_is_seen_retried_and_settled(ppid, client, work):
    store_event("whatsapp", "1", b"<script>alert(1)</script>\x00\xff", now=NOW)
    work()
    event = RawEvent.objects.get()
    assert "Isinya tidak dapat dibaca" in client.get("/meja/karantina/").content.decode()
    page = client.get(f"/meja/karantina/{event.pk}/").content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    client.post(f"/meja/karantina/{event.pk}/coba-lagi/")
    assert queries.waiting_events() == 1
    work()
    assert queries.quarantined() == 1
    client.post(f"/meja/karantina/{event.pk}/selesai/")
    client.post(f"/meja/karantina/{event.pk}/selesai/")
    assert (queries.quarantined(), RawEvent.objects.count()) == (0, 1)
    assert client.get("/meja/karantina/?selesai=1").status_code == 200
    assert client.get("/meja/karantina/999999/").status_code == 404


def test_what_is_unsure_is_decided_beside_the_quarantine(ppid, client, work, regency):
    from satuklik.base.agencies.queries import demo_official

    told = actions.notify_official(demo_official("pak_lurah"), "x", "Judul", "Isi", "/meja/", NOW)
    Message.objects.filter(pk=told.pk).update(status="unsure", next_try_at=NOW)
    page = client.get("/meja/karantina/").content.decode()
    assert "Belum pasti terkirim" in page
    assert client.post(f"/meja/karantina/pesan/{told.pk}/kirim-lagi/").status_code == 302
    assert (
        client.post(f"/meja/karantina/pesan/{told.pk}/biarkan/").status_code == 302
    )  # too late: it waits again
    assert client.post("/meja/karantina/pesan/999999/biarkan/").status_code == 404
    told.refresh_from_db()
    assert (told.status, queries.unsure_count()) == ("queued", 0)


def test_quarantine_is_not_for_everybody(client, operator_desa):
    client.force_login(operator_desa.user)
    assert client.get("/meja/karantina/").status_code == 403


def test_joining_and_parting(db):
    siti = actions.open_conversation(name="Siti", phone="084000000001", now=NOW)
    actions.receive(
        channel="telegram",
        address="77",
        name="Siti",
        text="Dari Telegram",
        external_id="7:1",
        at=NOW,
        now=NOW,
    )
    actions.receive(
        channel="web", address="b" * 64, name="", text="Dari web", external_id="1", at=NOW, now=NOW
    )
    by_telegram, by_web = (Identity.objects.get(channel=c).conversation for c in ("telegram", "web"))
    actions.join(siti, by_telegram, now=NOW)
    whole = actions.join(siti, by_web, now=NOW)
    assert whole.messages.count() == 2
    assert queries.conversation(by_web.pk).pk == siti.pk
    assert [c.pk for c in queries.page()] == [siti.pk]
    with pytest.raises(Exception, match="same"):
        actions.join(whole, whole, now=NOW)
    new = actions.split(Identity.objects.get(channel="web"), by=None, now=NOW)
    assert [m.text for m in queries.messages(new.pk)] == ["Dari web"]
    assert [m.text for m in queries.messages(siti.pk)] == ["Dari Telegram"]
    # What he writes after the parting stays apart.
    actions.receive(channel="web", address="b" * 64, name="", text="Lagi", external_id="2", at=NOW, now=NOW)
    assert new.messages.count() == 2


def test_searching(db):
    for n, (name, text) in enumerate(
        (("Siti", "Jalan berlubang di Kisaran"), ("Budi", "Minta data anggaran"))
    ):
        actions.receive(
            channel="telegram", address=str(n), name=name, text=text, external_id=str(n), at=NOW, now=NOW
        )
    assert [c.name for c in queries.page(search="anggaran")] == ["Budi"]
    assert [c.name for c in queries.page(search="sit")] == ["Siti"]
    assert queries.page(search="' OR 1=1 --\x00") == []
    assert queries.waiting_count() == 2


def test_the_quarantine_of_other_offices_is_closed(ppid, client):
    from satuklik.base.agencies.queries import agency

    ppid.agency = agency("dinkes")
    ppid.save()
    store_event("whatsapp", "1", b"rahasia", now=NOW)
    for address in ("/meja/karantina/", f"/meja/karantina/{RawEvent.objects.get().pk}/"):
        assert client.get(address).status_code == 404
