"""Who sits at the press desk, and who approves what leaves it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoHead, NoSuchAgency

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official
    from satuklik.base.agencies.queries import Signer

DESK_ROLES = frozenset({"ppid", "staff", "secretary", "head"})


def of_desk(official: "Official", at: datetime) -> bool:
    """Works at an agency of the press desk (SATUKLIK_PRESS_AGENCIES), or approves for it."""
    own = (
        official.role in DESK_ROLES
        and official.agency.code in settings.SATUKLIK_PRESS_AGENCIES
        and agencies.in_office(official, at)
    )
    return own or approves(official, at)


def approves(official: "Official", at: datetime) -> bool:
    """Approves statements and releases: the head of an agency of the press desk or Sekda, or who acts for them."""
    return any(one.code in offices() for one in agencies.may_sign_for(official, at))


def offices() -> tuple[str, ...]:
    """The codes of the offices in whose name letters of the press desk are signed: its own, and Sekda's."""
    return (*settings.SATUKLIK_PRESS_AGENCIES, settings.SATUKLIK_PPID_SUPERIOR)


def may_sign(official: "Official", agency: "Agency", at: datetime) -> "Signer | None":
    """In which capacity he signs letters of this office now (its head, or acting for the head); None where he may not."""
    return agencies.may_sign(official, agency, at) if agency.code in offices() else None


def approvers(at: datetime) -> list["Official"]:
    """Everybody who may approve now."""
    found = []
    for code in offices():
        try:
            found.append(agencies.head_of(agencies.agency(code), at).official)
        except (NoHead, NoSuchAgency):
            continue
    return found


def desk(at: datetime) -> list["Official"]:
    """Everybody at the press desk to whom a question can be given."""
    found = []
    for agency in agencies.agencies_by_code(settings.SATUKLIK_PRESS_AGENCIES):
        people = agencies.officials(agency, timezone.localdate(at))
        found += [one for one in people if one.role in DESK_ROLES]
    return found
