"""The desk's pages open, say what they should, and only to whom they should."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from satuklik.faces.desk import queries
from satuklik.spine.population.models import AccessLog
from tests.people import NOW, PASSPHRASE

Browser = Callable[[Any], Client]
Page = Any


def picture() -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return out.getvalue()


def given(case: Any, **more: object) -> dict[str, object]:
    """The decision form of a case, as the page sends it."""
    return {"task": case.tasks.get(done_at=None).pk, "kotak": "putuskan", **more}


def decide(client: Client, case: Any, **more: object) -> Page:
    return client.post(f"/meja/perkara/{case.reference}/putuskan/", given(case, **more))


def test_the_inbox_opens_at_what_waits(sari: Any, pak_lurah: Any, browser: Browser, apply: Any) -> None:
    case = apply(sari)
    page = browser(pak_lurah).get("/meja/", follow=True)
    text = page.content.decode()
    assert page.status_code == 200
    assert case.reference in text
    assert "Sari Wulandari" in text
    assert "hari kerja lagi" in text
    assert sari.nik not in text
    assert 'class="sk-count">1' in text  # the rail counts it


def test_an_overdue_case_says_so_in_words(sari: Any, pak_lurah: Any, browser: Browser, apply: Any) -> None:
    apply(sari, now=NOW - timedelta(days=20))
    text = browser(pak_lurah).get("/meja/kotak/putuskan/").content.decode()
    assert "Lewat " in text
    assert "hari kerja" in text
    assert "sk-count--late" in text


def test_the_inbox_is_narrowed_and_paged(
    sari: Any, pak_lurah: Any, browser: Browser, apply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    references = {apply(sari, now=NOW - timedelta(days=n)).reference for n in range(5)}
    client, seen, url = browser(pak_lurah), [], "/meja/kotak/putuskan/"
    while url:
        page = client.get(url).context["page"]
        seen += [row.case.reference for row in page.rows]
        url = page.next_url
    assert len(seen) == 5
    assert set(seen) == references
    due = [row.case.due_on for row in client.get("/meja/kotak/putuskan/").context["page"].rows]
    assert due == sorted(due)
    assert len(client.get("/meja/kotak/putuskan/?q=sari").context["page"].rows) == 2
    assert not client.get("/meja/kotak/putuskan/?q=rudi").context["page"].rows
    assert not client.get("/meja/kotak/putuskan/?layanan=pengantar-skck").context["page"].rows
    assert client.get("/meja/kotak/putuskan/?layanan=%00'--&q=%00%27&sesudah=junk").status_code == 200


def test_returned_and_done_are_paged_too(
    sari: Any, pak_lurah: Any, browser: Browser, apply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    client = browser(pak_lurah)
    for outcome in ("return", "refuse"):
        for _number in range(3):
            decide(
                client,
                apply(sari),
                outcome=outcome,
                note="Perbaiki.",
                reason="Tidak sesuai.",
                rule="old_enough",
            )
    for box in ("dikembalikan", "selesai"):
        seen, url = [], f"/meja/kotak/{box}/"
        while url:
            page = client.get(url).context["page"]
            seen += [row.case.reference for row in page.rows]
            url = page.next_url
        assert (len(seen), len(set(seen))) == (3, 3)


def test_a_case_shows_its_evidence_and_leaves_a_trace(
    sari: Any, staf_desa: Any, pak_lurah: Any, browser: Browser, apply: Any
) -> None:
    case = apply(sari, photo=picture())
    page = browser(staf_desa).get(f"/meja/perkara/{case.reference}/")
    text = page.content.decode()
    assert page.status_code == 200
    for words in (
        "Sari Wulandari",
        sari.nik,
        "makanan dan minuman",
        "warung.png",
        "UU 20/2008",
        "15 Januari 2024",
    ):
        assert words in text
    assert "passphrase" not in text  # staff does not sign
    seen = AccessLog.objects.get()
    assert (seen.person_id, seen.official_id, seen.case_reference) == (sari.pk, staf_desa.pk, case.reference)
    assert seen.reason == "Memeriksa permohonan Surat Keterangan Usaha (SKU)"


@pytest.mark.parametrize("path", ["", "pratinjau.png", "pratinjau.pdf"])
def test_another_office_finds_no_case(
    sari: Any, pak_lurah: Any, kepala_desa: Any, bu_camat: Any, browser: Browser, apply: Any, path: str
) -> None:
    case = apply(sari)
    assert browser(pak_lurah).get(f"/meja/perkara/{case.reference}/{path}").status_code == 200
    for stranger in (kepala_desa, bu_camat):
        assert browser(stranger).get(f"/meja/perkara/{case.reference}/{path}").status_code == 404
        assert not AccessLog.objects.filter(official=stranger).exists()


def test_another_office_gets_neither_file_nor_letter_nor_decision(
    sari: Any, pak_lurah: Any, kepala_desa: Any, browser: Browser, apply: Any
) -> None:
    case = apply(sari, photo=picture())
    file = reverse("desk:attachment", args=[case.attachments.get().pk])
    stranger = browser(kepala_desa)
    assert stranger.get(file).status_code == 404
    assert decide(stranger, case, outcome="grant").status_code == 404
    page = stranger.post(
        "/meja/tandatangan/",
        {"dilihat": f"case:{case.reference}:{case.tasks.last().pk}", "passphrase": PASSPHRASE},
    )
    assert "Tidak ada surat yang dipilih" in page.content.decode()
    browser(pak_lurah).post(
        "/meja/tandatangan/",
        {"dilihat": f"case:{case.reference}:{case.tasks.last().pk}", "passphrase": PASSPHRASE},
    )
    case.refresh_from_db()
    assert case.state == "issued"
    assert stranger.get(f"/meja/perkara/{case.reference}/surat.pdf").status_code == 404
    own = browser(pak_lurah).get(f"/meja/perkara/{case.reference}/surat.pdf")
    assert own.content.startswith(b"%PDF-")


def test_residents_and_strangers_do_not_enter(
    sari: Any, pak_lurah: Any, browser: Browser, apply: Any
) -> None:
    case = apply(sari)
    for url in ("/meja/", f"/meja/perkara/{case.reference}/", "/meja/tandatangan/", "/loket/"):
        assert browser(sari).get(url).status_code == 403
        assert Client().get(url).status_code == 302


def test_a_file_is_opened_as_a_strangers(sari: Any, staf_desa: Any, browser: Browser, apply: Any) -> None:
    case = apply(sari, photo=picture(), name='x"><script>.png')
    answer = browser(staf_desa).get(reverse("desk:attachment", args=[case.attachments.get().pk]))
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Content-Disposition"].startswith("inline")
    assert answer.content == picture()


def test_what_an_applicant_types_stays_text(sari: Any, staf_desa: Any, browser: Browser, apply: Any) -> None:
    evil = '<script>alert(1)</script>"><img src=x>{{ 7|add:7 }}'
    case = apply(sari, answers={"business_name": evil})
    text = browser(staf_desa).get(f"/meja/perkara/{case.reference}/").content.decode()
    assert "<script>alert(1)" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "{{ 7|add:7 }}" in text


def test_the_head_of_the_desk_counts(sari: Any, pak_lurah: Any, browser: Browser, apply: Any) -> None:
    apply(sari, now=NOW - timedelta(days=8))
    done = apply(sari, now=NOW - timedelta(hours=3))
    client = browser(pak_lurah)
    client.post(
        "/meja/tandatangan/",
        {"dilihat": f"case:{done.reference}:{done.tasks.last().pk}", "passphrase": PASSPHRASE},
    )
    figures = client.get("/meja/kotak/putuskan/").context["figures"]
    assert figures == {"waiting": 1, "late": 1, "oldest_days": 6, "mean_seconds": 3 * 3600.0}


def test_the_pages_speak_english(sari: Any, pak_lurah: Any, browser: Browser, apply: Any) -> None:
    case = apply(sari)
    client = browser(pak_lurah)
    client.cookies["django_language"] = "en"
    for url in (
        "/meja/kotak/putuskan/",
        f"/meja/perkara/{case.reference}/",
        f"/meja/tandatangan/?perkara={case.reference}",
        "/loket/",
    ):
        page = client.get(url, headers={"Accept-Language": "en"})
        assert page.status_code == 200
