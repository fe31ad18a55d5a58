"""An office at work: who drafts, who initials, who signs, and the letters between them. All of them are made up."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from satuklik.systems.correspondence import actions
from satuklik.systems.correspondence.models import Naskah
from satuklik.systems.correspondence.rules import To
from tests.people import NOW, PASSPHRASE

BODY = "Sehubungan dengan persiapan musrenbang, kami mohon bantuan Saudara:\n1. menyiapkan ruang; dan\n2. mengundang peserta."
LETTER: dict[str, Any] = {
    "subject": "Permohonan ruang rapat",
    "classification": "000.1.4",
    "urgency": "biasa",
    "secrecy": "biasa",
    "content": {"isi": BODY, "penutup": "Demikian, terima kasih."},
}


@dataclass
class Team:
    """The kelurahan of Pak Lurah and the kecamatan of Bu Camat, with Pak Lurah's key open."""

    lurah: Any
    sekretaris: Any
    staf: Any
    loket: Any
    camat: Any
    sekcam: Any
    kasi: list[Any]
    key: Any
    people: dict[str, Any]

    @property
    def kelurahan(self) -> Any:
        return self.lurah.agency

    @property
    def kecamatan(self) -> Any:
        return self.camat.agency

    def draft(self, **more: Any) -> Naskah:
        """A letter of the kelurahan to the kecamatan, by its staff."""
        to = more.pop("recipients", [To("to", agency_code=self.kecamatan.code)])
        kind = more.pop("kind", "surat-dinas")
        by, now = more.pop("by", self.staf), more.pop("now", NOW)
        return actions.create(kind, by=by, now=now, recipients=to, **(LETTER | more))

    def up(self, naskah: Naskah, chain: list[list[Any]] | None = None, now: datetime = NOW) -> Naskah:
        """Send it up, by default to the secretary."""
        by = naskah.drafted_by
        return actions.submit(naskah, by=by, now=now, chain=[[self.sekretaris]] if chain is None else chain)

    def ready(self, **more: Any) -> Naskah:
        """A letter that only lacks the signature."""
        naskah = self.up(self.draft(**more))
        actions.paraf(naskah, by=self.sekretaris, now=NOW, sha256_seen=shown(naskah))
        naskah.refresh_from_db()
        return naskah

    def signed(self, **more: Any) -> Naskah:
        """A signed one."""
        naskah = self.ready(**more)
        actions.sign(naskah, by=self.lurah, key=self.key, now=NOW, sha256_seen=shown(naskah))
        naskah.refresh_from_db()
        return naskah


def shown(naskah: Naskah) -> str:
    """What the page shows: the digest of the version in force."""
    return naskah.versions.get(number=Naskah.objects.get(pk=naskah.pk).version).file_id


def later(minutes: int = 1) -> datetime:
    return NOW + timedelta(minutes=minutes)


@dataclass(frozen=True)
class _Office:
    code: str
    kind: str
    name: str
    head_title: str
    number_code: str
    parent: str = ""
    region: str = ""


OFFICES = (
    _Office("bupati", "opd", "Bupati Asahan", "Bupati Asahan", "BUPATI"),
    _Office("setda", "opd", "Sekretariat Daerah", "Sekretaris Daerah", "SETDA", "bupati"),
    _Office("dinkes", "opd", "Dinas Kesehatan", "Kepala Dinas Kesehatan", "DINKES", "bupati"),
    _Office("kec-12.09.20", "kecamatan", "Kantor Kecamatan Kisaran Timur", "Camat Kisaran Timur", "KEC.20", "bupati",
            "12.09.20"),
    _Office("kel-12.09.20.1009", "kelurahan", "Kelurahan Kisaran Timur", "Lurah Kisaran Timur", "20.1009",
            "kec-12.09.20", "12.09.20.1009"),
)  # fmt: skip
PEOPLE = {
    "lurah": ("kel-12.09.20.1009", "head", "Drs. H. Zulkifli Marpaung, M.AP", "Lurah Kisaran Timur"),
    "sekretaris": ("kel-12.09.20.1009", "secretary", "Ratna Puspitasari, S.Sos", "Sekretaris Lurah"),
    "kasi_lurah": ("kel-12.09.20.1009", "staff", "Tagor Manurung, S.E", "Kepala Seksi Pemerintahan"),
    "staf": ("kel-12.09.20.1009", "staff", "Fajar Nugroho, S.AP", "Pengelola Layanan"),
    "loket": ("kel-12.09.20.1009", "counter", "Dewi Anggraini, A.Md", "Operator Kelurahan"),
    "camat": ("kec-12.09.20", "head", "Dra. Nurhayati Siregar, M.AP", "Camat Kisaran Timur"),
    "sekcam": ("kec-12.09.20", "secretary", "Budi Hartanto, S.IP", "Sekretaris Kecamatan"),
    "kasi_umum": ("kec-12.09.20", "staff", "Lina Marlina, S.Sos", "Kepala Seksi Pelayanan Umum"),
    "kasi_pem": ("kec-12.09.20", "staff", "Hendra Kurniawan, S.IP", "Kepala Seksi Pemerintahan"),
    "bupati": ("bupati", "head", "Prof. Dr. Ahmad Rekaan, M.Si", "Bupati Asahan"),
    "sekda": ("setda", "head", "Drs. Surya Rekaan, M.Si", "Sekretaris Daerah"),
    "kadis": ("dinkes", "head", "dr. Maya Rekaan, M.Kes", "Kepala Dinas Kesehatan"),
}


@lru_cache(maxsize=4)
def _rsa(number: int) -> Any:
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def offices(db: None, settings: Any, tmp_path: Path) -> dict[str, Any]:
    """Five offices and their people by name: quicker to make than the whole regency."""
    return make_offices(settings, tmp_path)


def make_offices(settings: Any, tmp_path: Path) -> dict[str, Any]:
    from django.core.cache import caches

    from satuklik.base.accounts.models import User
    from satuklik.base.agencies.models import Agency, Official
    from satuklik.base.calendar.actions import load as load_calendar
    from satuklik.base.regions.models import Region

    settings.FILES_ROOT = tmp_path / "files"
    caches["local"].clear()
    load_calendar()
    regency = Region.objects.create(code="12.09", name="Asahan", kind="regency")
    district = Region.objects.create(code="12.09.20", name="Kisaran Timur", kind="district", parent=regency)
    Region.objects.create(code="12.09.20.1009", name="Kisaran Timur", kind="kelurahan", parent=district)
    agencies: dict[str, Any] = {}
    for one in OFFICES:
        agencies[one.code] = Agency.objects.create(
            code=one.code, kind=one.kind, name=one.name, short_name=one.name, head_title=one.head_title,
            number_code=one.number_code, address="Jl. Merdeka No. 1", parent=agencies.get(one.parent),
            region_id=one.region or None,
        )  # fmt: skip
    made = {}
    for number, (key, (code, role, name, position)) in enumerate(PEOPLE.items()):
        made[key] = Official.objects.create(
            user=User.objects.create(username=key, name=name, kind="official"), agency=agencies[code], role=role,
            name=name, nip=f"1980010120050110{number:02}", rank="Penata (III/c)", position=position,
            active_from=date(2025, 1, 2),
        )  # fmt: skip
    return made


@pytest.fixture
def keys(offices: dict[str, Any], settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Any]:
    """The demo authority; a call gives the unlocked key of an official (P-256)."""
    return make_keys(settings, monkeypatch)


def make_keys(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Any]:
    from satuklik.spine.signing import keygen
    from satuklik.spine.signing.actions import issue_official_key, set_up_demo_authority, unlock

    settings.SATUKLIK_PASSPHRASE_KIB, settings.SATUKLIK_PASSPHRASE_PASSES = 64, 1
    numbers = count()
    monkeypatch.setattr(keygen, "new_rsa", lambda _bits: _rsa(next(numbers) % 2))
    set_up_demo_authority(now=NOW)

    def open_(official: Any, now: datetime = NOW) -> Any:
        issue_official_key(official, PASSPHRASE, NOW, algorithm="P-256")
        return unlock(official, PASSPHRASE, now)

    return open_


@pytest.fixture
def team(offices: dict[str, Any], keys: Callable[[Any], Any]) -> Iterator[Team]:
    """The kelurahan and the kecamatan, Pak Lurah's key unlocked."""
    with keys(offices["lurah"]) as key:
        yield team_of(offices, key)


@pytest.fixture
def keyless(offices: dict[str, Any]) -> Team:
    """The same before anybody has a key."""
    return team_of(offices, None)


def team_of(offices: dict[str, Any], key: Any) -> Team:
    names = ("lurah", "sekretaris", "staf", "loket", "camat", "sekcam")
    chiefs = [offices["kasi_umum"], offices["kasi_pem"]]
    return Team(*(offices[name] for name in names), kasi=chiefs, key=key, people=offices)
