"""A letter's whole way in a real browser: its signer enrolled, drafted, returned once, three parafs, signed, sent,
disposed, reported."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESK, PHONE, Open, see
from tests.site import Site
from tests.test_browser import download, official_login, signed
from tests.test_enrolment_browser import Person, enrol

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]
SUBJECT = "Rapat evaluasi pelayanan triwulan empat"
WULAN = Person(
    login="wulan",
    name="Wulan Rekaan, S.Sos",
    nip="199002022015012002",
    nik="1209204202900008",
    position="Kepala Seksi Ketenteraman dan Ketertiban",
    echelon="IV.a",
    agency="kec-12.09.20",
    email="wulan@asahan.example",
    rank="III/c",
    passphrase="perahu layar angin muara",
)
BODY = "Rapat diadakan untuk menilai pelayanan.\n\n1. Siapkan data pelayanan.\n2. Hadir tepat waktu."
Desk = Callable[[str], Page]


@pytest.fixture
def desk(site: Site, opened: Open) -> Desk:
    """The desk of an official who has logged in: the signer and the lurah on their phones, all others at a screen."""

    def open_(name: str) -> Page:
        page = opened(PHONE if name in ("wulan", "pak_lurah") else DESK).new_page()
        official_login(page, site, name)
        return page

    return open_


def open_from(page: Page, site: Site, box: str) -> None:
    """The letter of this test, from one of the boxes."""
    page.goto(f"{site.url}/naskah/kotak/{box}/?q=evaluasi")
    page.locator("[data-nd-open]", has_text=SUBJECT).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(SUBJECT)


def write(page: Page, site: Site) -> str:
    """The draft: kept on the server, drawn beside the form; its reference."""
    page.goto(f"{site.url}/naskah/tulis/")
    see(page)
    page.get_by_role("link", name="Surat dinas").click()
    page.get_by_label("Perihal").fill(SUBJECT)
    page.locator("select[name=signer]").select_option(label=f"{WULAN.name} – {WULAN.position}")
    page.get_by_role(
        "button", name="Simpan &"
    ).click()  # without recipients and text: a draft may be unfinished
    expect(page.locator("#nd-preview img")).to_be_visible()
    page.get_by_label("Kepada 1").fill("Lurah Kisaran Naga")
    page.get_by_label("Isi surat").fill(BODY)
    expect(page.locator("[data-nd-saved]")).to_be_visible()  # it saves itself
    page.reload()
    expect(page.get_by_label("Isi surat")).to_have_value(BODY)
    expect(page.locator("main")).to_contain_text("Sampai di kotak masuk")
    see(page)
    found = re.search(r"ND-\d{4}-\d+", page.url)
    assert found
    return found[0]


def send_up(page: Page, *, look: bool = False) -> None:
    """Two chiefs side by side, then the secretary."""
    page.get_by_role("button", name="Lanjut: naikkan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Siapa yang memaraf?")
    page.locator("[name=g-0-0]").select_option(label=option(page, "Kepala Seksi Pelayanan Umum"))
    page.get_by_role("button", name="Pemaraf sejajar").first.click()
    page.locator("[name=g-0-1]").select_option(label=option(page, "Kepala Seksi Pemerintahan"))
    if not page.locator("[name=g-1-0]").count():
        page.get_by_role("button", name="Tambah tingkat").click()
    page.locator("[name=g-1-0]").select_option(label=option(page, "Sekretaris Kecamatan"))
    if look:
        see(page)
    page.get_by_role("button", name="Naikkan sekarang").click()
    expect(page.locator("main")).to_contain_text("sudah naik")


def option(page: Page, position: str) -> str:
    text = page.locator("select[name=g-0-0] option", has_text=position).first.text_content()
    assert text
    return text


def paraf(page: Page, site: Site) -> None:
    open_from(page, site, "paraf")
    page.get_by_role("button", name="Paraf", exact=True).click()
    expect(page.locator("main")).to_contain_text("Paraf Anda pada")


def test_from_enrolment_to_report(site: Site, desk: Desk, opened: Open, tmp_path: Path) -> None:
    enrol(
        site, opened, tmp_path, WULAN, verifier="staf_camat"
    )  # who verifies for the kecamatan, and parafs below
    operator, chief, other, secretary = (
        desk(name) for name in ("operator_camat", "staf_camat", "kasi_camat", "sekcam")
    )
    reference = write(operator, site)
    send_up(operator, look=True)

    # One of the two chiefs sends it back; the drafter mends it, and it goes up as a new version.
    paraf(chief, site)
    open_from(other, site, "paraf")
    other.locator("summary", has_text="Kembalikan dengan alasan").click()
    other.get_by_role("button", name="Kembalikan", exact=True).click()
    expect(other.locator(".govuk-error-summary").first).to_be_visible()  # not without a reason
    see(other)
    other.get_by_label("Alasan", exact=True).fill("Sebut tempat rapatnya.")
    other.get_by_role("button", name="Kembalikan", exact=True).click()
    expect(other.locator("main")).to_contain_text("dikembalikan kepada penyusunnya")
    open_from(operator, site, "dikembalikan")
    expect(operator.locator("main")).to_contain_text("Sebut tempat rapatnya.")
    operator.get_by_role("link", name="Ubah isi").click()
    operator.get_by_label("Isi surat").fill(f"{BODY}\n3. Rapat di aula kecamatan.")
    send_up(operator)
    paraf(chief, site)
    secretary.goto(f"{site.url}/naskah/surat/{reference}/")
    expect(secretary.get_by_role("button", name="Paraf", exact=True)).to_have_count(
        0
    )  # it is not yet her turn
    paraf(other, site)
    paraf(secretary, site)

    # The new signer, on her phone: a wrong passphrase first.
    head = desk("wulan")
    open_from(head, site, "tandatangan")
    head.get_by_label("Kata sandi tanda tangan").fill("salah sama sekali")
    head.get_by_role("button", name="Tandatangani", exact=True).click()
    expect(head.locator(".govuk-error-summary").first).to_be_visible()
    see(head)
    head.get_by_label("Kata sandi tanda tangan").fill(WULAN.passphrase)
    head.get_by_role("button", name="Tandatangani", exact=True).click()
    expect(head.locator("main")).to_contain_text("sudah ditandatangani")
    assert WULAN.passphrase not in head.content()
    see(head)
    assert "Wulan Rekaan" in signed(download(head, "Unduh PDF", tmp_path))

    # Sent: at the same moment it lies in the other office's inbox, with its number in the register.
    operator.goto(f"{site.url}/naskah/surat/{reference}/")
    operator.get_by_role("button", name="Kirim sekarang").click()
    expect(operator.locator("main")).to_contain_text("Diterima, agenda masuk")
    lurah = desk("pak_lurah")
    open_from(lurah, site, "masuk")
    expect(lurah.get_by_role("heading", level=1)).to_contain_text(re.compile(r"agenda masuk \d+/\d{4}"))
    lurah.get_by_label("Ratna Puspitasari").check()
    lurah.get_by_label("Isi disposisi").select_option("tindak_lanjuti")
    lurah.get_by_label("Catatan").fill("Siapkan datanya.")
    lurah.get_by_role("button", name="Beri disposisi").click()
    expect(lurah.locator("main")).to_contain_text("Disposisi tersimpan")
    see(lurah)
    deputy = desk("sekretaris_lurah")
    open_from(deputy, site, "disposisi")
    deputy.get_by_label("Laporan").fill("Data sudah disiapkan dan dibawa ke rapat.")
    deputy.get_by_role("button", name="Laporkan selesai").click()
    expect(deputy.locator("main")).to_contain_text("Laporan tersimpan")
    lurah.reload()
    expect(lurah.locator("main")).to_contain_text("Data sudah disiapkan")
    expect(lurah.locator(".nd-head__tags")).to_contain_text("Selesai")
    operator.reload()
    expect(operator.locator("main")).to_contain_text("Dibaca")

    for page, way in ((operator, "keluar"), (lurah, "masuk")):
        page.goto(f"{site.url}/naskah/agenda/{way}/?q=evaluasi")
        expect(page.locator("main table")).to_contain_text(SUBJECT)
    see(lurah)
    lurah.goto(f"{site.url}/naskah/kotak/masuk/")
    see(lurah)


def test_a_letter_is_written_and_approved_without_javascript(site: Site, opened: Open) -> None:
    page = opened(PHONE, javascript=False).new_page()
    official_login(page, site, "operator_camat")
    page.goto(f"{site.url}/naskah/tulis/nota-dinas/")
    page.get_by_label("Perihal").fill("Nota tanpa skrip")
    page.get_by_label("Kepada 1").fill("Camat Kisaran Timur")
    page.get_by_role("button", name="Tambah baris").first.click()
    expect(page.get_by_label("Perihal")).to_have_value("Nota tanpa skrip")  # a row more, nothing lost
    page.get_by_label("Isi nota").fill("Mohon arahan.")
    page.get_by_label("Kode klasifikasi arsip").fill("rapat")
    page.get_by_role("button", name="Lanjut: naikkan").click()
    if page.locator("[name=classification_pick]").count():
        page.locator("[name=classification_pick]").first.check()
        page.get_by_role("button", name="Lanjut: naikkan").click()
    page.get_by_role("button", name="Naikkan sekarang").click()
    expect(page.locator("main")).to_contain_text("sudah naik")
