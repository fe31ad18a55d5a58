"""The PPID office at work: who registers, who answers, who signs, who asks. All of them are made up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from satuklik.systems.ppid import actions
from satuklik.systems.ppid.models import InformationRequest, Letter
from tests.people import NOW, key_opener

GIVEN = actions.Given(
    name="Sari Wulandari", details="Anggaran perbaikan jalan tahun 2025 menurut kecamatan", purpose="Penelitian",
    nik="1209205708950001", address="Jl. Cokroaminoto No. 5", phone="+6281200000001", email="sari@contoh.example",
    occupation="Mahasiswa",
)  # fmt: skip
OFFICES = (
    ("bupati", "Bupati Asahan", "Bupati Asahan", "BUPATI", ""),
    ("setda", "Sekretariat Daerah", "Sekretaris Daerah", "SETDA", "bupati"),
    ("diskominfo", "Dinas Komunikasi dan Informatika", "Kepala Dinas Kominfo", "DISKOMINFO", "bupati"),
    ("dinkes", "Dinas Kesehatan", "Kepala Dinas Kesehatan", "DINKES", "bupati"),
)
PEOPLE = {
    "sekda": ("setda", "head", "Drs. Surya Rekaan, M.Si", "Sekretaris Daerah"),
    "staf_setda": ("setda", "staff", "Lina Rekaan, S.Sos", "Analis"),
    "kadis": ("diskominfo", "head", "Dra. Nurhayati Rekaan", "Kepala Dinas Kominfo"),
    "ppid": ("diskominfo", "ppid", "Rahmat Rekaan, S.Kom", "PPID Utama"),
    "staf": ("diskominfo", "staff", "Fajar Rekaan, S.Kom", "Pengelola Informasi"),
    "admin": ("diskominfo", "admin", "Indah Rekaan, S.Kom", "Pengelola Aplikasi"),
    "kadinkes": ("dinkes", "head", "dr. Maya Rekaan, M.Kes", "Kepala Dinas Kesehatan"),
    "ppid_dinkes": ("dinkes", "ppid", "Tagor Rekaan, S.KM", "PPID Pelaksana"),
}


def wib(day: str, hour: int = 10) -> datetime:
    """A moment in Asia/Jakarta."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=hour - 7)


@dataclass
class Desk:
    """The officers, and short ways to bring a request to where a test begins."""

    people: dict[str, Any]
    open_key: Callable[[Any], Any]

    def __getattr__(self, name: str) -> Any:
        return self.people[name]

    def register(self, at: datetime = NOW, **more: Any) -> InformationRequest:
        given = more.pop("given", GIVEN)
        return actions.register_request(
            given, received_at=more.pop("received_at", at), channel="web", now=at, **more
        )

    def in_process(self, at: datetime = NOW, **more: Any) -> InformationRequest:
        return actions.declare_complete(self.register(at, **more), by=self.staf, now=at)

    def tested(self, at: datetime = NOW, ground: str = "h", **more: Any) -> InformationRequest:
        request = self.in_process(at, **more)
        actions.record_test(request, a_test(at, ground), by=self.staf, now=at)
        return request

    def decide(self, request: InformationRequest, at: datetime = NOW, **more: Any) -> Letter:
        decided = actions.Decided(
            **({"outcome": "granted", "answer": "Terlampir.", "form_held": "soft"} | more)
        )
        return actions.decide(request, decided, by=self.staf, now=at).letter

    def sign(self, letter: Letter, at: datetime = NOW, by: Any = None) -> Any:
        signer = by or self.ppid
        letter = Letter.objects.get(pk=letter.pk)
        return actions.sign(letter, by=signer, key=self.open_key(signer), now=at, seen=letter.preview_id)

    def extend(
        self, request: InformationRequest, at: datetime, days: int = 7, reason: str = "Banyak."
    ) -> InformationRequest:
        """The notice written and signed at once: the request with its new date."""
        self.sign(actions.extend(request, days=days, reason=reason, by=self.staf, now=at), at)
        return fresh(request)

    def delivered(self, at: datetime = NOW, **more: Any) -> InformationRequest:
        request = self.in_process(at)
        self.sign(self.decide(request, at, **more), at)
        return fresh(request)

    def refused(self, at: datetime = NOW) -> InformationRequest:
        request = self.tested(at)
        self.sign(
            self.decide(
                request, at, outcome="refused", answer="", grounds=["h"], reason="Memuat data pribadi."
            ),
            at,
        )
        return fresh(request)


def fresh(thing: Any) -> Any:
    """The row as it is in the table."""
    return type(thing).objects.get(pk=thing.pk)


def a_test(at: datetime = NOW, ground: str = "h") -> actions.Tested:
    return actions.Tested(
        information="Daftar nama penerima bantuan", ground=ground, if_opened="Rahasia pribadi terungkap",
        if_closed="Rahasia pribadi terlindungi", closed_for="5 tahun",
        sat=[{"name": "Rahmat Rekaan", "position": "PPID Utama"}], tested_on=at.date(), exempt=True,
        law="UU 27/2022" if ground == "j" else "",
    )  # fmt: skip


def make_desk(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Four offices and their people; keys are made when somebody signs."""
    from django.core.cache import caches

    from satuklik.base.accounts.models import User
    from satuklik.base.agencies.models import Agency, Official
    from satuklik.base.calendar.actions import load as load_calendar

    settings.FILES_ROOT = tmp_path / "files"
    settings.SATUKLIK_PASSPHRASE_KIB, settings.SATUKLIK_PASSPHRASE_PASSES = 64, 1
    settings.SATUKLIK_ROOT_KEY_BITS = 2048
    caches["local"].clear()
    load_calendar()
    offices: dict[str, Any] = {}
    for code, name, head, number, parent in OFFICES:
        offices[code] = Agency.objects.create(
            code=code, kind="opd", name=name, short_name=name, head_title=head, number_code=number,
            address="Jl. Merdeka No. 1", parent=offices.get(parent),
        )  # fmt: skip
    people = {}
    for number, (key, (code, role, name, position)) in enumerate(PEOPLE.items()):
        people[key] = Official.objects.create(
            user=User.objects.create(username=key, name=name, kind="official"), agency=offices[code], role=role,
            name=name, nip=f"1980010120050110{number:02}", rank="Penata (III/c)", position=position,
            active_from=date(2025, 1, 2),
        )  # fmt: skip
    return Desk(people, key_opener())


@pytest.fixture
def desk(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return make_desk(settings, tmp_path, monkeypatch)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that ask for the time are told NOW."""
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def as_(desk: Desk, now: None) -> Callable[[str], Client]:
    def login(name: str) -> Client:
        client = Client()
        client.force_login(desk.people[name].user)
        return client

    return login
