"""The original beside an altered copy: only for who has the code; and the trust list."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from satuklik.spine.documents import queries
from satuklik.spine.documents.tests.conftest import Place
from satuklik.spine.documents.tests.test_issue import NOW, issue
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing.tests import attacks

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser without login."""
    from satuklik.spine.documents import views

    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    monkeypatch.setattr(views.timezone, "now", lambda: NOW)
    return Client()


@pytest.fixture
def document(place: Place, sari_data: dict[str, Any]) -> Any:
    """A letter under the seal of its office."""
    signing.set_up_demo_authority(now=NOW)
    signing.issue_seal_key(place.agency, NOW)
    return issue(place, sari_data)


def _compare(stranger: Client, document: Any, pdf: bytes, code: str) -> Any:
    file = SimpleUploadedFile("surat.pdf", pdf)
    return stranger.post(f"/v/{document.token}/bandingkan/", {"berkas": file, "kode": code})


def test_pages_that_differ_are_marked(stranger: Client, document: Any) -> None:
    changed = attacks.saved_with(queries.read(document), attacks.add_note)
    answer = _compare(stranger, document, changed, document.open_code)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "1 halaman berbeda" in text
    assert text.count("data:image/png;base64,") == 2
    same = _compare(stranger, document, queries.read(document), document.open_code).content.decode()
    assert "Gambar halamannya sama" in same


def test_without_the_code_nothing_is_drawn(stranger: Client, document: Any) -> None:
    changed = attacks.saved_with(queries.read(document), attacks.add_note)
    answer = _compare(stranger, document, changed, "0000-0000")
    assert answer.status_code == 422
    assert b"data:image" not in answer.content
    for _ in range(4):
        _compare(stranger, document, changed, "0000-0000")
    # Not even with it, once it was guessed at five times.
    assert _compare(stranger, document, changed, document.open_code).status_code == 429


def test_what_cannot_be_drawn_says_so(stranger: Client, document: Any) -> None:
    answer = _compare(stranger, document, b"%PDF-1.7\nrusak", document.open_code)
    assert answer.status_code == 422
    assert "rusak" in answer.content.decode()


def test_the_trust_list_shows_fingerprints(stranger: Client, document: Any) -> None:
    from satuklik.spine.signing.queries import trusted_roots

    page = stranger.get("/verifikasi/daftar-kepercayaan/").content.decode()
    (root,) = trusted_roots()
    assert root.fingerprint in page
    assert "Belum ada induk" in page
