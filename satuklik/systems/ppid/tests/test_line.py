"""From the request to the signed letter in the applicant's hands; refusals, objections, disputes."""

import io
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from satuklik.base.agencies.queries import agency
from satuklik.base.audit.models import Event as AuditEvent
from satuklik.base.files import actions as files
from satuklik.base.files.queries import read
from satuklik.spine.documents import queries as documents
from satuklik.spine.messaging.models import Message
from satuklik.spine.referrals import actions as referrals
from satuklik.systems.ppid import actions, queries, rules
from satuklik.systems.ppid.errors import (
    AlreadyThere,
    BadDecision,
    BadInput,
    MaySignNot,
    NotFound,
    NotTheLetterShown,
    NotYours,
    TooEarly,
    WrongState,
)
from satuklik.systems.ppid.models import Event, InformationRequest, Letter, Objection
from satuklik.systems.ppid.queries import dossier
from satuklik.systems.ppid.signables import SIGNABLE
from satuklik.systems.ppid.tests.conftest import GIVEN, Desk, fresh, wib
from tests.people import NOW, TODAY

pytestmark = pytest.mark.django_db


def test_numbers_have_no_gap_and_begin_again_each_year(desk: Desk) -> None:
    numbers = [desk.register(wib(day)).number for day in ("2026-12-30", "2026-12-31", "2027-01-04")]
    assert numbers == ["0001/PPID/XII/2026", "0002/PPID/XII/2026", "0001/PPID/I/2027"]
    with pytest.raises(BadInput):
        desk.register(wib("2027-01-04"), given=actions.Given(name="", details="x"))
    assert desk.register(wib("2027-01-05")).number == "0002/PPID/I/2027"


def test_the_applicant_is_told_number_and_date_at_once(desk: Desk) -> None:
    request = desk.register()
    message = Message.objects.get()
    assert request.number in message.text
    assert "8 Desember 2026" in message.text
    assert request.key in message.text


def test_granted_signed_and_delivered_with_proof(desk: Desk) -> None:
    sha256 = files.store(b"kolom;nilai\n", "text/csv", at=NOW)
    request = desk.in_process()
    letter = desk.decide(request, files=[actions.GivenFile(sha256, "../../data\u202e.csv", "answer")])
    document = desk.sign(letter)
    request = fresh(request)
    assert (request.state, request.notified_at, request.delivered_at) == ("delivered", NOW, NOW)
    assert documents.verdict_of_pdf(read(document.file_id), now=NOW).verdict == "valid"
    told = Message.objects.order_by("pk").last()
    assert told is not None
    assert document.number in told.text
    view = queries.request_for(request.reference, desk.staf, NOW)
    assert any(line.kind == "notified" and line.proof for line in view.history)
    assert view.answer_files[0].name == "data_.csv"
    assert actions.open_files(request)
    # Signing it again returns the same letter and tells nobody twice.
    before = Message.objects.count()
    assert desk.sign(letter).pk == document.pk
    assert Message.objects.count() == before


@pytest.mark.parametrize("outcome", ["granted", "refused"])
def test_pdfsig_accepts_the_letters(desk: Desk, tmp_path: Path, outcome: str) -> None:
    request = desk.refused() if outcome == "refused" else desk.delivered()
    letter = Letter.objects.get(decision__request=request)
    assert letter.document is not None
    file = tmp_path / "surat.pdf"
    file.write_bytes(documents.read(letter.document))
    said = subprocess.run(
        ["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said or "Not total document signed" in said  # a time stamp may follow


def test_a_refusal_needs_ground_test_and_reason(desk: Desk) -> None:
    request = desk.in_process()
    for missing, fault in (({}, "ground"), ({"grounds": ["z"]}, "ground"), ({"grounds": ["h"]}, "test")):
        with pytest.raises(BadDecision) as error:
            desk.decide(request, outcome="refused", answer="", **missing)
        assert fault in error.value.faults
        assert "reason" in error.value.faults
    tested = desk.tested(ground="h")
    with pytest.raises(BadDecision) as error:
        desk.decide(tested, outcome="partial", answer="Sebagian.", grounds=["h", "j"], reason="Rahasia.")
    assert error.value.faults == ("test",)
    letter = desk.decide(tested, outcome="refused", answer="", grounds=["h"], reason="Memuat data pribadi.")
    assert (letter.kind, fresh(tested).state) == ("refusal", "decided")
    assert desk.sign(letter).title.startswith("Keputusan PPID")


DECISIONS = [
    ({"outcome": "granted", "answer": ""}, ["answer"]),
    ({"outcome": "granted", "answer": "Ini."}, []),
    ({"outcome": "partial", "answer": "Ini.", "grounds": ["h"], "tested": ["h"], "reason": "x"}, []),
    ({"outcome": "refused", "grounds": ["h", "i"], "tested": ["h"], "reason": "x"}, ["test"]),
    ({"outcome": "not_held"}, ["holder"]),
    ({"outcome": "not_held", "held_by": "BPN"}, []),
    ({"outcome": "granted", "answer": "Ini.", "cost": 1000, "obtain": "view"}, ["cost"]),
    ({"outcome": "granted", "answer": "Ini.", "cost": -1}, ["cost"]),
]


@pytest.mark.parametrize(("given", "faults"), DECISIONS)
def test_what_a_decision_needs(given: dict[str, Any], faults: list[str]) -> None:
    blank = {
        "answer": "",
        "grounds": [],
        "tested": [],
        "reason": "",
        "held_by": "",
        "cost": 0,
        "obtain": "soft",
    }
    assert rules.decision_faults(**(blank | given)) == faults


def test_held_outside_the_regency_tells_both_sides(desk: Desk) -> None:
    given = actions.Given(
        **{**GIVEN.__dict__, "details": "Sertipikat tanah saya, Sari Wulandari, HP 0812-3456-7890"}
    )
    request = desk.in_process(given=given)
    desk.sign(
        desk.decide(
            request,
            outcome="not_held",
            answer="",
            held_by="Kantor Pertanahan",
            held_by_email="ppid@bpn.example",
        )
    )
    request = fresh(request)
    assert (request.state, request.delivered_at) == ("delivered", None)
    to_body = Message.objects.get(conversation__email="ppid@bpn.example")
    assert "Sari" not in to_body.text  # the body learns of the request, not of the person
    assert "0812" not in to_body.text
    assert Event.objects.filter(request=request, kind="holder_told").exists()
    told = Message.objects.filter(conversation=request.conversation_id).order_by("pk").last()
    assert told is not None
    assert "Kantor Pertanahan" in told.text


def test_copies_on_paper_are_handed_over_after_their_cost(desk: Desk) -> None:
    given = actions.Given(**{**GIVEN.__dict__, "obtain": "hard", "delivery": "pickup"})
    request = desk.in_process(given=given)
    desk.sign(desk.decide(request, cost=25_000, cost_basis="50 lembar"))
    assert fresh(request).notified_at is None  # nobody has taken it yet
    with pytest.raises(BadInput):
        actions.hand_over_notice(request, how=" ", by=desk.staf, now=NOW)
    actions.hand_over_notice(request, how="diambil langsung", by=desk.staf, now=NOW)
    with pytest.raises(BadInput):
        actions.deliver(request, how="diambil", by=desk.staf, now=NOW)  # not paid
    with pytest.raises(BadInput):
        actions.record_payment(request, amount=20_000, paid_on=TODAY, note_text="", by=desk.staf, now=NOW)
    actions.record_payment(request, amount=25_000, paid_on=TODAY, note_text="tunai", by=desk.staf, now=NOW)
    with pytest.raises(BadInput):
        actions.record_payment(request, amount=25_000, paid_on=TODAY, note_text="", by=desk.staf, now=NOW)
    request = actions.deliver(request, how="diambil langsung", by=desk.staf, now=NOW)
    assert (request.state, fresh(request).paid) == ("delivered", 25_000)


def test_only_who_may_signs_and_only_what_was_read(desk: Desk) -> None:
    letter = desk.decide(desk.in_process())
    with pytest.raises(MaySignNot):
        desk.sign(letter, by=desk.staf)
    with pytest.raises(NotTheLetterShown):
        actions.sign(letter, by=desk.ppid, key=desk.open_key(desk.ppid), now=NOW, seen="0" * 64)
    (waiting,) = SIGNABLE.waiting(desk.ppid, None, NOW)
    assert (waiting.reference, waiting.seen) == (letter.reference, letter.preview_id)
    assert SIGNABLE.waiting(desk.staf, None, NOW) == []
    assert (
        SIGNABLE.waiting(desk.kadis, [letter.reference, "x\0"], NOW)[0].office
        == "Dinas Komunikasi dan Informatika"
    )
    signed = SIGNABLE.sign(letter.reference, letter.preview_id, desk.kadis, desk.open_key(desk.kadis), NOW)
    assert SIGNABLE.done is not None
    assert SIGNABLE.done(letter.reference, desk.kadis, NOW - timedelta(minutes=1)) == signed


def test_a_letter_that_is_taken_back_or_returned_can_be_written_again(desk: Desk) -> None:
    request = desk.in_process()
    first = desk.decide(request)
    actions.take_back(request, by=desk.ppid, now=NOW, reason="Lengkapi tahunnya.")
    assert (fresh(first).state, fresh(first).returned_because, fresh(request).state) == (
        "returned", "Lengkapi tahunnya.", "in_process",
    )  # fmt: skip
    with pytest.raises(WrongState):
        desk.sign(first)
    second = desk.decide(request)
    assert second.reference == first.reference[:-1] + "2"
    desk.sign(second)
    with pytest.raises(WrongState):
        actions.take_back(request, by=desk.staf, now=NOW)


def test_a_referral_is_answered_given_back_and_recalled(desk: Desk) -> None:
    request = desk.in_process()
    one = actions.refer(request, agency=agency("dinkes"), question="Berapa?", by=desk.ppid, now=NOW)
    two = actions.refer(request, agency=agency("setda"), question="Berapa?", by=desk.ppid, now=NOW)
    referrals.answer(one, text="Sekian.", by=desk.ppid_dinkes, now=NOW)
    assert fresh(request).state == "with_pelaksana"  # the other one is still waited for
    referrals.give_back(two, by=desk.sekda, reason="Bukan kami.", suggested=None, now=NOW)
    assert fresh(request).state == "in_process"
    three = actions.refer(request, agency=agency("dinkes"), question="Lagi?", by=desk.ppid, now=NOW)
    desk.decide(request)
    assert fresh(three).state == "recalled"  # nobody is called silent for an answer that nobody needs
    view = queries.request_for(request.reference, desk.ppid, NOW)
    assert [one.state for one in view.referrals] == ["answered", "given_back", "recalled"]


def test_only_officers_see_requests(desk: Desk) -> None:
    request = desk.register()
    assert queries.request_for(request.reference, desk.staf, NOW).may
    for stranger in (desk.ppid_dinkes, desk.kadinkes, desk.admin, desk.sekda):
        with pytest.raises(NotFound):
            queries.request_for(request.reference, stranger, NOW)
        with pytest.raises(NotYours):
            actions.declare_complete(request, by=stranger, now=NOW)


def test_tracking_keys(desk: Desk) -> None:
    one, other = desk.register(), desk.register()
    assert len(one.key) >= 22  # 128 bits
    assert queries.tracked(one.reference, one.key) == one
    for reference, key in (
        (one.reference, other.key),
        (one.reference, ""),
        (one.reference, "é"),
        ("PI-x", one.key),
        ("\0", ""),
    ):
        with pytest.raises(NotFound):
            queries.tracked(reference, key)


def test_nothing_that_a_person_typed_is_in_the_audit_log(desk: Desk) -> None:
    request = desk.tested()
    desk.sign(desk.decide(request, outcome="refused", answer="", grounds=["h"], reason="Data pribadi Sari."))
    logged = str(list(AuditEvent.objects.filter(stream=request.subject).values_list("data", flat=True)))
    for secret in ("Sari", "Cokroaminoto", GIVEN.nik, "81200000001", "Anggaran", request.key):
        assert secret not in logged
    assert AuditEvent.objects.filter(stream=request.subject).count() >= 5


def test_emoji_and_other_scripts_never_stop_a_letter(desk: Desk) -> None:
    given = actions.Given(
        **{**GIVEN.__dict__, "name": "Sari 🌸 \u202eسارة", "details": "Анггаран 💰\0 " + "x" * 30_000}
    )
    request = desk.in_process(given=given)
    assert len(request.details) <= rules.LONGEST_TEXT
    desk.sign(desk.decide(request))
    assert fresh(request).state == "delivered"


# -- Objections -----------------------------------------------------------------------------------------


def objected(
    desk: Desk, request: InformationRequest, ground: str = "a", at: Any = NOW, **more: Any
) -> Objection:
    return actions.file_objection(
        request, ground=ground, reason="Kurang.", received_at=at, channel="web", now=at, **more
    )


def answered(desk: Desk, objection: Objection, outcome: str = "rejected", at: Any = NOW) -> Objection:
    actions.send_to_superior(objection, by=desk.staf, now=at)
    orders = "" if outcome == "rejected" else "Berikan datanya."
    letter = actions.decide_objection(
        objection, outcome=outcome, response="Menimbang.", orders=orders, by=desk.staf_setda, now=at
    )
    desk.sign(letter, at, by=desk.sekda)
    return fresh(objection)


def test_an_objection_goes_to_the_superior_and_back(desk: Desk) -> None:
    request = desk.refused()
    objection = objected(desk, request)
    assert objection.number == "0001/KEB-PPID/XI/2026"
    assert (
        str(objection.due_on) == "2027-01-11"
    )  # thirty working days; Christmas, New Year and Isra Mikraj among them
    with pytest.raises(NotYours):
        actions.decide_objection(objection, outcome="rejected", response="x", by=desk.staf, now=NOW)
    objection = answered(desk, objection)
    assert (objection.state, objection.superior_name) == ("dispute_window", desk.sekda.name)
    assert str(objection.due_on) == "2026-12-14"  # fourteen working days
    assert objection.letter is not None
    assert documents.verdict_of_pdf(documents.read(objection.letter.document), now=NOW).verdict == "valid"
    assert actions.respond(objection, answer="accepts", now=NOW).applicant_response == "accepts"
    assert actions.close_objection(objection, by=desk.staf, now=NOW).state == "closed"


def test_what_is_upheld_opens_the_request_again(desk: Desk) -> None:
    request = desk.refused()
    answered(desk, objected(desk, request), "upheld")
    request = fresh(request)
    assert (request.state, request.notified_at, str(request.due_on)) == ("in_process", None, "2026-12-08")
    desk.sign(desk.decide(request, answer="Terlampir."))
    assert fresh(request).state == "delivered"


GROUNDS = [
    # ground, days since the notice (None: unanswered, on this day), too early?, late?
    ("a", 0, False, False),
    ("d", 60, False, True),
    ("b", None, False, False),
    ("c", None, True, False),
]


@pytest.mark.parametrize(("ground", "days", "early", "late"), GROUNDS)
def test_when_a_ground_comes_up(desk: Desk, ground: str, days: int | None, early: bool, late: bool) -> None:
    at = wib("2026-03-09")
    request = desk.refused(at) if days is not None else desk.register(at)
    then = at + timedelta(days=days or 0)
    if early:
        with pytest.raises(TooEarly):
            objected(desk, request, ground, then)
        return
    assert objected(desk, request, ground, then).filed_late == late


def test_silence_is_a_ground_the_day_after_the_last_one(desk: Desk) -> None:
    request = desk.register(wib("2026-03-09"))
    with pytest.raises(TooEarly):
        objected(desk, request, "c", wib("2026-03-30"))
    assert objected(desk, request, "c", wib("2026-03-31")).number == "0001/KEB-PPID/III/2026"


def test_the_same_ground_twice_is_one_objection(desk: Desk) -> None:
    request = desk.refused()
    first = objected(desk, request)
    with pytest.raises(AlreadyThere) as error:
        objected(desk, request)
    assert error.value.number == first.number
    assert objected(desk, request, "d").number == "0002/KEB-PPID/XI/2026"


def test_a_dispute_and_its_file(desk: Desk) -> None:
    request = desk.refused()
    objection = answered(desk, objected(desk, request, proxy=actions.Proxy("Budi Rekaan", "Kisaran", "0812")))
    with pytest.raises(BadInput):
        actions.close_objection(objection, by=desk.staf, now=NOW)
    objection = actions.record_dispute(
        objection, number="012/KI-SU/2026", registered_on=TODAY, by=desk.staf, now=NOW
    )
    actions.record_stage(objection, stage="mediation", by=desk.staf, now=NOW)
    actions.record_stage(objection, stage="adjudication", by=desk.staf, now=NOW)
    with pytest.raises(WrongState):
        actions.record_stage(objection, stage="mediation", by=desk.staf, now=NOW)
    paper = files.store(b"%PDF-1.4 putusan", "application/pdf", at=NOW)
    actions.record_ruling(
        objection, ruling="Menolak permohonan.", ruled_on=TODAY, by=desk.staf, now=NOW,
        files=[actions.GivenFile(paper, "putusan.pdf", "dispute")],
    )  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(dossier.of_objection(fresh(objection), NOW))) as archive:
        names = archive.namelist()
        facts = archive.read("berkas.json").decode()
        assert archive.read("00-berkas-sengketa.pdf").startswith(b"%PDF")
    assert {"00-berkas-sengketa.pdf", "kejadian.xlsx", "berkas.json"} <= set(names)
    assert sum(name.startswith("surat/") for name in names) == 2
    assert any(name.endswith("putusan.pdf") for name in names)
    for told in (
        request.number,
        objection.number,
        "012/KI-SU/2026",
        "Uji konsekuensi dicatat",
        "UU 14/2008 ps. 36(2)",
    ):
        assert told in facts


def test_the_superior_may_be_silent_and_the_dispute_comes_all_the_same(desk: Desk) -> None:
    objection = objected(desk, desk.refused())
    actions.send_to_superior(objection, by=desk.staf, now=NOW)
    assert (
        actions.record_dispute(objection, number="", registered_on=TODAY, by=desk.staf, now=NOW).state
        == "at_ki"
    )
