"""Files of SP4N-LAPOR!: taken over once, wrong rows named, hostile files refused, nothing secret leaves."""

import csv
import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from satuklik.systems.complaints import actions, exchange
from satuklik.systems.complaints.actions.importing import import_rows
from satuklik.systems.complaints.errors import SheetRefused
from satuklik.systems.complaints.models import Complaint
from tests.people import NOW

HEADS = "Tracking ID;Tanggal Laporan Masuk;Judul Laporan;Isi Laporan;Kategori;Kode Wilayah;Rahasia;Status"
GOOD = "8801;2026-11-20 09:30;Lampu mati;Lampu jalan mati di depan sekolah;Lampu jalan dan rambu;12.09.20.1009;Tidak;Belum Terverifikasi"


def sheet(*rows: str) -> bytes:
    return "\n".join([HEADS, *rows]).encode()


def test_a_file_twice_is_one_report(regency: None) -> None:
    rows = exchange.read("a.csv", sheet(GOOD)).rows
    assert import_rows(rows, by=None, now=NOW).created == 1
    again = import_rows(rows, by=None, now=NOW)
    assert (again.created, again.updated, again.same) == (0, 0, 1)
    complaint = Complaint.objects.get()
    assert (complaint.external_number, complaint.category, complaint.state) == ("8801", "lampu-jalan", "new")
    assert complaint.term.due_on == date(2026, 11, 25)  # from the day on which it came in there


def test_their_end_never_closes_ours(regency: None) -> None:
    import_rows(exchange.read("a.csv", sheet(GOOD)).rows, by=None, now=NOW)
    changed = exchange.read("a.csv", sheet(GOOD.replace("Belum Terverifikasi", "Selesai"))).rows
    assert import_rows(changed, by=None, now=NOW).updated == 1
    complaint = Complaint.objects.get()
    assert (complaint.state, complaint.external_status) == ("new", "Selesai")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Belum Ditindaklanjuti", "verified"),
        ("Proses", "followed_up"),
        ("Selesai", "closed"),
        ("DITUNDA", "postponed"),
        ("Diarsip", "archived"),
    ],
)
def test_the_states_both_ways(regency: None, status: str, state: str) -> None:
    import_rows(
        exchange.read("a.csv", sheet(GOOD.replace("Belum Terverifikasi", status))).rows, by=None, now=NOW
    )
    complaint = Complaint.objects.get()
    assert complaint.state == state
    (row,) = exchange.all_rows()
    assert row["status"].casefold() == status.casefold()


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (GOOD.replace("8801", ""), "number", "missing"), (GOOD.replace("2026-11-20 09:30", "kemarin"), "received", "date"),
        (GOOD.replace("Belum Terverifikasi", "Entah"), "status", "status"), (GOOD.replace("Lampu jalan mati di depan sekolah", "x"), "text", "short"),
        (GOOD.replace("12.09.20.1009", "99"), "village", "village"), (GOOD.replace("8801", "8" * 50), "number", "long"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_and_the_others_are_taken(
    regency: None, row: str, column: str, code: str
) -> None:
    found = exchange.read("a.csv", sheet(GOOD.replace("8801", "1"), row))
    assert len(found.rows) == 1
    assert [(one.row, one.column, one.code) for one in found.problems] == [(3, column, code)]


def test_a_number_that_is_there_twice(regency: None) -> None:
    assert exchange.read("a.csv", sheet(GOOD, GOOD)).problems[0].code == "twice"


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 150_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02", "not_readable"),
        (b"PK\x03\x04broken", "not_readable"),
        (b"a;b\n1;2", "columns"),
        (b"x" * 10_000_001, "too_large"),
    ],
)
def test_what_is_no_list_is_refused(regency: None, content: bytes, code: str) -> None:
    with pytest.raises(SheetRefused) as error:
        exchange.read("a.xlsx", content)
    assert error.value.code == code


def test_a_small_file_that_unpacks_to_a_huge_one(regency: None) -> None:
    with pytest.raises(SheetRefused):
        exchange.read("a.xlsx", bomb())


def test_out_and_in_again_through_excel(report: Any, petugas: Any) -> None:
    import_rows(exchange.read("a.csv", sheet(GOOD)).rows, by=None, now=NOW)
    written = exchange.write("x.xlsx", exchange.all_rows())
    found = exchange.read("x.xlsx", written)
    assert ([row.number for row in found.rows], found.problems) == (["8801"], ())


def test_our_own_list_comes_back_and_learns_their_numbers(report: Any) -> None:
    """What came back with a number of theirs was taken in as a second complaint; without one each row was wrong."""
    ours = report()
    found = exchange.read("x.csv", exchange.write("x.csv", exchange.all_rows()))
    assert found.problems == ()
    done = import_rows(found.rows, by=None, now=NOW)
    assert (done.created, done.updated, done.same) == (0, 0, 1)
    numbered = [row | {"number": "9901", "status": "Proses"} for row in exchange.all_rows()]
    for updated in (1, 0):
        rows = exchange.read("x.xlsx", exchange.write("x.xlsx", numbered)).rows
        done = import_rows(rows, by=None, now=NOW)
        assert (done.created, done.updated) == (0, updated)
    ours = Complaint.objects.get(pk=ours.pk)
    assert (ours.external_number, ours.external_status, ours.state) == ("9901", "Proses", "new")


def test_a_secret_report_is_not_known_by_its_number(report: Any) -> None:
    secret = report(mode="secret", text="Rahasia sekali, jangan bocor.")
    row = f"{HEADS};Nomor Satu Klik\n{GOOD};{secret.reference}".encode()
    assert import_rows(exchange.read("a.csv", row).rows, by=None, now=NOW).created == 1
    assert Complaint.objects.get(pk=secret.pk).external_number is None


def test_what_leaves_the_house(report: Any) -> None:
    report(text="=HYPERLINK(1) telepon saya 0812-3456-7890 ya")
    report(mode="secret", text="Rahasia sekali, jangan bocor.")
    (row,) = list(csv.reader(io.StringIO(exchange.write("x.csv", exchange.all_rows()).decode("utf-8-sig"))))[
        1:
    ]
    whole = " ".join(row)
    assert "3456" not in whole
    assert "Siti" not in whole
    assert "Rahasia sekali" not in whole
    assert not any(cell.startswith("=") for cell in row)
    book = openpyxl.load_workbook(io.BytesIO(exchange.write("x.xlsx", exchange.all_rows())))
    assert book.active.max_row == 2


def test_the_page(people: dict[str, Any], client: Client) -> None:
    client.force_login(people["petugas"].user)
    done = client.post("/meja/pengaduan/sp4n/", {"file": SimpleUploadedFile("a.csv", sheet(GOOD, GOOD))})
    assert done.status_code == 422
    assert "nomor ini sudah ada" in done.content.decode()
    assert Complaint.objects.count() == 1
    assert (
        client.post("/meja/pengaduan/sp4n/", {"file": SimpleUploadedFile("a.csv", b"\x00")}).status_code
        == 422
    )
    assert client.get("/meja/pengaduan/sp4n/xlsx/").status_code == 200
    assert client.get("/meja/pengaduan/sp4n/exe/").status_code == 404
    client.force_login(people["staf_pupr"].user)
    assert client.get("/meja/pengaduan/sp4n/csv/").status_code == 403
    assert actions.close_silent(NOW) == 0


def test_the_form_reaches_no_imported_report(regency: None, client: Client) -> None:
    """Numbers of SP4N can be guessed: the form's mark lives in a space of its own."""
    import_rows(exchange.read("a.csv", sheet(GOOD)).rows, by=None, now=NOW)
    form = {
        "text": "Lampu jalan di depan pasar padam sejak minggu lalu.", "category": "lampu-jalan", "village": "",
        "place": "depan pasar", "happened_on": "2026-11-20", "mode": "contact", "name": "Orang Rekaan",
        "contact": "0812-0000-0078", "nonce": "sp4n:ticket:number:8801",
    }  # fmt: skip
    sent = client.post("/pengaduan/kirim/", form)
    assert sent.status_code == 303
    assert Complaint.objects.count() == 2
    assert "8801" not in client.get(sent["Location"]).content.decode()
