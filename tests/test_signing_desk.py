"""The signing desk as people use it: many letters with one passphrase, a PDF placed by hand, and a server that dies."""

import re
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typst
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from tests.browser import DESK, PHONE, Open, see
from tests.site import Site
from tests.test_browser import official_login, signed

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]

CASES = """
import json
from datetime import date
from django.utils import timezone
from satuklik.base.accounts.models import User
from satuklik.base.agencies import queries as agencies
from satuklik.spine.cases import actions
from satuklik.spine.cases.actions.submitting import Applicant
from satuklik.spine.population.models import Household, Person, ResidentAccount
lurah, staff = agencies.demo_official("pak_lurah"), agencies.demo_official("staf_desa")
village = lurah.agency.region_id
made = []
for n in range({first}, {first} + {count}):
    household = Household.objects.create(kk=f"12092001010{{n:05d}}", village_id=village, address=f"Jl. Uji No. {{n}}",
                                         rt="001", rw="001", postal_code="21211", issued_on=date(2001, 1, 1))
    person = Person.objects.create(
        nik=f"12092001019{{n:05d}}", household=household, village_id=village, name=f"Warga Uji {{n}}", sex="L",
        birth_place="Kisaran", birth_date=date(1990, 1, 1), religion="islam", blood_type="O", marital="belum_kawin",
        education="slta", occupation="wiraswasta", relation="kepala_keluarga", citizenship="WNI", father_name="A B",
        mother_name="C D", updated_on=date(2026, 11, 12))
    user = User.objects.create(username=f"uji-{{n}}", name=person.name, kind="resident")
    ResidentAccount.objects.create(user=user, person=person, level=2)
    answers = {{"business_name": f"Warung {{n}}", "business_kind": "kuliner", "business_place": "Jl. Uji",
               "since": "2024-01-15", "purpose": "kur"}}
    case = actions.submit("surat-keterangan-usaha", person_id=person.pk, answers=answers, uploads={{}},
                          by=Applicant(user.pk, 2, "portal"), key=f"k{{n}}", language="id", now=timezone.now()).case
    actions.decide(case.reference, official=staff, outcome="grant", now=timezone.now())
    made.append(case.reference)
print(json.dumps(made))
"""

NASKAH = """
import json
from django.utils import timezone
from satuklik.base.agencies import queries as agencies
from satuklik.systems.correspondence import actions
from satuklik.systems.correspondence.rules import To
staff, made = agencies.demo_official("staf_desa"), []
for subject in ("Permohonan ruang rapat", "Pemberitahuan gotong royong"):
    naskah = actions.create("surat-dinas", by=staff, now=timezone.now(), subject=subject, classification="000.1.4",
                            urgency="biasa", secrecy="biasa", content={"isi": "Mohon bantuan Saudara.", "penutup": "Terima kasih."},
                            recipients=[To("to", agency_code="kec-12.09.20")])
    made.append(actions.submit(naskah, by=staff, now=timezone.now(), chain=[]).reference)
print(json.dumps(made))
"""

SIGNED = """
import json
from satuklik.systems.correspondence.models import Naskah
print(json.dumps(list(Naskah.objects.filter(reference__in={references}).values_list("state", flat=True))))
"""

RETURN = """
from django.utils import timezone
from satuklik.base.agencies import queries as agencies
from satuklik.spine.cases import actions
actions.decide("{reference}", official=agencies.demo_official("pak_lurah"), outcome="return", reason="Alamat keliru.",
               now=timezone.now())
"""

STATE = """
import json
from django.db import connection
from satuklik.base.audit.queries import verify
from satuklik.spine.cases.models import Case
from satuklik.spine.documents.models import IssuedDocument, NumberSequence
from satuklik.spine.signing.models import Batch
references = {references}
letters = IssuedDocument.objects.filter(case_reference__in=references)
agency = Case.objects.get(reference=references[0]).agency
serials = list(IssuedDocument.objects.filter(agency=agency, serial__isnull=False, year=2026).order_by("serial").values_list("serial", flat=True))
found = []
with connection.cursor() as cursor:
    cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")
    for (table,) in cursor.fetchall():
        cursor.execute(f'SELECT count(*) FROM "{{table}}" t WHERE t::text LIKE %s', ["%{passphrase}%"])
        if cursor.fetchone() != (0,):
            found.append(table)
batch = Batch.objects.order_by("-created_at").first()
print(json.dumps({{"letters": sorted(letters.values_list("case_reference", flat=True)),
                   "issued": Case.objects.filter(reference__in=references, state="issued").count(),
                   "gaps": serials != list(range(serials[0], serials[0] + len(serials))),
                   "chain": list(verify().problems), "passphrase": found,
                   "states": sorted(batch.items.values_list("state", flat=True)) if batch else [],
                   "alive": bool(batch and batch.seen_alive_at), "finished": bool(batch and batch.finished_at)}}))
"""


def state(site: Site, references: list[str]) -> Any:
    """What the tables say; the passphrase must stand in none of them."""
    said = site.python(
        STATE.format(references=references, passphrase=site.accounts["pak_lurah"]["passphrase"])
    )
    assert said["passphrase"] == []
    assert said["chain"] == []
    return said


def open_side_by_side(page: Page, site: Site, references: list[str], naskah: Sequence[str] = ()) -> None:
    page.goto(f"{site.url}/meja/tandatangan/")
    picked = [*(f"case-{one}" for one in references), *(f"naskah-{one}" for one in naskah)]
    for one in picked:
        page.locator(f"label[for='pick-{one}']").click()
    page.locator("[data-desk-batch] button").click()
    expect(page.locator("[data-review-doc]")).to_have_count(len(picked))


def type_passphrase(page: Page, site: Site) -> None:
    page.locator("main form input[type=password]").first.fill(site.accounts["pak_lurah"]["passphrase"])
    page.locator("main form:has(input[type=password]) button:not([type=button])").first.click()


def test_pak_lurah_signs_twelve_letters_with_one_passphrase(site: Site, opened: Open) -> None:
    references = site.python(CASES.format(first=70_000, count=12))
    page = opened(DESK).new_page()
    official_login(page, site, "pak_lurah")
    page.goto(f"{site.url}/meja/tandatangan/")
    see(page)
    open_side_by_side(page, site, references)
    see(page)
    type_passphrase(page, site)
    expect(page.locator(".govuk-error-summary")).to_contain_text("Centang")  # nothing is signed unseen
    place = page.locator("[data-review-place]")
    expect(place).to_have_text("Surat 1 dari 12")
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    expect(place).to_have_text("Surat 2 dari 12")
    page.keyboard.press("k")
    for number in range(12):
        expect(page.locator("[data-review-doc]:not([hidden]) img").first).to_have_js_property(
            "complete", True
        )
        page.keyboard.press("x")
        expect(page.locator("[data-review-count]")).to_have_text(f"{number + 1} dari 12 sudah dilihat")
    assert page.evaluate("document.activeElement.type") == "password"
    site.python(RETURN.format(reference=references[4]))  # meanwhile one of them is returned
    type_passphrase(page, site)
    expect(page.locator("h1")).to_have_text("1 surat belum ditandatangani", timeout=60_000)
    see(page)
    expect(page.locator(".desk-results__row--failed")).to_contain_text("sudah ditangani orang lain")
    expect(page.locator(".desk-results__row--signed")).to_have_count(11)
    assert site.accounts["pak_lurah"]["passphrase"] not in page.content()
    said = state(site, references)
    assert said["letters"] == sorted(set(references) - {references[4]})
    assert not said["gaps"]


def test_letters_and_naskah_in_one_batch_on_a_phone_without_javascript(site: Site, opened: Open) -> None:
    references, naskah = site.python(CASES.format(first=71_000, count=5)), site.python(NASKAH)
    page = opened(PHONE, javascript=False).new_page()
    official_login(page, site, "pak_lurah")
    open_side_by_side(page, site, references, naskah)
    for box in page.locator("[data-review-seen]").all()[1:]:
        box.check()
    type_passphrase(page, site)
    # The page asks again by itself (meta refresh) until all of them have a result.
    expect(page.locator("h1")).to_have_text("6 surat sudah ditandatangani", timeout=60_000)
    letters = state(site, references)["letters"]
    states = site.python(SIGNED.format(references=naskah))
    assert len(letters) + states.count("signed") == 6
    assert len(letters) >= 4
    assert states.count("signed") >= 1


def bring(page: Page, site: Site, folder: Path) -> None:
    source = b"= Nota Kesepahaman\n#lorem(80)\n#pagebreak()\n= Lampiran\n#lorem(30)"
    (folder / "Nota.pdf").write_bytes(typst.compile(source, format="pdf"))
    page.goto(f"{site.url}/meja/tandatangan/pdf/")
    page.locator("input[type=file]").set_input_files(folder / "Nota.pdf")
    page.get_by_role("button", name="Unggah dan lihat").click()
    expect(page.get_by_role("heading", name="Nota")).to_be_visible()


def placed(page: Page) -> dict[str, float]:
    names = ("x", "y", "width", "height")
    return {name: float(page.locator(f"[data-place-{name}]").input_value()) for name in names}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_a_signature_is_placed_by_hand_and_by_keys(
    site: Site, opened: Open, size: dict[str, int], tmp_path: Path
) -> None:
    page = opened(size).new_page()
    official_login(page, site, "pak_lurah")
    page.goto(f"{site.url}/meja/tandatangan/pdf/")
    see(page)
    bring(page, site, tmp_path)
    expect(page.locator("[data-place-picture]")).to_have_js_property("complete", True)
    see(page)
    page.locator("[data-place-previous]").click()
    expect(page.locator("[data-place-number]")).to_have_text("Halaman 1 dari 2")
    corner = placed(page)
    box = page.locator("[data-place-box]")
    box.scroll_into_view_if_needed()
    where, scale = box.bounding_box(), 595.28 / page.locator("[data-place-paper]").bounding_box()["width"]  # type: ignore[index]
    assert where
    page.mouse.move(where["x"] + 12, where["y"] + 8)
    page.mouse.down()
    page.mouse.move(where["x"] - 48, where["y"] - 92, steps=4)
    page.mouse.up()
    dragged = placed(page)
    assert abs(dragged["x"] - (corner["x"] - 60 * scale)) < 3
    assert abs(dragged["y"] - (corner["y"] + 100 * scale)) < 3
    expect(page.locator("#place-mode-place")).to_be_checked()
    box.focus()
    for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    moved = placed(page)
    assert (round(moved["x"] - dragged["x"]), round(moved["width"] - dragged["width"])) == (-6, 6)
    assert (round(moved["y"] - dragged["y"]), round(moved["height"] - dragged["height"])) == (0, 6)
    expect(page.locator("[data-place-status]")).to_contain_text("mm dari kiri")
    for _ in range(150):
        page.keyboard.press("ArrowLeft")  # it stays on the page
    moved = placed(page)
    assert moved["x"] == 0
    type_passphrase(page, site)
    expect(page.get_by_role("heading", name="Dokumen sudah ditandatangani")).to_be_visible()
    see(page)
    with page.expect_download() as coming:
        page.get_by_role("link", name="Unduh PDF").click()
    coming.value.save_as(tmp_path / "signed.pdf")
    signed(tmp_path / "signed.pdf")
    rectangle = re.search(rb"/Rect ?\[ ?([\d. ]+)\]", (tmp_path / "signed.pdf").read_bytes())
    assert rectangle
    left, bottom, right, top = map(float, rectangle[1].split())
    assert abs(left - moved["x"]) < 1
    assert abs(bottom - moved["y"]) < 1
    assert abs(right - left - moved["width"]) < 1
    assert abs(top - bottom - moved["height"]) < 1
    text = subprocess.run(["pdftotext", tmp_path / "signed.pdf", "-"], capture_output=True, text=True).stdout
    assert "Nota Kesepahaman" in text


def test_a_corner_without_javascript(site: Site, opened: Open, tmp_path: Path) -> None:
    page = opened(PHONE, javascript=False).new_page()
    official_login(page, site, "pak_lurah")
    bring(page, site, tmp_path)
    page.get_by_label("Di sudut halaman").check()
    page.locator("select[name=place-page]").select_option("1")
    page.locator("select[name=place-corner]").select_option("top_left")
    page.locator("main form input[type=password]").fill("salah")
    page.locator("[data-desk-sign]").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Sisa")
    assert page.locator("select[name=place-corner]").input_value() == "top_left"
    type_passphrase(page, site)
    expect(page.get_by_role("heading", name="Dokumen sudah ditandatangani")).to_be_visible()


def test_a_server_that_stops_and_one_that_is_killed_lose_and_double_nothing(site: Site, opened: Open) -> None:
    references = site.python(CASES.format(first=72_000, count=50))
    page = opened(DESK).new_page()
    official_login(page, site, "pak_lurah")
    open_side_by_side(page, site, references)
    page.evaluate("document.querySelectorAll('[data-review-seen]').forEach(box => { box.checked = true; })")
    type_passphrase(page, site)
    expect(page.locator(".desk-progress")).to_be_visible()
    # Told to end: the letter that is being signed is finished, the key closed, and the batch says so at once.
    before = time.monotonic()
    site.stop()
    assert time.monotonic() - before < 30
    site.start()
    said = state(site, references)
    assert said["states"].count("signed") == said["issued"] < 50
    assert not said["alive"]
    page.reload()
    expect(page.locator("h1")).to_have_text("Tanda tangan terhenti")
    see(page)
    type_passphrase(page, site)
    expect(page.locator(".desk-progress")).to_be_visible()
    for worker in site.web_workers():
        worker.kill()
    for _try in range(120):
        try:
            page.reload()
            if page.locator("h1", has_text="Tanda tangan terhenti").count():
                break
        except PlaywrightError:  # nobody listens: the server is coming back
            pass
        page.wait_for_timeout(500)
    killed = state(site, references)
    assert killed["issued"] < 50
    type_passphrase(page, site)
    expect(page.locator("h1")).to_have_text("50 surat sudah ditandatangani", timeout=120_000)
    said = state(site, references)
    assert said["letters"] == sorted(references)  # each exactly once
    assert (said["states"], said["gaps"], said["finished"]) == (["signed"] * 50, False, True)
    assert site.accounts["pak_lurah"]["passphrase"] not in (site.var / "serve.out").read_text(
        errors="replace"
    )
