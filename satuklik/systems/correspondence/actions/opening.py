"""What every action begins and ends with: the row locked, the state changed, the event written."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from satuklik.base.agencies import queries as agencies
from satuklik.base.audit import actions as audit
from satuklik.base.audit.actions import Happening
from satuklik.systems.correspondence import rules
from satuklik.systems.correspondence.errors import NotYours, WrongState
from satuklik.systems.correspondence.models import Incoming, Naskah

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official

TICK = timedelta(microseconds=1)


def locked(naskah: Naskah) -> Naskah:
    """The naskah as it is now; nobody else changes it before the caller's transaction ends."""
    return (
        Naskah.objects.select_for_update(of=("self",))
        .select_related(
            "agency", "signed_for__region", "signed_for__parent", "signer__agency", "drafted_by__agency"
        )
        .get(pk=naskah.pk)
    )


def locked_incoming(incoming: Incoming) -> Incoming:
    """The same for a letter that came in."""
    return (
        Incoming.objects.select_for_update(of=("self",))
        .select_related("entry", "agency", "naskah")
        .get(pk=incoming.pk)
    )


def require(naskah: Naskah, wanted: str) -> None:
    """Raises WrongState unless the naskah can go over into the state `wanted`."""
    if wanted not in rules.NEXT[naskah.state]:
        raise WrongState(naskah.state, wanted)


def change(naskah: Naskah, state: str, now: datetime, *fields: str) -> None:
    """Put it into `state` (which `require` has allowed) and save it with `fields`."""
    naskah.state = state
    touch(naskah, now, "state", *fields)


def touch(naskah: Naskah, now: datetime, *fields: str) -> None:
    """Save `fields`; each save has a time of its own, by which forms notice that somebody was faster."""
    naskah.changed_at = max(now, naskah.changed_at + TICK)
    naskah.save(update_fields=["changed_at", *fields])


def require_part(official: "Official", naskah: Naskah, now: datetime, *, also: bool = False) -> None:
    """Raises NotYours unless the official drafted the naskah, or heads (or is secretary of) its office, or `also`."""
    if not (also or is_author(official, naskah, now)):
        raise NotYours(official.name, naskah.reference)


def is_author(official: "Official", naskah: Naskah, now: datetime) -> bool:
    """Whether he may change a draft: who wrote it, and the secretary and the head of that office."""
    return in_office(official, now) and (
        official.pk == naskah.drafted_by_id or leads(official, naskah.agency, now)
    )


def leads(official: "Official", agency: "Agency", now: datetime) -> bool:
    """Whether he is the head, acts for the head, or is the secretary of the office."""
    own = official.agency_id == agency.pk and official.role in ("head", "secretary")
    return own or heads(official, agency, now) is not None


def heads(official: "Official", agency: "Agency", now: datetime) -> "agencies.Signer | None":
    """His capacity when he heads the office at this moment, or acts for its head; else None."""
    return agencies.may_sign(official, agency, now)


def in_office(official: "Official", now: datetime) -> bool:
    """Whether he still holds his office today."""
    return agencies.in_office(official, now)


def record(naskah: Naskah, kind: str, by: "Official", now: datetime, data: Mapping[str, object] = {}) -> None:
    """Write an event of a naskah: "naskah.submitted" …"""
    audit.record(
        f"naskah:{naskah.reference}", [Happening(f"naskah.{kind}", f"official:{by.pk}", data)], at=now
    )


def record_incoming(
    incoming: Incoming,
    kind: str,
    by: "Official",
    now: datetime,
    data: Mapping[str, object] = {},
) -> None:
    """Write an event of an incoming letter: "incoming.registered" …"""
    audit.record(
        f"incoming:{incoming.pk}", [Happening(f"incoming.{kind}", f"official:{by.pk}", data)], at=now
    )
