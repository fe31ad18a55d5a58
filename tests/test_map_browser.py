"""The map of complaints in a real browser: a place chosen without a script, with one, by keys; the maps at the desk."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESK, PHONE, Open, see
from tests.outlines import middle_of
from tests.people import VILLAGE
from tests.site import Site
from tests.test_browser import official_login

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]

TEXT = "Lampu jalan di depan pasar mati sejak dua minggu."
CHOSEN = re.compile(r"Titik di .+, Kecamatan .+")


def point(page: Page) -> tuple[float, float]:
    """(longitude, latitude) as the form holds them."""
    return (
        float(page.locator("#id_longitude").input_value()),
        float(page.locator("#id_latitude").input_value()),
    )


def without_a_script(page: Page) -> None:
    """Two clicks and the pin stands; Enter in a field goes on and is no click."""
    page.locator("#id_text").fill(TEXT)
    page.locator("#id_category").select_option("lampu-jalan")
    picture = page.locator("input[type=image]")
    picture.click(position={"x": 160, "y": 160})
    expect(page.locator(".peta-said")).to_contain_text("Sekarang klik tempatnya.")
    picture.click(position={"x": 160, "y": 160})
    expect(page.locator(".peta-said")).to_contain_text(CHOSEN)
    assert page.locator("#id_village").input_value()
    first = point(page)
    picture.click(position={"x": 200, "y": 160})
    assert 0 < point(page)[0] - first[0] < 0.02
    page.locator("#id_place").press("Enter")
    expect(page.get_by_alt_text("Peta dengan titik laporan")).to_be_visible()


def with_a_script(page: Page) -> None:
    """A click, a drag and the arrows move the pin; the village follows; outside is told."""
    stage, said = page.locator("[data-peta-stage]"), page.locator(".peta-said")
    page.locator("#peta-lokasi").scroll_into_view_if_needed()
    expect(stage.locator("path").first).to_be_attached()
    expect(page.locator("input[type=image]")).to_be_hidden()
    page.evaluate(
        "([longitude, latitude]) => document.dispatchEvent(new CustomEvent('sk:point', {detail: {longitude, latitude}}))",
        list(middle_of(VILLAGE)),
    )
    expect(said).to_have_text(re.compile("Titik di Kisaran Naga, Kecamatan Kota Kisaran Timur."))
    assert page.locator("#id_village").input_value() == VILLAGE
    pin = page.get_by_role("button", name="Titik laporan")
    pin.focus()
    before = point(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    after = point(page)
    assert after[0] > before[0]
    assert after[1] > before[1]
    box = pin.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 14, box["y"] + 14)
    page.mouse.down()
    page.mouse.move(box["x"] + 54, box["y"] + 14, steps=4)
    page.mouse.up()
    assert point(page)[0] > after[0]
    see(page)
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('sk:point', {detail: {longitude: 101, latitude: 3}}))"
    )
    expect(said).to_contain_text("Titik ini di luar Kabupaten Asahan.")
    page.locator("[data-peta-remove]").click()
    assert page.locator("#id_latitude").input_value() == ""
    stage.press("Enter")
    expect(said).to_contain_text(CHOSEN)


def test_a_place_is_chosen_and_shown(site: Site, opened: Open) -> None:
    page = opened(PHONE, javascript=False).new_page()
    page.goto(f"{site.url}/pengaduan/")
    without_a_script(page)
    # axe needs a script itself: here only the one of the map does not come.
    plain = opened(PHONE).new_page()
    plain.route("**/maps*.js", lambda route: route.abort())
    plain.goto(f"{site.url}/pengaduan/")
    for _nearer in range(2):
        plain.locator("input[type=image]").click(position={"x": 160, "y": 160})
    expect(plain.locator(".peta-said")).to_contain_text(CHOSEN)
    see(plain)
    page = opened(DESK).new_page()
    page.goto(f"{site.url}/pengaduan/")
    with_a_script(page)

    page.goto(f"{site.url}/pengaduan/peta/")
    bubble = page.locator(".peta-bubble").first
    expect(bubble).to_be_visible()
    see(page)
    bubble.press("Enter")
    expect(page.locator("[data-peta-stage].peta-near")).to_be_visible()
    plain.goto(f"{site.url}/pengaduan/peta/")
    see(plain)
    plain.locator("a.peta-dot").first.press("Enter")
    expect(plain).to_have_url(re.compile("kecamatan="))
    see(plain)

    official_login(page, site, "ppid")
    page.goto(f"{site.url}/meja/pengaduan/peta/?district=12.09.08")
    expect(page.locator(".peta-bubble").first).to_be_visible()
    see(page)
    page.locator(".sk-rows a").first.click()
    expect(page.get_by_role("heading", name="Di peta")).to_be_visible()
    see(page)
