"""People, offices and a small RSA key for tests of letters."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

PASSPHRASE = "kopi tubruk di pagi hari"


@pytest.fixture
def paper_seal(place: "Place", settings: Any) -> None:
    """The real authority with small keys: the kelurahan's and the kecamatan's seals, Pak Lurah's key (PASSPHRASE)."""
    from satuklik.spine.documents.tests.test_issue import NOW
    from satuklik.spine.signing import actions as signing
    from satuklik.spine.signing.keys import SEALS

    settings.SATUKLIK_ROOT_KEY_BITS = 2048
    settings.SATUKLIK_PASSPHRASE_KIB, settings.SATUKLIK_PASSPHRASE_PASSES = 1024, 1
    for office in (place.agency, place.district_agency):
        SEALS.forget(office.pk)
    founded = NOW - timedelta(days=30)
    signing.set_up_demo_authority(now=founded)
    signing.issue_seal_keys([place.agency, place.district_agency], now=founded, algorithm="P-256")
    signing.issue_official_key(place.pak_lurah, PASSPHRASE, founded, algorithm="P-256")


@dataclass
class Place:
    """The rows that a letter needs."""

    agency: Any
    district_agency: Any
    sari: Any
    pak_lurah: Any


@pytest.fixture
def place(db: None, settings: Any, tmp_path: Any) -> Place:
    """Kelurahan Kisaran Naga with its head, and Sari who lives there."""
    from django.apps import apps

    settings.FILES_ROOT = tmp_path / "files"
    get = apps.get_model
    regency = get("regions.Region").objects.create(code="12.09", name="Asahan", kind="regency")
    district = get("regions.Region").objects.create(
        code="12.09.20", name="Kisaran Timur", kind="district", parent=regency
    )
    village = get("regions.Region").objects.create(
        code="12.09.20.1002", name="Kisaran Naga", kind="kelurahan", parent=district
    )
    common = {"address": "Jalan Merdeka Nomor 1, Kisaran", "postal_code": "21222", "phone": "(0623) 000000"}
    kecamatan = get("agencies.Agency").objects.create(
        code="kec-12.09.20", kind="kecamatan", name="Kecamatan Kisaran Timur", short_name="Kisaran Timur",
        region=district, head_title="Camat Kisaran Timur", number_code="KIT", **common,
    )  # fmt: skip
    kelurahan = get("agencies.Agency").objects.create(
        code="kelurahan-12.09.20.1002", kind="kelurahan", name="Kelurahan Kisaran Naga",
        short_name="Kisaran Naga", parent=kecamatan, region=village, head_title="Lurah Kisaran Naga",
        number_code="KIT-1002", **common,
    )  # fmt: skip
    lurah = get("agencies.Official").objects.create(
        agency=kelurahan, role="head", name="Drs. Budi Santoso, M.Si.", nip="196812311990031005",
        rank="Pembina (IV/a)", position="Lurah Kisaran Naga", active_from=date(2024, 1, 1),
    )  # fmt: skip
    household = get("population.Household").objects.create(
        kk="1209201201150003", village=village, address="Jalan Cokroaminoto Nomor 12", rt="003", rw="002",
        postal_code="21222", issued_on=date(2015, 1, 12),
    )  # fmt: skip
    sari = get("population.Person").objects.create(
        nik="1209205512900001", household=household, village=village, name="Sari Rahmawati", sex="P",
        birth_place="Kisaran", birth_date=date(1990, 12, 15), religion="islam", blood_type="O",
        marital="belum_kawin", education="slta", occupation="karyawan_swasta", relation="anak",
        citizenship="WNI", father_name="Rahmat", mother_name="Wati", updated_on=date(2026, 1, 1),
    )  # fmt: skip
    return Place(kelurahan, kecamatan, sari, lurah)


@pytest.fixture
def sari_data() -> dict[str, Any]:
    """What the register says of Sari, as cases hands it to the letter."""
    return {
        "person": {
            "nik": "1209205512900001", "name": "Sari Rahmawati", "sex": "P", "birth_place": "Kisaran",
            "birth_date": "1990-12-15", "age": 35, "religion": "islam", "marital": "belum_kawin",
            "education": "slta", "occupation": "karyawan_swasta", "citizenship": "WNI", "relation": "anak",
            "father_name": "Rahmat", "mother_name": "Wati", "dtsen_decile": 3,
        },
        "household": {
            "kk": "1209201201150003", "address": "Jalan Cokroaminoto Nomor 12", "rt": "003", "rw": "002",
            "postal_code": "21222", "head_name": "Rahmat", "members": 4,
        },
        "village": {"name": "Kisaran Naga", "kind": "kelurahan", "code": "12.09.20.1002"},
        "district": {"name": "Kisaran Timur"},
        "regency": {"name": "Kabupaten Asahan"},
        "answer": {"purpose": "pembukaan rekening bank"},
    }  # fmt: skip
