"""`satuklik screenshots`: every page, on a phone and on a desk, light and dark, and one sheet with all of them."""

import html
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from satuklik.run.places import PROJECT

RESIDENTS = 3_000
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES = {"phone": (360, 740), "desk": (1280, 800)}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SERVICE = "surat-keterangan-domisili"
# In the README: name of the picture there → name, size and theme here.
IN_README = {"home-phone": ("sari-home", "phone", "light"), "desk": ("pak_lurah-inbox", "desk", "light")}


@dataclass(frozen=True)
class Shot:
    """A page to take: as whom (empty: nobody), its name, its address."""

    who: str
    name: str
    address: str

    @property
    def file(self) -> str:
        return f"{self.who or 'anyone'}-{self.name}"


SHOTS = [
    Shot("", "home", "/"),
    Shot("", "search", "/cari/?q=usaha"),
    Shot("", "services", "/layanan/"),
    Shot("", "service", f"/layanan/{SERVICE}/"),
    Shot("", "login", "/masuk/"),
    Shot("", "login-official", "/masuk/petugas/"),
    Shot("", "verify", "/verifikasi/"),
    Shot("", "satisfaction", "/kepuasan/"),
    Shot("", "help", "/bantuan/"),
    Shot("", "privacy", "/data-pribadi/"),
    Shot("", "accessibility", "/aksesibilitas/"),
    Shot("", "not-found", "/tidak-ada/"),
    Shot("", "chat", "/obrolan/"),
    Shot("", "channels", "/peraga/kanal/"),
    Shot("ppid", "quarantine", "/meja/karantina/"),
    Shot("", "answers-board", "/papan-jawaban/"),
    Shot("", "press", "/pers/"),
    Shot("", "press-ask", "/pers/tanya/"),
    Shot("", "press-releases", "/siaran-pers/"),
    Shot("", "complaint-report", "/pengaduan/"),
    Shot("", "complaints-map", "/pengaduan/peta/"),
    Shot("", "complaint-find", "/pengaduan/lacak/"),
    Shot("", "ideas", "/ide/"),
    Shot("", "idea-submit", "/ide/baru/"),
    Shot("ppid", "complaints-desk", "/meja/pengaduan/"),
    Shot("ppid", "complaints-desk-map", "/meja/pengaduan/peta/"),
    Shot("ppid", "complaints-files", "/meja/pengaduan/sp4n/"),
    Shot("ppid", "ideas-desk", "/meja/ide/"),
    Shot("ppid", "ideas-rounds", "/meja/ide/putaran/"),
    Shot("sari", "home", "/"),
    Shot("sari", "check", f"/layanan/{SERVICE}/ajukan/"),
    Shot("sari", "check-business", "/layanan/surat-keterangan-usaha/ajukan/"),
    Shot("sari", "letters", "/surat/"),
    Shot("sari", "matters", "/urusan/"),
    Shot("sari", "me", "/saya/"),
    Shot("sari", "data", "/saya/data/"),
    Shot("sari", "accesses", "/saya/akses/"),
    Shot("sari", "inbox", "/pesan/"),
    Shot("sari", "account", "/akun/"),
    Shot("pak_lurah", "inbox", "/meja/"),
    Shot("pak_lurah", "sign", "/meja/tandatangan/"),
    Shot("pak_lurah", "sign-pdf", "/meja/tandatangan/pdf/"),
    Shot("staf_desa", "inbox", "/meja/"),
    Shot("operator_desa", "counter", "/loket/"),
    Shot("pak_lurah", "letters-in", "/naskah/kotak/masuk/"),
    Shot("pak_lurah", "register-in", "/naskah/agenda/masuk/"),
    Shot("staf_desa", "register-paper", "/naskah/masuk/catat/"),
    Shot("pak_lurah", "signer", "/meja/tte/saya/"),
    Shot("admin", "signers", "/meja/tte/"),
    Shot("admin", "signers-import", "/meja/tte/impor/"),
    Shot("admin", "verifiers", "/meja/tte/verifikator/"),
    Shot("bu_camat", "letters-to-sign", "/naskah/kotak/tandatangan/"),
    Shot("bu_camat", "register-out", "/naskah/agenda/keluar/"),
    Shot("operator_camat", "drafts", "/naskah/kotak/draf/"),
    Shot("operator_camat", "letter-kinds", "/naskah/tulis/"),
    Shot("operator_camat", "letter-new", "/naskah/tulis/surat-tugas/"),
    Shot("operator_camat", "letter-upload", "/naskah/tulis/unggahan/"),
    Shot("", "public-information", "/ppid/"),
    Shot("", "information-section", "/ppid/daftar/berkala/"),
    Shot("", "information-answers", "/ppid/jawaban/"),
    Shot("", "information-ask", "/ppid/minta/"),
    Shot("", "information-find", "/ppid/lacak/"),
    Shot("ppid", "requests", "/meja/ppid/"),
    Shot("ppid", "information-rules", "/meja/ppid/aturan/"),
    Shot("ppid", "request-new", "/meja/ppid/catat/"),
    Shot("ppid", "register-requests", "/meja/ppid/register/permintaan/"),
    Shot("ppid", "register-objections", "/meja/ppid/register/keberatan/"),
    Shot("ppid", "information-report", "/meja/ppid/laporan/"),
    Shot("ppid", "information-monitoring", "/meja/ppid/monev/"),
    Shot("ppid", "information-list", "/meja/ppid/daftar/"),
    Shot("sekda", "objections", "/meja/ppid/keberatan/"),
    Shot("ppid", "referrals", "/meja/penerusan/"),
    Shot("ppid", "referrals-silent", "/meja/penerusan/diam/"),
    Shot("ppid", "referrals-rule", "/meja/penerusan/aturan/"),
    Shot("ppid", "referrals-contacts", "/meja/penerusan/narahubung/"),
    Shot("ppid", "press-desk", "/meja/pers/"),
    Shot("ppid", "press-register", "/meja/pers/catat/"),
    Shot("ppid", "press-clock", "/meja/pers/aturan/"),
    Shot("kadis_kominfo", "press-approvals", "/meja/pers/persetujuan/"),
    Shot("ppid", "press-outlets", "/meja/pers/media/"),
    Shot("ppid", "press-releases-desk", "/meja/pers/siaran/"),
]
SHOTS += [
    Shot("ppid", "chats", "/meja/pesan/"),
    Shot("ppid", "chats-all", "/meja/pesan/?kotak=semua"),
    Shot("ppid", "chats-canned", "/meja/pesan/jawaban/"),
    Shot("ppid", "chats-triage", "/meja/pesan/triase/"),
]
# Pages behind the first line of a list: as whom, their name, the list, and the links to follow from there.
OPENED = [
    ("ppid", "chat", "/meja/pesan/?kotak=semua", ()),
    ("pak_lurah", "letter-in", "/naskah/kotak/masuk/", ()),
    ("sekretaris_lurah", "disposition", "/naskah/kotak/disposisi/", ()),
    ("bu_camat", "letter-sign", "/naskah/kotak/tandatangan/", ()),
    ("staf_camat", "letter-paraf", "/naskah/kotak/paraf/", ()),
    ("operator_camat", "letter-sent", "/naskah/kotak/terkirim/?q=laporan", ()),
    ("operator_camat", "letter-returned", "/naskah/kotak/dikembalikan/", ()),
    ("operator_camat", "letter-edit", "/naskah/kotak/draf/", ("/ubah/",)),
    ("operator_camat", "letter-chain", "/naskah/kotak/draf/", ("/naik/",)),
    ("ppid", "request", "/meja/ppid/", ()),
    ("ppid", "request-to-sign", "/meja/ppid/?tampil=tanda-tangan", ("/meja/ppid/surat/",)),
    ("ppid", "request-done", "/meja/ppid/?tampil=selesai", ()),
    ("sekda", "objection", "/meja/ppid/keberatan/", ()),
    ("ppid", "referral", "/meja/penerusan/diam/", ()),
    ("ppid", "press-enquiry", "/meja/pers/", ()),
]


@click.command()
@click.option("--readme", is_flag=True, help="Also renew the pictures of the README (docs/img).")
def screenshots(readme: bool) -> None:
    """Take every page into var/screenshots and write a sheet with all of them."""
    from satuklik.run.bench.site import served

    target = Path(settings.VAR) / "screenshots"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    os.environ["SATUKLIK_VAR"] = str(Path(settings.VAR) / "screenshots-demo")
    taken: list[Path] = []
    with served(RESIDENTS) as (port, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for file in _all(browser, f"http://127.0.0.1:{port}", target):
            taken.append(file)
            click.echo(file.name)
    sheet = target / "index.html"
    sheet.write_text(_sheet(taken))
    if readme:
        for name, (page, size, theme) in IN_README.items():
            shutil.copy(target / f"{page}-{size}-{theme}.fold.png", PROJECT / "docs" / "img" / f"{name}.png")
    click.echo(f"{len(taken)} pictures: {sheet}")


def _all(browser: Browser, url: str, target: Path) -> Iterator[Path]:
    for who in dict.fromkeys([*(shot.who for shot in SHOTS), *(one[0] for one in OPENED)]):
        state = _log_in(browser, url, who) if who else None
        for size, (width, height) in SIZES.items():
            for theme in THEMES:
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=theme, locale="id-ID",
                    storage_state=state, has_touch=size == "phone",
                )  # fmt: skip
                yield from _shots(context, who, url, target, f"{size}-{theme}")
                context.close()


def _shots(context: BrowserContext, who: str, url: str, target: Path, kind: str) -> Iterator[Path]:
    page = context.new_page()
    for shot in SHOTS:
        if shot.who == who:
            page.goto(url + shot.address)
            yield _take(page, target / f"{shot.file}-{kind}.png")
    for _who, name, box, links in (one for one in OPENED if one[0] == who):
        page.goto(url + box)
        page.locator("[data-nd-open], [data-ib-open]").first.click()
        for link in links:
            page.locator(f'main a[href*="{link}"]').first.click()
        page.locator("h1").first.wait_for()
        yield _take(page, target / f"{who}-{name}-{kind}.png")
    if who == "sari":
        yield from _one_click(page, url, target, kind)
    if who == "staf_desa":
        page.goto(f"{url}/meja/")
        page.locator('a[href*="/meja/perkara/"]').first.click()
        yield _take(page, target / f"staf_desa-case-{kind}.png")


def _one_click(page: Page, url: str, target: Path, kind: str) -> Iterator[Path]:
    """Sari presses the button: what she sees then, her case, and what a stranger sees of her letter."""
    page.goto(f"{url}/layanan/{SERVICE}/ajukan/")
    page.locator("main input[type=radio], main select").first.wait_for()
    if page.locator("main input[type=radio]").count():
        page.locator("main input[type=radio]").first.check(force=True)
    page.locator("main form button[type=submit], main form button.govuk-button").last.click()
    page.wait_for_url("**/selesai/")
    yield _take(page, target / f"sari-done-{kind}.png")
    case = page.url.removesuffix("selesai/")
    verification = page.locator('a[href*="/v/"]').first.get_attribute("href")
    page.goto(case)
    yield _take(page, target / f"sari-case-{kind}.png")
    if verification:
        page.goto(verification if verification.startswith("http") else url + verification)
        yield _take(page, target / f"stranger-letter-{kind}.png")


def _log_in(browser: Browser, url: str, who: str) -> StorageState:
    context = browser.new_context(locale="id-ID")
    page = context.new_page()
    page.goto(f"{url}/masuk/")
    page.locator(f'button[name=persona][value="{who}"]').click()
    page.wait_for_load_state()
    state = context.storage_state()
    context.close()
    return state


def _take(page: Page, file: Path) -> Path:
    page.wait_for_load_state("networkidle")
    if any(file.name == f"{name}-{size}-{theme}.png" for name, size, theme in IN_README.values()):
        page.screenshot(path=file.with_suffix(".fold.png"))
    before = page.viewport_size
    if before is not None:
        # A window as high as the page: bars that stick to an edge of the window stay at that edge.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": before["width"], "height": max(int(height), before["height"])})
        page.screenshot(path=file)
        page.set_viewport_size(before)
    return file


def _sheet(files: list[Path]) -> str:
    pictures = "\n".join(
        f'<figure><a href="{name}"><img src="{name}" loading="lazy" alt=""></a><figcaption>{name}</figcaption></figure>'
        for name in (html.escape(file.name) for file in files)
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Satu Klik: every page</title>'
        "<style>body{font:14px system-ui;display:flex;flex-wrap:wrap;gap:16px;background:#ddd}"
        "img{width:260px;max-height:520px;object-fit:cover;object-position:top;border:1px solid #999}"
        f"figure{{margin:0}}</style>{pictures}</html>\n"
    )
