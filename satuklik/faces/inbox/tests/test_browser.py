"""An officer's morning in a real Chromium: by keyboard alone, on a phone, and without JavaScript."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from satuklik.spine.intake import actions, queries
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging.models import Message
from tests.browser import DESK, PHONE, chromium, opened, see  # noqa: F401 - fixtures
from tests.people import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DATA = "Mohon data jumlah penduduk per kecamatan untuk skripsi saya"
LAMP = "Lampu jalan di simpang kami mati sudah dua minggu, mohon diperbaiki ya pak"


@pytest.fixture(autouse=True)
def plain_files(settings: Any) -> None:
    """Static files as they lie in the rooms."""
    # While Chromium is driven, Django takes this thread for an async one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def look(page: Any, name: str) -> None:
    see(page)
    picture(page, name)


def picture(page: Any, name: str) -> None:
    if folder := os.environ.get("SATUKLIK_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_the_whole_path_by_keyboard(
    write: Callable[..., Any], office: dict[str, Any], kinds: list[Any], browser: Callable[[str], Client],
    live_server: Any, opened: Callable[..., Any],  # noqa: F811
) -> None:  # fmt: skip
    first = write(DATA)
    second = write(LAMP, who="6284090000102", name="Budi Contoh", minutes=1)
    actions.save_canned(
        "terima", {"title": "Diterima", "text": "Yth. {nama}, diterima.", "kind": "", "order": 1, "active": True},
        by=None, now=NOW,
    )  # fmt: skip
    context = opened(DESK)
    cookie = browser("lina").cookies["satuklik"].value
    context.add_cookies([{"name": "satuklik", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/meja/pesan/")
    look(page, "list")
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/meja/pesan/{first.conversation_id}/**")
    look(page, "conversation")
    page.keyboard.press("a")
    page.get_by_text("Percakapan ini sekarang pada Lina Umpama").wait_for()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.get_by_text("Dibuat: PI-TEST-0001.").wait_for()
    page.keyboard.press("n")
    page.keyboard.type("Sudah saya periksa.")
    page.get_by_role("button", name="Simpan catatan").click()
    page.get_by_text("Catatan tersimpan.").wait_for()
    page.keyboard.press("r")
    page.keyboard.type("Terima kasih, kami jawab besok.")
    assert page.locator("[data-ib-typing]").input_value() == "1"
    page.reload()
    assert page.locator("#id_text").first.input_value() == "Terima kasih, kami jawab besok."
    page.locator("#id_text").first.press("Control+Enter")
    page.get_by_text("Balasan dikirim.").wait_for()
    look(page, "answered")
    page.keyboard.press("e")
    page.keyboard.press("Enter")  # what waits next opens by itself
    page.wait_for_url(f"**/meja/pesan/{second.conversation_id}/**")
    page.get_by_text(f"Percakapan #{first.conversation_id} selesai.").wait_for()
    assert [one.reference for one in queries.outcomes(first.conversation_id)] == ["PI-TEST-0001"]
    assert queries.outcomes(second.conversation_id) == []


def test_on_a_phone_without_javascript(
    write: Callable[..., Any], kinds: list[Any], browser: Callable[[str], Client],
    live_server: Any, opened: Callable[..., Any],  # noqa: F811
) -> None:  # fmt: skip
    message = write(f"{DATA}. Selain itu lampu jalan di gang kami tidak nyala, mohon diperbaiki")
    context = opened(PHONE, javascript=False)
    cookie = browser("lina").cookies["satuklik"].value
    context.add_cookies([{"name": "satuklik", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/meja/pesan/")
    picture(page, "list-phone")
    page.locator("a.ib-row__link").first.click()
    picture(page, "conversation-phone")
    page.get_by_text("Pilih sendiri jenis, pesan, dan instansinya").click()
    page.locator("#ib-make").get_by_label("complaint").check()
    page.get_by_label("Isinya").fill("Lampu jalan di gang tidak menyala.")
    page.locator("#ib-make").get_by_role("button", name="Buat").click()
    assert page.get_by_text("Dibuat: ADU-TEST-0001.").count()
    assert [one.reference for one in queries.outcomes(message.conversation_id)] == ["ADU-TEST-0001"]
    assert page.evaluate("1 + 1") == 2


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_every_page_is_clean(
    write: Callable[..., Any], browser: Callable[[str], Client], live_server: Any,
    opened: Callable[..., Any], size: dict[str, int],  # noqa: F811
) -> None:  # fmt: skip
    secret = write("kepala desa minta uang 500 ribu untuk blt, jangan sebut nama saya", name="Sri Contoh")
    fire = write("tolong ada kebakaran di pasar!", who="6284090000103", name="Wati Contoh", minutes=1)
    doubt = write(
        LAMP, who="siti@warga.example", channel="email", claimed=True, proof="none", claimed_from="siti@warga.example"
    )  # fmt: skip
    Message.objects.filter(pk=doubt.pk).update(edited_at=NOW, edited_text="Lampu jalan mati di dua simpang.")
    unsure = messaging.reply(doubt.conversation, "Kami periksa.", now=NOW)
    Message.objects.filter(pk=unsure.pk).update(status="unsure", next_try_at=NOW)
    context = opened(size)
    cookie = browser("lina").cookies["satuklik"].value
    context.add_cookies([{"name": "satuklik", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    for name, path in (
        ("doubt", f"{doubt.conversation_id}/"),
        ("secret", f"{secret.conversation_id}/"), ("emergency", f"{fire.conversation_id}/"), ("boxes", ""),
        ("canned", "jawaban/"), ("canned-new", "jawaban/baru/"), ("triage", "triase/"),
    ):  # fmt: skip
        page.goto(f"{live_server.url}/meja/pesan/{path}")
        look(page, f"{name}-{size['width']}")
