"""A whole enrolment in a real browser: import, documents, a return, the check, the passphrase, the board."""

import io
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser import DESK, PHONE, Open, violations
from tests.site import Site
from tests.test_browser import official_login

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]
PICTURES = os.environ.get("SATUKLIK_TEST_PICTURES", "")  # a folder: a picture of each page that is looked at


@dataclass(frozen=True)
class Person:
    """Somebody on the list who is to sign; `login` is how the tests call the account, NIP and NIK are made up."""

    login: str
    name: str
    nip: str
    nik: str
    position: str
    echelon: str
    agency: str
    email: str
    rank: str
    passphrase: str

    def row(self) -> list[object]:
        return [self.nip, self.name, self.position, self.echelon, self.agency, self.email, "", self.rank]


WAHYUNI = Person(
    login="wahyuni",
    name="Wahyuni Rekaan, S.Kom",
    nip="198512122010012345",
    nik="1209205212850007",
    position="Kepala Bidang Persandian",
    echelon="III.b",
    agency="diskominfo",
    email="wahyuni@asahan.example",
    rank="III/d",
    passphrase="kelapa bakau senja rantau",
)


def look(page: Page, name: str) -> None:
    """Ask axe-core in both themes, phone and desk; keep pictures where a folder is named."""
    before = page.viewport_size
    for kind, size in (("phone", PHONE), ("desk", DESK)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        # Axe judges colours: none may be on its way from one theme to the other, or from the click before.
        page.emulate_media(reduced_motion="reduce")
        page.mouse.move(0, 0)
        found = violations(page)
        assert not found, "\n".join(found)
        if PICTURES:
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                page.wait_for_timeout(250)
                page.screenshot(path=Path(PICTURES) / f"{name}-{kind}-{theme}.png", full_page=True)
            page.emulate_media(color_scheme="light")
    if before is not None:
        page.set_viewport_size(before)


def sheet(folder: Path, *rows: list[object]) -> Path:
    book = Workbook()
    page = book.active
    page.append(["NIP", "Nama", "Jabatan", "Eselon", "OPD", "E-mail", "NIK", "Golongan"])
    for row in rows:
        page.append(row)
    path = folder / "daftar.xlsx"
    book.save(path)
    return path


def photo(colour: str) -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG")
    return {"name": f"{colour}.png", "mimeType": "image/png", "buffer": out.getvalue()}


def registered(board: Page) -> int:
    """How many officials the board shows on their way."""
    told = board.get_by_role("img", name=re.compile("Terdaftar: ")).get_attribute("aria-label") or ""
    found = re.search(r"Terdaftar: (\d+)", told)
    assert found, told
    return int(found[1])


def make_login(admin: Page, site: Site, name: str) -> None:
    """The admin's button on a person's page; the account is in `site.accounts` without a second factor yet."""
    admin.get_by_role("button", name="Buat akun masuk").click()
    expect(admin.get_by_role("heading", level=1)).to_contain_text("Akun baru")
    shown = admin.locator("main dd")
    site.accounts[name] = {"login": shown.nth(0).inner_text(), "password": shown.nth(1).inner_text()}


def import_list(admin: Page, site: Site, folder: Path, person: Person) -> None:
    """A list with one row, straight on; then the page of its one person."""
    admin.goto(f"{site.url}/meja/tte/impor/")
    admin.get_by_label("Daftar pejabat").set_input_files(sheet(folder, person.row()))
    admin.get_by_role("button", name="Periksa daftar").click()
    admin.get_by_role("button", name="Impor 1 baris").click()
    expect(admin.get_by_text("1 pejabat baru")).to_be_visible()
    open_person(admin, site, person)


def open_person(page: Page, site: Site, person: Person) -> None:
    page.goto(f"{site.url}/meja/tte/?q={person.nip}")
    page.get_by_role("link", name=person.name).click()


def hand_in(mine: Page, person: Person) -> None:
    mine.get_by_label("NIK").fill(person.nik)
    mine.get_by_label("Nomor surat rekomendasi").fill("800/12/REKAAN/2026")
    mine.locator("#id_recommendation").set_input_files(photo("white"))
    mine.get_by_label("e-KTP").set_input_files(photo("gray"))
    mine.get_by_role("button", name="Kirim untuk diverifikasi").click()
    expect(mine.get_by_role("heading", name="Menunggu verifikator")).to_be_visible()


def approve(his: Page) -> None:
    for box in his.locator("fieldset input[type=checkbox]").all():
        box.check()
    his.get_by_role("button", name="Setujui berkas").click()
    expect(his.get_by_text("terverifikasi. Sekarang ia memilih")).to_be_visible()


def choose_passphrase(mine: Page, passphrase: str) -> None:
    for field in mine.locator("input[type=password]").all():
        field.fill(passphrase)
    mine.get_by_role("button", name="Terbitkan sertifikat saya").click()


def enrol(site: Site, opened: Open, folder: Path, person: Person, *, verifier: str) -> None:
    """The straight way from the list to the certificate, each step by whom it belongs to; the test below takes the
    detours and looks at the pages."""
    admin, his, mine = opened(DESK).new_page(), opened(DESK).new_page(), opened(PHONE).new_page()
    official_login(admin, site, "admin")
    import_list(admin, site, folder, person)
    make_login(admin, site, person.login)
    official_login(mine, site, person.login)
    mine.goto(f"{site.url}/meja/tte/saya/")
    hand_in(mine, person)
    official_login(his, site, verifier)
    open_person(his, site, person)
    approve(his)
    mine.goto(f"{site.url}/meja/tte/saya/")
    mine.get_by_role("link", name="Pilih kata sandi").click()
    choose_passphrase(mine, person.passphrase)
    expect(mine.get_by_text("Sertifikat Anda terbit.")).to_be_visible()


def test_from_the_list_to_the_certificate(site: Site, opened: Open, tmp_path: Path) -> None:
    admin = opened(DESK).new_page()
    official_login(admin, site, "admin")
    admin.goto(f"{site.url}/meja/tte/")
    before = registered(admin)
    assert before >= 102  # an earlier test on this site may have enrolled somebody
    look(admin, "board")
    admin.get_by_role("link", name="Impor daftar pejabat").click()
    look(admin, "import")
    good, name = WAHYUNI.row(), WAHYUNI.name
    bad = ["19851212", "", "Kepala Bidang", "X", "dinas antah", "a@gmail.example", "12", ""]
    admin.get_by_label("Daftar pejabat").set_input_files(sheet(tmp_path, good, bad))
    admin.get_by_role("button", name="Periksa daftar").click()
    expect(admin.get_by_text("Bukan NIP")).to_be_visible()
    look(admin, "import-errors")
    admin.get_by_role("link", name="Unggah berkas lain").click()
    admin.get_by_label("Daftar pejabat").set_input_files(sheet(tmp_path, good))
    admin.get_by_role("button", name="Periksa daftar").click()
    admin.get_by_role("button", name="Impor 1 baris").click()
    expect(admin.get_by_text("1 pejabat baru")).to_be_visible()
    admin.goto(f"{site.url}/meja/tte/verifikator/")
    look(admin, "verifiers")
    admin.goto(f"{site.url}/meja/tte/")
    assert registered(admin) == before + 1
    open_person(admin, site, WAHYUNI)
    look(admin, "person-without-login")
    make_login(admin, site, "wahyuni")
    look(admin, "login")

    mine = opened(PHONE).new_page()
    official_login(mine, site, "wahyuni", look=True)
    mine.goto(f"{site.url}/meja/tte/saya/")
    look(mine, "own-registered")
    mine.get_by_role("button", name="Kirim untuk diverifikasi").click()
    expect(mine.locator(".govuk-error-summary")).to_be_visible()
    look(mine, "own-errors")
    hand_in(mine, WAHYUNI)
    look(mine, "own-waiting")

    his = opened(DESK).new_page()
    official_login(his, site, "ppid")  # the verifikator of Diskominfo in the demo
    open_person(his, site, WAHYUNI)
    look(his, "person-check")
    person = his.url
    with his.expect_popup() as coming:
        his.get_by_role("link", name="Buka e-KTP").click()
    expect(coming.value.locator("img")).to_be_visible()
    his.get_by_text("Kembalikan untuk diperbaiki").click()
    his.get_by_label("Apa yang harus diperbaiki?").fill("Foto e-KTP buram. Foto ulang.")
    his.get_by_role("button", name="Kembalikan", exact=True).click()
    expect(his.get_by_text(f"Dikembalikan kepada {name}")).to_be_visible()

    mine.goto(f"{site.url}/meja/tte/saya/")
    expect(mine.get_by_text("Foto e-KTP buram. Foto ulang.").first).to_be_visible()
    look(mine, "own-returned")
    mine.get_by_label("e-KTP").set_input_files(photo("silver"))
    mine.get_by_role("button", name="Kirim untuk diverifikasi").click()
    expect(mine.get_by_text("Rahmat Hidayat Lubis").first).to_be_visible()  # opened it: the owner sees that

    his.goto(person)
    his.get_by_role("button", name="Setujui berkas").click()
    expect(his.locator(".govuk-error-summary")).to_be_visible()
    look(his, "person-errors")
    approve(his)

    mine.goto(f"{site.url}/meja/tte/saya/")
    mine.get_by_role("link", name="Pilih kata sandi").click()
    look(mine, "passphrase")
    choose_passphrase(mine, site.accounts["wahyuni"]["password"])
    expect(mine.get_by_text("Jangan pakai kata sandi masuk. Kata").first).to_be_visible()
    look(mine, "passphrase-errors")
    choose_passphrase(mine, WAHYUNI.passphrase)
    expect(mine.get_by_text("Sertifikat Anda terbit.")).to_be_visible()
    assert WAHYUNI.passphrase not in mine.content()
    look(mine, "own-issued")

    admin.goto(f"{site.url}/meja/tte/?q=Wahyuni")
    expect(admin.get_by_role("img", name="Sertifikat terbit: 1")).to_be_visible()
    admin.get_by_role("link", name=name).click()
    expect(admin.get_by_text("Berlaku", exact=True).first).to_be_visible()
    look(admin, "person-issued")


def test_the_board_needs_no_javascript_and_speaks_english(site: Site, opened: Open) -> None:
    page = opened(PHONE, javascript=False).new_page()
    official_login(page, site, "ppid")
    page.goto(f"{site.url}/meja/tte/")
    page.locator("button[lang=en]").click()
    page.goto(f"{site.url}/meja/tte/?tahap=documents")
    expect(page.get_by_role("heading", name="Signers' board")).to_be_visible()
    expect(page.locator(".tte-row").first).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("hari kerja")
