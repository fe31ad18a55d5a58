"""Who made a secret report: opened by few, for a written reason, with a trace that the reporter reads."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from satuklik.base.sealing import actions as sealing
from satuklik.systems.complaints.actions.moving import locked, note
from satuklik.systems.complaints.actions.reporting import IDENTITY
from satuklik.systems.complaints.errors import MayNot, Missing, NotFound
from satuklik.systems.complaints.models import Complaint, Event, Reveal, SealedIdentity
from satuklik.systems.complaints.scope import scope_of

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

SHORTEST_REASON, FEWEST_LETTERS = 20, 10  # as at the inbox; twenty invisible signs are no reason
SAME_LOOK = timedelta(minutes=10)


@dataclass(frozen=True)
class Identity:
    """What was sealed; what was not given is empty."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    account: str = ""
    conversation: str = ""


@transaction.atomic
@sensitive_variables()
def reveal(complaint_id: int, *, by: "Official", reason: str, now: datetime) -> Identity:
    """Open the seal. The trace is written before anything is read, and the reporter sees it. Raises MayNot, Missing
    without a reason of 20 characters, NotFound where nothing is sealed, SealBroken."""
    if not scope_of(by, now).reveals:
        raise MayNot("reveal")
    if len(reason.strip()) < SHORTEST_REASON or sum(sign.isalpha() for sign in reason) < FEWEST_LETTERS:
        raise Missing(reason="short")
    complaint = locked(complaint_id)
    kept = SealedIdentity.objects.filter(complaint=complaint).first()
    if kept is None:
        raise NotFound(complaint_id)
    _trace(complaint, by, reason.strip()[:500], now, now)
    opened = sealing.unseal(bytes(kept.sealed), purpose=IDENTITY, owner=complaint.reference)
    known = json.loads(opened)
    return Identity(**{name: known.get(name, "") for name in Identity.__dataclass_fields__})


@transaction.atomic
def uncovered(subjects: Sequence[str], by: "Official", reason: str, at: datetime, now: datetime) -> None:
    """The inbox showed, at `at`, who wrote what these secret reports were made of: the same trace as of a seal that was
    opened here, and the reporter sees it."""
    references = [
        subject.removeprefix("complaint:") for subject in subjects if subject.startswith("complaint:")
    ]
    found = Complaint.objects.filter(reference__in=references, mode=Complaint.Mode.SECRET)
    for complaint_id in found.order_by("pk").values_list("pk", flat=True):
        _trace(locked(complaint_id), by, reason, at, now)


def _trace(complaint: Complaint, by: "Official", reason: str, at: datetime, now: datetime) -> None:
    Reveal.objects.create(complaint=complaint, official=by, at=at, reason=reason)
    office = f"{by.position}, {by.agency.short_name}"[:120]
    note(complaint, "revealed", now=now, by=by, office=office, text=reason)


@transaction.atomic
def note_look(complaint: Complaint, *, by: "Official", now: datetime) -> None:
    """An official has read who reported: one trace in ten minutes."""
    seen = Event.objects.filter(complaint=complaint, kind="looked", official=by, at__gt=now - SAME_LOOK)
    if not complaint.is_secret and not seen.exists():
        note(locked(complaint.pk), "looked", now=now, by=by, shown=False)


@transaction.atomic
def reseal() -> int:
    """Seal every identity under today's vault key. How many were sealed under another."""
    changed = 0
    for row in (
        SealedIdentity.objects.select_for_update().select_related("complaint").order_by("pk").iterator(500)
    ):
        owner = row.complaint.reference
        if not sealing.is_current(bytes(row.sealed), purpose=IDENTITY, owner=owner):
            content = sealing.unseal(bytes(row.sealed), purpose=IDENTITY, owner=owner)
            row.sealed = sealing.seal(content, purpose=IDENTITY, owner=owner)
            row.save(update_fields=["sealed"])
            changed += 1
    return changed
