"""Whom a hop asks: the contact that a row names, else whoever holds the role; the head, or who acts for the head."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoHead, NoSuchAgency
from satuklik.spine.referrals import rules
from satuklik.spine.referrals.models import AgencyContact

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official


@dataclass(frozen=True)
class Recipient:
    """Somebody to ask. `position` as printed: "Plt. Kepala Dinas Kesehatan"."""

    official: "Official"
    position: str


def find(hop: rules.HopRule, agency: "Agency", at: datetime) -> Recipient | None:
    """Who is asked by this hop at this time; None where nobody is there."""
    if hop.office == rules.SUPERIOR:
        try:
            agency = agencies.agency(settings.SATUKLIK_PPID_SUPERIOR)
        except NoSuchAgency:
            return None
    named = _named(hop, agency, at)
    if named is not None:
        return named
    for role in hop.roles:
        found = _head(agency, at) if role == "head" else _holder(agency, role, at)
        if found is not None:
            return found
    return None


def reachable(official: "Official") -> bool:
    """Whether any message can reach this official: an account, a telephone or an e-mail address."""
    return official.user_id is not None or bool(official.email)


def _named(hop: rules.HopRule, agency: "Agency", at: datetime) -> Recipient | None:
    if hop.office != rules.OWN or hop.post not in (rules.CONTACT, rules.DEPUTY):
        return None
    row = AgencyContact.objects.filter(agency=agency).select_related("contact__user", "deputy__user").first()
    official = None if row is None else row.contact if hop.post == rules.CONTACT else row.deputy
    # Who moved on is no contact any more, whatever the row says.
    if official is None or not agencies.works_for(official, agency.pk, at):
        return None
    if not agencies.in_office(official, at):
        return None
    return Recipient(official, official.position)


def _head(agency: "Agency", at: datetime) -> Recipient | None:
    try:
        signer = agencies.head_of(agency, at)
    except NoHead:
        return None
    return Recipient(signer.official, signer.position)


def _holder(agency: "Agency", role: str, at: datetime) -> Recipient | None:
    people = [one for one in agencies.officials(agency, timezone.localdate(at)) if one.role == role]
    # Somebody without an account cannot be reached as well as somebody with one.
    found = next((one for one in people if one.user_id is not None), people[0] if people else None)
    return None if found is None else Recipient(found, found.position)
