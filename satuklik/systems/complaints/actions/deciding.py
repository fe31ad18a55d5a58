"""What the coordinator decides about a report: verified, postponed, not ours, archived, the same as another one."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from satuklik.systems.complaints import catalogue
from satuklik.systems.complaints.actions import clocks, telling
from satuklik.systems.complaints.actions.dispatching import recall
from satuklik.systems.complaints.actions.moving import actor_of, locked, note, require, require_coordinator
from satuklik.systems.complaints.actions.supporting import take_over
from satuklik.systems.complaints.errors import Missing, NotFound, NotNow
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.rules import limits, states

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

# What is written to a resident is written in Indonesian, the language of the office.
POSTPONED = (
    "Laporan Anda belum dapat diproses: {reason} Balas pesan ini atau lengkapi di halaman laporan Anda."
)
NOT_OURS = "Hal ini bukan kewenangan Pemerintah Kabupaten: {reason}"
ARCHIVED = "Laporan Anda diarsipkan: {reason} Bila Anda tidak setuju, buka kembali di halaman laporan Anda."
MERGED = (
    "Laporan Anda digabung dengan laporan lain tentang hal yang sama. Anda tetap dikabari hasilnya di sini."
)


@transaction.atomic
def verify(
    complaint_id: int, *, by: "Official", level: str, category: str, title: str, now: datetime
) -> Complaint:
    """It is ours and complete: its level begins the whole matter's limit. Raises MayNot, Missing, NotNow."""
    require_coordinator(by, now)
    complaint = locked(complaint_id)
    require(complaint, states.VERIFIED)
    _check(level, category, title)
    clocks.stop_waiting(complaint, actor=actor_of(by), now=now)
    complaint.state, complaint.level, complaint.category = states.VERIFIED, level, category
    complaint.title = title.strip()[:150]
    clocks.begin_completion(complaint, since=_begun(complaint), actor=actor_of(by), now=now)
    note(complaint, "verified", now=now, by=by)
    return complaint


@transaction.atomic
def reclassify(
    complaint_id: int, *, by: "Official", level: str, category: str, title: str, now: datetime
) -> Complaint:
    """Another category, level or title while it is open; the limit is counted again from the same day 0."""
    require_coordinator(by, now)
    complaint = locked(complaint_id)
    if complaint.state in states.ENDED:
        raise NotNow(complaint.state, "reclassify")
    _check(level, category, title)
    another = level != complaint.level
    complaint.level, complaint.category, complaint.title = level, category, title.strip()[:150]
    if another and complaint.completion is not None:
        clocks.begin_completion(complaint, since=_begun(complaint), actor=actor_of(by), now=now)
    note(complaint, "reclassified", now=now, by=by, shown=False)
    return complaint


def _check(level: str, category: str, title: str) -> None:
    wrong = {}
    if level not in limits.LEVELS:
        wrong["level"] = "unknown"
    if category not in catalogue.categories():
        wrong["category"] = "unknown"
    if not title.strip():
        wrong["title"] = "missing"
    if wrong:
        raise Missing(**wrong)


def _begun(complaint: Complaint) -> date:
    """Day 0 of the whole matter: the receipt, or the day on which it was opened again."""
    if complaint.round == 1:
        return timezone.localdate(complaint.received_at)
    return timezone.localdate(
        complaint.events.filter(kind__in=("reopened", "not_fixed"), state=states.REOPENED).latest("pk").at
    )


@transaction.atomic
def postpone(complaint_id: int, *, by: "Official", reason: str, now: datetime) -> Complaint:
    """Something is missing that only the reporter knows. What the office owed is done; the reporter's days begin."""
    complaint = _stop(complaint_id, states.POSTPONED, by, reason, now)
    clocks.wait_for_reporter(complaint, actor=actor_of(by), now=now)
    note(complaint, "postponed", now=now, by=by, text=reason.strip())
    telling.tell(complaint, POSTPONED.format(reason=_sentence(reason)), now=now, by=by)
    return complaint


@transaction.atomic
def refuse(complaint_id: int, *, by: "Official", reason: str, now: datetime) -> Complaint:
    """Not our authority: the reason says whose it is. The reporter may contest it."""
    complaint = _stop(complaint_id, states.NOT_OURS, by, reason, now)
    _end(complaint, by, now)
    note(complaint, "not_ours", now=now, by=by, text=reason.strip())
    telling.tell_all(complaint, NOT_OURS.format(reason=_sentence(reason)), now=now, by=by)
    return complaint


@transaction.atomic
def archive(complaint_id: int, *, by: "Official", reason: str, now: datetime) -> Complaint:
    """Nothing can be done with it; the reason is told, and the reporter may contest it."""
    complaint = _stop(complaint_id, states.ARCHIVED, by, reason, now)
    _end(complaint, by, now)
    note(complaint, "archived", now=now, by=by, text=reason.strip())
    telling.tell_all(complaint, ARCHIVED.format(reason=_sentence(reason)), now=now, by=by)
    return complaint


@transaction.atomic
def merge(complaint_id: int, into: str, *, by: "Official", now: datetime) -> Complaint:
    """The same matter as the report `into` (its reference): the reporter follows that one. Raises NotFound for a
    reference that nobody has, Missing where it can't be merged into that one."""
    require_coordinator(by, now)
    other = Complaint.objects.filter(reference=into).values_list("pk", flat=True).first()
    if other is None:
        raise NotFound(into)
    if other == complaint_id:
        raise Missing(into="self")
    recall(complaint_id, by=by, reason=into, now=now)
    # Always in the same order: two officers who merge crosswise wait for each other, and do not hang.
    held = {pk: locked(pk) for pk in sorted((complaint_id, other))}
    complaint, target = held[complaint_id], held[other]
    if target.merged_into_id is not None:
        raise Missing(into="merged")
    if target.is_secret != complaint.is_secret:
        raise Missing(into="secret")  # its time line would tell one reporter of the other
    require(complaint, states.ARCHIVED)
    complaint.state, complaint.merged_into = states.ARCHIVED, target
    _end(complaint, by, now)
    note(complaint, "merged", now=now, by=by, text=target.reference)
    # Whoever had merged into this one goes along.
    Complaint.objects.filter(merged_into=complaint).update(merged_into=target)
    take_over(complaint, target)
    note(target, "merged_in", now=now, by=by, text=complaint.reference, shown=False)
    telling.tell(complaint, MERGED, now=now, by=by)
    return complaint


def _stop(complaint_id: int, state: str, by: "Official", reason: str, now: datetime) -> Complaint:
    require_coordinator(by, now)
    if not reason.strip():
        raise Missing(reason="missing")
    recall(complaint_id, by=by, reason=reason, now=now)
    complaint = locked(complaint_id)
    require(complaint, state)
    complaint.state = state
    clocks.owe_nothing(complaint, actor=actor_of(by), now=now)
    return complaint


def _end(complaint: Complaint, by: "Official", now: datetime) -> None:
    clocks.owe_nothing(complaint, actor=actor_of(by), now=now)
    clocks.stop_waiting(complaint, actor=actor_of(by), now=now)
    clocks.end_completion(complaint, actor=actor_of(by), now=now)
    complaint.closed_at, complaint.closed_as = now, states.BY_OFFICER


def _sentence(reason: str) -> str:
    text = reason.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
