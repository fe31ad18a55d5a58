"""Who may see and do what: officers of the PPID agency, and those of Atasan PPID."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoSuchAgency
from satuklik.systems.ppid import rules

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official


def is_officer(official: "Official", now: datetime) -> bool:
    """Whether he sees and handles every request: head, secretary, staff or PPID of the PPID agency, in office now."""
    return (
        official.agency.code == settings.SATUKLIK_PPID_AGENCY
        and official.role in rules.OFFICER_ROLES
        and agencies.in_office(official, now)
    )


def is_superior(official: "Official", now: datetime) -> bool:
    """Whether he works on objections: head, secretary or staff of Atasan PPID's agency, or acting for its head."""
    if not agencies.in_office(official, now):
        return False
    own = official.agency.code == settings.SATUKLIK_PPID_SUPERIOR and official.role in rules.SUPERIOR_ROLES
    signs_for = agencies.may_sign_for(official, now)
    return own or any(office.code == settings.SATUKLIK_PPID_SUPERIOR for office in signs_for)


def sets_parameters(official: "Official", now: datetime) -> bool:
    """Whether he sets what the law and the house leave to PPID Utama, or agrees to it: PPID Utama, and who heads the
    agency or acts for its head."""
    return (is_officer(official, now) and official.role == "ppid") or (
        may_sign(official, settings.SATUKLIK_PPID_AGENCY, now) is not None
    )


def may_sign(official: "Official", agency_code: str, now: datetime) -> "agencies.Signer | None":
    """In which capacity he signs letters of this agency now: as its head or acting for the head; at the PPID agency
    also as its PPID. None where he may not."""
    try:
        office = agencies.agency(agency_code)
    except NoSuchAgency:
        return None
    found = agencies.may_sign(official, office, now)
    if found is not None:
        return found
    as_ppid = (
        agency_code == settings.SATUKLIK_PPID_AGENCY
        and official.agency_id == office.pk
        and official.role == "ppid"
        and agencies.in_office(official, now)
    )
    return agencies.Signer(official, "", None) if as_ppid else None


def ppid_agency() -> "Agency":
    """The agency of PPID Utama. Raises NoSuchAgency."""
    return agencies.agency(settings.SATUKLIK_PPID_AGENCY)


def superior_agency() -> "Agency":
    """The agency of Atasan PPID. Raises NoSuchAgency."""
    return agencies.agency(settings.SATUKLIK_PPID_SUPERIOR)


def signer_now(agency: "Agency", now: datetime) -> "agencies.Signer | None":
    """Who is expected to sign letters of this agency: its PPID where it has one (PPID Utama), else its head."""
    if agency.code == settings.SATUKLIK_PPID_AGENCY:
        for one in agencies.officials(agency, timezone.localdate(now)):
            if one.role == "ppid":
                return agencies.Signer(one, "", None)
    try:
        return agencies.head_of(agency, now)
    except LookupError:
        return None
