"""What a hostile reader of the desk found: files that went too far, dates that had passed, columns that lied, sheets that
did not open."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from satuklik.base.files import actions as files
from satuklik.kernel.characters import writable
from satuklik.spine.messaging.models import Message
from satuklik.systems.ppid import actions, queries, rules
from satuklik.systems.ppid.errors import BadInput, WrongState
from satuklik.systems.ppid.models import PublishedAnswer
from satuklik.systems.ppid.queries import registers, reports
from satuklik.systems.ppid.tests.conftest import GIVEN, Desk, fresh, wib
from satuklik.systems.ppid.tests.test_line import answered, objected
from tests.people import NOW

pytestmark = pytest.mark.django_db
YEAR = 2026


def paper(name: str) -> actions.GivenFile:
    return actions.GivenFile(
        files.store(f"%PDF-1.4 {name}".encode(), "application/pdf", at=NOW), name, "answer"
    )


def column(register: registers.Register, name: str, row: int = 0) -> str:
    return register.rows[row][list(register.columns).index(name)]


def test_the_file_of_a_decision_that_was_taken_back_reaches_nobody(desk: Desk, client: Any) -> None:
    request = desk.in_process()
    desk.decide(request, files=[paper("rahasia.pdf")])
    actions.take_back(request, by=desk.staf, now=NOW)
    desk.sign(desk.decide(request, files=[paper("terbuka.pdf")]))
    request = fresh(request)
    names = [file.name for file in Message.objects.latest("pk").attachments.order_by("pk")]
    assert "terbuka.pdf" in names
    assert "rahasia.pdf" not in names
    secret = request.files.get(name="rahasia.pdf")
    opened = f"/ppid/permohonan/{request.reference}/{request.key}/berkas/"
    assert client.get(f"{opened}{request.files.get(name='terbuka.pdf').pk}/").status_code == 200
    assert client.get(f"{opened}{secret.pk}/").status_code == 404
    assert "rahasia.pdf" not in str(request.decisions.get(in_force=True).letter.content)
    with pytest.raises(Exception, match="tidak ditemukan"):
        queries.answer_file(request, secret.pk)
    actions.publish_answer(
        request, title="x", question="x", answer="x", files=[secret.pk], looked=True, by=desk.staf, now=NOW
    )
    assert PublishedAnswer.objects.get().files == []


def test_an_earlier_file_goes_out_where_it_is_ticked(desk: Desk) -> None:
    request = desk.in_process()
    desk.decide(request, files=[paper("lama.pdf")])
    actions.take_back(request, by=desk.staf, now=NOW)
    view = queries.request_for(request.reference, desk.staf, NOW)
    desk.sign(desk.decide(request, again=[one.pk for one in view.earlier_files]))
    assert [one.name for one in queries.request_for(request.reference, desk.staf, NOW).answer_files] == [
        "lama.pdf"
    ]


def test_more_files_than_a_letter_takes_are_refused_not_left_out(desk: Desk) -> None:
    request = desk.in_process()
    desk.decide(request, files=[paper(f"{place}.pdf") for place in range(6)])
    actions.take_back(request, by=desk.staf, now=NOW)
    again = [one.pk for one in queries.request_for(request.reference, desk.staf, NOW).earlier_files]
    with pytest.raises(BadInput, match="Paling banyak 10 berkas; ini 11"):
        desk.decide(request, again=again, files=[paper(f"baru-{place}.pdf") for place in range(5)])
    assert fresh(request).state == "in_process"
    desk.decide(request, again=again, files=[paper(f"baru-{place}.pdf") for place in range(4)])


def test_who_must_complete_twice_gets_three_days_each_time(desk: Desk) -> None:
    request = desk.register(wib("2026-03-02"))
    first = actions.declare_incomplete(request, missing="KTP", by=desk.staf, now=wib("2026-03-02"))
    assert first.term_supplement is not None
    assert str(first.term_supplement.due_on) == "2026-03-05"
    actions.supplement(request, text="Ini.", now=wib("2026-03-05"))
    for day, due in (("2026-03-06", "2026-03-11"), ("2026-03-12", "2026-03-17")):
        again = actions.declare_incomplete(request, missing="Surat kuasa", by=desk.staf, now=wib(day))
        assert again.term_supplement is not None
        assert str(again.term_supplement.due_on) == due  # not the day that has passed
        actions.supplement(request, text="Ini juga.", now=wib(day))


def test_ended_by_an_officer_is_not_withdrawn_by_the_applicant(desk: Desk) -> None:
    request = desk.register()
    actions.declare_incomplete(request, missing="KTP", by=desk.staf, now=NOW)
    actions.withdraw(request, reason="Tidak dilengkapi.", by=desk.staf, now=NOW)
    own = desk.register()
    actions.withdraw(own, reason="Sudah dapat.", now=NOW)
    found = registers.requests(YEAR)
    assert (column(found, "Keputusan"), column(found, "Alasan penolakan")) == (
        "Dihentikan",
        "Tidak dilengkapi.",
    )
    assert (column(found, "Keputusan", 1), column(found, "Alasan penolakan", 1)) == ("Ditarik pemohon", "")
    counted = reports.counted(YEAR, NOW)
    assert (counted["withdrawn"], counted["dropped"]) == (1, 1)
    made = actions.file_objection(
        fresh(request), ground="e", reason="", received_at=NOW, channel="web", now=NOW
    )
    assert made.number
    with pytest.raises(WrongState):  # who took it back himself waits for nothing
        actions.file_objection(
            fresh(own),
            ground="b",
            reason="",
            received_at=wib("2027-01-20"),
            channel="web",
            now=wib("2027-01-20"),
        )


def test_an_upheld_objection_opens_again_what_ppid_had_ended(desk: Desk) -> None:
    request = desk.register()
    actions.withdraw(request, reason="Tidak jelas.", by=desk.staf, now=NOW)
    objection = actions.file_objection(
        fresh(request), ground="e", reason="", received_at=NOW, channel="web", now=NOW
    )
    actions.send_to_superior(objection, by=desk.staf, now=NOW)
    letter = actions.decide_objection(
        objection, outcome="upheld", response="Ya.", orders="Jawablah.", by=desk.staf_setda, now=NOW
    )
    desk.sign(letter, by=desk.sekda)
    opened = fresh(request)
    assert opened.state == "in_process"
    assert opened.term_order is not None
    assert (opened.due_on, opened.closed_at) == (opened.term_order.due_on, None)
    assert "decide" in queries.request_for(request.reference, desk.staf, NOW).may
    assert (column(registers.requests(YEAR), "Keputusan"), reports.counted(YEAR, NOW)["dropped"]) == ("", 0)
    actions.withdraw(opened, reason="Sudah dapat.", now=NOW)
    counted = reports.counted(YEAR, NOW)
    assert (counted["withdrawn"], counted["dropped"]) == (1, 0)
    assert column(registers.requests(YEAR), "Keputusan") == "Ditarik pemohon"
    assert "object" not in queries.request_for(request.reference, desk.staf, NOW).may


def test_what_was_notified_stays_in_the_register_while_an_objection_opens_it_again(desk: Desk) -> None:
    given = type(GIVEN)(**{**vars(GIVEN), "obtain": "hard", "delivery": "pickup"})
    request = desk.in_process(given=given)
    desk.sign(desk.decide(request, cost=18_000, cost_basis="fotokopi"))
    actions.hand_over_notice(request, how="diambil", by=desk.staf, now=NOW)
    actions.record_payment(
        request, amount=18_000, paid_on=NOW.date(), note_text="tunai", by=desk.staf, now=NOW
    )
    actions.deliver(request, how="diambil", by=desk.staf, now=NOW)
    actions.publish_answer(
        request, title="x", question="x", answer="x", files=[], looked=True, by=desk.staf, now=NOW
    )
    before = registers.requests(YEAR).rows
    objection = actions.file_objection(
        fresh(request), ground="d", reason="", received_at=NOW, channel="web", now=NOW
    )
    actions.send_to_superior(objection, by=desk.staf, now=NOW)
    letter = actions.decide_objection(
        objection, outcome="upheld", response="Ya.", orders="Beri.", by=desk.staf_setda, now=NOW
    )
    desk.sign(letter, by=desk.sekda)
    assert fresh(request).state == "in_process"
    assert registers.requests(YEAR).rows == before
    assert column(registers.requests(YEAR), "Cara pembayaran") == "Rp18.000, 24-11-2026 tunai"
    # What is on the portal can be taken away in this state too.
    assert "unpublish" in queries.request_for(request.reference, desk.staf, NOW).may
    actions.withdraw_answer(fresh(request), by=desk.staf, now=NOW)


HOSTILE = '=HYPERLINK("http://x")\uffff\x07\ufffe\u202e\u0633\u0627\u0631\u0629'


def test_no_character_breaks_a_workbook_and_no_cell_is_a_formula(desk: Desk) -> None:
    given = type(GIVEN)(**{**vars(GIVEN), "name": HOSTILE, "details": HOSTILE, "phone": "+62812 0000"})
    desk.register(given=given)
    found = registers.requests(YEAR)
    sheet = load_workbook(io.BytesIO(registers.workbook(found))).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert str(cells[2].value).startswith("'=HYPERLINK")
    assert str(cells[4].value).startswith(
        "+62812 0000"
    )  # a telephone number is no formula and stays as it is
    assert registers.pdf(found, NOW).startswith(b"%PDF")
    assert registers.safe("+1|cmd!A1") == "'+1|cmd!A1"
    assert writable("a\ud800b\x00c\U0001f338") == "abc\U0001f338"


def test_what_goes_to_the_commission_names_nobody(desk: Desk) -> None:
    desk.delivered()
    with zipfile.ZipFile(io.BytesIO(reports.evidence_zip(YEAR, NOW))) as archive:
        book = load_workbook(io.BytesIO(archive.read(f"laporan-{YEAR}.xlsx")))
    said = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert "0001/PPID/XI/2026" in said
    for secret in ("Sari", "Cokroaminoto", "81200000001", "sari@"):
        assert secret not in said


@pytest.mark.parametrize(
    ("scores", "score", "band"),
    [
        ([90], 90.0, "informatif"), ([89], 89.0, "menuju_informatif"), ([80], 80.0, "menuju_informatif"),
        ([60], 60.0, "cukup_informatif"), ([40], 40.0, "kurang_informatif"), ([39], 39.0, "tidak_informatif"),
        ([90] * 24 + [89], 89.9, "menuju_informatif"), ([90, 90, 91], 90.3, "informatif"),
    ],
)  # fmt: skip
def test_bands_are_reached_and_not_rounded_to(desk: Desk, scores: list[int], score: float, band: str) -> None:
    for one in scores:
        actions.add_evidence(
            YEAR, "quality", title="Bukti", note="", link="", score=one, file=None, by=desk.staf, now=NOW
        )
    row = next(row for row in reports.assessment(YEAR, NOW) if row["name"] == "quality")
    assert (row["score"], rules.band(row["score"])) == (score, band)


def test_a_late_request_opens_in_a_year_that_nobody_has_loaded(desk: Desk) -> None:
    request = desk.in_process(wib("2027-12-01"))
    at = wib("2028-01-03")
    view = queries.request_for(request.reference, desk.staf, at)
    assert view.late
    assert date(2027, 12, 31) > view.request.due_on  # type: ignore[operator]
    assert next(clock.left for clock in view.clocks if clock.running) is None


def test_what_nobody_answered_in_time_is_not_left_out_of_the_report(desk: Desk) -> None:
    """The share of answers in time is not 100 % because the late ones were never answered."""
    desk.delivered(wib("2026-11-02"))
    silent = desk.register(wib("2026-11-02"))
    counted = reports.counted(YEAR, wib("2026-11-16"))
    assert (str(silent.due_on), counted["on_time"], counted["overdue"]) == (
        "2026-11-16",
        1,
        0,
    )  # until its evening
    after = wib("2026-11-17")
    counted = reports.counted(YEAR, after)
    assert (counted["answered"], counted["late"], counted["open"], counted["overdue"]) == (1, 0, 1, 1)
    assert ("Masih diproses, lewat batas waktu", "1") in reports.lines(YEAR, after)
    assert ("Tepat waktu (%)", "50") in reports.facts_of(YEAR, after)["service"]


def test_an_answer_that_an_objection_brought_is_not_the_first_one(desk: Desk) -> None:
    """Time is counted to the first written notice, and against its own date."""
    request = desk.delivered(wib("2026-11-02"))
    answered(desk, objected(desk, request, "d", wib("2026-11-04")), "upheld", wib("2026-11-10"))
    assert fresh(request).notified_at is None  # at work again
    desk.sign(desk.decide(fresh(request), wib("2026-11-18")), wib("2026-11-18"))
    counted = reports.counted(YEAR, wib("2026-12-01"))
    assert (counted["answered"], counted["longest_days"], counted["late"]) == (1, 0, 0)
