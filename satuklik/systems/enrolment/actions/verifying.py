"""The verifikator's decision: the documents are right, or they go back with a reason. Always four eyes."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.systems.enrolment import rules, telling
from satuklik.systems.enrolment.actions.moving import actor_of, locked, move
from satuklik.systems.enrolment.errors import Incomplete, MayNot, NotNow, ReasonNeeded
from satuklik.systems.enrolment.models import Enrolment
from satuklik.systems.enrolment.queries import made_login, scope_of

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

CHECKS = ("person", "identity_card", "recommendation")
"""What the verifikator says to have seen: the person, that the e-KTP is his, that the letter names him."""


@transaction.atomic
def verify(
    enrolment_id: int, *, by: "Official", checks: Mapping[str, bool], seen: Mapping[str, str], now: datetime
) -> Enrolment:
    """Say that the documents belong to this person. `seen`: the digests of the documents that were shown, by kind;
    documents that were exchanged meanwhile are not approved. Raises MayNot, NotNow, Incomplete."""
    row = locked(enrolment_id)
    may_decide(row, by, now)
    if row.stage != rules.DOCUMENTS:
        raise NotNow(row.stage, rules.VERIFIED)
    missing = {name: "missing" for name in CHECKS if not checks.get(name)}
    if missing:
        raise Incomplete(missing)
    if dict(row.documents.values_list("kind", "sha256")) != dict(seen):
        raise NotNow(row.stage, rules.VERIFIED)
    move(
        row, rules.VERIFIED, kind="verified", by=actor_of(by.pk), now=now, checks=list(CHECKS), digests=dict(seen)
    )  # fmt: skip
    telling.tell(row.official.user, "verified", now, pk=row.pk)
    return row


@transaction.atomic
def give_back(enrolment_id: int, *, by: "Official", reason: str, now: datetime) -> Enrolment:
    """Send it back to the official with a reason, which he reads. Raises MayNot, NotNow, ReasonNeeded."""
    row = locked(enrolment_id)
    may_decide(row, by, now)
    words = " ".join(reason.split())
    if not words:
        raise ReasonNeeded
    if row.stage != rules.DOCUMENTS:
        raise NotNow(row.stage, rules.REGISTERED)
    move(row, rules.REGISTERED, kind="returned", by=actor_of(by.pk), now=now, reason=words)
    telling.tell(row.official.user, "returned", now, pk=row.pk, reason=words.rstrip("."))
    return row


def may_decide(row: Enrolment, by: "Official", now: datetime) -> None:
    """Raise MayNot unless `by` is the verifikator of this agency (or the admin), and somebody else (four eyes)."""
    if by.pk == row.official_id or (by.user_id is not None and by.user_id == row.official.user_id):
        raise MayNot("self")
    if made_login(row, by):
        raise MayNot("login")  # or one person could be both: the official who hands in, and who checks it
    if not scope_of(by, now).verifies(row.official.agency_id):
        raise MayNot("agency")
