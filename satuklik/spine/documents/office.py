"""How an office is named on paper: the lines of its letterhead, its contact line, its place."""

from typing import Any, Protocol

from django.conf import settings
from django.core.cache import caches

CACHE_SECONDS = 60  # an office that moves is on the next letters within a minute
_SMALL_WORDS = {"KECAMATAN": "Kecamatan", "DESA": "Desa", "KELURAHAN": "Kelurahan"}


class Region(Protocol):
    """What is read of a region."""

    name: str


class Agency(Protocol):
    """What is read of an agency (agencies.Agency has it)."""

    pk: int
    code: str
    kind: str
    name: str
    head_title: str
    number_code: str
    address: str
    postal_code: str
    phone: str
    email: str
    website: str
    parent: Any
    region: Any


def facts(agency: Agency) -> dict[str, Any]:
    """The `office` part of a letter's data: name, lines, contact, full_name, name_line, place, place_line."""
    cache = caches["local"]
    key = f"documents.office:{agency.pk}:{agency.code}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = _facts(agency)
        cache.set(key, found, CACHE_SECONDS)
    return found


def _facts(agency: Agency) -> dict[str, Any]:
    regency = settings.REGENCY_NAME
    parent = agency.parent if agency.kind in ("desa", "kelurahan") else None
    # A letterhead names the kecamatan, not its building: "KECAMATAN …", never "KANTOR KECAMATAN …".
    offices = [office.name.removeprefix("Kantor ") for office in (agency, parent) if office is not None]
    names = [*offices, regency]
    return {
        "code": agency.code,
        "name": agency.name,
        "head_title": agency.head_title,
        "lines": [f"PEMERINTAH {regency.upper()}", *(name.upper() for name in reversed(names[:-1]))],
        "contact": _contact(agency),
        "full_name": ", ".join(names),
        "name_line": offices[0],
        "place": _place(agency),
        "place_line": ", ".join(names[1:]),
    }


def _contact(agency: Agency) -> str:
    address = f"{agency.address} {agency.postal_code}".strip()
    phone = f"Telepon {agency.phone}" if agency.phone else ""
    # Two lines: where the office is, and how it is reached.
    reached = " · ".join(part for part in (phone, agency.email, agency.website) if part)
    return "\n".join(part for part in (address, reached) if part)


def _place(agency: Agency) -> str:
    """Where the letter is dated: the village or district, else the regency's capital."""
    if agency.kind in ("desa", "kelurahan", "kecamatan") and agency.region is not None:
        name: str = agency.region.name
        return name
    capital: str = settings.REGENCY_CAPITAL
    return capital
