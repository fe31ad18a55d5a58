"""The pages: who may open them, what they refuse, what they keep, and that the registers have their columns."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from satuklik.base.figures.registry import SOURCES
from satuklik.systems.ppid import actions, rules
from satuklik.systems.ppid.models import (
    InformationItem,
    InformationRequest,
    Letter,
    Objection,
    PublishedAnswer,
)
from satuklik.systems.ppid.queries import public, registers, reports
from satuklik.systems.ppid.tests.conftest import GIVEN, Desk, a_test, fresh
from tests.people import NOW, PASSPHRASE, TODAY

pytestmark = pytest.mark.django_db
FORM = {
    "applicant": "person", "name": "Sari Wulandari", "nik": "1209 2057 0895 0001", "phone": "081200000001", "email": "",
    "address": "Jl. Cokroaminoto", "details": "Anggaran jalan 2025", "purpose": "Penelitian", "obtain": "soft",
    "delivery": "portal",
}  # fmt: skip


def test_a_stranger_asks_checks_and_gets_a_number(client: Client, desk: Desk, now: None) -> None:
    assert client.get("/ppid/minta/").status_code == 200
    checked = client.post("/ppid/minta/", FORM)
    assert checked.status_code == 200
    assert "Anggaran jalan 2025" in checked.text
    assert not InformationRequest.objects.exists()
    again = client.post("/ppid/minta/", FORM | {"ubah": "1"})
    assert 'value="Sari Wulandari"' in again.text
    done = client.post("/ppid/minta/", FORM | {"kirim": "1"}, follow=True)
    assert "0001/PPID/XI/2026" in done.text
    assert "8 Desember 2026" in done.text
    assert "Mengapa tanggal ini?" in done.text


WRONG = [
    ({"name": ""}, "Tulis nama pemohon"),
    ({"details": " "}, "Tulis rincian"),
    ({"nik": "123"}, "16 angka"),
    ({"nik": ""}, "Tulis NIK"),
    ({"phone": "", "email": ""}, "menghubungi Anda"),
    ({"email": "bukan surel"}, "surel yang benar"),
    ({"delivery": "email"}, "cara penyampaian"),
    ({"applicant": "legal"}, "badan hukum"),
    ({"proxy_for": "Budi"}, "surat kuasa"),
    ({"obtain": "x"}, ""),
]


@pytest.mark.parametrize(("given", "said"), WRONG)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    client: Client, desk: Desk, given: dict[str, str], said: str
) -> None:
    page = client.post("/ppid/minta/", FORM | given | {"kirim": "1"})
    assert page.status_code == 422
    assert said in page.text
    assert given.get("purpose", "Penelitian") in page.text
    assert not InformationRequest.objects.exists()


def test_a_power_of_attorney_survives_the_check_page(client: Client, desk: Desk, now: None) -> None:
    power = SimpleUploadedFile("../surat\u202ekuasa.exe", b"%PDF-1.4 kuasa", "text/html")
    page = client.post("/ppid/minta/", FORM | {"proxy_for": "Budi Rekaan", "power": power})
    sealed = re.search(r'name="berkas" value="([^"]+)"', page.text)
    assert sealed
    client.post("/ppid/minta/", FORM | {"proxy_for": "Budi Rekaan", "berkas": sealed[1], "kirim": "1"})
    file = InformationRequest.objects.get().files.get()
    assert (file.kind, file.name, file.file.media_type) == ("power", "suratkuasa.pdf", "application/pdf")
    forged = client.post(
        "/ppid/minta/", FORM | {"proxy_for": "Budi", "berkas": sealed[1] + "x", "kirim": "1"}
    )
    assert forged.status_code == 422


HOSTILE = [
    "\0",
    "\u202eabc",
    "🌸" * 500,
    "<script>alert(1)</script>",
    "A" * 30_000,
    "=1+1",
    "%00",
    "' or 1=1 --",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts(client: Client, desk: Desk, now: None, text: str) -> None:
    page = client.post(
        "/ppid/minta/", FORM | {"details": text, "name": text[:100], "kirim": "1"}, follow=True
    )
    assert page.status_code in (200, 422)
    assert "<script>alert" not in page.text
    for address in ("/ppid/", "/ppid/daftar/berkala/", "/ppid/jawaban/"):
        assert client.get(address, {"q": text[:2_000], "page": text[:50]}).status_code == 200


def test_files_by_their_content(client: Client, desk: Desk, now: None) -> None:
    for content in (b"MZ\x90\0", b"<html><script>", b"PK\x03\x04broken", b""):
        power = SimpleUploadedFile("kuasa.pdf", content, "application/pdf")
        page = client.post("/ppid/minta/", FORM | {"proxy_for": "Budi", "power": power, "kirim": "1"})
        assert page.status_code == 422, content


def test_ten_megabytes_and_more_are_refused(client: Client, desk: Desk) -> None:
    power = SimpleUploadedFile("besar.pdf", b"%PDF-" + bytes(10 * 1024 * 1024), "application/pdf")
    page = client.post("/ppid/minta/", FORM | {"proxy_for": "Budi", "power": power})
    assert (page.status_code, "10 MB" in page.text) == (422, True)


def test_a_network_that_floods_is_slowed_down(
    client: Client, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from satuklik.systems.ppid.views import asking

    monkeypatch.setattr(asking, "MOST_SENT", 1)
    assert client.post("/ppid/minta/", FORM | {"kirim": "1"}).status_code == 302
    page = client.post("/ppid/minta/", FORM | {"kirim": "1"})
    assert (page.status_code, "Penelitian" in page.text) == (429, True)


def test_tracking_completes_explains_and_objects(client: Client, desk: Desk, now: None) -> None:
    request = desk.register()
    here = f"/ppid/permohonan/{request.reference}/{request.key}/"
    assert client.get(here.replace(request.key, "x" * 22)).status_code == 404
    actions.declare_incomplete(request, missing="Kartu identitas", by=desk.staf, now=NOW)
    assert "Kartu identitas" in client.get(here).text
    assert client.post(f"{here}jelaskan/", {"text": "Tahun 2025"}).status_code == 409
    assert client.post(f"{here}lengkapi/", {"text": ""}).status_code == 422
    assert client.post(f"{here}lengkapi/", {"text": "Ini."}).status_code == 302
    assert fresh(request).state == "completeness"
    actions.declare_complete(request, by=desk.staf, now=NOW)
    actions.ask_clarification(request, question="Tahun berapa?", by=desk.staf, now=NOW)
    assert "Tahun berapa?" in client.get(here).text
    assert client.post(f"{here}jelaskan/", {"text": "2025"}).status_code == 302
    assert client.get(f"{here}surat.pdf").status_code == 404
    assert client.get(f"{here}keberatan/").status_code == 200
    early = client.post(f"{here}keberatan/", {"ground": "c", "reason": "Lama sekali"})
    assert (early.status_code, "Lama sekali" in early.text) == (422, True)
    assert client.post(f"{here}keberatan/", {"ground": "b"}).status_code == 302
    objection = Objection.objects.get()
    there = f"/ppid/keberatan/{objection.reference}/{objection.key}/"
    assert objection.number in client.get(there).text
    assert client.post(f"{there}tanggapan/", {"answer": "accepts"}).status_code == 409
    assert client.post(f"{there}tanggapan/", {"tarik": "1"}).status_code == 302
    assert client.post(f"{here}tarik/", {"text": ""}).status_code == 302
    assert fresh(request).state == "withdrawn"


def test_an_answer_and_its_files_are_for_the_key_only(client: Client, desk: Desk, now: None) -> None:
    from satuklik.base.files.actions import store

    sha256 = store(b"a;b\n", "text/csv", at=NOW)
    request = desk.in_process()
    desk.sign(desk.decide(request, files=[actions.GivenFile(sha256, "data.csv", "answer")]))
    here = f"/ppid/permohonan/{request.reference}/{request.key}/"
    file = request.files.get()
    assert client.get(f"{here}surat.pdf").content.startswith(b"%PDF")
    assert client.get(f"{here}berkas/{file.pk}/").content == b"a;b\n"
    other = desk.register()
    assert client.get(f"/ppid/permohonan/{other.reference}/{other.key}/berkas/{file.pk}/").status_code == 404


PAGES = ["/meja/ppid/", "/meja/ppid/?tampil=semua&q=jalan", "/meja/ppid/catat/", "/meja/ppid/register/permintaan/",
         "/meja/ppid/register/permintaan.xlsx", "/meja/ppid/laporan/", "/meja/ppid/laporan.xlsx", "/meja/ppid/monev/",
         "/meja/ppid/daftar/", "/meja/ppid/daftar/baru/"]  # fmt: skip
SHARED = ["/meja/ppid/keberatan/", "/meja/ppid/register/keberatan/"]


def test_the_desk_is_for_officers(as_: Callable[[str], Client], desk: Desk, client: Client) -> None:
    request = desk.register()
    here = f"/meja/ppid/permohonan/{request.reference}/"
    officer, superior, stranger = as_("staf"), as_("sekda"), as_("ppid_dinkes")
    for page in [*PAGES, here]:
        assert officer.get(page).status_code == 200, page
        assert superior.get(page).status_code == 404, page
        assert stranger.get(page).status_code == 404, page
        assert client.get(page).status_code == 302, page
    for page in SHARED:
        assert (
            officer.get(page).status_code,
            superior.get(page).status_code,
            stranger.get(page).status_code,
        ) == (200, 200, 404)
    assert stranger.post(f"{here}complete/").status_code == 404
    assert "Permintaan informasi" in officer.get("/meja/", follow=True).text


def test_an_officer_brings_a_request_to_its_letter_and_the_head_signs(
    as_: Callable[[str], Client], desk: Desk, settings: Any
) -> None:
    officer, signer = as_("staf"), as_("ppid")
    told = {k: v for k, v in FORM.items() if k != "nik"}
    made = officer.post("/meja/ppid/catat/", told | {"channel": "counter", "received_at": "2026-11-23T09:00"})
    request = InformationRequest.objects.get()
    assert (made.status_code, request.channel, str(request.due_on)) == (302, "counter", "2026-12-07")
    here = f"/meja/ppid/permohonan/{request.reference}/"
    assert officer.post(f"{here}complete/").status_code == 302
    assert officer.post(f"{here}complete/").status_code == 409
    assert officer.post(f"{here}nothing/").status_code == 404
    assert officer.post(f"{here}extend/", {"days": "9", "reason": "Banyak"}).status_code == 422
    assert (
        officer.post(f"{here}refer/", {"agency": "dinkes", "question": "Berapa anggarannya?"}).status_code
        == 302
    )
    assert "Dinas Kesehatan" in officer.get(here).text
    refused = officer.post(
        f"{here}decide/", {"outcome": "refused", "grounds": ["h"], "reason": "Rahasia pribadi"}
    )
    assert (refused.status_code, "Rahasia pribadi" in refused.text) == (422, True)
    test = {
        "information": "Nama", "ground": "h", "if_opened": "Terungkap", "if_closed": "Terlindungi", "closed_for": "5 tahun",
        "tested_on": "2026-11-24", "sat": "Rahmat Rekaan, PPID\nMaya Rekaan", "exempt": "ya",
    }  # fmt: skip
    assert officer.post(f"{here}record_test/", test).status_code == 302
    assert (
        officer.post(
            f"{here}decide/", {"outcome": "refused", "grounds": ["h"], "reason": "Rahasia pribadi"}
        ).status_code
        == 302
    )
    letter = Letter.objects.get()
    there = f"/meja/ppid/surat/{letter.reference}/"
    assert "Sandi tanda tangan" in signer.get(there).text
    assert "Sandi tanda tangan" not in officer.get(there).text
    assert as_("ppid_dinkes").get(there).status_code == 404
    assert signer.get(f"{there}halaman.png").content.startswith(b"\x89PNG")
    assert signer.get(f"{there}surat.pdf").content.startswith(b"%PDF")
    desk.open_key(desk.ppid)
    seen = {"sha256": letter.preview_id}
    assert officer.post(f"{there}tandatangani/", {"passphrase": PASSPHRASE, **seen}).status_code == 403
    assert signer.post(f"{there}tandatangani/", {"passphrase": "salah", **seen}).status_code == 422
    assert signer.post(f"{there}tandatangani/", {"passphrase": PASSPHRASE, **seen}).status_code == 302
    assert fresh(request).state == "delivered"
    assert signer.post(f"{there}kembalikan/", {"reason": "Salah"}).status_code == 409
    assert "Periksa keasliannya" in officer.get(there).text


def test_every_state_has_its_page(as_: Callable[[str], Client], desk: Desk) -> None:
    from satuklik.systems.ppid.tests.test_clocks import STATES

    officer, anybody = as_("staf"), Client()
    for state, make in STATES.items():
        request = make(desk)
        page = officer.get(f"/meja/ppid/permohonan/{request.reference}/")
        assert page.status_code == 200, state
        assert anybody.get(f"/ppid/permohonan/{request.reference}/{request.key}/").status_code == 200, state
    for view in ("terbuka", "saya", "terlambat", "menunggu-kami", "tanda-tangan", "selesai", "semua", "x"):
        assert officer.get(f"/meja/ppid/?tampil={view}").status_code == 200


def test_an_objection_at_the_desk(as_: Callable[[str], Client], desk: Desk) -> None:
    request = desk.refused()
    objection = actions.file_objection(
        request, ground="a", reason="x", received_at=NOW, channel="web", now=NOW
    )
    officer, superior = as_("staf"), as_("staf_setda")
    here = f"/meja/ppid/keberatan/{objection.reference}/"
    assert officer.get(here).status_code == superior.get(here).status_code == 200
    assert as_("kadinkes").get(here).status_code == 404
    assert superior.post(f"{here}send/").status_code == 403
    assert officer.post(f"{here}send/").status_code == 302
    assert superior.get(f"/meja/ppid/permohonan/{request.reference}/").status_code == 200  # what it is about
    assert superior.post(f"{here}decide/", {"outcome": "upheld", "response": "Ya"}).status_code == 422
    given = {"outcome": "upheld", "response": "Ya", "orders": "Berikan.", "order_days": "5"}
    assert superior.post(f"{here}decide/", given).status_code == 302
    letter = Letter.objects.get(kind="objection")
    assert as_("sekda").get(f"/meja/ppid/surat/{letter.reference}/").status_code == 200
    back = as_("sekda").post(f"/meja/ppid/surat/{letter.reference}/kembalikan/", {"reason": "Perjelas."})
    assert (back.status_code, fresh(objection).state) == (302, "with_atasan")
    zipped = officer.get(f"{here}sengketa.zip")
    assert zipped.content.startswith(b"PK")
    assert superior.get(f"{here}sengketa.zip").status_code == 404


# -- Registers, lists, report -----------------------------------------------------------------------------

COLUMNS = (
    "Nomor", "Tanggal", "Nama", "Alamat", "Nomor kontak", "Pekerjaan", "Informasi yang diminta", "Tujuan penggunaan",
    "Status informasi (dikuasai)", "Bentuk informasi yang dikuasai", "Jenis permintaan", "Keputusan", "Alasan penolakan",
    "Hari dan tanggal pemberitahuan tertulis", "Hari dan tanggal pemberian informasi", "Biaya", "Cara pembayaran",
)  # fmt: skip


def test_the_request_register_has_seventeen_columns_and_prints_only_what_happened(desk: Desk) -> None:
    open_, refused, granted = desk.register(), desk.refused(), desk.delivered()
    waiting = desk.in_process()
    desk.decide(waiting)  # decided, not signed: no notice was given
    register = registers.requests(2026)
    assert register.columns == COLUMNS
    assert len(COLUMNS) == 17
    rows = {row[0]: row for row in register.rows}
    assert rows[open_.number][8:] == ("", "", "Salinan", "", "", "", "", "", "")
    assert rows[waiting.number][8:] == ("", "", "Salinan", "", "", "", "", "", "")
    assert rows[refused.number][11:15] == (
        "Ditolak", "Pasal 17 huruf h: Memuat data pribadi.", "Selasa, 24 November 2026", "",
    )  # fmt: skip
    assert rows[granted.number][8:15] == (
        "Ya", "Elektronik", "Salinan", "Dikabulkan", "", "Selasa, 24 November 2026", "Selasa, 24 November 2026",
    )  # fmt: skip


def test_the_objection_register(desk: Desk) -> None:
    request = desk.refused()
    objection = actions.file_objection(
        request, ground="a", reason="x", received_at=NOW, channel="web", now=NOW
    )
    register = registers.objections(2026)
    assert len(register.columns) == 11
    (row,) = register.rows
    assert row[:4] == (objection.number, "24-11-2026", GIVEN.name, request.number)
    assert row[7:] == ("", "", "", "")


def test_workbooks_hold_no_formulas_and_pdfs_hold_any_sign(desk: Desk, as_: Callable[[str], Client]) -> None:
    given = actions.Given(**{**GIVEN.__dict__, "name": "=HYPERLINK(1)", "details": "🌸 سارة\x0b"})
    desk.register(given=given)
    officer = as_("staf")
    book = load_workbook(io.BytesIO(officer.get("/meja/ppid/register/permintaan.xlsx").content))
    row = next(iter(book.worksheets[0].iter_rows(min_row=2)))
    assert (row[2].data_type, row[2].value) == ("s", "'=HYPERLINK(1)")
    for name in ("permintaan", "keberatan"):
        assert officer.get(f"/meja/ppid/register/{name}.pdf").content.startswith(b"%PDF")
    assert officer.get("/meja/ppid/laporan.pdf").content.startswith(b"%PDF")


def test_the_yearly_report_counts_events_and_keeps_what_people_write(
    desk: Desk, as_: Callable[[str], Client]
) -> None:
    desk.refused(), desk.delivered(), desk.register()
    found = reports.counted(2026, NOW)
    assert (found["requests"], found["answered"], found["on_time"], found["open"]) == (3, 2, 2, 1)
    assert found["outcomes"] == {"granted": 1, "partial": 0, "refused": 1, "not_held": 0}
    assert found["refusals"] == {"h": 1}
    officer = as_("staf")
    saved = officer.post(
        "/meja/ppid/laporan/?tahun=2026", {"policy": "Perbup", "budget": "1000000", "staff_count": "3"}
    )
    assert saved.status_code == 302
    assert "Perbup" in officer.get("/meja/ppid/laporan/?tahun=2026").text
    assert officer.post("/meja/ppid/laporan/", {"budget": "-1"}).status_code == 422
    given = {
        "indicator": "service",
        "title": "SOP",
        "score": "85",
        "file": SimpleUploadedFile("sop.pdf", b"%PDF-1.4"),
    }
    assert officer.post("/meja/ppid/monev/", given).status_code == 302
    assert reports.overall(2026, NOW) == (85, "Menuju informatif")
    assert officer.get("/meja/ppid/monev.zip").content.startswith(b"PK")


BANDS = [(100, "informatif"), (90, "informatif"), (89.9, "menuju_informatif"), (80, "menuju_informatif"),
         (60, "cukup_informatif"), (40, "kurang_informatif"), (39.9, "tidak_informatif")]  # fmt: skip


@pytest.mark.parametrize(("score", "band"), BANDS)
def test_bands(score: float, band: str) -> None:
    assert rules.band(score) == band


def test_figures(desk: Desk) -> None:
    desk.refused()
    desk.register()
    found = {one.name: one.value for one in SOURCES["ppid"].figures(TODAY, TODAY, NOW)}
    assert found == {
        "ppid.requests": 2, "ppid.on_time": 100.0, "ppid.median_days": 0, "ppid.refused": 1, "ppid.late": 0,
        "ppid.silent_agencies": 0,
    }  # fmt: skip


def an_item(desk: Desk, **more: Any) -> actions.Item:
    plain = {
        "title": "APBD 2026",
        "kind": "berkala",
        "agency": desk.staf.agency,
        "made_on": TODAY,
        "retention": "5 tahun",
    }
    return actions.Item(**(plain | more))


def test_lists_show_what_was_published_and_exempt_lines_need_a_test(desk: Desk, client: Client) -> None:
    shown = actions.save_item(
        an_item(desk, summary="Anggaran pendapatan"), by=desk.staf, now=NOW, publish=True
    )
    actions.save_item(an_item(desk, title="Draf rahasia"), by=desk.staf, now=NOW)
    with pytest.raises(actions_error(desk)):
        actions.save_item(an_item(desk, kind="dikecualikan", ground="h"), by=desk.staf, now=NOW, publish=True)
    test = actions.record_test(None, a_test(), by=desk.staf, now=NOW)
    actions.save_item(
        an_item(desk, title="Data pasien", kind="dikecualikan", ground="h"),
        by=desk.staf,
        now=NOW,
        test=test,
        publish=True,
    )
    home = client.get("/ppid/?q=anggaran").text
    assert "APBD 2026" in home
    assert "Draf rahasia" not in home
    assert client.get(f"/ppid/informasi/{shown.slug}/").status_code == 200
    assert client.get("/ppid/informasi/draf-rahasia/").status_code == 404
    assert "huruf h" in client.get("/ppid/informasi/data-pasien/").text
    assert len(client.get("/ppid/dip.json").json()["daftar_informasi_publik"]) == 2
    assert client.get("/ppid/dip.csv").content.startswith(b"\xef\xbb\xbfjudul")
    assert [hit.title for hit in public.search("anggaran", "id")] == ["APBD 2026"]
    assert client.get("/ppid/daftar/serta-merta/").status_code == 200
    assert client.get("/ppid/daftar/x/").status_code == 404


def actions_error(desk: Desk) -> type[Exception]:
    from satuklik.systems.ppid.errors import BadInput

    del desk
    return BadInput


def test_the_list_at_the_desk(desk: Desk, as_: Callable[[str], Client], client: Client) -> None:
    officer = as_("staf")
    form = {"title": "Profil", "kind": "berkala", "agency": "dinkes", "made_on": "2026-01-02", "form": "soft",
            "retention": "5 tahun", "shown": "on", "files": SimpleUploadedFile("profil.pdf", b"%PDF-1.4 profil")}  # fmt: skip
    assert officer.post("/meja/ppid/daftar/baru/", form).status_code == 302
    item = InformationItem.objects.get()
    assert client.get(f"/ppid/informasi/{item.slug}/berkas/0/").content == b"%PDF-1.4 profil"
    assert client.get(f"/ppid/informasi/{item.slug}/berkas/1/").status_code == 404
    officer.post(f"/meja/ppid/daftar/{item.slug}/berkas/", {"sha256": item.files[0]["sha256"]})
    assert fresh(item).files == []
    hidden = {key: value for key, value in form.items() if key not in ("shown", "files")}
    assert officer.post(f"/meja/ppid/daftar/{item.slug}/", hidden).status_code == 302
    assert client.get(f"/ppid/informasi/{item.slug}/").status_code == 404
    exempt = hidden | {"kind": "dikecualikan", "ground": "h"}
    assert officer.post(f"/meja/ppid/daftar/{item.slug}/", exempt).status_code == 422
    tested = {"uji-information": "Nama", "uji-ground": "h", "uji-if_opened": "a", "uji-if_closed": "b", "uji-closed_for": "c",
              "uji-tested_on": "2026-11-24", "uji-sat": "Rahmat, PPID", "uji-exempt": "ya"}  # fmt: skip
    assert officer.post(f"/meja/ppid/daftar/{item.slug}/", exempt | tested).status_code == 302
    assert fresh(item).ground == "h"


def test_publication_is_masked_looked_at_and_approved_by_a_person(
    desk: Desk, as_: Callable[[str], Client], client: Client
) -> None:
    from satuklik.base.files.actions import store

    given = actions.Given(
        **{
            **GIVEN.__dict__,
            "details": "Bantuan untuk Sari Wulandari, NIK 1209200101700009, HP 0812-3456-7890",
        }
    )
    request = desk.in_process(given=given)
    kept = [
        actions.GivenFile(store(text, "text/csv", at=NOW), name, "answer")
        for text, name in ((b"a\n", "a.csv"), (b"b\n", "b.csv"))
    ]
    desk.sign(desk.decide(request, answer="Hubungi budi@contoh.example.", files=kept))
    assert not PublishedAnswer.objects.exists()  # never of itself
    officer = as_("staf")
    here = f"/meja/ppid/terbitkan/{request.reference}/"
    page = officer.get(here).text
    assert "[NIK disamarkan]" in page
    assert "<mark" in page
    suggestion = actions.suggestion(fresh(request))
    for secret in ("Sari", "1209200101700009", "3456", "budi@"):
        assert secret not in str(suggestion)
    unlooked = officer.post(here, suggestion)
    assert (unlooked.status_code, PublishedAnswer.objects.exists()) == (422, False)
    first = request.files.order_by("pk").first()
    assert first is not None
    assert officer.post(here, suggestion | {"looked": "on", "files": [str(first.pk)]}).status_code == 302
    shown = PublishedAnswer.objects.get()
    assert [one["name"] for one in shown.files] == ["a.csv"]
    assert request.reference not in client.get(f"/ppid/jawaban/{shown.slug}/").text
    assert client.get(f"/ppid/jawaban/{shown.slug}/berkas/0/").content == b"a\n"
    assert client.get(f"/ppid/jawaban/{shown.slug}/berkas/1/").status_code == 404
    assert officer.post(here, {"tarik": "1"}).status_code == 302
    assert client.get(f"/ppid/jawaban/{shown.slug}/").status_code == 404
