"""The roster: officials that come from the personnel list, those who leave, and how others find them.

Others reach it through `actions` and `queries`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from satuklik.base.agencies.models import Agency, Official

# Roles that a personnel list may set. The others are tasks that somebody was given in this house.
LISTED = frozenset({Official.Role.HEAD, Official.Role.SECRETARY, Official.Role.STAFF})
FIELDS = ("name", "position", "rank", "email", "agency_id", "role", "active_until")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a personnel list. An empty `rank` leaves the known one as it is."""

    nip: str
    name: str
    position: str
    rank: str
    email: str
    agency_id: int
    role: str


@dataclass(frozen=True)
class TakenOver:
    """What became of a list: officials by NIP, and the NIPs that were new or different."""

    officials: dict[str, Official]
    created: frozenset[str]
    updated: frozenset[str]


@transaction.atomic
def take_over(entries: Sequence[Entry], *, today: date) -> TakenOver:
    """Make or change the officials of a list, matched by NIP; the same list again changes nothing. NIPs must be
    unique in `entries`. Who is in the list is in office: an earlier end of the term is taken back."""
    known = by_nip([entry.nip for entry in entries])
    fresh, changed = [], []
    for entry in entries:
        official = known.get(entry.nip)
        if official is None:
            official = Official(nip=entry.nip, active_from=today)
            fresh.append(official)
        before = [getattr(official, name) for name in FIELDS]
        official.name, official.position, official.email = entry.name, entry.position, entry.email
        official.rank = entry.rank or official.rank
        official.agency_id = entry.agency_id
        if not official.role or official.role in LISTED:
            official.role = entry.role
        if official.active_until is not None and official.active_until < today:
            official.active_until = None
        if official.pk and before != [getattr(official, name) for name in FIELDS]:
            changed.append(official)
    Official.objects.bulk_create(fresh, batch_size=1000)
    Official.objects.bulk_update(changed, [name.removesuffix("_id") for name in FIELDS], batch_size=500)
    found = known | {official.nip: official for official in fresh}
    return TakenOver(
        {entry.nip: found[entry.nip] for entry in entries},
        frozenset(official.nip for official in fresh),
        frozenset(official.nip for official in changed),
    )


def end_term(official: Official, last_day: date) -> None:
    """Note the last day in office."""
    official.active_until = last_day
    official.save(update_fields=["active_until"])


def set_email(official: Official, email: str) -> None:
    """Note the official e-mail address."""
    official.email = email
    official.save(update_fields=["email"])


def by_nip(nips: Collection[str]) -> dict[str, Official]:
    """The officials with these NIPs; of several with one NIP whoever came into office last."""
    rows = Official.objects.filter(nip__in=[nip for nip in nips if nip]).order_by("active_from", "pk")
    return {official.nip: official for official in rows}


def official_by_id(official_id: int) -> Official:
    """One official, agency and login read with him. Raises Official.DoesNotExist."""
    return Official.objects.select_related("agency__region", "user").get(pk=official_id)


def officials_by_ids(ids: Iterable[int]) -> dict[int, Official]:
    """These officials by id, agency and login read with them."""
    found = Official.objects.select_related("agency", "user").filter(pk__in=list(ids))
    return {official.pk: official for official in found}


def heads(agency_ids: Collection[int], today: date) -> dict[int, Official]:
    """Who heads each of these agencies on `today` (by appointment, not by mandate), the login read with him."""
    rows = _in_office(today).filter(agency__in=agency_ids, role=Official.Role.HEAD).order_by("-pk")
    return {official.agency_id: official for official in rows.select_related("user")}


def with_role(role: str, today: date) -> list[Official]:
    """Everybody in office with this role, the login read with them."""
    return list(_in_office(today).filter(role=role).select_related("user").order_by("pk"))


def civil_servants(agency: Agency, today: date) -> list[Official]:
    """Everybody in office at `agency` who has a NIP, by name."""
    return list(_in_office(today).filter(agency=agency).exclude(nip="").order_by("name"))


def find(text: str, today: date, *, limit: int = 20) -> list[Official]:
    """Officials in office whose name holds `text`, or whose NIP is it."""
    rows = _in_office(today).filter(Q(name__icontains=text) | Q(nip=text)).select_related("agency")
    return list(rows.order_by("name")[:limit])


def ended(today: date) -> list[Official]:
    """Everybody whose term is over."""
    return list(Official.objects.filter(active_until__lt=today).select_related("agency", "user"))


def _in_office(today: date) -> QuerySet[Official]:
    return Official.objects.filter(Q(active_until=None) | Q(active_until__gte=today), active_from__lte=today)
