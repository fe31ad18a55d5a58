"""The office answers the reporter; silence closes what was answered, and never hides that something is not fixed."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from satuklik.systems.complaints.actions import clocks, telling
from satuklik.systems.complaints.actions.dispatching import release
from satuklik.systems.complaints.actions.moving import (
    HOUSE,
    actor_of,
    locked,
    note,
    require,
    require_coordinator,
)
from satuklik.systems.complaints.actions.reporting import keep_photo
from satuklik.systems.complaints.errors import Missing
from satuklik.systems.complaints.models import Complaint, Photo
from satuklik.systems.complaints.rules import states

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

ASK = "Apakah sudah selesai? Jawab dengan dua ketukan di halaman laporan Anda."
CLOSED = (
    "Laporan Anda ditutup karena tidak ada tanggapan. Bila belum selesai, buka kembali di halaman laporan Anda; "
    "riwayatnya tetap ada."
)
LONGEST = 4_000


@transaction.atomic
def reply(
    complaint_id: int,
    *,
    by: "Official",
    text: str,
    result: str,
    photos: Sequence[bytes] = (),
    now: datetime,
) -> Complaint:
    """Answer the reporter. `result` says what became of the matter itself; the reporter may say otherwise.
    Raises MayNot, Missing, NotNow."""
    require_coordinator(by, now)
    wrong = {}
    if not text.strip() or len(text) > LONGEST:
        wrong["text"] = "missing" if not text.strip() else "long"
    if result not in states.RESULTS:
        wrong["result"] = "missing"
    if wrong:
        raise Missing(**wrong)
    complaint = locked(complaint_id)
    require(complaint, states.REPLIED)
    complaint.state, complaint.result, complaint.replied_at = states.REPLIED, result, now
    # A new answer is a new question: what was said about the old one stands in the time line.
    complaint.fixed = None
    clocks.owe_nothing(complaint, actor=actor_of(by), now=now)
    clocks.wait_for_reporter(complaint, actor=actor_of(by), now=now)
    if result in (states.DONE, states.CANNOT):
        clocks.end_completion(complaint, actor=actor_of(by), now=now)
    for content in photos:
        keep_photo(complaint, content, now=now, source=Photo.Source.OFFICE)
    note(complaint, "replied", now=now, by=by, text=text.strip())
    telling.tell_all(complaint, f"{text.strip()}\n\n{ASK}", now=now, by=by)
    return complaint


@transaction.atomic
def add_note(complaint_id: int, *, by: "Official", text: str, now: datetime) -> None:
    """A note for the office; the reporter does not see it."""
    require_coordinator(by, now)
    if not text.strip():
        raise Missing(text="missing")
    note(locked(complaint_id), "note", now=now, by=by, text=text.strip()[:LONGEST], shown=False)


@transaction.atomic
def close(complaint_id: int, *, by: "Official", reason: str, now: datetime) -> Complaint:
    """End what was answered before the reporter's days are over. «Not fixed» stays visible."""
    require_coordinator(by, now)
    if not reason.strip():
        raise Missing(reason="missing")
    release(complaint_id, actor=actor_of(by), now=now)
    complaint = locked(complaint_id)
    require(complaint, states.CLOSED)
    end(complaint, states.BY_OFFICER, actor=actor_of(by), now=now)
    note(complaint, "closed", now=now, by=by, text=reason.strip())
    telling.tell_all(complaint, reason.strip(), now=now, by=by)
    return complaint


def end(complaint: Complaint, how: str, *, actor: str, now: datetime) -> None:
    """Close every clock and note how it ended; the caller writes the step."""
    complaint.state, complaint.closed_at, complaint.closed_as = states.CLOSED, now, how
    clocks.owe_nothing(complaint, actor=actor, now=now)
    clocks.stop_waiting(complaint, actor=actor, now=now)
    clocks.end_completion(complaint, actor=actor, now=now)


def close_silent(now: datetime, most: int = 500) -> int:
    """Close what was answered and met with silence for the reporter's days (auto-close of SP4N). Each in its own
    transaction; how many."""
    today = timezone.localdate(now)
    due = Complaint.objects.filter(state=states.REPLIED, quiet__due_on__lt=today).exclude(fixed=False)
    return sum(_close_one(pk, now) for pk in due.order_by("pk").values_list("pk", flat=True)[:most])


@transaction.atomic
def _close_one(complaint_id: int, now: datetime) -> bool:
    release(complaint_id, actor=HOUSE, now=now)
    complaint = locked(complaint_id)
    quiet = complaint.quiet
    if (
        not states.closes_by_itself(complaint.standing)
        or quiet is None
        or quiet.due_on is None
        or quiet.due_on >= timezone.localdate(now)
    ):
        transaction.set_rollback(True)  # the reporter was faster: the agencies are still asked
        return False
    end(complaint, states.SILENT, actor=HOUSE, now=now)
    note(complaint, "closed", now=now)
    telling.tell(complaint, CLOSED, now=now)
    return True
