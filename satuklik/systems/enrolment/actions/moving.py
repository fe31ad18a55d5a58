"""How an enrolment moves: one locked row, one event; and what is noted beside a move."""

from datetime import datetime

from django.db import transaction

from satuklik.base.audit import actions as audit
from satuklik.systems.enrolment import rules
from satuklik.systems.enrolment.errors import NotFound, NotNow
from satuklik.systems.enrolment.models import Enrolment

SYSTEM = "system"


def actor_of(official_id: int) -> str:
    """How an official stands in the event log."""
    return f"official:{official_id}"


def stream_of(enrolment_id: int) -> str:
    """The name of an enrolment's event stream."""
    return f"enrolment:{enrolment_id}"


def locked(enrolment_id: int) -> Enrolment:
    """The row, held until the caller's transaction ends. Raises NotFound."""
    row = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("official__agency", "official__user")
        .filter(pk=enrolment_id)
        .first()
    )
    if row is None:
        raise NotFound(enrolment_id)
    return row


def locked_of(official_id: int) -> Enrolment:
    """The row of an official, held until the caller's transaction ends. Raises NotFound."""
    found = Enrolment.objects.filter(official=official_id).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(official_id)
    return locked(found)


def move(
    row: Enrolment, to: str, *, kind: str, by: str, now: datetime, reason: str = "", **data: object
) -> None:
    """Move a locked row to another stage and write the event `enrolment.<kind>`. Raises NotNow."""
    if not rules.may_move(row.stage, to):
        raise NotNow(row.stage, to)
    before = row.stage
    row.stage, row.since, row.moved_by, row.returned_reason = to, now, by, reason
    row.save()
    told = {"from": before, "to": to, **({"reason": reason} if reason else {}), **data}
    note(row.pk, kind, by=by, now=now, **told)


def note(enrolment_id: int, kind: str, *, by: str, now: datetime, new: bool = False, **data: object) -> None:
    """Write the event `enrolment.<kind>` in the caller's transaction."""
    happening = audit.Happening(f"enrolment.{kind}", by, data)
    with transaction.atomic():
        audit.record(stream_of(enrolment_id), [happening], at=now, new=new)
