"""Verifikators: appointed by a decree for one agency, from a day to a day."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.base.audit import actions as audit
from satuklik.systems.enrolment.actions.moving import actor_of
from satuklik.systems.enrolment.errors import BadAppointment, MayNot, NotFound
from satuklik.systems.enrolment.models import Verifier
from satuklik.systems.enrolment.queries import scope_of

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


@transaction.atomic
def appoint(
    official: "Official",
    *,
    agency_id: int,
    decree: str,
    valid_from: date,
    valid_until: date | None,
    by: "Official",
    now: datetime,
) -> Verifier:
    """Let `official` verify the officials of an agency. By the admin only, who appoints somebody else.
    Raises MayNot, BadAppointment."""
    if not scope_of(by, now).appoints:
        raise MayNot("role")
    if official.pk == by.pk:
        raise BadAppointment("self")
    if valid_until is not None and valid_until < valid_from:
        raise BadAppointment("span")
    if Verifier.objects.filter(agency=agency_id, official=official, valid_until=None).exists():
        raise BadAppointment("twice")
    row, made = Verifier.objects.get_or_create(
        agency_id=agency_id,
        official=official,
        valid_from=valid_from,
        defaults={
            "decree": decree.strip(),
            "valid_until": valid_until,
            "appointed_by": actor_of(by.pk),
            "appointed_at": now,
        },
    )
    if not made:
        raise BadAppointment("twice")
    _note(row, "appointed", by, now, decree=row.decree, valid_from=valid_from, valid_until=valid_until)
    return row


@transaction.atomic
def end(verifier_id: int, *, last_day: date, by: "Official", now: datetime) -> Verifier:
    """The last day of an appointment. Raises MayNot, NotFound, BadAppointment."""
    if not scope_of(by, now).appoints:
        raise MayNot("role")
    row = Verifier.objects.select_for_update().filter(pk=verifier_id).first()
    if row is None:
        raise NotFound(verifier_id)
    if last_day < row.valid_from:
        raise BadAppointment("span")
    row.valid_until = last_day
    row.save(update_fields=["valid_until"])
    _note(row, "ended", by, now, valid_until=last_day)
    return row


def _note(row: Verifier, kind: str, by: "Official", now: datetime, **data: object) -> None:
    happening = audit.Happening(
        f"verifier.{kind}", actor_of(by.pk), {"official": row.official_id, "agency": row.agency_id, **data}
    )
    audit.record(f"verifier:{row.pk}", [happening], at=now)
