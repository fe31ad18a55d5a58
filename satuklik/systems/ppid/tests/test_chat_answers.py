"""A reply in the chat is taken as the answer to the one question that waits there: by a click, never by itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from satuklik.base.files import actions as files
from satuklik.spine.intake import actions as intake
from satuklik.spine.intake import queries as inbox
from satuklik.spine.intake.actions.creating import Wish
from satuklik.spine.intake.errors import NothingChosen, NotTheQuestion
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging import queries as messages
from satuklik.spine.messaging.models import Message
from satuklik.spine.referrals import actions as referrals
from satuklik.spine.referrals import queries as referred
from satuklik.systems.ppid import actions, queries
from satuklik.systems.ppid.models import InformationRequest
from satuklik.systems.ppid.tests.conftest import Desk, fresh
from tests.people import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def says(text: str, at: Any = LATER, number: int = 1, who: str = "6281200000001") -> Message:
    return messaging.receive(
        channel="whatsapp", address=who, name="Sari Wulandari", text=text, external_id=f"wamid.{who}.{number}", at=at,
        now=at, account="test", phone=f"+{who}",
    )  # fmt: skip


@pytest.fixture
def asked(desk: Desk) -> Any:
    """A request that came by chat, and what it needs explained."""
    first = says("Mohon data jalan rusak.", NOW - timedelta(hours=1), 0)
    request = desk.in_process(conversation_id=first.conversation_id)
    return actions.ask_clarification(request, question="Tahun berapa?", by=desk.staf, now=NOW)


def suggested(request: Any) -> Any:
    conversation = messages.conversation(request.conversation_id)
    return inbox.may_answer(inbox.questions(conversation), messages.messages(conversation.pk))


def test_one_click_and_the_request_goes_on(desk: Desk, asked: Any) -> None:
    assert suggested(asked) is None  # nothing was written since
    reply = says("Tahun 2025 saja, Pak.")
    assert fresh(asked).state == "clarification"  # nothing acts by itself
    found = suggested(asked)
    assert (found.question.number, found.message_ids) == (asked.number, (reply.pk,))
    told = intake.take_answer(
        reply.conversation,
        found.question.subject,
        found.message_ids,
        by=desk.staf,
        now=LATER + timedelta(hours=1),
    )
    question = asked.clarifications.get()
    assert (fresh(asked).state, question.answer) == ("in_process", "Tahun 2025 saja, Pak.")
    assert question.answered_at == LATER  # when it came, not when it was read
    assert asked.number in told.text
    with pytest.raises(NotTheQuestion):  # a second click
        intake.take_answer(
            reply.conversation, found.question.subject, found.message_ids, by=desk.staf, now=LATER
        )
    assert suggested(asked) is None


def test_what_was_missing_comes_with_its_file(desk: Desk) -> None:
    first = says("Mohon data.", NOW - timedelta(hours=1), 0)
    request = desk.register(conversation_id=first.conversation_id)
    actions.declare_incomplete(request, missing="Foto KTP", by=desk.staf, now=NOW)
    reply = says("Ini fotonya", number=2)
    sha256 = files.store(b"\xff\xd8\xff KTP", "image/jpeg", at=NOW)
    reply.attachments.create(name="ktp.jpg", media_type="image/jpeg", sha256=sha256, size=8)
    found = suggested(request)
    assert str(found.question.about) == "kelengkapan"
    for place in range(11):  # no file of an answer falls away, however many
        other = files.store(f"\xff\xd8\xff {place}".encode("latin-1"), "image/jpeg", at=NOW)
        reply.attachments.create(name=f"{place}.jpg", media_type="image/jpeg", sha256=other, size=5)
    days_later = LATER + timedelta(days=8)
    intake.take_answer(
        reply.conversation, found.question.subject, found.message_ids, by=desk.staf, now=days_later
    )
    assert fresh(request).state == "completeness"
    assert fresh(request).term_supplement.closed_at == LATER  # in time: when it came, not when it was read
    assert sorted(one.name for one in request.files.all()) == sorted(
        ["ktp.jpg", *(f"{place}.jpg" for place in range(11))]
    )


def test_never_where_it_is_not_sure(desk: Desk, asked: Any) -> None:
    reply = says("Yang tahun 2025.")
    other = desk.in_process(conversation_id=asked.conversation_id)
    actions.ask_clarification(other, question="Kecamatan mana?", by=desk.staf, now=NOW)
    conversation = messages.conversation(asked.conversation_id)
    assert len(inbox.questions(conversation)) == 2
    assert suggested(asked) is None  # two questions wait: which one is it?
    with pytest.raises(NotTheQuestion):
        intake.take_answer(conversation, asked.subject, [reply.pk], by=desk.staf, now=LATER)
    actions.withdraw(other, reason="", now=NOW)
    assert suggested(asked) is not None
    stranger = says("Tahun 2020", who="6281299990000")
    with pytest.raises(NothingChosen):  # somebody else's message
        intake.take_answer(conversation, asked.subject, [stranger.pk], by=desk.staf, now=LATER)
    before = messages.messages(conversation.pk)[0]
    with pytest.raises(NotTheQuestion):  # older than the question
        intake.take_answer(conversation, asked.subject, [before.pk], by=desk.staf, now=LATER)
    assert fresh(asked).state == "clarification"


def test_another_office_takes_nothing(desk: Desk, asked: Any, client: Client) -> None:
    reply = says("Tahun 2025.")
    sent = {"urusan": asked.subject, "pesan": str(reply.pk)}
    address = f"/meja/pesan/{reply.conversation_id}/catat-jawaban/"
    client.force_login(desk.ppid_dinkes.user)
    assert client.post(address, sent).status_code == 404
    client.force_login(desk.staf.user)
    page = client.get(f"/meja/pesan/{reply.conversation_id}/").text
    assert f"Menjawab permintaan penjelasan nomor {asked.number}" in page
    assert client.post(address, sent).status_code == 302
    assert fresh(asked).state == "in_process"
    again = client.post(address, sent)
    assert again.status_code == 409
    assert "tidak menunggu jawaban lagi" in again.text


def test_a_conversation_that_was_joined_keeps_its_question(desk: Desk, asked: Any) -> None:
    other = says("Halo, ini saya juga.", who="6281299990001")
    kept = messages.conversation(asked.conversation_id)
    messaging.join(kept, other.conversation, by=desk.staf, now=LATER)
    assert [one.number for one in inbox.questions(messages.conversation(other.conversation_id))] == [
        asked.number
    ]


def test_the_agency_of_the_inbox_is_asked_and_its_file_goes_out(
    desk: Desk, as_: Callable[[str], Client]
) -> None:
    """What the officer chose in the inbox is not chosen again, and what the agency handed in is not handed in again."""
    first, officer = says("Mohon data jumlah puskesmas tahun 2025.", NOW - timedelta(hours=1), 0), as_("staf")
    wish = Wish("information", (first.pk,), uuid4(), agency_code="dinkes")
    made = intake.create(first.conversation, wish, by=desk.staf, now=NOW)
    here = f"/meja/ppid/permohonan/{made.reference}/"
    assert "dipilih di kotak pesan, belum ditanya" in officer.get(here).text
    officer.post(f"{here}complete/")
    page = officer.get(here).text
    assert '<option value="dinkes" selected>Dinas Kesehatan</option>' in page
    assert "Mohon data atau dokumen berikut:\nMohon data jumlah puskesmas tahun 2025." in page
    assert officer.post(f"{here}refer/", {"agency": "dinkes", "question": "Berapa?"}).status_code == 302
    (one,) = referred.of_subject(made.subject)
    table = files.store(b"%PDF-1.4 tabel", "application/pdf", at=NOW)
    secret = files.store(b"%PDF-1.4 lain", "application/pdf", at=NOW)
    referrals.answer(one.referral, text="Terlampir.", files=[table], by=desk.ppid_dinkes, now=NOW)
    page = officer.get(here).text
    assert "dipilih di kotak pesan" not in page
    assert "Dinas Kesehatan 1.pdf" in page
    told = {"outcome": "granted", "answer": "Terlampir.", "form_held": "soft", "again": [table, secret]}
    assert officer.post(f"{here}decide/", told).status_code == 302
    request = InformationRequest.objects.get(reference=made.reference)
    desk.sign(request.decisions.get().letter)
    view = queries.request_for(made.reference, desk.staf, NOW)
    assert [(kept.name, kept.file_id) for kept in view.answer_files] == [("Dinas Kesehatan 1.pdf", table)]
