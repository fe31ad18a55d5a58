"""Fixtures are people: Sari applies, Pak Lurah signs, Rudi may not look. All of them are made up."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import translation

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)  # a Tuesday, ten o'clock in Kisaran
TODAY = date(2026, 11, 24)
VILLAGE = "12.09.20.1009"
OTHER_VILLAGE = "12.09.08.2002"
PASSPHRASE = "sandi tanda tangan lurah"


@pytest.fixture(autouse=True)
def default_language() -> None:
    """No test speaks the language that another one's request switched on."""
    translation.deactivate()


# The rows of offices and officials as the first test of this process loaded them: half a second for each other one.
_OFFICES: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
_OWN_KEYS = {"agencies_agency": ("id", "parent_id"), "agencies_official": ("agency_id",)}


def _load_offices() -> None:
    """Load them, or put the kept rows in with new ids: what a process remembers of an office is not the next test's."""
    from django.db import connection

    from satuklik.base.agencies.actions import load as load_agencies

    with connection.cursor() as cursor:
        if not _OFFICES:
            load_agencies()
            for table in _OWN_KEYS:
                cursor.execute(f"SELECT * FROM {table} ORDER BY id")
                _OFFICES[table] = ([column.name for column in cursor.description], cursor.fetchall())
            return
        cursor.execute("SELECT nextval(pg_get_serial_sequence('agencies_agency', 'id'))")
        moved = cursor.fetchone()[0] - _OFFICES["agencies_agency"][1][0][0]
        for table, keys in _OWN_KEYS.items():
            columns, rows = _OFFICES[table]
            places = {columns.index(key) for key in keys}
            own = columns.index("id") if "id" not in keys else -1
            names = [name for place, name in enumerate(columns) if place != own]
            with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(
                        [
                            value + moved if place in places and value is not None else value
                            for place, value in enumerate(row)
                            if place != own
                        ]
                    )
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('agencies_agency', 'id'), (SELECT max(id) FROM agencies_agency))"
        )


@pytest.fixture
def regency(db: None, settings: Any, tmp_path: Path) -> None:
    """Regions, offices with their officials, the calendar; files in a folder of the test's own."""
    from django.db import connection

    from satuklik.base.calendar.actions import load as load_calendar
    from satuklik.base.regions.actions import load as load_regions
    from satuklik.spine.cases.letters import forget_offices

    settings.FILES_ROOT = tmp_path / "files"
    forget_offices()
    load_regions()
    _load_offices()
    load_calendar()
    # Each test is rolled back. A server that looked at the tables between two of them takes them for empty, and
    # plans joins over offices and officials as if each had one row: such a query then runs for minutes.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE regions_region, agencies_agency, agencies_official")


@pytest.fixture
def make_person(regency: None) -> Callable[..., Any]:
    """Make a person of the register: `make_person(name="Sari", village=…, age=31, level=2)`. With a level,
    also the account that the person is bound to (`person.user`)."""
    from satuklik.base.accounts.models import User
    from satuklik.spine.population.models import Household, Person, ResidentAccount

    made = iter(range(1, 10_000))

    def make(
        name: str = "Sari Wulandari",
        *,
        village: str = VILLAGE,
        sex: str = "P",
        level: int | None = 2,
        **more: Any,
    ) -> Person:
        number = next(made)
        household = more.pop("household", None) or Household.objects.create(
            kk=f"120920100115{number:04d}",
            village_id=village,
            address=f"Jl. Cokroaminoto No. {number}",
            rt="002",
            rw="001",
            postal_code="21211",
            issued_on=date(2015, 1, 10),
        )
        born = more.pop("birth_date", date(1995, 8, 17))
        day = born.day + (40 if sex == "P" else 0)
        fields = {
            "nik": f"120920{day:02d}{born:%m%y}{number:04d}",
            "birth_place": "Kisaran",
            "birth_date": born,
            "religion": "islam",
            "blood_type": "O",
            "marital": "belum_kawin",
            "education": "slta",
            "occupation": "wiraswasta",
            "relation": "kepala_keluarga",
            "citizenship": "WNI",
            "father_name": "Budi Santoso",
            "mother_name": "Siti Aminah",
            "phone": f"+62812000{number:05d}",
            "dtsen_decile": 2,
            "updated_on": date(2026, 11, 12),
        } | more
        person = Person.objects.create(name=name, sex=sex, household=household, village_id=village, **fields)
        if level is not None:
            user = User.objects.create(username=f"warga-{number}", name=name, kind="resident")
            ResidentAccount.objects.create(user=user, person=person, level=level)
            person.user = user  # type: ignore[attr-defined]
        return person

    return make


@pytest.fixture
def sari(make_person: Callable[..., Any]) -> Any:
    """A resident of Kisaran Timur whose identity is proven; `sari.user` is her account."""
    return make_person("Sari Wulandari")


@pytest.fixture
def rudi(make_person: Callable[..., Any]) -> Any:
    """Another resident, of another village."""
    return make_person("Rudi Hartono", village=OTHER_VILLAGE, sex="L")


@pytest.fixture
def authority(regency: None, settings: Any) -> None:
    """The demo authority with small keys."""
    from satuklik.spine.signing.actions import set_up_demo_authority

    settings.SATUKLIK_ROOT_KEY_BITS = 2048
    settings.SATUKLIK_PASSPHRASE_KIB, settings.SATUKLIK_PASSPHRASE_PASSES = 1024, 1
    set_up_demo_authority(now=NOW)


def _official(key: str) -> Any:
    from satuklik.base.accounts.models import User
    from satuklik.base.agencies.actions import give_login
    from satuklik.base.agencies.queries import demo_official

    official = demo_official(key)
    user = User.objects.create(username=key, name=official.name, kind="official")
    give_login(official, user)
    official.user = user
    return official


@pytest.fixture
def pak_lurah(authority: None) -> Any:
    """The head of Sari's kelurahan, with a key that PASSPHRASE opens; the office has its seal."""
    from satuklik.spine.signing.actions import issue_official_key, issue_seal_key

    official = _official("pak_lurah")
    issue_official_key(official, PASSPHRASE, NOW)
    issue_seal_key(official.agency, NOW)
    return official


@pytest.fixture
def operator_desa(regency: None) -> Any:
    """The operator at the counter of Sari's kelurahan."""
    return _official("operator_desa")


@pytest.fixture
def staf_desa(regency: None) -> Any:
    """The official who examines in Sari's kelurahan."""
    return _official("staf_desa")


@pytest.fixture
def kepala_desa(regency: None) -> Any:
    """The head of another village: none of Sari's business."""
    return _official("kepala_desa")


@pytest.fixture
def bu_camat(regency: None) -> Any:
    """The head of Sari's kecamatan."""
    return _official("bu_camat")


@pytest.fixture
def services(regency: None) -> None:
    """All services of layanan/, published (without running their examples again)."""
    from satuklik.spine.cases import registry
    from satuklik.spine.cases.loader import folders, load_folder
    from satuklik.spine.cases.models import ServiceVersion

    for folder in folders(django_settings.LAYANAN):
        loaded = load_folder(folder)
        ServiceVersion.objects.create(
            slug=loaded.slug, version=1, sha256=loaded.sha256, files=loaded.files, published_at=NOW
        )
    registry.forget()


def key_opener() -> Callable[[Any], Any]:
    """Opens the key of whoever signs; the authority and the key are made at the first need (weak ones: quick)."""
    from satuklik.spine.signing.actions import issue_official_key, set_up_demo_authority, unlock

    keys: dict[int, Any] = {}
    founded = datetime(2025, 1, 2, 3, tzinfo=UTC)

    def open_key(official: Any) -> Any:
        if not keys:
            set_up_demo_authority(now=founded)
        if official.pk not in keys:
            issue_official_key(official, PASSPHRASE, founded, algorithm="P-256")
            keys[official.pk] = unlock(official, PASSPHRASE, NOW)
        return keys[official.pk]

    return open_key
