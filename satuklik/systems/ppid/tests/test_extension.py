"""The notice that an answer takes longer: signed before the last day ends, delivered like a decision, once."""

from typing import Any

import pytest

from satuklik.base.calendar.actions import declare_holiday
from satuklik.spine.documents import queries as documents
from satuklik.spine.messaging.models import Message
from satuklik.systems.ppid import actions
from satuklik.systems.ppid.errors import CannotExtend, NotYours, WrongState
from satuklik.systems.ppid.models import InformationRequest, Letter
from satuklik.systems.ppid.queries import request_for
from satuklik.systems.ppid.signables import SIGNABLE
from satuklik.systems.ppid.tests.conftest import GIVEN, Desk, fresh, wib

pytestmark = pytest.mark.django_db
DAY_0, DAY_10, DAY_11 = wib("2026-03-09"), wib("2026-03-30", 23), wib("2026-03-31", 1)


def drafted(desk: Desk, request: InformationRequest, at: Any = DAY_0, days: int = 7) -> Letter:
    return actions.extend(request, days=days, reason="Data di tujuh belas kantor.", by=desk.staf, now=at)


def test_a_letter_with_number_and_signature_that_the_applicant_has(desk: Desk, client: Any) -> None:
    request = desk.in_process(DAY_0)
    letter = drafted(desk, request)
    assert (str(fresh(request).due_on), fresh(request).extended_on) == ("2026-03-30", None)  # not yet
    assert letter.content["due_on"] == "2026-04-09"
    assert [one.reference for one in SIGNABLE.waiting(desk.ppid, None, DAY_0)] == [letter.reference]
    address = f"/ppid/permohonan/{request.reference}/{request.key}/perpanjangan.pdf"
    assert client.get(address).status_code == 404
    document = desk.sign(letter, DAY_0)
    request = fresh(request)
    assert (str(request.due_on), request.state) == ("2026-04-09", "in_process")
    assert "/DISKOMINFO/" in document.number
    shown = documents.verdict_of_token(document.token, now=DAY_0)
    assert shown.document is not None
    assert "Sari" not in str(document.content)  # a stranger who verifies it learns no name
    message = Message.objects.latest("pk")
    assert document.number in message.text
    assert [file.sha256 for file in message.attachments.all()] == [document.file_id]
    assert client.get(address).content.startswith(b"%PDF")
    assert client.get(address.replace(request.key, "x" * 22)).status_code == 404
    kinds = list(request.events.order_by("pk").values_list("kind", flat=True))
    assert kinds[-3:] == ["extension_drafted", "signed", "extended"]


def test_written_in_time_and_signed_too_late_extends_nothing(desk: Desk) -> None:
    request = desk.in_process(DAY_0)
    letter = drafted(desk, request, DAY_10)
    with pytest.raises(CannotExtend) as error:
        desk.sign(letter, DAY_11)
    assert error.value.code == "late"
    assert (str(fresh(request).due_on), fresh(letter).document_id) == ("2026-03-30", None)
    assert desk.sign(letter, DAY_10).number  # until the last day ends


def test_one_at_a_time_and_taken_back(desk: Desk) -> None:
    request = desk.in_process(DAY_0)
    letter = drafted(desk, request)
    with pytest.raises(CannotExtend) as error:
        drafted(desk, request)
    assert error.value.code == "waiting"
    with pytest.raises(NotYours):
        actions.take_back_extension(request, by=desk.ppid_dinkes, now=DAY_0)
    actions.take_back_extension(request, by=desk.ppid, now=DAY_0, reason="Lima hari cukup.")
    assert fresh(letter).state == "returned"
    with pytest.raises(WrongState):
        desk.sign(letter, DAY_0)
    other = drafted(desk, request, days=5)
    assert other.reference != letter.reference
    desk.sign(other, DAY_0)
    assert fresh(request).term.extra_days == 5


def test_a_decision_or_an_end_leaves_no_notice_to_sign(desk: Desk) -> None:
    for end in ("decided", "withdrawn"):
        request = desk.in_process(DAY_0)
        letter = drafted(desk, request)
        if end == "decided":
            desk.decide(request, DAY_0)
        else:
            actions.withdraw(request, reason="", now=DAY_0)
        assert (fresh(letter).state, fresh(request).extension_letter) == ("dropped", None)


def test_the_date_on_paper_is_the_date_that_holds(desk: Desk) -> None:
    request = desk.in_process(DAY_0)
    letter = drafted(desk, request)
    declare_holiday(
        wib("2026-04-06").date(), name="Libur lokal", kind="local", decree="SK 1", actor="admin", now=DAY_0
    )
    with pytest.raises(CannotExtend) as error:
        desk.sign(letter, DAY_0)
    assert error.value.code == "moved"


def test_what_atasan_ordered_is_not_extended(desk: Desk) -> None:
    request = desk.refused()
    at = wib("2026-11-25")
    objection = actions.file_objection(request, ground="a", reason="", received_at=at, channel="web", now=at)
    actions.send_to_superior(objection, by=desk.staf, now=at)
    answer = actions.decide_objection(
        objection, outcome="upheld", response="Terbuka.", orders="Berikan.", by=desk.staf_setda, now=at
    )
    desk.sign(answer, at, by=desk.sekda)
    assert fresh(request).state == "in_process"
    assert "extend" not in request_for(request.reference, desk.staf, at).may
    with pytest.raises(CannotExtend) as error:
        drafted(desk, request, at)
    assert error.value.code == "state"


def test_on_paper_its_hand_over_is_noted(desk: Desk) -> None:
    given = type(GIVEN)(**{**vars(GIVEN), "delivery": "pickup", "phone": "", "email": ""})
    request = desk.in_process(DAY_0, given=given)
    desk.sign(drafted(desk, request), DAY_0)
    assert "hand_over_extension" in request_for(request.reference, desk.staf, DAY_0).may
    actions.hand_over_extension(request, how="diambil langsung", by=desk.staf, now=DAY_0)
    assert "hand_over_extension" not in request_for(request.reference, desk.staf, DAY_0).may
    with pytest.raises(WrongState):
        actions.hand_over_extension(request, how="lagi", by=desk.staf, now=DAY_0)
