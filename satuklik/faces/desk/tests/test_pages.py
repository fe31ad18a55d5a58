"""The desk's pages open, say what they should, and only to whom they should."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from satuklik.spine.population.models import AccessLog
from tests.people import PASSPHRASE

Browser = Callable[[Any], Client]


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return out.getvalue()


def decision(case: Any, **more: object) -> dict[str, object]:
    return {"task": case.tasks.get(done_at=None).pk, "kotak": "putuskan", **more}


def test_the_inbox_opens_at_what_waits(sari: Any, pak_lurah: Any, browser: Browser, apply: Any) -> None:
    case = apply(sari)
    page = browser(pak_lurah).get("/meja/", follow=True)
    text = page.content.decode()
    assert page.status_code == 200
    assert case.reference in text
    assert "Sari Wulandari" in text
    assert "hari kerja lagi" in text
    assert sari.nik not in text


def test_a_case_shows_its_evidence_and_leaves_a_trace(sari: Any, staf_desa: Any, pak_lurah: Any, browser: Browser, apply: Any) -> None:
    case = apply(sari, photo=picture())
    page = browser(staf_desa).get(f"/meja/perkara/{case.reference}/")
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("Sari Wulandari", sari.nik, "makanan dan minuman", "warung.png", "UU 20/2008", "15 Januari 2024"):
        assert words in text
    assert "passphrase" not in text  # staff does not sign
    seen = AccessLog.objects.get()
    assert (seen.person_id, seen.official_id, seen.case_reference) == (sari.pk, staf_desa.pk, case.reference)
    assert seen.reason == "Memeriksa permohonan Surat Keterangan Usaha"
