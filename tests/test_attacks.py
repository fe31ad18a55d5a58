"""Every attack through the real page and the real API: never green, never an error page, within the limits."""

import resource
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from satuklik.spine.signing import actions
from satuklik.spine.signing.tests import attacks
from satuklik.spine.signing.tests.conftest import letter
from satuklik.spine.signing.verification import jail, sandbox
from tests.people import NOW

pytest_plugins = ["tests.people"]
GREEN = {"valid", "valid_with_additions"}
GREEN_WORDS = (
    "Surat ini asli dan berlaku",
    "Tanda tangan elektronik pada berkas ini sah",
    "Surat asli, dengan tambahan",
)


def _files(sealed: bytes) -> Iterator[tuple[str, bytes]]:
    for change in attacks.REVISIONS:
        yield change.__name__, attacks.saved_with(sealed, change)
    yield from attacks.odd_ranges(sealed)
    yield from attacks.stray_tails(sealed)
    yield from attacks.wrapped(sealed)
    yield from attacks.forged_contents(sealed)
    yield from attacks.hostile()
    yield from attacks.heavy()


@pytest.fixture
def sealed(pak_lurah: Any) -> bytes:
    """A letter under the seal of the office."""
    return actions.seal(letter(), agency_id=pak_lurah.agency_id, now=NOW).pdf


@pytest.fixture
def anybody(settings: Any) -> Client:
    """A browser without login that is not counted."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    return Client(raise_request_exception=True)


def test_no_attack_is_green_or_breaks_anything(
    sealed: bytes, anybody: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from satuklik.base.accounts import limits

    monkeypatch.setattr(limits, "check", lambda *_parts, **_budget: None)
    good = anybody.post("/api/verify", {"file": SimpleUploadedFile("surat.pdf", sealed)}).json()
    assert good["verdict"] in GREEN, good
    for what, pdf in _files(sealed):
        begun = time.monotonic()
        # An empty file never reaches the check.
        answer = anybody.post("/verifikasi/", {"berkas": SimpleUploadedFile("surat.pdf", pdf)})
        assert answer.status_code == (422 if not pdf else 200), what
        assert not any(words in answer.content.decode() for words in GREEN_WORDS), what
        said = anybody.post("/api/verify", {"file": SimpleUploadedFile("surat.pdf", pdf)})
        assert said.status_code == 200, (what, said.content[:300])
        assert said.json()["verdict"] not in GREEN, what
        assert time.monotonic() - begun < 2 * (sandbox.WALL_SECONDS + sandbox.START_SECONDS), what
    sandbox.SANDBOX.close()
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert most < jail.MEMORY + 200 * 1024 * 1024
