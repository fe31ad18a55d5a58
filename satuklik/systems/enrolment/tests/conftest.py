"""People of enrolment: Bu Kabid enrols, Pak Verifikator checks, Bu Admin appoints; Pak Lain is of another agency."""

import io
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook
from PIL import Image

from satuklik.systems.enrolment import rules
from tests.people import NOW, TODAY

AGENCIES = (
    ("diskominfo", "Dinas Komunikasi dan Informatika", "Kepala Dinas Komunikasi dan Informatika"),
    (
        "disdukcapil",
        "Dinas Kependudukan dan Pencatatan Sipil",
        "Kepala Dinas Kependudukan dan Pencatatan Sipil",
    ),
    ("setda", "Sekretariat Daerah", "Sekretaris Daerah"),
)
LOGIN = "sandi-masuk-panjang"
PASSPHRASE = "kelapa bakau senja rantau"
NIK = "1209204108800001"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Tuesday, 24 November 2026, ten o'clock."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def regency(db: None, settings: Any, tmp_path: Path) -> None:
    """Three agencies and the calendar: the whole regency would take a second a test."""
    from satuklik.base.agencies.models import Agency
    from satuklik.base.calendar.actions import load as load_calendar

    settings.FILES_ROOT = tmp_path / "files"
    load_calendar()
    for code, name, title in AGENCIES:
        Agency.objects.create(
            code=code, kind="opd", name=name, short_name=code.capitalize(), head_title=title, number_code=code.upper(),
            address="Jl. Contoh No. 1",
        )  # fmt: skip


@pytest.fixture
def authority(regency: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo authority with small keys, which are made once for all tests of this room."""
    from satuklik.spine.signing import keygen
    from satuklik.spine.signing.actions import set_up_demo_authority

    settings.SATUKLIK_ROOT_KEY_BITS = 2048
    settings.SATUKLIK_PASSPHRASE_KIB, settings.SATUKLIK_PASSPHRASE_PASSES = 1024, 1
    made = keygen.new_rsa
    monkeypatch.setattr(keygen, "new_rsa", lambda bits: _kept(made, bits))
    set_up_demo_authority(now=NOW)


@cache
def _kept(made: Callable[[int], Any], bits: int) -> Any:
    return made(bits)


def make_official(
    agency: str, name: str, position: str, serial: int, *, role: str = "staff", login: bool = True
) -> Any:
    """An official in office with a NIP of his own, and a login."""
    from satuklik.base.accounts.actions import create_official
    from satuklik.base.agencies import queries as agencies
    from satuklik.base.agencies.models import Official
    from satuklik.base.agencies.rules import compose_nip

    nip = compose_nip(date(1980, 8, 1), date(2005, 1, 1), "P", serial)
    user = create_official(f"o{serial}", name, password=LOGIN) if login else None
    return Official.objects.create(
        agency=agencies.agency(agency), name=name, position=position, role=role, nip=nip, user=user,
        email=f"o{serial}@asahan.example", active_from=date(2025, 1, 2),
    )  # fmt: skip


@pytest.fixture
def bu_kabid(authority: None) -> Any:
    """Echelon III.b at Diskominfo: she wants to sign."""
    return make_official("diskominfo", "Melati Harahap, S.Kom", "Kepala Bidang Aptika", 901)


@pytest.fixture
def bu_admin(authority: None) -> Any:
    """The regency's admin."""
    return make_official("diskominfo", "Indah Permata, S.Kom", "Pranata Komputer", 902, role="admin")


@pytest.fixture
def verifikator(bu_admin: Any) -> Any:
    """The verifikator of Diskominfo."""
    from satuklik.systems.enrolment import actions

    official = make_official("diskominfo", "Budi Verifikator, S.AP", "Analis Kepegawaian", 903)
    actions.appoint(
        official, agency_id=official.agency_id, decree="SK 800/12/2026", valid_from=TODAY - timedelta(days=30),
        valid_until=None, by=bu_admin, now=NOW,
    )  # fmt: skip
    return official


@pytest.fixture
def pak_lain(bu_admin: Any) -> Any:
    """The verifikator of another agency: this is none of his business."""
    from satuklik.base.agencies import queries as agencies
    from satuklik.systems.enrolment import actions

    official = make_official("disdukcapil", "Lain Instansi, S.H", "Analis Hukum", 904)
    actions.appoint(
        official, agency_id=agencies.agency("disdukcapil").pk, decree="SK 800/13/2026", valid_from=TODAY,
        valid_until=None, by=bu_admin, now=NOW,
    )  # fmt: skip
    return official


def enrol(official: Any, *, at: datetime = NOW, echelon: str = "III.b") -> Any:
    """Onto the board."""
    from satuklik.systems.enrolment import actions, queries

    actions.register([actions.Registration(official, echelon)], by="command", now=at)
    return queries.enrolment_of(official)


def picture() -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (40, 25), "white").save(out, "PNG")
    return out.getvalue()


def hand_in(official: Any, *, at: datetime = NOW, **changes: Any) -> Any:
    """Hand in everything that is needed; `changes` replace parts of it."""
    from satuklik.spine.cases.attachments import Upload
    from satuklik.systems.enrolment import actions

    given: dict[str, Any] = {
        "email": official.email,
        "nik": NIK,
        "recommendation_number": "800/77/DISKOMINFO/2026",
        "uploads": {
            "recommendation": Upload("rekomendasi.png", picture()),
            "identity_card": Upload("ktp.png", picture()),
        },
    }
    return actions.hand_in(official, now=at, **given | changes)


def verify(row: Any, by: Any, *, at: datetime = NOW) -> Any:
    """The verifikator has seen everything."""
    from satuklik.systems.enrolment import actions

    seen = dict(row.documents.values_list("kind", "sha256"))
    return actions.verify(row.pk, by=by, checks=dict.fromkeys(actions.CHECKS, True), seen=seen, now=at)


def brought(official: Any, stage: str, by: Any, *, at: datetime = NOW) -> Any:
    """An enrolment at this stage, reached as people reach it."""
    from satuklik.spine.signing.models import KeyUse, SigningKey
    from satuklik.systems.enrolment import actions, queries

    row = enrol(official, at=at)
    steps = rules.FUNNEL.index(stage)
    if steps >= 1:
        assert hand_in(official, at=at) is None
    if steps >= 2:
        verify(row, by, at=at)
    if steps >= 3:
        actions.choose_passphrase(official, PASSPHRASE, now=at)
    if steps >= 4:
        key = SigningKey.objects.get(official=official)
        KeyUse.objects.create(key=key, at=at, purpose="x", sha256="0" * 64, outcome="done")
        actions.notice_first_signatures(at)
    return queries.enrolment_of(official)


Browser = Callable[..., Client]


@pytest.fixture
def browser() -> Browser:
    """The browser of an official who has just logged in (`fresh=False`: half an hour ago)."""

    def open_(official: Any, *, fresh: bool = True) -> Client:
        import time

        client = Client()
        client.force_login(official.user)
        session = client.session
        session["account_authentication_methods_user"] = str(official.user.pk)
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time() - (0 if fresh else 1800)}
        ]
        session.save()
        return client

    return open_


Row = Mapping[str, object]
GOOD: Row = {
    "NIP": "198008012005012777", "Nama": "Rini Siregar, S.E", "Jabatan": "Kepala Bidang Anggaran", "Eselon": "III.b",
    "OPD": "diskominfo", "E-mail": "rini@asahan.example", "NIK": "", "Golongan": "III/d",
}  # fmt: skip


def book(*rows: Row, header: list[object] | None = None, above: int = 0) -> bytes:
    """A list as .xlsx."""
    made = Workbook(write_only=True)
    page = made.create_sheet("Pejabat")
    for _ in range(above):
        page.append(["Daftar pejabat"])
    titles = header or list(GOOD)
    page.append(titles)
    for row in rows:
        page.append([row.get(str(title)) for title in titles])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def line(**changes: object) -> Row:
    """A good row with changes: `line(NIP="1")`; an e-mail is written as `mail=`."""
    changed = {("E-mail" if name == "mail" else name): value for name, value in changes.items()}
    return {**GOOD, **changed}
