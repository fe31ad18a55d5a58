"""Rows of SP4N-LAPOR! become complaints, once each: matched by their ticket number, or by ours where the file has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from satuklik.systems.complaints.actions import clocks
from satuklik.systems.complaints.actions.moving import actor_of, locked, note
from satuklik.systems.complaints.actions.replying import end
from satuklik.systems.complaints.actions.reporting import Report, submit
from satuklik.systems.complaints.exchange import Row
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.rules import limits, states

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


@dataclass(frozen=True)
class Imported:
    """What became of a file."""

    created: int
    updated: int
    same: int


@transaction.atomic
def import_rows(rows: Sequence[Row], *, by: "Official | None", now: datetime) -> Imported:
    """Take over the rows: all or none. A number that is known changes nothing but the note of its status there: their
    «selesai» never closes a complaint of ours."""
    created = updated = 0
    known = dict(
        Complaint.objects.filter(external_number__in=[row.number for row in rows]).values_list(
            "external_number", "pk"
        )
    )
    here = dict(
        Complaint.objects.filter(reference__in=[row.ours for row in rows]).values_list("reference", "pk")
    )
    for row in rows:
        pk = known.get(row.number) or here.get(row.ours)
        if pk is None:
            created += _create(row, by, now)
        elif row.number:  # else it is our own list, in which it has no number of theirs yet
            updated += _update(pk, row, by, now)
    return Imported(created, updated, len(rows) - created - updated)


def _create(row: Row, by: "Official | None", now: datetime) -> bool:
    report = Report(
        text=row.text, mode=Complaint.Mode.SECRET if row.secret else Complaint.Mode.CONTACT, category=row.category,
        title=row.title, village=row.village, place=row.place, happened_on=row.happened_on, channel="sp4n",
        received_at=row.received_at, external_number=row.number, external_status=row.status,
    )  # fmt: skip
    done = submit(report, word=f"sp4n:ticket:number:{row.number}", now=now)
    if not done.is_new:
        return False
    complaint = locked(done.complaint.pk)
    since, actor = timezone.localdate(row.received_at), actor_of(by)
    if row.state != states.NEW:
        complaint.state = row.state
        if row.state in states.ENDED:
            end(complaint, states.BY_OFFICER, actor=actor, now=now)
            complaint.state = row.state
        elif row.state == states.POSTPONED:
            clocks.owe_nothing(complaint, actor=actor, now=now)
        else:
            clocks.begin_completion(complaint, since=since, actor=actor, now=now)
            what = limits.REPLY if row.state == states.FOLLOWED_UP else limits.VERIFY
            clocks.owe(complaint, what, since=timezone.localdate(now), actor=actor, now=now)
    note(complaint, "imported", now=now, by=by, text=row.status)
    return True


def _update(pk: int, row: Row, by: "Official | None", now: datetime) -> bool:
    complaint = locked(pk)
    if complaint.external_number is None:
        complaint.external_number = row.number
    elif complaint.external_number != row.number or complaint.external_status == row.status:
        return False
    complaint.external_status = row.status
    note(complaint, "sp4n", now=now, by=by, text=row.status, shown=False)
    return True
