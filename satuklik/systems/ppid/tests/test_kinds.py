"""From a chat line to a legal object: day 0 is the first message, numbers are found, reminders come in the morning."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from satuklik.base.ui.registry import ENTRANCES, INBOXES, MATTERS, SEARCHES
from satuklik.spine.documents import queries as documents
from satuklik.spine.intake.registry import KINDS, CannotCreate, Intake
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging import queries as conversations
from satuklik.spine.messaging.models import Message
from satuklik.systems.ppid import actions, queries
from satuklik.systems.ppid.models import InformationRequest, Letter, Objection
from satuklik.systems.ppid.tests.conftest import Desk, wib
from tests.people import NOW

pytestmark = pytest.mark.django_db


def intake(text: str, at: Any = NOW, **more: Any) -> Intake:
    conversation = messaging.open_conversation(name="Sari", phone="+6281200000001", now=NOW)
    given = {"name": "Sari Wulandari", "phone": "+6281200000001", "channel": "whatsapp"} | more
    return Intake(conversation_id=conversation.pk, message_ids=(), text=text, received_at=at, **given)


def test_a_chat_becomes_a_request_of_the_day_of_its_first_message(desk: Desk) -> None:
    create = KINDS["information"].create
    assert create is not None
    made = create(intake("Minta data anggaran jalan 2025", wib("2026-11-20", 21)), desk.ppid, NOW)
    request = InformationRequest.objects.get()
    assert made.subject == f"ppid:{request.reference}"
    assert str(request.due_on) == "2026-12-04"
    assert (request.channel, request.delivery, request.officer) == ("whatsapp", "chat", desk.ppid)
    assert request.number in made.reply
    assert "4 Desember 2026" in made.reply
    assert made.tracking_url.startswith(settings.PUBLIC_URL)
    assert not Message.objects.exists()  # the inbox answers, once
    desk.sign(desk.decide(actions.declare_complete(request, by=desk.staf, now=NOW)))
    (answer,) = conversations.messages(request.conversation_id or 0)
    assert answer.direction == "out"


def test_what_is_missing_is_said(desk: Desk) -> None:
    for kind, given, said in (
        ("information", intake("Minta data", name=""), "Nama pemohon"),
        ("information", intake(" \0 "), "rincian"),
        ("objection", intake("Saya keberatan", extra=(("ground", "b"),)), "tidak ditemukan"),
        (
            "objection",
            intake("Saya keberatan", extra=(("ground", "b"), ("request_number", "9999/PPID/XI/2026"))),
            "tidak ditemukan",
        ),
    ):
        create = KINDS[kind].create
        assert create is not None
        with pytest.raises(CannotCreate) as error:
            create(given, desk.ppid, NOW)
        assert said in str(error.value)


@pytest.mark.parametrize("named", [True, False])
def test_a_chat_becomes_an_objection_to_the_request_that_it_names_or_the_last_one(
    desk: Desk, named: bool
) -> None:
    create, object_ = KINDS["information"].create, KINDS["objection"].create
    assert create is not None
    assert object_ is not None
    create(intake("Minta data"), desk.ppid, NOW)
    request = InformationRequest.objects.get()
    extra = (("ground", "b"), ("request_number", request.number.lower() if named else ""))
    made = object_(intake("Saya keberatan", extra=extra), desk.ppid, NOW)
    objection = Objection.objects.get()
    assert (objection.request, made.reference) == (request, objection.reference)
    find = KINDS["objection"].find
    assert find is not None
    assert find(f" {objection.number} ") == find(objection.reference.lower()) == made.subject
    assert find("0000") == find("\0") == find("") == ""


def test_the_room_is_known_to_the_others(desk: Desk, client: Client) -> None:
    assert {"ppid"} <= set(ENTRANCES) & set(INBOXES) & set(MATTERS) & set(SEARCHES)
    user = desk.people["admin"].user
    made = actions.register_request(
        actions.Given(name="Sari", details="Data"), received_at=NOW, channel="web", now=NOW, user=user
    )
    (matter,) = MATTERS["ppid"](user, 5)
    assert (matter.due_on, matter.closed, made.key in matter.url) == (made.due_on, False, True)
    assert list(MATTERS["ppid"](desk.people["kadis"].user, 5)) == []


def test_a_stranger_can_check_a_letter_and_learns_no_name(desk: Desk, client: Client) -> None:
    desk.refused()
    letter = Letter.objects.select_related("document").get()
    assert letter.document is not None
    page = client.get(documents.verify_url(letter.document).removeprefix(settings.PUBLIC_URL))
    assert page.status_code == 200
    assert letter.content["number"] in page.text
    assert "Sari" not in page.text


def test_officers_are_reminded_on_working_mornings(desk: Desk) -> None:
    request = desk.register(wib("2026-03-09"))
    assert request.due_on is not None
    assert actions.remind(now=wib("2026-03-10", 7)) == 0
    assert actions.remind(now=wib("2026-03-30", 7)) == 2  # due today: PPID and staff
    assert actions.remind(now=wib("2026-03-31", 7)) == 2
    assert actions.remind(now=wib("2026-04-04", 7)) == 0  # a Saturday


def test_a_read_of_a_registered_applicant_leaves_a_trace(
    make_person: Any, tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from satuklik.base.accounts.models import User
    from satuklik.base.agencies.actions import give_login
    from satuklik.base.agencies.queries import demo_official
    from satuklik.spine.population.models import AccessLog

    person = make_person("Sari Wulandari")
    client = Client()
    client.force_login(person.user)
    form = client.get("/ppid/minta/")
    assert 'value="Sari Wulandari"' in form.text  # nothing is typed that the register knows
    assert person.nik in form.text
    request = actions.register_request(
        actions.Given(name=person.name, nik=person.nik, details="Data", phone="+6281200000001"), received_at=NOW,
        channel="web", now=NOW, user=person.user, person_id=person.pk,
    )  # fmt: skip
    ppid = demo_official("ppid")
    give_login(ppid, User.objects.create(username="ppid", name=ppid.name, kind="official"))
    desk = Client()
    desk.force_login(User.objects.get(username="ppid"))
    for _time in range(2):
        assert desk.get(f"/meja/ppid/permohonan/{request.reference}/").status_code == 200
    log = AccessLog.objects.get(person=person)
    assert (log.case_reference, request.number in log.reason) == (request.reference, True)
    assert queries.find_reference(request.number) == f"ppid:{request.reference}"
