"""Officials come onto the way: from a list or one by one; whoever has a certificate already stands where he is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from satuklik.spine.signing import queries as signing
from satuklik.systems.enrolment import rules, sealing
from satuklik.systems.enrolment.actions.moving import note
from satuklik.systems.enrolment.models import Enrolment

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


@dataclass(frozen=True)
class Registration:
    """An official with what a list says of him beside the roster. An empty NIK leaves the known one."""

    official: "Official"
    echelon: str
    nik: str = ""


@dataclass(frozen=True)
class Registered:
    """How many were new, changed, left as they were."""

    created: int
    updated: int
    unchanged: int


def owner_of_nik(official_id: int) -> str:
    """What a sealed NIK is bound to."""
    return f"nik:{official_id}"


@transaction.atomic
def register(given: Sequence[Registration], *, by: str, now: datetime) -> Registered:
    """Put officials onto the board; again with the same changes nothing. Officials must be unique in `given`."""
    known = {
        row.official_id: row
        for row in Enrolment.objects.select_for_update().filter(
            official__in=[one.official.pk for one in given]
        )
    }
    fresh = [one for one in given if one.official.pk not in known]
    _create(fresh, by=by, now=now)
    changed = [(known[one.official.pk], one) for one in given if one.official.pk in known]
    updated = sum(_update(row, one, by=by, now=now) for row, one in changed)
    return Registered(len(fresh), updated, len(changed) - updated)


def _create(fresh: Sequence[Registration], *, by: str, now: datetime) -> None:
    holders = signing.holders(now)
    rows = []
    for one in fresh:
        stage, serial = rules.REGISTERED, ""
        if one.official.pk in holders:
            stage, serial = _standing(one.official, now)
        rows.append(
            Enrolment(
                official=one.official,
                stage=stage,
                since=now,
                moved_by=by,
                echelon=one.echelon,
                nik=_sealed(one),
                nik_mark=sealing.mark(one.nik) if one.nik else "",
                serial=serial,
                registered_at=now,
            )
        )
    for row in Enrolment.objects.bulk_create(rows, batch_size=1000):
        more: dict[str, Any] = {"to": row.stage} if row.serial else {}
        note(row.pk, "registered", by=by, now=now, new=True, echelon=row.echelon, **more)


def _standing(official: "Official", now: datetime) -> tuple[str, str]:
    """Where somebody stands who came with a certificate."""
    valid = [key for key in signing.keys_of(official, now) if key.status in ("valid", "suspended")]
    if not valid:
        return rules.REGISTERED, ""
    serial = valid[0].serial
    return (rules.ACTIVE if signing.first_use(serial) else rules.ISSUED), serial


def _update(row: Enrolment, given: Registration, *, by: str, now: datetime) -> bool:
    changes: dict[str, Any] = {}
    if given.echelon != row.echelon:
        changes["echelon"] = [row.echelon, given.echelon]
        row.echelon = given.echelon
    mark = sealing.mark(given.nik) if given.nik else ""
    if mark and mark != row.nik_mark:
        changes["nik"] = "changed"
        row.nik, row.nik_mark = _sealed(given), mark
    if row.stage == rules.ENDED:
        changes["from"], changes["to"] = row.stage, rules.REGISTERED
        row.stage, row.since, row.moved_by, row.serial = rules.REGISTERED, now, by, ""
    if changes:
        row.save()
        note(row.pk, "updated", by=by, now=now, **changes)
    return bool(changes)


def _sealed(one: Registration) -> bytes | None:
    return sealing.seal(one.nik.encode(), owner_of_nik(one.official.pk)) if one.nik else None
