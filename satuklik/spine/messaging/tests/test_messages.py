"""Messages: always in the inbox, by channels when switched on, told in the person's language."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model

from satuklik.spine.messaging import actions, channels, queries
from satuklik.spine.messaging.actions.replying import choose
from satuklik.spine.messaging.channels import Channel, DeliveryFailed, Letterbox
from satuklik.spine.messaging.models import Conversation, Identity, OutboundMessage

NOW = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)
DOMICILE = {"id": "Surat Keterangan Domisili", "en": "Certificate of Domicile"}


@pytest.fixture
def sari(db, monkeypatch, settings):
    settings.MESSAGE_CHANNELS = []
    user = get_user_model().objects.create_user(
        "sari", name="Sari", phone="+6284000000001", phone_verified=True, language="id"
    )
    monkeypatch.setattr(actions.notifying, "_find_user", {7: user}.get)
    return user


def tell(kind="case.issued", note=""):
    return actions.notify_person(7, kind=kind, service=DOMICILE, reference="SK-7F3K-9Q2M", note=note, now=NOW)


def test_a_message_is_in_the_inbox_at_once(sari):
    message = tell()
    assert message.title == "Surat Keterangan Domisili sudah terbit"
    assert message.link == "/urusan/SK-7F3K-9Q2M/"
    assert queries.unread(sari) == 1
    assert actions.mark_read(sari, NOW) == 1
    assert queries.unread(sari) == 0
    assert [m.pk for m in queries.inbox(sari)] == [message.pk]


def test_nobody_is_told_about_a_person_without_account(sari):
    assert (
        actions.notify_person(8, kind="case.issued", service=DOMICILE, reference="X", note="", now=NOW)
        is None
    )
    assert tell(kind="case.submitted") is None


def test_a_percent_sign_in_an_officials_note_is_only_text(sari):
    assert tell("case.returned", "Isi 100%(semua)s %d").body.endswith("Isi 100%(semua)s %d")


def test_channels_send_once_and_try_again(sari, settings, monkeypatch):
    fails = [True]

    def send(message: Letterbox) -> None:
        if fails.pop(0) if fails else False:
            raise DeliveryFailed
        sent.append(message.address)

    sent = []
    monkeypatch.setitem(channels.CHANNELS, "uji", Channel("uji", lambda user: user.phone or "", send))
    settings.MESSAGE_CHANNELS = ["uji"]
    tell()
    assert actions.deliver_waiting(NOW) == 0
    assert actions.deliver_waiting(NOW) == 1
    assert actions.deliver_waiting(NOW) == 0
    assert sent == ["+6284000000001"]
    assert OutboundMessage.objects.count() == 2


def test_an_unverified_number_gets_nothing(sari, settings):
    settings.MESSAGE_CHANNELS = ["demo"]
    sari.phone_verified = False
    assert channels.CHANNELS["demo"].address_of(sari) == ""


def test_names_of_channels_are_taken_once(settings):
    with pytest.raises(channels.DuplicateChannel):
        channels.register_channel(channels.CHANNELS["demo"])
    settings.MESSAGE_CHANNELS = ["merpati"]
    with pytest.raises(channels.UnknownChannel, match="merpati"):
        channels.switched_on()


def test_the_log_keeps_no_identity_number(caplog):
    with caplog.at_level("INFO"):
        channels.CHANNELS["console"].send(Letterbox("+628120001", "Halo", "NIK 1209205708950001", ""))
    assert "1209205708950001" not in caplog.text


def test_a_typed_address_gets_nothing_of_a_proven_person(db):
    """A stranger types somebody's number with his own e-mail: answers still go to the number alone."""
    actions.receive(
        channel="whatsapp", address="6284099000001", name="Siti", text="x", external_id="w1", at=NOW, now=NOW,
        phone="+6284099000001", account="1",
    )  # fmt: skip
    hers = Conversation.objects.get()
    found = actions.open_conversation(
        name="Orang", phone="+6284099000001", email="orang@contoh.example", now=NOW
    )
    assert found.pk == hers.pk
    assert not Identity.objects.filter(channel="email").exists()
    assert Conversation.objects.get().email == ""
    other = actions.open_conversation(name="Orang", email="orang@contoh.example", now=NOW)
    assert other.pk != hers.pk


def test_an_address_typed_before_the_person_wrote_is_no_way_to_him(db, settings):
    early = actions.open_conversation(phone="+6284099000002", email="orang@contoh.example", now=NOW)
    actions.receive(
        channel="whatsapp", address="6284099000002", name="Siti", text="x", external_id="w2", at=NOW, now=NOW,
        phone="+6284099000002", account="1",
    )  # fmt: skip
    one = Conversation.objects.get(identities__address="6284099000002", identities__verified=True)
    assert one.pk == early.pk
    route = choose(one, "", NOW + timedelta(days=3))
    assert route is None or route.identity.channel != "email"
