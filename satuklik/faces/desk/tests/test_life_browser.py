"""Taking a letter back in a real Chromium, on a phone and at a desk, without JavaScript too."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.browser import DESK, PHONE, chromium, opened, see  # noqa: F401 - fixtures
from tests.people import NOW, PASSPHRASE

REASON = "Nama usaha pada surat ternyata bukan milik pemohon"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def plain_files(settings: Any) -> None:
    """Static files as they lie in the rooms."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "1"  # while Chromium is driven, Django takes this thread for async
    )
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.mark.parametrize(("size", "javascript"), [(PHONE, True), (DESK, False)])
def test_a_letter_is_taken_back(
    sari: Any,
    pak_lurah: Any,
    apply: Callable[..., Any],
    browser: Callable[[Any], Client],
    live_server: Any,
    opened: Callable[..., Any],  # noqa: F811
    size: dict[str, int],
    javascript: bool,
) -> None:
    from satuklik.spine.cases.actions import sign_many
    from satuklik.spine.documents.models import IssuedDocument

    case = apply(sari)
    sign_many([case.reference], official=pak_lurah, passphrase=PASSPHRASE, now=NOW)
    newer = apply(sari)  # what may take its place: the form offers it
    sign_many([newer.reference], official=pak_lurah, passphrase=PASSPHRASE, now=NOW + timedelta(hours=1))
    context = opened(size, javascript=javascript)
    cookie = browser(pak_lurah).cookies["satuklik"].value
    context.add_cookies([{"name": "satuklik", "value": cookie, "url": live_server.url}])
    page = context.new_page()

    def look(name: str) -> None:
        if javascript:
            see(page)
        if folder := os.environ.get("SATUKLIK_PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}-{size['width']}.png", full_page=True)

    page.goto(f"{live_server.url}/meja/perkara/{case.reference}/")
    page.get_by_role("link", name="Cabut surat").click()
    page.get_by_role("button", name="Lanjut: lihat keputusannya").click()
    assert page.get_by_text("Tulis alasan pencabutan.").count()
    assert page.get_by_label("Surat penggantinya").locator("option").count() == 2
    look("annul-errors")
    page.get_by_label("Isinya keliru (cacat substansi)").check()
    page.get_by_label("Alasan pencabutan").fill(REASON)
    page.get_by_role("button", name="Lanjut: lihat keputusannya").click()
    page.wait_for_load_state("load")
    assert page.locator(".desk-preview img").evaluate(
        "picture => picture.decode().then(() => picture.naturalWidth)"
    )
    look("annul-sign")
    box = page.get_by_role("button", name="Cabut surat ini").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    page.get_by_label("Kata sandi tanda tangan").fill(PASSPHRASE)
    page.get_by_role("button", name="Cabut surat ini").click()
    page.get_by_text("Pemegangnya diberi tahu").wait_for()
    look("annul-done")
    assert IssuedDocument.objects.get(case_reference=case.reference).status == "annulled"
