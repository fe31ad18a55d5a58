"""The press desk of Diskominfo, three agencies with facts, Sekda. All people, outlets and journalists are made up."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from satuklik.spine.referrals.tests.conftest import make_people
from tests.people import NOW, key_opener


@pytest.fixture
def people(db: None, settings: Any, tmp_path: Path) -> dict[str, Any]:
    """Everybody by name (see referrals), with a third agency."""
    return make_press(settings, tmp_path)


def make_press(settings: Any, tmp_path: Path) -> dict[str, Any]:
    from datetime import date

    from satuklik.base.accounts.models import User
    from satuklik.base.agencies.models import Agency, Official

    settings.SATUKLIK_PRESS_AGENCIES = ["diskominfo"]
    made = make_people(settings, tmp_path)
    agency = Agency.objects.create(
        code="bpbd", kind="opd", name="Badan Penanggulangan Bencana Daerah", short_name="BPBD",
        head_title="Kepala BPBD", number_code="BPBD", address="Jl. Merdeka No. 2", parent=made["sekda"].agency.parent,
    )  # fmt: skip
    made["staf_bpbd"] = Official.objects.create(
        user=User.objects.create(username="staf_bpbd", name="Gita Rekaan", kind="official"), agency=agency,
        role="staff", name="Gita Rekaan, S.T", nip="198001012005011099", position="Analis Bencana",
        active_from=date(2025, 1, 2),
    )  # fmt: skip
    return made


@pytest.fixture
def open_key(people: dict[str, Any], settings: Any) -> Callable[[Any], Any]:
    """The key of whoever signs."""
    settings.SATUKLIK_PASSPHRASE_KIB, settings.SATUKLIK_PASSPHRASE_PASSES = 64, 1
    settings.SATUKLIK_ROOT_KEY_BITS = 2048
    return key_opener()


@pytest.fixture
def ask(people: dict[str, Any]) -> Callable[..., Any]:
    """A journalist of Harian Contoh asks on Tuesday 24 November 2026 at ten."""
    from satuklik.systems.press import actions

    def asked(**more: Any) -> Any:
        given: dict[str, Any] = {
            "name": "Bram Contoh",
            "outlet": "Harian Contoh",
            "email": "bram@harian.example",
            "question": "Berapa rumah rusak oleh banjir, dan kapan jembatan diperbaiki?",
            "allegation": "Pemerintah lambat menangani banjir.",
            "received_at": NOW,
            "now": NOW,
        }
        return actions.ask(**(given | more)).enquiry

    return asked
