"""What the officer is told of a message itself: not surely sent, not surely hers, edited since."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client

from satuklik.spine.intake import queries
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging import queries as messages
from satuklik.spine.messaging.actions import receiving, sending
from satuklik.spine.messaging.actions.receiving import announce
from satuklik.spine.messaging.models import Message
from tests.people import NOW

LIST = "/meja/pesan/"
LAMP = "Lampu jalan di simpang kami mati sudah dua minggu, mohon diperbaiki ya pak"


def doubted(message: Message) -> Message:
    """Nobody knows whether it went out."""
    Message.objects.filter(pk=message.pk).update(status="queued", handing_at=NOW, next_try_at=NOW)
    sending._abandoned(NOW)
    message.refresh_from_db()
    return message


def test_an_officer_decides_about_what_may_have_arrived(
    write: Callable[..., Any], office: dict[str, Any], browser: Callable[[str], Client]
) -> None:
    conversation = write(LAMP).conversation
    first, second = (
        doubted(messaging.reply(conversation, text, now=NOW, by=office["lina"]))
        for text in ("Kami periksa.", "Sudah kami teruskan.")
    )
    client, page = browser("lina"), f"{LIST}{conversation.pk}/"
    assert "2 pesan belum pasti terkirim" in client.get(LIST).content.decode()
    assert client.get(page).content.decode().count("Mungkin sudah sampai, mungkin belum.") == 2
    assert browser("andi").post(f"{page}pesan/{first.pk}/kirim-lagi/").status_code == 404
    assert client.get(f"{page}pesan/{first.pk}/kirim-lagi/").status_code == 405
    assert client.post(f"{LIST}999/pesan/{first.pk}/kirim-lagi/").status_code == 404
    assert client.post(f"{page}pesan/{first.pk}/kirim-lagi/").status_code == 302
    assert client.post(f"{page}pesan/{second.pk}/biarkan/").status_code == 302
    assert [Message.objects.get(pk=one.pk).status for one in (first, second)] == ["queued", "unsure"]
    told = client.get(page).content.decode()
    assert "Mungkin sudah sampai" not in told
    assert "Belum pasti terkirim" in told
    twice = client.post(f"{page}pesan/{first.pk}/kirim-lagi/", follow=True).content.decode()
    assert "Keadaan pesan ini sudah berubah" in twice
    assert "belum pasti terkirim:" not in client.get(LIST).content.decode()


def test_an_unproven_sender_is_named_so(write: Callable[..., Any], browser: Callable[[str], Client]) -> None:
    message = write(
        LAMP, who="siti@warga.example", channel="email", claimed=True, proof="none", claimed_from="siti@warga.example"
    )  # fmt: skip
    page = browser("lina").get(f"{LIST}{message.conversation_id}/").content.decode()
    assert "Pengirim belum terbukti" in page
    assert LAMP in page
    other = write("Halo lagi", who="siti@warga.example", channel="email", proof="server")
    assert other.conversation_id != message.conversation_id
    assert "belum terbukti" not in browser("lina").get(f"{LIST}{other.conversation_id}/").content.decode()
    thread = write(
        "Ini saya", who="siti@warga.example", channel="email", proof="thread", claimed_from="s@kantor.example"
    )
    page = browser("lina").get(f"{LIST}{thread.conversation_id}/").content.decode()
    assert "Ditulis dari s@kantor.example, membalas pesan kami." in page


def edit(message: Message, text: str, key: str, minutes: int) -> None:
    at = NOW + timedelta(minutes=minutes)
    receiving.edit(
        channel=message.channel, account=message.account, external_id=message.external_id, text=text, at=at, key=key,
        now=at,
    )  # fmt: skip
    announce(at, failed=lambda _message, why: (_ for _ in ()).throw(AssertionError(why)))


def test_an_edited_message_is_read_again_and_marked(
    write: Callable[..., Any], browser: Callable[[str], Client]
) -> None:
    message = write(LAMP)
    assert [one.likely for one in queries.suggestions([message.pk])] == ["complaint"]
    edit(
        message, "Mohon data jumlah penduduk per kecamatan untuk skripsi saya, rahasiakan nama saya", "e1", 1
    )
    (found,) = queries.suggestions([message.pk])
    assert (found.likely, found.message.finding.secret, found.message.conversation.desk.kind) == (
        "information", True, "information",
    )  # fmt: skip
    edit(message, "Tolong, ada kebakaran di pasar!", "e2", 2)
    desk = queries.conversation(message.conversation_id).desk  # type: ignore[union-attr]
    assert (desk.secret, desk.urgent_since is not None) == (True, True)  # a wish for secrecy stays
    assert len(messages.messages(message.conversation_id)) <= 2  # nobody was told anything anew
    assert LAMP not in browser("lina").get(f"{LIST}{message.conversation_id}/").content.decode()
    browser("kadis").post(f"{LIST}{message.conversation_id}/buka/", {"reason": "Menangani laporan ini"})
    page = browser("kadis").get(f"{LIST}{message.conversation_id}/").content.decode()
    assert "Lihat kata-kata semula" in page
    assert LAMP in page
    assert "diubah pengirim" in page


def test_what_was_decided_before_an_edit_stays(
    write: Callable[..., Any], office: dict[str, Any], browser: Callable[[str], Client]
) -> None:
    from satuklik.spine.intake import actions

    message = write("halo pak")
    actions.set_aside(
        message.conversation, by=office["lina"], now=NOW, kind="greeting", message_ids=[message.pk]
    )
    edit(message, LAMP, "e1", 1)
    message.refresh_from_db()
    assert [one.decided_kind for one in message.suggestions.all()] == ["greeting"]
    assert message.finding.edited_at == message.edited_at
