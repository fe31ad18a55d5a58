"""As people use it: Sari on a phone, a stranger with a paper, Pak Lurah at the desk, the counter, no JavaScript."""

import subprocess
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import DESK, PHONE, Open, see
from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]
OWN_PASSWORD = "gudang-awan-biru-77"  # of whoever logs in for the first time
SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])


def resident_login(page: Page, site: Site, name: str, *, look: bool = False) -> None:
    page.goto(f"{site.url}/masuk/")
    if look:
        see(page)
    page.get_by_label("NIK atau nomor HP").fill(site.accounts[name]["login"])
    page.get_by_role("button", name="Kirim kode masuk").click()
    if look:
        see(page)
    code = page.locator("[role=note] strong").inner_text()
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page).not_to_have_url(f"{site.url}/masuk/kode/")


def official_login(page: Page, site: Site, name: str, *, look: bool = False) -> None:
    """Log in, or go on in the session of an earlier test: a code of the second factor works once in its half minute."""
    if not look and name in site.sessions:
        page.context.add_cookies(site.sessions[name])
        page.goto(f"{site.url}/meja/")
        if "/masuk/" not in page.url:
            return
        page.context.clear_cookies()
    account = site.accounts[name]
    page.goto(f"{site.url}/masuk/petugas/")
    if look:
        see(page)
    page.locator("input[name=username]").fill(account["login"])
    page.locator("input[name=password]").fill(account["password"])
    page.get_by_role("button", name="Lanjut").click()
    if look:
        see(page)
    if "totp_secret" not in account:
        first_login(page, account, look=look)
        site.sessions[name] = page.context.cookies()
        return
    for counter in yield_hotp_counters_from_time():  # a neighbouring half minute is accepted too
        code = format_hotp_value(hotp_value(account["totp_secret"], counter))
        page.locator("input[name=code]").fill(code)
        page.get_by_role("button", name="Lanjut").click()
        if "/meja/" in page.url or "/loket/" in page.url:
            site.sessions[name] = page.context.cookies()
            return
    raise AssertionError(page.url)


def first_login(page: Page, account: dict[str, str], *, look: bool = False) -> None:
    """What a made account asks for: a password that only its owner knows, then a second factor."""
    expect(page.get_by_role("heading", name="Pilih kata sandi Anda sendiri")).to_be_visible()
    for field in page.locator("input[type=password]").all():
        field.fill(OWN_PASSWORD)
    page.get_by_role("button", name="Simpan dan lanjut").click()
    account["password"] = OWN_PASSWORD
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lindungi akun Anda")
    if look:
        see(page)
    secret = page.locator("ol code").inner_text().replace(" ", "")
    now = next(iter(yield_hotp_counters_from_time()))
    page.locator("input[name=code]").fill(format_hotp_value(hotp_value(secret, now)))
    page.get_by_role("button", name="Aktifkan dan masuk").click()
    expect(page.locator("h1")).not_to_contain_text("Lindungi akun")
    account["totp_secret"] = secret


def download(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as coming:
        page.get_by_role("link", name=name).first.click()
    path = folder / "surat.pdf"
    coming.value.save_as(path)
    return path


def signed(path: Path) -> str:
    told = subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid" in told, told
    subprocess.run(["qpdf", "--check", str(path)], check=True, capture_output=True)
    return told


@SIZES
def test_sari_clicks_once_and_a_stranger_checks(
    site: Site, opened: Open, size: dict[str, int], tmp_path: Path
) -> None:
    page = opened(size).new_page()
    page.goto(site.url)
    see(page)
    resident_login(page, site, "sari", look=True)
    see(page)
    page.locator("input[type=search]").first.fill("surat tempat tinggal buat buka rekening")
    page.keyboard.press("Enter")
    see(page)
    page.get_by_role("link", name="Surat Keterangan Domisili").first.click()
    see(page)
    page.locator("main a.govuk-button").first.click()
    see(page)
    page.get_by_label("melamar pekerjaan" if size is PHONE else "pembukaan rekening bank").check()
    page.get_by_role("button", name="Kirim & terbitkan").click()
    expect(page.get_by_role("heading", name="Surat Anda sudah terbit")).to_be_visible()
    see(page)
    assert "ETSI.CAdES.detached" in signed(download(page, "Unduh", tmp_path))
    address = page.get_by_role("link", name="Buka halaman pemeriksaan").get_attribute("href")
    for path in ("/surat/", "/urusan/", "/saya/", "/saya/data/", "/saya/akses/", "/pesan/", "/akun/"):
        page.goto(f"{site.url}{path}")
        see(page)
    assert address
    stranger = opened(size).new_page()
    stranger.goto(address)
    expect(stranger.locator("main")).to_contain_text("asli")
    assert site.accounts["sari"]["login"] not in stranger.content()
    see(stranger)
    stranger.goto(f"{site.url}/verifikasi/")
    stranger.locator("input[type=file]").set_input_files(tmp_path / "surat.pdf")
    stranger.locator("form:has(input[type=file]) button").click()
    expect(stranger.locator("main")).to_contain_text("asli")
    see(stranger)
    changed = bytearray((tmp_path / "surat.pdf").read_bytes())
    changed[changed.index(b"stream") + 300] ^= 1
    (tmp_path / "palsu.pdf").write_bytes(changed)
    stranger.goto(f"{site.url}/verifikasi/")
    stranger.locator("input[type=file]").set_input_files(tmp_path / "palsu.pdf")
    stranger.locator("form:has(input[type=file]) button").click()
    expect(stranger.locator("main")).to_contain_text("Berubah setelah ditandatangani")
    see(stranger)


@SIZES
def test_pak_lurah_decides_and_signs(site: Site, opened: Open, size: dict[str, int], tmp_path: Path) -> None:
    page = opened(size).new_page()
    official_login(page, site, "pak_lurah", look=size is DESK)
    page.goto(f"{site.url}/meja/")
    see(page)
    page.locator("main a[href*='/meja/perkara/']").first.click()
    see(page)
    page.locator("input[type=password]").first.fill("salah sama sekali")
    page.locator("[data-desk-sign]").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    see(page)
    page.locator("input[type=password]").first.fill(site.accounts["pak_lurah"]["passphrase"])
    page.locator("main form:has(input[type=password]) button").first.click()
    expect(page.locator("main")).to_contain_text("ditandatangani")
    assert site.accounts["pak_lurah"]["passphrase"] not in page.content()
    see(page)


@SIZES
def test_the_counter_serves_a_neighbour(
    site: Site, opened: Open, size: dict[str, int], tmp_path: Path
) -> None:
    page = opened(size).new_page()
    official_login(page, site, "operator_desa")
    page.goto(f"{site.url}/loket/")
    see(page)
    form = page.locator("form:has(input[name$=nik])")
    form.locator("input[name$=nik]").fill(site.accounts["sari"]["login"])
    reason = form.locator("select")
    reason.select_option(index=1) if reason.count() else form.locator("input[type=radio]").first.check()
    form.get_by_role("button").click()
    if page.get_by_role("button", name="Pilih").count():
        see(page)
        page.get_by_role("button", name="Pilih").first.click()
    see(page)
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="Identitas cocok").click()
    see(page)
    page.get_by_role("link", name="Pengantar SKCK").first.click()
    see(page)
    for group in page.locator("main fieldset").all():
        group.locator("input[type=radio]").nth(0 if size is PHONE else 1).check()
    for box in page.locator("main input[type=text]").all():
        box.fill("PT Kebun Maju")
    page.locator("main [data-desk-submit]").click()
    expect(page.get_by_role("heading", name="Surat sudah terbit")).to_be_visible()
    see(page)
    signed(download(page, "Unduh surat", tmp_path))
    sari = opened(PHONE).new_page()
    resident_login(sari, site, "sari")
    sari.goto(f"{site.url}/saya/akses/")
    expect(sari.locator("main")).to_contain_text("Dewi Anggraini")


def test_without_javascript(site: Site, opened: Open, tmp_path: Path) -> None:
    context: BrowserContext = opened(PHONE, javascript=False)
    page = context.new_page()
    resident_login(page, site, "rudi")
    page.goto(f"{site.url}/layanan/surat-keterangan-domisili/ajukan/")
    page.get_by_role("button", name="Kirim & terbitkan").click()
    expect(page.locator(".govuk-error-message").first).to_be_visible()
    page.get_by_label("pengajuan kredit").check()
    page.get_by_role("button", name="Kirim & terbitkan").click()
    expect(page.get_by_role("heading", name="Surat Anda sudah terbit")).to_be_visible()


def test_in_english(site: Site, opened: Open) -> None:
    page = opened(PHONE, language="en-GB").new_page()
    page.goto(site.url)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("main")).not_to_contain_text("Layanan")
    see(page)
