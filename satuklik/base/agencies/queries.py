"""Reads agencies and officials: which office serves a region, who heads it, who may sign."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from satuklik.base.agencies.actions import DATA
from satuklik.base.agencies.errors import NoHead, NoSuchAgency
from satuklik.base.agencies.models import Agency, Mandate, Official
from satuklik.base.agencies.roster import by_nip as by_nip
from satuklik.base.agencies.roster import civil_servants as civil_servants
from satuklik.base.agencies.roster import ended as ended
from satuklik.base.agencies.roster import find as find
from satuklik.base.agencies.roster import heads as heads
from satuklik.base.agencies.roster import official_by_id as official_by_id
from satuklik.base.agencies.roster import officials_by_ids as officials_by_ids
from satuklik.base.agencies.roster import with_role as with_role
from satuklik.base.regions.rules import district_code
from satuklik.kernel.remembering import remembered


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs for an agency. `acting_as` is empty for the head, else Plt, Plh or Pj by `mandate`."""

    official: Official
    acting_as: str
    mandate: Mandate | None

    @property
    def position(self) -> str:
        """As printed under a letter: "Lurah Kisaran Naga", "Plh. Lurah Kisaran Naga"."""
        if self.mandate is None:
            return self.official.position
        return f"{self.acting_as}. {self.mandate.agency.head_title}"


@remembered(lambda code: code)
def agency(code: str) -> Agency:
    """The agency with this code, its region read with it. Raises `NoSuchAgency`."""
    try:
        return Agency.objects.select_related("region", "parent").get(code=code)
    except Agency.DoesNotExist:
        raise NoSuchAgency(code) from None


@remembered(lambda kind="": kind)
def agencies(kind: str = "") -> list[Agency]:
    """All agencies by code, or those of one kind (opd, kecamatan, kelurahan, desa)."""
    found = Agency.objects.select_related("region").order_by("code")
    return list(found.filter(kind=kind) if kind else found)


def agencies_by_code(codes: Iterable[str]) -> list[Agency]:
    """The agencies with these codes, their regions read with them; codes that none has are left out."""
    return list(Agency.objects.select_related("region", "parent").filter(code__in=list(codes)))


# Whose heads stand above every office of the regency (UU 23/2014 ps. 65, 213).
ABOVE_ALL = ("bupati", "setda")


def above(agency: Agency) -> list[int]:
    """The ids of the agencies above this one, the nearest first."""
    found: list[int] = []
    office = agency.parent
    while office is not None and office.pk not in found:
        found.append(office.pk)
        office = office.parent
    return found


def office_of(region_code: str, kind: Literal["village", "district"]) -> Agency:
    """The office that serves the region: of the village itself, or of the kecamatan that it lies in.

    Raises `NoSuchAgency`, also where a village's office is asked for with a kecamatan's code.
    """
    wanted = region_code
    kinds = [Agency.Kind.KELURAHAN, Agency.Kind.DESA]
    if kind == "district":
        kinds = [Agency.Kind.DISTRICT]
        try:
            wanted = district_code(region_code)
        except ValueError:
            raise NoSuchAgency(region_code) from None
    try:
        return Agency.objects.select_related("region", "parent").get(region=wanted, kind__in=kinds)
    except Agency.DoesNotExist:
        raise NoSuchAgency(region_code) from None


def official_of(user: Any, today: date) -> Official | None:
    """The official whose login `user` is, in office on `today`, his agency and region read with him; or None."""
    if not user.is_authenticated:
        return None
    found = _in_office(Official.objects.filter(user=user), today).first()
    if found is not None:
        found.user = user  # who asks holds it already
    return found


def official_by(reference: str, today: date) -> Official | None:
    """The official in office with this NIP (18 digits) or id; None where there is none. Of a NIP that holds several
    offices, the newest one."""
    if not (reference.isascii() and reference.isdigit() and len(reference) <= 18):
        return None
    named = Q(nip=reference) if len(reference) == 18 else Q(pk=int(reference))
    return _in_office(Official.objects.filter(named), today).order_by("-active_from", "-pk").first()


def officials(agency: Agency, today: date) -> list[Official]:
    """Everybody in office at `agency` on `today`, the head first."""
    order = list(Official.Role.values)
    found = _in_office(Official.objects.filter(agency=agency), today)
    return sorted(found, key=lambda official: (order.index(official.role), official.pk))


def officials_by_id(ids: Iterable[int]) -> list[Official]:
    """These officials, in office or not, their agencies read with them; ids that nobody has are left out."""
    return list(Official.objects.filter(pk__in=list(ids)).select_related("agency__region", "user"))


@remembered(lambda official, at: (official.pk, _minute(at)))
def in_office(official: Official, at: datetime) -> bool:
    """Whether `official` holds his office at this time."""
    return _in_office(Official.objects.filter(pk=official.pk), _day(at)).exists()


def agency_by_id(agency_id: int) -> Agency:
    """The agency with this id, its region read with it. Raises Agency.DoesNotExist."""
    return Agency.objects.select_related("region", "parent").get(pk=agency_id)


def works_for(official: Official, agency_id: int, at: datetime) -> bool:
    """Whether `official` belongs to the agency: in office there, or acting for its head at this time."""
    return agency_id in offices_of(official, at)


@remembered(lambda official, at: (official.pk, _minute(at)))
def offices_of(official: Official, at: datetime) -> list[int]:
    """The ids of the agencies that `official` works for at this time: the own one, and those by mandate."""
    return sorted({official.agency_id, *(mandate.agency_id for mandate in _mandates_of(official, at))})


def may_reveal(official: Official) -> bool:
    """Whether this official may open who a secret person is, by whatever door (SATUKLIK_REVEALERS)."""
    return f"{official.agency.code}:{official.role}" in settings.SATUKLIK_REVEALERS


def has_acted(official: Official, agency_id: int) -> bool:
    """Whether `official` acts, acted or will act for the head of this agency by some mandate."""
    return Mandate.objects.filter(official=official, agency_id=agency_id).exists()


def heads_in_office(at: datetime) -> list[Official]:
    """The heads of all offices in office at this time, by the office's code."""
    found = _in_office(Official.objects.filter(role=Official.Role.HEAD), _day(at))
    return list(found.order_by("agency__code", "pk"))


@remembered(lambda agency, at: (agency.pk, _minute(at)))
def head_of(agency: Agency, at: datetime) -> Signer:
    """Who signs for `agency` at this time: whoever holds a mandate in force, else the head. Raises `NoHead`."""
    mandate = _mandate(agency, at)
    if mandate is not None:
        return Signer(mandate.official, mandate.kind, mandate)
    head = _in_office(Official.objects.filter(agency=agency, role=Official.Role.HEAD), _day(at)).first()
    if head is None:
        raise NoHead(agency.name, at)
    return Signer(head, "", None)


def may_sign(official: Official, agency: Agency, at: datetime) -> Signer | None:
    """The `Signer` when `official` may sign for `agency` at this time, else None. There is one signer at a
    time: while somebody acts for the head, the head does not sign (UU 30/2014 ps. 14)."""
    is_head = official.role == Official.Role.HEAD and official.agency_id == agency.pk
    if not is_head and all(mandate.agency_id != agency.pk for mandate in _mandates_of(official, at)):
        return None
    try:
        signer = head_of(agency, at)
    except NoHead:
        return None
    return signer if signer.official.pk == official.pk else None


@remembered(lambda official, at: (official.pk, _minute(at)))
def may_sign_for(official: Official, at: datetime) -> list[Agency]:
    """The agencies that `official` may sign for at this time: his own as its head, others by mandate."""
    own = [official.agency] if official.role == Official.Role.HEAD else []
    others = [mandate.agency for mandate in _mandates_of(official, at)]
    found = {agency.code: agency for agency in (*own, *others)}
    return [found[code] for code in sorted(found) if may_sign(official, found[code], at)]


def demo_official(key: str) -> Official:
    """One of the demonstration's officials by the key of demo.toml: pak_lurah, bu_camat, operator_desa, ppid,
    admin … Raises KeyError for an unknown key and Official.DoesNotExist before `actions.load`."""
    row = _demo()[key]
    return (
        Official.objects.select_related("agency__region", "user")
        .filter(agency__code=row["agency"], role=row["role"], name__contains=row["name"])
        .earliest("pk")
    )


def demo_keys() -> list[str]:
    """The keys that `demo_official` knows."""
    return list(_demo())


@cache
def _demo() -> dict[str, dict[str, Any]]:
    with (DATA / "demo.toml").open("rb") as file:
        return {row["key"]: row for row in tomllib.load(file)["official"]}


@remembered(lambda official, at: (official.pk, _minute(at)))
def _mandates_of(official: Official, at: datetime) -> list[Mandate]:
    in_force = Mandate.objects.filter(official=official, valid_from__lte=at, valid_until__gt=at)
    return list(in_force.select_related("agency"))


def _mandate(agency: Agency, at: datetime) -> Mandate | None:
    return (
        Mandate.objects.select_related("official__agency__region", "agency")
        .filter(agency=agency, valid_from__lte=at, valid_until__gt=at, official__active_from__lte=_day(at))
        .filter(Q(official__active_until=None) | Q(official__active_until__gte=_day(at)))
        .order_by("-valid_from", "-pk")
        .first()
    )


def _in_office(officials: QuerySet[Official], today: date) -> QuerySet[Official]:
    return (
        officials.select_related("agency__region")
        .filter(Q(active_until=None) | Q(active_until__gte=today), active_from__lte=today)
        .order_by("pk")
    )


def _minute(at: datetime) -> int:
    """While one page is drawn, its parts ask at slightly different moments."""
    return int(at.timestamp()) // 60


def _day(at: datetime) -> date:
    return timezone.localdate(at)
