"""The pages of correspondence: who may open them, what they say to mistakes, and that nothing typed is lost."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from tests.people import NOW, PASSPHRASE

Browser = Callable[[Any], Client]
SURAT = "surat-dinas"
FACTS = {"subject": "Undangan rapat", "classification": "000.1", "urgency": "biasa", "secrecy": "biasa"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Tuesday, 24 November 2026, ten o'clock."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def browser() -> Browser:
    """The browser of an official who has logged in."""

    def open_(official: Any) -> Client:
        client = Client()
        client.force_login(official.user)
        return client

    return open_


@pytest.fixture
def bu_sek(regency: None) -> Any:
    """The secretary of Sari's kelurahan."""
    from satuklik.base.accounts.models import User
    from satuklik.base.agencies.actions import give_login
    from satuklik.base.agencies.queries import demo_official

    official = demo_official("sekretaris_lurah")
    user = User.objects.create(username="sekretaris_lurah", name=official.name, kind="official")
    give_login(official, user)
    official.user = user
    return official


def form(office: Any, **more: str) -> dict[str, str]:
    """What the page of a new letter sends."""
    return {
        **FACTS, "signer": f"kepala:{office.code}", "to-0-name": "Camat Kisaran Timur",
        "c-isi": "Rapat diadakan besok.", "aksi": "simpan", **more,
    }  # fmt: skip


def drafted(client: Client, office: Any, **more: str) -> str:
    """A draft, made as the page makes it; its reference."""
    page = client.post(f"/naskah/tulis/{SURAT}/", form(office, **more))
    assert page.status_code == 302, page.content.decode()
    return str(page["Location"]).split("/")[3]


def sent_up(client: Client, reference: str, *chain: Any) -> None:
    """Up it goes: one official a level."""
    slots = {f"g-{number}-0": str(official.pk) for number, official in enumerate(chain)}
    page = client.post(f"/naskah/surat/{reference}/naik/", {**slots, "aksi": "naik"})
    assert page.status_code == 302, page.content.decode()


def sha256_of(client: Client, reference: str) -> str:
    """The digest that the page of a naskah shows to who may act on it."""
    return str(client.get(f"/naskah/surat/{reference}/").context["view"].sha256)


def text_of(page: Any) -> str:
    return str(page.content.decode())


def test_the_rail_counts_and_leads_to_what_waits(staf_desa: Any, bu_sek: Any, browser: Browser) -> None:
    staff, secretary = browser(staf_desa), browser(bu_sek)
    sent_up(staff, drafted(staff, staf_desa.agency), bu_sek)
    page = secretary.get("/naskah/", follow=True)
    assert page.redirect_chain[-1][0] == "/naskah/kotak/paraf/"
    assert "Undangan rapat" in text_of(page)
    assert '<li class="sk-rail__group">Naskah dinas</li>' in text_of(page)


@pytest.mark.parametrize(
    "address",
    ["/naskah/", "/naskah/kotak/masuk/", "/naskah/tulis/", f"/naskah/tulis/{SURAT}/", "/naskah/tulis/unggahan/",
     "/naskah/masuk/catat/", "/naskah/agenda/masuk/", "/naskah/agenda/keluar.csv", "/naskah/surat/ND-2026-000001/"],
)  # fmt: skip
def test_only_officials_come_in(address: str, sari: Any, client: Client) -> None:
    assert client.get(address)["Location"].startswith("/masuk/petugas/")
    client.force_login(sari.user)
    assert client.get(address).status_code == 403


def test_every_box_and_every_kind_opens(staf_desa: Any, browser: Browser) -> None:
    from satuklik.systems.correspondence import queries
    from satuklik.systems.correspondence.boxes import BOXES

    client = browser(staf_desa)
    for box in BOXES:
        assert client.get(reverse("correspondence:box", args=[box.name])).status_code == 200
    assert client.get("/naskah/kotak/tidak-ada/").status_code == 404
    assert client.get("/naskah/tulis/tidak-ada/").status_code == 404
    for kind in queries.kinds():
        page = client.get(f"/naskah/tulis/{kind.slug}/")
        assert page.status_code == 200
        for field in kind.fields:
            assert f'name="c-{field.id}' in text_of(page) or field.type == "officials"


def test_a_row_more_and_a_row_less_lose_nothing(staf_desa: Any, browser: Browser) -> None:
    client = browser(staf_desa)
    typed = form(staf_desa.agency, **{"to-1-name": "Panitia <HUT>", "subject": "Sedang diketik"})
    more = text_of(client.post(f"/naskah/tulis/{SURAT}/", typed | {"aksi": "tambah:to"}))
    assert 'value="Sedang diketik"' in more
    assert 'name="to-5-name"' in more
    assert "Rapat diadakan besok." in more
    less = text_of(client.post(f"/naskah/tulis/{SURAT}/", typed | {"aksi": "hapus:to:0"}))
    assert "Camat Kisaran Timur" not in less.split("<datalist")[0]
    assert "Panitia &lt;HUT&gt;" in less
    assert client.get("/naskah/kotak/draf/").context["rows"] == ()


def test_a_group_of_offices_is_added_at_once(staf_desa: Any, browser: Browser) -> None:
    page = browser(staf_desa).post(
        f"/naskah/tulis/{SURAT}/",
        form(staf_desa.agency, aksi="kelompok:to", kelompok="kecamatan"),
    )
    letter = page.context["letter"]
    assert page.status_code == 200
    assert len(letter.to) == 25
    assert all(row.office.kind == "kecamatan" for row in letter.to)


def test_mistakes_keep_what_was_typed(staf_desa: Any, browser: Browser) -> None:
    client = browser(staf_desa)
    page = client.post(f"/naskah/tulis/{SURAT}/", form(staf_desa.agency, subject="", classification="xyz"))
    assert page.status_code == 422
    assert "Rapat diadakan besok." in text_of(page)
    assert "Tulis perihalnya." in text_of(page)
    assert "Tidak ada kode klasifikasi" in text_of(page)


def test_words_lead_to_a_classification(staf_desa: Any, browser: Browser) -> None:
    client = browser(staf_desa)
    page = client.post(f"/naskah/tulis/{SURAT}/", form(staf_desa.agency, classification="perjalanan dinas"))
    assert page.status_code == 422
    picked = page.context["form"].found[-1].code
    reference = drafted(
        client, staf_desa.agency, classification="perjalanan dinas", classification_pick=picked
    )
    assert client.get(f"/naskah/surat/{reference}/").context["view"].classification == picked


def test_a_draft_saves_itself_beside_its_picture(staf_desa: Any, browser: Browser) -> None:
    client = browser(staf_desa)
    reference = drafted(client, staf_desa.agency)
    address = f"/naskah/surat/{reference}/ubah/"
    changed_at = client.get(address).context["changed_at"]
    typed = form(staf_desa.agency, changed_at=changed_at, **{"c-isi": "Rapat diadakan lusa."})
    saved = client.post(f"{address}?live=1", typed)
    assert saved.status_code == 200
    assert "data-nd-saved" in text_of(saved)
    assert "<html" not in text_of(saved)
    assert "Rapat diadakan lusa." in text_of(client.get(address))
    wrong = client.post(f"{address}?live=1", typed | {"subject": ""})
    assert "Belum tersimpan" in text_of(wrong)
    assert client.get(f"/naskah/surat/{reference}/halaman.png")["Content-Type"] == "image/png"


def test_a_stale_form_shows_what_changed(
    staf_desa: Any, bu_sek: Any, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    staff, secretary = browser(staf_desa), browser(bu_sek)
    reference = drafted(staff, staf_desa.agency)
    address = f"/naskah/surat/{reference}/ubah/"
    seen = staff.get(address).context["changed_at"]
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(minutes=1))
    other = form(staf_desa.agency, changed_at=seen, **{"c-isi": "Rapat ditunda."})
    assert secretary.post(address, other).status_code == 302
    page = staff.post(address, form(staf_desa.agency, changed_at=seen, **{"c-isi": "Rapat pukul sembilan."}))
    assert page.status_code == 409
    assert "Rapat ditunda." in text_of(page)
    assert "Rapat pukul sembilan.</textarea>" in text_of(page)
    again = form(
        staf_desa.agency, changed_at=page.context["changed_at"], **{"c-isi": "Rapat pukul sembilan."}
    )
    assert staff.post(address, again).status_code == 302


def test_an_unfinished_letter_does_not_go_up(staf_desa: Any, bu_sek: Any, browser: Browser) -> None:
    client = browser(staf_desa)
    reference = drafted(client, staf_desa.agency, **{"c-isi": ""})
    page = client.post(f"/naskah/surat/{reference}/naik/", {"g-0-0": str(bu_sek.pk), "aksi": "naik"})
    assert page.status_code == 422
    assert "Lengkapi konsepnya" in text_of(page)


def test_the_chain_editor_adds_levels_and_neighbours(staf_desa: Any, bu_sek: Any, browser: Browser) -> None:
    client = browser(staf_desa)
    address = f"/naskah/surat/{drafted(client, staf_desa.agency)}/naik/"
    assert client.get(address).context["groups"]
    typed = {"g-0-0": str(bu_sek.pk), "g-1-0": ""}
    beside = client.post(address, typed | {"aksi": "sejajar:0"}).context["groups"]
    assert beside == [[bu_sek.pk, None]]
    below = client.post(address, typed | {"aksi": "tingkat"}).context["groups"]
    assert below == [[bu_sek.pk], [None]]
    stranger = client.post(address, {"g-0-0": "999999", "aksi": "naik"})
    assert stranger.status_code == 422


def test_initials_only_by_whose_turn_it_is(
    staf_desa: Any, bu_sek: Any, operator_desa: Any, browser: Browser
) -> None:
    staff, secretary, stranger = browser(staf_desa), browser(bu_sek), browser(operator_desa)
    reference = drafted(staff, staf_desa.agency)
    sent_up(staff, reference, bu_sek)
    digest, address = sha256_of(secretary, reference), f"/naskah/surat/{reference}"
    assert stranger.post(f"{address}/paraf/", {"sha256": digest}).status_code == 403
    stale = secretary.post(f"{address}/paraf/", {"sha256": "0" * 64, "note": "Sudah dibaca"})
    assert stale.status_code == 409
    assert "Sudah dibaca" in text_of(stale)
    silent = secretary.post(f"{address}/kembalikan/", {"reason": ""})
    assert silent.status_code == 422
    assert secretary.post(f"{address}/paraf/", {"sha256": digest, "kotak": "paraf"}).status_code == 302
    late = secretary.post(f"{address}/kembalikan/", {"reason": "Terlambat menyadari."})
    assert late.status_code in (403, 409)
    assert "Terlambat menyadari." in text_of(late)


def test_a_wrong_passphrase_then_the_right_one(
    pak_lurah: Any, staf_desa: Any, bu_camat: Any, browser: Browser
) -> None:
    staff, head, camat = browser(staf_desa), browser(pak_lurah), browser(bu_camat)
    reference = drafted(
        staff, staf_desa.agency, **{"to-1-name": "Panitia HUT Kota", "to-1-address": "Kisaran"}
    )
    sent_up(staff, reference)
    address, digest = f"/naskah/surat/{reference}", sha256_of(head, reference)
    assert (
        staff.post(f"{address}/tandatangani/", {"passphrase": PASSPHRASE, "sha256": digest}).status_code
        == 403
    )
    empty = head.post(f"{address}/tandatangani/", {"passphrase": "", "sha256": digest})
    assert empty.status_code == 422
    wrong = head.post(f"{address}/tandatangani/", {"passphrase": "salah sekali", "sha256": digest})
    assert wrong.status_code == 422
    assert "Sisa " in text_of(wrong)
    assert "salah sekali" not in text_of(wrong)
    done = head.post(f"{address}/tandatangani/", {"passphrase": PASSPHRASE, "sha256": digest}, follow=True)
    assert "sudah ditandatangani" in text_of(done)
    assert PASSPHRASE not in text_of(done)
    assert "Buka halaman pemeriksaan" in text_of(done)
    assert staff.get(f"{address}/naskah.pdf").content.startswith(b"%PDF-")
    assert staff.get(f"{address}/lembar-kendali.pdf").content.startswith(b"%PDF-")

    # Sent: to the camat at once, to the committee by hand.
    sent = staff.post(f"{address}/kirim/", follow=True)
    assert "Diterima, agenda masuk" in text_of(sent)
    outside = next(one for one in sent.context["view"].to if one.outside)
    assert staff.post(f"{address}/penerima/{outside.id}/", {"how": ""}).status_code == 422
    assert staff.post(f"{address}/penerima/999999/", {"how": "Pos"}).status_code == 404
    noted = staff.post(f"{address}/penerima/{outside.id}/", {"how": "Diantar"}, follow=True)
    assert "Diantar" in text_of(noted)
    row = camat.get("/naskah/kotak/masuk/").context["rows"][0]
    assert row.title == "Undangan rapat"
    page = camat.get(f"/naskah/masuk/{row.key}/")
    assert page.context["view"].read_at is not None
    assert camat.get(f"/naskah/masuk/{row.key}/halaman.png")["Content-Type"] == "image/png"
    assert "Dibaca" in text_of(staff.get(f"{address}/"))
    answer = camat.get(f"/naskah/tulis/{SURAT}/?balas={row.key}")
    assert answer.context["letter"].to[0].office == staf_desa.agency
    assert answer.context["form"]["subject"].value() == "Jawaban: Undangan rapat"


def test_secret_letters_of_others_do_not_exist(
    staf_desa: Any, bu_sek: Any, kepala_desa: Any, operator_desa: Any, browser: Browser
) -> None:
    staff = browser(staf_desa)
    reference = drafted(staff, staf_desa.agency, secrecy="rahasia")
    sent_up(staff, reference, bu_sek)
    for stranger in (kepala_desa, operator_desa):
        client = browser(stranger)
        for part in ("", "ubah/", "naik/", "halaman.png", "naskah.pdf", "lembar-kendali.pdf"):
            assert client.get(f"/naskah/surat/{reference}/{part}").status_code == 404
        for part in ("paraf", "kembalikan", "teruskan", "tandatangani", "tarik", "batalkan", "kirim"):
            assert client.post(f"/naskah/surat/{reference}/{part}/", {}).status_code == 404
    assert browser(bu_sek).get(f"/naskah/surat/{reference}/").status_code == 200


def registered(client: Client, **more: Any) -> int:
    """A paper letter in the agenda masuk; its id."""
    given = {
        **FACTS, "correspondent": "=CMD()", "number": "12/PAN/2026", "dated": "2026-11-20", "subject": "Proposal",
        **more,
    }  # fmt: skip
    page = client.post("/naskah/masuk/catat/", given)
    assert page.status_code == 302, page.content.decode()
    return int(page["Location"].split("/")[3])


def test_a_paper_letter_is_registered_disposed_and_reported(
    pak_lurah: Any, staf_desa: Any, bu_sek: Any, kepala_desa: Any, browser: Browser
) -> None:
    staff, head, secretary = browser(staf_desa), browser(pak_lurah), browser(bu_sek)
    incomplete = staff.post("/naskah/masuk/catat/", {**FACTS, "correspondent": "Panitia HUT"})
    assert incomplete.status_code == 422
    assert "Panitia HUT" in text_of(incomplete)
    scan = io.BytesIO(b"MZ not a picture")
    scan.name = "surat.png"
    bad = {**FACTS, "correspondent": "A", "number": "1", "dated": "2026-11-20", "scan": scan}
    assert staff.post("/naskah/masuk/catat/", bad).status_code == 422
    key = registered(staff)
    address = f"/naskah/masuk/{key}"
    assert browser(kepala_desa).get(f"{address}/").status_code == 404
    assert head.get(f"{address}/").status_code == 200
    nobody = head.post(f"{address}/disposisi/", {"instruction": "tindak_lanjuti", "note": "Segera"})
    assert nobody.status_code == 422
    assert "Segera" in text_of(nobody)
    given = {"takers": [bu_sek.pk], "instruction": "tindak_lanjuti", "due_on": "2026-11-30"}
    assert head.post(f"{address}/disposisi/", given).status_code == 302
    mine = secretary.get(f"{address}/").context["mine"]
    passed = {"takers": [staf_desa.pk], "instruction": "untuk_diketahui", "parent": str(mine.id)}
    assert secretary.post(f"{address}/disposisi/", passed).status_code == 302
    theirs = staff.get(f"{address}/").context["mine"]
    assert secretary.post(f"{address}/disposisi/{theirs.id}/lapor/", {"text": "Selesai"}).status_code == 404
    assert secretary.post(f"{address}/disposisi/{mine.id}/lapor/", {"text": ""}).status_code == 422
    tree = head.get(f"{address}/").context["tree"]
    assert [len(below) for _one, below in tree] == [1]
    early = secretary.post(f"{address}/disposisi/{mine.id}/lapor/", {"text": "Sudah diantar."})
    assert early.status_code == 422  # whom it was passed on to has not reported yet
    assert "Sudah diantar." in text_of(early)
    assert staff.post(f"{address}/disposisi/{theirs.id}/lapor/", {"text": "Sudah dibaca."}).status_code == 302
    assert head.post(f"{address}/selesai/").status_code == 302
    assert head.get(f"{address}/lembar-disposisi.pdf").content.startswith(b"%PDF-")
    assert head.get(f"{address}/berkas/").status_code == 404  # it was registered without a scan


def test_the_register_is_downloaded_without_formulas(staf_desa: Any, browser: Browser) -> None:
    client = browser(staf_desa)
    registered(client)
    page = client.get("/naskah/agenda/masuk/?tahun=2026&q=proposal")
    assert page.context["total"] == 1
    table = client.get("/naskah/agenda/masuk.csv?tahun=2026")
    assert "attachment" in table["Content-Disposition"]
    assert "'=CMD()" in text_of(table)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/naskah/agenda/masuk.xlsx").content))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert "Proposal" in [cell.value for cell in cells]
    assert not any(cell.data_type == "f" for cell in cells)
    assert client.get("/naskah/agenda/samping/").status_code == 404
    assert client.get("/naskah/agenda/keluar/?tahun=99999999").status_code == 200


def test_an_upload_is_placed_and_a_broken_one_refused(staf_desa: Any, browser: Browser) -> None:
    from pypdf import PdfWriter

    client = browser(staf_desa)
    broken = io.BytesIO(b"%PDF-1.7 this is none")
    broken.name = "surat.pdf"
    given = form(staf_desa.agency)
    refused = client.post("/naskah/tulis/unggahan/", {**given, "pdf": broken})
    assert refused.status_code == 422
    assert "Undangan rapat" in text_of(refused)
    writer, whole = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.add_blank_page(842, 595)
    writer.write(whole)
    upload = io.BytesIO(whole.getvalue())
    upload.name = "surat.pdf"
    made = client.post("/naskah/tulis/unggahan/", {**given, "pdf": upload})
    address = str(made["Location"])
    page = client.get(address)
    assert [one.width for one in page.context["place"].pages] == [595, 842]
    away = {**given, "changed_at": page.context["changed_at"], "place-mode": "place", "place-page": "1",
            "place-x": "5000", "place-y": "10", "place-width": "200", "place-height": "64"}  # fmt: skip
    assert client.post(address, away).status_code == 422
    assert client.post(address, away | {"place-x": "40"}).status_code == 302
    view = client.get(address.replace("ubah/", "")).context["view"]
    assert (view.naskah.placement["page"], view.naskah.placement["x"]) == (1, 40)


def test_forms_of_other_sites_are_refused(staf_desa: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staf_desa.user)
    for address in (f"/naskah/tulis/{SURAT}/", "/naskah/masuk/catat/", "/naskah/surat/ND-2026-000001/paraf/"):
        assert client.post(address, form(staf_desa.agency)).status_code == 403


def test_what_changes_something_is_never_a_link(staf_desa: Any, browser: Browser) -> None:
    client = browser(staf_desa)
    reference = drafted(client, staf_desa.agency)
    for act in ("paraf", "kembalikan", "teruskan", "tandatangani", "tarik", "batalkan", "kirim"):
        assert client.get(f"/naskah/surat/{reference}/{act}/").status_code == 405


def test_in_english(staf_desa: Any, browser: Browser) -> None:
    client = browser(staf_desa)
    reference = drafted(client, staf_desa.agency)
    client.cookies["django_language"] = "en"
    for address, words in (
        ("/naskah/kotak/masuk/", "Incoming letters"),
        ("/naskah/tulis/", "What will you write?"),
        (f"/naskah/surat/{reference}/", "Your draft"),
        (f"/naskah/surat/{reference}/ubah/", "Save and preview"),
        ("/naskah/agenda/keluar/", "Register of outgoing letters"),
    ):
        assert words in text_of(client.get(address))
