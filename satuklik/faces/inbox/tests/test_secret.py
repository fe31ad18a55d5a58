"""A secret reporter at the inbox: covered also in what pages are made of, the key for nobody else, one trace for both doors."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from satuklik.faces.inbox.tests.test_pages import address, form
from satuklik.spine.intake import actions as intake
from satuklik.spine.intake import queries
from satuklik.spine.intake.errors import MayNotUncover
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging import queries as messages
from satuklik.spine.messaging import rules, veiling
from satuklik.spine.messaging.actions import replying
from satuklik.spine.messaging.actions.receiving import edit
from satuklik.spine.messaging.actions.sending import parcel_of, send_waiting
from satuklik.spine.messaging.models import Conversation, ConversationEvent, Identity, Message
from satuklik.systems.complaints import actions as complaints
from satuklik.systems.complaints import queries as complaints_of
from satuklik.systems.complaints.errors import MayNot
from satuklik.systems.complaints.models import Complaint, Reveal
from tests.people import NOW

TEXT = "kepala desa minta uang 500 ribu untuk blt, jangan sebut nama saya"
REASON = "Menghubungi pelapor untuk bukti tambahan"
WHO = ("Sri Rahasia", "6284090000101", "500 ribu")


def known(context: Any) -> str:
    """Everything that a page was made of, as text: rows with all their columns."""

    def rows(value: Any) -> str:
        if isinstance(value, dict):
            return " ".join(f"{rows(key)} {rows(one)}" for key, one in value.items())
        if isinstance(value, list | tuple | set):
            return " ".join(rows(one) for one in value)
        if hasattr(value, "__dict__") and not isinstance(value, type):
            mine = {name: one for name, one in vars(value).items() if not name.startswith("_")}
            return f"{value!s} {rows(mine)}" if type(value).__module__.startswith("satuklik.") else str(value)
        return str(value)

    given: dict[str, Any] = {}
    for one in context:
        for layer in one if not isinstance(one, dict) else [one]:
            given |= {key: layer[key] for key in layer} if isinstance(layer, dict) else {}
    forms = given.get("forms", {})
    return rows(given) + rows({name: (one.initial, one.data) for name, one in forms.items()})


@pytest.fixture
def told(write: Callable[..., Any], browser: Callable[[str], Client]) -> Message:
    """What the house told a secret reporter, whose report an officer made without uncovering anybody."""
    message, lina = write(TEXT, name="Sri Rahasia"), browser("lina")
    assert lina.post(address(message, "jadikan/"), form(message, "complaint")).status_code == 302
    return Message.objects.filter(direction="out", conversation=message.conversation).latest("pk")


def test_a_report_is_made_while_the_person_stays_covered(
    told: Message, browser: Callable[[str], Client], office: dict[str, Any]
) -> None:
    complaint = Complaint.objects.get()
    assert complaint.is_secret
    assert complaints.reveal(complaint.pk, by=office["kadis"], reason=REASON, now=NOW).name == "Sri Rahasia"
    lina = browser("lina")
    page = lina.get(f"/meja/pesan/{told.conversation_id}/")
    assert complaint.reference in page.text
    assert [one for one in WHO if one in page.text.replace("-", "")] == []
    assert (
        lina.post(f"/meja/pesan/{told.conversation_id}/jadikan/", {"jenis": "information"}).status_code == 422
    )


def test_the_page_is_not_given_who_it_is(write: Callable[..., Any], browser: Callable[[str], Client]) -> None:
    message = write(TEXT, name="Sri Rahasia")
    page = browser("lina").get(address(message))
    given = known(page.context)
    assert "dirahasiakan" in given
    assert [one for one in WHO if one in given] == []
    refused = browser("lina").post(address(message, "jadikan/"), form(message, "information"))
    assert refused.status_code == 422
    assert [one for one in WHO if one in known(refused.context)] == []


def test_the_key_goes_to_the_person_and_to_nobody_else(
    told: Message, browser: Callable[[str], Client], write: Callable[..., Any], office: dict[str, Any]
) -> None:
    sent = parcel_of(told).text
    key = sent.split("Kunci: ")[1].split(".")[0]
    assert complaints_of.by_key(key) == Complaint.objects.get()
    assert f"/pengaduan/lacak/{key}/" in sent
    assert veiling.PLACE not in sent
    kept = [str(row) for table in (Message, Conversation) for row in table.objects.values_list()]
    assert [row for row in kept if key in row] == []
    assert messages.page(search=key) == []
    # Quoted by the person, seen by the one who may uncover: still covered.
    write(f"Kunci saya {key} benar?", minutes=5)
    kadis = browser("kadis")
    assert kadis.post(f"/meja/pesan/{told.conversation_id}/buka/", {"reason": REASON}).status_code == 302
    page = kadis.get(f"/meja/pesan/{told.conversation_id}/").text
    assert "500 ribu" in page
    assert key not in page
    assert page.count(veiling.PLACE) >= 3
    said = messages.messages(told.conversation_id)
    assert [one for one in said if key in one.text] == []
    assert queries.search(key) == []
    # The person's own page behind the link shows it, until its term is over.
    link = messages.link(told).removeprefix("http://testserver")
    path = "/" + link.split("/", 3)[3]
    assert key in Client().get(path).text
    assert messaging.forget_veiled(NOW + timedelta(days=29)) == 0
    assert messaging.forget_veiled(NOW + timedelta(days=31)) == 1
    assert key not in Client().get(path).text


def test_a_quoted_key_is_never_written_down(
    told: Message, browser: Callable[[str], Client], write: Callable[..., Any], settings: Any
) -> None:
    key = parcel_of(told).text.split("Kunci: ")[1].split(".")[0]
    assert messaging.forget_veiled(NOW + timedelta(days=31)) == 1
    settings.SATUKLIK_OLD_VAULT_KEYS = [settings.SATUKLIK_VAULT_KEY or settings.SECRET_KEY]
    settings.SATUKLIK_VAULT_KEY = "kunci brankas yang baru " * 2
    quotes = [
        f"> http://testserver/pengaduan/lacak/{key}/\nmasih {key}?", f"kunci {key.lower().replace('-', ' ')} saya",
        f"> lacak/{key[:17]}\n> {key[17:]}/ terputus",
    ]  # fmt: skip
    for number, quote in enumerate(quotes):
        write(quote, minutes=5 + number)
    stranger = write(f"lain {key}", name="Orang Lain", who="6281299990001", minutes=9)
    texts = list(Message.objects.filter(direction="in").order_by("pk").values_list("text", flat=True))[-4:]
    place = veiling.PLACE
    assert texts == [
        f"> http://testserver/pengaduan/lacak/{place}/\nmasih {place}?", f"kunci {place} saya",
        f"> lacak/{place}/ terputus", f"lain {place}",
    ]  # fmt: skip
    edit(
        channel=stranger.channel, account=stranger.account, external_id=stranger.external_id, text=f"ubah {key}.",
        at=NOW + timedelta(minutes=10), key="sunting-1", now=NOW + timedelta(minutes=10),
    )  # fmt: skip
    tables = (Message, Conversation, ConversationEvent)
    kept = [str(row) for table in tables for row in table.objects.values_list()]
    assert [row for row in kept if key in row or key.lower().replace("-", " ") in row] == []
    other = f"{key[:-1]}{'A' if key[-1] != 'A' else 'B'}"  # nobody was told this one
    assert write(f"kode {other}", minutes=12).text == f"kode {other}"


def test_a_failed_way_takes_the_key_along(told: Message) -> None:
    for number in (1, 2):
        Identity.objects.create(
            conversation=told.conversation,
            channel="web",
            address=f"s:{number}",
            created_at=NOW,
            last_inbound_at=NOW,
        )
    first = messaging.reply(told.conversation, "Kunci: ABC-DEF.", now=NOW, secrets=("ABC-DEF",))
    other = replying.fail(first, "1", "", NOW)
    assert other is not None
    assert other.identity_id != first.identity_id
    assert {one.text for one in (first, other)} == {f"Kunci: {veiling.PLACE}."}
    assert parcel_of(other).text == "Kunci: ABC-DEF."


def test_a_broken_seal_fails_one_message_and_holds_up_no_other(told: Message) -> None:
    for session in ("s:1", "s:2"):  # another way is there
        Identity.objects.create(
            conversation=told.conversation,
            channel="web",
            address=session,
            created_at=NOW,
            last_inbound_at=NOW,
        )
    row = messaging.reply(told.conversation, "Kunci: ABC-DEF.", now=NOW, secrets=("ABC-DEF",))
    Message.objects.filter(pk=row.pk).update(veiled=b"rusak", tries=rules.MOST_TRIES - 1)
    Message.objects.filter(direction="out").exclude(pk=row.pk).update(status="sent")
    assert send_waiting(NOW) == 1
    row.refresh_from_db()
    assert (row.status, row.error) == ("failed", "seal")
    assert not Message.objects.filter(fallback_of=row).exists()
    assert send_waiting(NOW + timedelta(minutes=10)) == 0


def test_both_doors_need_the_same_right_and_leave_the_same_trace(
    told: Message, office: dict[str, Any]
) -> None:
    complaint, conversation = Complaint.objects.get(), told.conversation
    for nobody in ("lina", "rahmat", "sekretaris"):
        with pytest.raises(MayNot):
            complaints.reveal(complaint.pk, by=office[nobody], reason=REASON, now=NOW)
        with pytest.raises(MayNotUncover):
            intake.open_secret(conversation, by=office[nobody], reason=REASON, now=NOW)
    assert Reveal.objects.count() == 0
    intake.open_secret(conversation, by=office["kadis"], reason=REASON, now=NOW)
    complaints.reveal(complaint.pk, by=office["kadis"], reason=REASON, now=NOW)
    one, other = Reveal.objects.order_by("pk")
    assert (one.official, one.reason, one.complaint) == (other.official, other.reason, other.complaint)
    steps = complaint.events.filter(kind="revealed").order_by("pk")
    assert len({(step.official_id, step.text, step.office, step.shown) for step in steps}) == 1
    assert steps.count() == 2
    key = parcel_of(told).text.split("Kunci: ")[1].split(".")[0]
    assert Client().get(f"/pengaduan/lacak/{key}/").text.count(REASON) >= 2


def test_who_looked_before_the_report_was_made_stands_in_it(
    write: Callable[..., Any], browser: Callable[[str], Client], office: dict[str, Any]
) -> None:
    message = write(TEXT, name="Sri Rahasia")
    intake.open_secret(
        message.conversation, by=office["kadis"], reason=REASON, now=NOW - timedelta(minutes=5)
    )
    assert browser("kadis").post(address(message, "jadikan/"), form(message, "complaint")).status_code == 302
    reveal = Reveal.objects.get()
    assert (reveal.official, reveal.reason, reveal.at) == (
        office["kadis"],
        REASON,
        NOW - timedelta(minutes=5),
    )
