"""The list of officials: every way in which a row, or the whole file, can be wrong."""

import io
import time
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from satuklik.base.agencies.rules import compose_nip
from satuklik.systems.enrolment import sheet
from satuklik.systems.enrolment.errors import SheetRefused
from satuklik.systems.enrolment.tests.conftest import GOOD, NIK, book, line, make_official
from tests.people import NOW, TODAY

OTHER = "198008012005012778"
BAD_ROWS: Sequence[tuple[dict[str, object], str, str]] = [
    ({"NIP": None}, "nip", "missing"),
    ({"NIP": "19800801200501277"}, "nip", "bad_nip"),
    ({"NIP": "198013012005012777"}, "nip", "bad_nip"),  # month 13
    ({"NIP": "198008012005010000"}, "nip", "bad_nip"),
    ({"NIP": 1.98008012005012e17}, "nip", "rounded"),
    ({"NIP": "#REF!"}, "nip", "formula_error"),
    ({"Nama": ""}, "name", "missing"),
    ({"Nama": "x" * 121}, "name", "too_long"),
    ({"Jabatan": None}, "position", "missing"),
    ({"Eselon": "V.z"}, "echelon", "bad_echelon"),
    ({"OPD": None}, "agency", "missing"),
    ({"OPD": "Dinas Antah Berantah"}, "agency", "unknown_agency"),
    ({"mail": None}, "email", "missing"),
    ({"mail": "rini"}, "email", "bad_email"),
    ({"mail": "rini@gmail.example"}, "email", "wrong_domain"),
    ({"NIK": "12"}, "nik", "bad_nik"),
    ({"NIK": 1.2092041088e15}, "nik", "rounded"),
    ({"Golongan": "IX/z"}, "rank", "bad_rank"),
]


def plan(*rows: Any, **more: Any) -> Any:
    from satuklik.systems.enrolment import actions

    return actions.plan_import(book(*rows, **more), now=NOW)


def found(plan_: Any) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.code) for one in plan_.problems]


def test_every_wrong_cell_is_named_with_row_and_column(regency: None) -> None:
    numbered = [
        line(**{"NIP": f"1980080120050127{10 + place}", "mail": f"r{place}@asahan.example", **changes})
        for place, (changes, _, _) in enumerate(BAD_ROWS)
    ]
    judged = plan(*numbered)
    assert found(judged) == [(place, column, code) for place, (_, column, code) in enumerate(BAD_ROWS, 2)]
    assert (judged.rows, len(judged.entries), judged.bad_rows) == (len(BAD_ROWS), 0, len(BAD_ROWS))


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"OPD": "Dinas Komunikasi dan Informatika"}, {"OPD": " dinas  komunikasi dan INFORMATIKA "},
        {"Eselon": ""}, {"Eselon": "iii/b"}, {"NIP": "19800801 200501 2 777"}, {"NIK": NIK},
        {"NIK": f"'{NIK}"}, {"Golongan": "Penata Tk. I (III/d)"}, {"Golongan": None}, {"mail": "Rini@Kominfo.asahan.example"},
    ],
)  # fmt: skip
def test_what_people_write_is_understood(regency: None, changes: dict[str, object]) -> None:
    judged = plan(line(**changes))
    assert found(judged) == []
    (entry,) = judged.entries
    assert (entry.nip, entry.echelon) == (GOOD["NIP"], "III.b")


def test_rows_that_contradict_each_other(regency: None) -> None:
    head = "Kepala Dinas Komunikasi dan Informatika"
    judged = plan(
        line(NIK=NIK), line(mail="lain@asahan.example"), line(NIP=OTHER, NIK=NIK),
        line(NIP="198008012005012779", Jabatan=head, mail="a@asahan.example"),
        line(NIP="198008012005012780", Jabatan=head, mail="b@asahan.example"),
    )  # fmt: skip
    assert found(judged) == [
        (3, "nip", "nip_twice"), (4, "nik", "nik_twice"), (4, "email", "email_twice"), (6, "position", "head_twice"),
    ]  # fmt: skip
    assert [entry.row for entry in judged.entries] == [2, 5]


def test_a_chair_that_is_taken_and_a_nik_that_is_known(regency: None) -> None:
    from satuklik.systems.enrolment import actions

    head = make_official("diskominfo", "Kadis Lama", "Kepala Dinas", 920, role="head", login=False)
    actions.register([actions.Registration(head, "II.b", NIK)], by="command", now=NOW)
    wanted = line(Jabatan="Kepala Dinas Komunikasi dan Informatika", Eselon="II.b")
    judged = plan(wanted, line(NIP=OTHER, mail="b@asahan.example", NIK=NIK))
    assert found(judged) == [(2, "position", "head_taken"), (3, "nik", "nik_taken")]
    assert judged.problems[0].detail == "Kadis Lama"
    moved = line(
        NIP=head.nip, Nama="Kadis Lama", Jabatan="Staf Ahli Bupati", OPD="setda", mail="k@asahan.example"
    )
    assert found(plan(wanted, moved)) == []


def make_zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """A good list with one part exchanged or added."""
    with zipfile.ZipFile(io.BytesIO(book(GOOD))) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    return make_zip(parts | {name: content})


SHEET1 = "xl/worksheets/sheet1.xml"
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]><worksheet>&c;</worksheet>'
HOSTILE = {
    "empty": (b"", "empty"),
    "text": (b"NIP;Nama\n1;2\n", "not_xlsx"),
    "csv named xlsx": (b"PK but not a zip", "damaged"),
    "old xls or a password": (sheet.OLE + b"\0" * 600, "old_format"),
    "too large": (b"PK" + b"0" * sheet.LARGEST_FILE, "too_large"),
    "a docx": (make_zip({"word/document.xml": b"<w/>"}), "not_xlsx"),
    "cut off": (book(GOOD)[:-200], "damaged"),
    "unpacks to 60 MB": (with_part("xl/media/a.bin", b"\0" * 60_000_000), "bomb"),
    "301 parts": (make_zip({"xl/workbook.xml": b"<a/>"} | {f"xl/{n}.bin": b"" for n in range(301)}), "bomb"),
    "entities": (with_part(SHEET1, LAUGHS), "bomb"),
    "entities in UTF-16": (with_part(SHEET1, LAUGHS.decode().encode("utf-16")), "bomb"),
    "an external entity": (
        with_part("xl/sharedStrings.xml", b'<!DOCTYPE s SYSTEM "file:///etc/passwd"><sst/>'), "bomb",
    ),
    "no sheet": (with_part("xl/workbook.xml", b"<workbook/>"), "no_header"),
    "broken xml": (with_part(SHEET1, b"<worksheet><sheetData><row r='1'"), "damaged"),
    "a picture for a sheet": (with_part(SHEET1, b"\x89PNG\r\n\x1a\n"), "damaged"),
    "no rows": (book(), "no_rows"),
    "no header": (book({"a": 1}, header=["a", "b"]), "no_header"),
    "a column is missing": (book(GOOD, header=[name for name in GOOD if name != "OPD"]), "no_header"),
    "a column twice": (book(GOOD, header=[*GOOD, "nip"]), "twice"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_files_that_are_refused(name: str) -> None:
    content, code = HOSTILE[name]
    begin = time.process_time()
    with pytest.raises(SheetRefused) as refused:
        sheet.read(content)
    assert refused.value.code == code
    assert time.process_time() - begin < 2


def test_a_row_far_below_does_not_make_a_million() -> None:
    with zipfile.ZipFile(io.BytesIO(book(GOOD))) as archive:
        xml = archive.read(SHEET1)
    far = xml.replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    )
    begin = time.process_time()
    assert len(sheet.read(with_part(SHEET1, far))) == 1
    assert time.process_time() - begin < 2


def test_a_title_above_the_columns_and_empty_rows_between(regency: None) -> None:
    judged = plan(GOOD, {}, line(NIP=OTHER, mail="b@asahan.example"), above=3)
    assert [entry.row for entry in judged.entries] == [5, 7]


def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MOST_ROWS", 20)
    rows = [line(NIP=str(number)) for number in range(21)]
    with pytest.raises(SheetRefused) as refused:
        sheet.read(book(*rows))
    assert refused.value.code == "too_many_rows"


def test_again_changes_nothing_and_changes_are_taken(regency: None) -> None:
    from satuklik.base.agencies.queries import by_nip
    from satuklik.systems.enrolment import actions, queries

    first = plan(line(NIK=NIK), line(NIP=OTHER, mail="b@asahan.example"))
    assert (first.new, first.changed, first.same) == (2, 0, 0)
    done = actions.run_import(first.entries, by="command", now=NOW, file_name="a.xlsx")
    assert (done.created, done.updated, done.unchanged) == (2, 0, 0)
    again = plan(line(NIK=NIK), line(NIP=OTHER, mail="b@asahan.example"))
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    done = actions.run_import(again.entries, by="command", now=NOW)
    assert (done.created, done.updated, done.unchanged) == (0, 0, 2)
    official = by_nip([str(GOOD["NIP"])])[str(GOOD["NIP"])]
    row = queries.enrolment_of(official)
    assert row is not None
    assert (official.rank, official.role, row.stage, queries.nik_of(row)) == (
        "Penata Tk. I (III/d)", "staff", "registered", NIK,
    )  # fmt: skip
    assert [event.kind for event in queries.history(row.pk)] == ["enrolment.registered"]
    changed = plan(line(Jabatan="Sekretaris Dinas", Eselon="III.a", OPD="disdukcapil"))
    assert (changed.new, changed.changed) == (0, 1)
    actions.run_import(changed.entries, by="command", now=NOW)
    official.refresh_from_db()
    assert (official.position, official.role, official.agency.code) == (
        "Sekretaris Dinas",
        "secretary",
        "disdukcapil",
    )


def test_tasks_of_this_house_are_not_taken_away(regency: None) -> None:
    from satuklik.systems.enrolment import actions

    admin = make_official("diskominfo", "Admin", "Pranata Komputer", 930, role="admin", login=False)
    actions.run_import(plan(line(NIP=admin.nip, Jabatan="Kepala Bidang")).entries, by="command", now=NOW)
    admin.refresh_from_db()
    assert (admin.role, admin.position) == ("admin", "Kepala Bidang")


def test_who_comes_back_into_office_begins_anew(bu_kabid: Any, verifikator: Any, bu_admin: Any) -> None:
    from satuklik.systems.enrolment import actions, queries, rules
    from satuklik.systems.enrolment.tests.conftest import brought

    row = brought(bu_kabid, rules.ACTIVE, verifikator)
    actions.end_term(row.pk, last_day=TODAY, by=bu_admin, now=NOW)
    later = NOW + timedelta(days=3)
    actions.end_who_left(later)
    entries = plan(line(NIP=bu_kabid.nip, Nama=bu_kabid.name, mail=bu_kabid.email)).entries
    actions.run_import(entries, by="command", now=later)
    found_ = queries.enrolment_of(bu_kabid)
    assert found_ is not None
    assert (found_.stage, found_.official.active_until) == (rules.REGISTERED, None)


def test_nothing_is_half_imported(regency: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from satuklik.base.agencies.models import Official
    from satuklik.systems.enrolment import actions
    from satuklik.systems.enrolment.models import Enrolment

    def broken(*_: object, **__: object) -> None:
        raise ConnectionError

    entries = plan(GOOD).entries
    monkeypatch.setattr("satuklik.systems.enrolment.actions.importing.register", broken)
    with pytest.raises(ConnectionError):
        actions.run_import(entries, by="command", now=NOW)
    assert not Official.objects.exists()
    assert not Enrolment.objects.exists()


def test_five_thousand_rows_in_time(regency: None) -> None:
    from satuklik.systems.enrolment import actions
    from satuklik.systems.enrolment.models import Enrolment

    rows = []
    for number in range(5_000):
        nip = compose_nip(
            TODAY.replace(year=1975) + timedelta(days=number // 999),
            TODAY.replace(year=2000, day=1),
            "L",
            1 + number % 999,
        )
        rows.append(line(NIP=nip, Nama=f"Nama {number}", mail=f"n{number}@asahan.example"))
    content = book(*rows)
    begin = time.process_time()
    judged = actions.plan_import(content, now=NOW)
    assert len(judged.entries) == 5_000
    actions.run_import(judged.entries, by="command", now=NOW)
    assert Enrolment.objects.count() == 5_000
    assert time.process_time() - begin < 10


def test_the_template_can_be_imported_once_it_is_filled(regency: None) -> None:
    from satuklik.systems.enrolment import actions, queries

    content = queries.template_bytes()
    loaded = load_workbook(io.BytesIO(content))
    page = loaded["Pejabat"]
    assert page["A2"].number_format == "@"
    assert {"E2:E10001", "D2:D10001", "H2:H10001", "A2:A10001"} == {
        str(choice.sqref) for choice in page.data_validations.dataValidation
    }
    assert [cell.value for cell in loaded["OPD"]["A"]][1:] == ["disdukcapil", "diskominfo", "setda"]
    judged = actions.plan_import(content, now=NOW)
    assert found(judged) == []


def test_the_command(regency: None, tmp_path: Path) -> None:
    from satuklik.systems.enrolment import commands
    from satuklik.systems.enrolment.models import Enrolment

    file = tmp_path / "daftar.xlsx"
    file.write_bytes(book(GOOD, line(NIP="1")))
    run = CliRunner().invoke
    told = run(commands.officials, ["import", str(file)])
    assert told.exit_code == 1
    assert "3\tNIP\tBukan NIP" in told.output
    assert not Enrolment.objects.exists()
    told = run(commands.officials, ["import", str(file), "--skip-errors", "--dry-run"])
    assert (told.exit_code, Enrolment.objects.count()) == (0, 0)
    told = run(commands.officials, ["import", str(file), "--skip-errors"])
    assert (told.exit_code, Enrolment.objects.count()) == (0, 1), told.output
    file.write_bytes(b"PK no")
    told = run(commands.officials, ["import", str(file)])
    assert told.exit_code == 1
    assert "rusak" in told.output
    assert run(commands.officials, ["template", str(tmp_path / "t.xlsx")]).exit_code == 0
