"""Four offices that are asked, and PPID Utama who asks. All people are made up."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.people import NOW

OFFICES = {
    "bupati": ("Bupati Asahan", "Bupati", "Bupati Asahan", ""),
    "setda": ("Sekretariat Daerah", "Setda", "Sekretaris Daerah", "bupati"),
    "diskominfo": ("Dinas Komunikasi dan Informatika", "Diskominfo", "Kepala Dinas Komunikasi dan Informatika", "bupati"),
    "dinkes": ("Dinas Kesehatan", "Dinkes", "Kepala Dinas Kesehatan", "bupati"),
    "pupr": ("Dinas Pekerjaan Umum", "PUPR", "Kepala Dinas Pekerjaan Umum", "bupati"),
}  # fmt: skip
PEOPLE = {
    "sekda": ("setda", "head", "Drs. Surya Rekaan, M.Si", "Sekretaris Daerah"),
    "kadis_kominfo": ("diskominfo", "head", "Ir. Tagor Rekaan", "Kepala Dinas Komunikasi dan Informatika"),
    "ppid": ("diskominfo", "ppid", "Rina Rekaan, S.Kom", "Pejabat Pengelola Informasi dan Dokumentasi"),
    "petugas": ("diskominfo", "staff", "Yusuf Rekaan, S.AP", "Analis Kebijakan"),
    "kadis": ("dinkes", "head", "dr. Maya Rekaan, M.Kes", "Kepala Dinas Kesehatan"),
    "sekdis": ("dinkes", "secretary", "Bambang Rekaan, S.E", "Sekretaris"),
    "staf": ("dinkes", "staff", "Ani Rekaan, A.Md", "Analis Kebijakan"),
    "staf_lain": ("dinkes", "staff", "Dodi Rekaan, S.E", "Pengelola Layanan"),
    "staf_pupr": ("pupr", "staff", "Eko Rekaan, S.T", "Pengelola Layanan"),
    "kadis_pupr": ("pupr", "head", "Ir. Fitri Rekaan", "Kepala Dinas Pekerjaan Umum"),
}


@pytest.fixture
def people(db: None, settings: Any, tmp_path: Path) -> dict[str, Any]:
    """Everybody by name, with logins; the calendar is loaded."""
    return make_people(settings, tmp_path)


def make_people(settings: Any, tmp_path: Path) -> dict[str, Any]:
    from satuklik.base.accounts.models import User
    from satuklik.base.agencies.models import Agency, Official
    from satuklik.base.calendar.actions import load as load_calendar

    settings.FILES_ROOT = tmp_path / "files"
    load_calendar()
    agencies: dict[str, Any] = {}
    for code, (name, short, title, parent) in OFFICES.items():
        agencies[code] = Agency.objects.create(
            code=code, kind="opd", name=name, short_name=short, head_title=title, number_code=code.upper(),
            address="Jl. Merdeka No. 1", parent=agencies.get(parent),
        )  # fmt: skip
    return {
        key: Official.objects.create(
            user=User.objects.create(username=key, name=name, kind="official"), agency=agencies[code], role=role,
            name=name, nip=f"1980010120050110{number:02}", rank="Penata (III/c)", position=position,
            active_from=date(2025, 1, 2),
        )
        for number, (key, (code, role, name, position)) in enumerate(PEOPLE.items())
    }  # fmt: skip


@pytest.fixture
def ask(people: dict[str, Any]) -> Callable[..., Any]:
    """Ask the health office, as PPID Utama, on Tuesday 24 November 2026 at ten."""
    from satuklik.spine.referrals import actions

    def refer(**more: Any) -> Any:
        given: dict[str, Any] = {
            "subject": "uji:1",
            "title": "Jumlah puskesmas yang buka 24 jam",
            "question": "Puskesmas mana saja yang buka 24 jam? Penanya dapat dihubungi di 0812-0000-0001.",
            "agency": people["kadis"].agency,
            "asked_by": people["ppid"],
            "received_on": date(2026, 11, 24),
            "now": NOW,
            "url": "/meja/uji/1/",
        }
        return actions.refer(**(given | more))

    return refer
