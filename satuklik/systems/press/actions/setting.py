"""The clock is set; a journalist or an outlet is noted as verified."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.base.audit import actions as audit
from satuklik.systems.press import permits, rules
from satuklik.systems.press.errors import BadPolicy, NotYours
from satuklik.systems.press.models import Journalist, Outlet, PressPolicy

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


@transaction.atomic
def set_policy(policy: rules.Policy, *, by: "Official", now: datetime) -> PressPolicy:
    """The clock from `policy.valid_from` on; questions that came in before keep theirs. Raises BadPolicy, NotYours."""
    if not (permits.approves(by, now) or (by.role == "ppid" and permits.of_desk(by, now))):
        raise NotYours(by.name)
    faults = rules.faults_of(policy)
    if faults:
        raise BadPolicy(faults)
    fields = asdict(policy)
    day = fields.pop("valid_from")
    row, _made = PressPolicy.objects.update_or_create(
        valid_from=day, defaults={**fields, "set_by": by, "set_at": now}
    )
    audit.record(
        "press-policy",
        [audit.Happening("press.policy", f"official:{by.pk}", {"valid_from": day, **fields})], at=now,
    )  # fmt: skip
    return row


@transaction.atomic
def verify(of: Journalist | Outlet, *, by: "Official", now: datetime) -> None:
    """Note that somebody checked who this is. It is no condition for public facts. Raises NotYours."""
    if not permits.of_desk(by, now):
        raise NotYours(by.name)
    if of.verified_at is None:
        of.verified_at, of.verified_by = now, by
        of.save(update_fields=["verified_at", "verified_by"])


@transaction.atomic
def set_outlet(outlet: Outlet, *, kind: str, email: str, by: "Official", now: datetime) -> None:
    """The kind of an outlet and its newsroom's address: letters of reply go there. Raises NotYours."""
    if not permits.of_desk(by, now):
        raise NotYours(by.name)
    outlet.kind, outlet.email = kind, email
    outlet.save(update_fields=["kind", "email"])
