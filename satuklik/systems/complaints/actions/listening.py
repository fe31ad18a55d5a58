"""What the reporter says after the report: more about it, done or not done, open it again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from satuklik.systems.complaints.actions import clocks
from satuklik.systems.complaints.actions.dispatching import release
from satuklik.systems.complaints.actions.moving import REPORTER, locked, note, require
from satuklik.systems.complaints.actions.replying import LONGEST, end
from satuklik.systems.complaints.actions.reporting import keep_photo
from satuklik.systems.complaints.errors import Missing, NotNow
from satuklik.systems.complaints.models import Complaint, Photo
from satuklik.systems.complaints.pictures import MOST_PHOTOS
from satuklik.systems.complaints.rules import limits, states

MOST_FOLLOWING = 12  # photos of one reporter over the whole life


@transaction.atomic
def say(complaint_id: int, text: str, *, photos: Sequence[bytes] = (), now: datetime) -> Complaint:
    """Add something. After an answer the office owes another one; what was incomplete is looked at anew."""
    if not text.strip() or len(text) > LONGEST:
        raise Missing(text="short" if not text.strip() else "long")
    complaint = locked(complaint_id)
    if complaint.state in states.ENDED:
        raise NotNow(complaint.state, "say")
    kept = complaint.photos.filter(source=Photo.Source.REPORTER).count()
    if len(photos) > MOST_PHOTOS or kept + len(photos) > MOST_FOLLOWING:
        raise Missing(photos="many")
    today = timezone.localdate(now)
    if complaint.state == states.POSTPONED:
        clocks.stop_waiting(complaint, actor=REPORTER, now=now)
        complaint.state = states.NEW
        clocks.owe(complaint, limits.VERIFY, since=today, actor=REPORTER, now=now)
    elif complaint.state == states.REPLIED:
        _reply_owed(complaint, now)
    for content in photos:
        keep_photo(complaint, content, now=now)
    note(complaint, "reporter_reply", now=now, actor=REPORTER, text=text.strip())
    return complaint


def _reply_owed(complaint: Complaint, now: datetime) -> None:
    clocks.stop_waiting(complaint, actor=REPORTER, now=now)
    complaint.state = states.REPORTER_REPLY
    clocks.owe(complaint, limits.REPLY, since=timezone.localdate(now), actor=REPORTER, now=now)


@transaction.atomic
def judge(complaint_id: int, *, fixed: bool, rating: int | None = None, now: datetime) -> Complaint:
    """The two taps: done or not done, and how the service was (1–4). «Done» closes; «not done» keeps it open, or
    opens it again. Saying the same again changes nothing but the rating. Raises NotNow before there is an answer."""
    if rating is not None and rating not in range(1, 5):
        raise Missing(rating="unknown")
    if fixed:
        release(complaint_id, actor=REPORTER, now=now)
    complaint = locked(complaint_id)
    if complaint.state not in (states.REPLIED, states.REPORTER_REPLY, states.CLOSED):
        raise NotNow(complaint.state, "judge")
    said_before = complaint.fixed
    complaint.fixed = fixed
    complaint.rating = rating if rating is not None else complaint.rating
    contested = (
        complaint.state == states.CLOSED and not fixed
    )  # said again after an end, it opens the matter again
    if said_before is fixed and not contested:
        complaint.save(update_fields=["rating"])
        return complaint
    if fixed and complaint.state != states.CLOSED:
        end(complaint, states.CONFIRMED, actor=REPORTER, now=now)
    elif fixed:
        complaint.closed_as = states.CONFIRMED
    elif complaint.state in (states.REPLIED, states.REPORTER_REPLY):
        clocks.resume_completion(complaint, actor=REPORTER, reason="belum selesai menurut pelapor", now=now)
        if complaint.state == states.REPLIED:
            _reply_owed(complaint, now)
    elif complaint.state == states.CLOSED:
        _open_again(complaint, now)
    note(complaint, "fixed" if fixed else "not_fixed", now=now, actor=REPORTER)
    return complaint


@transaction.atomic
def reopen(complaint_id: int, reason: str, *, now: datetime) -> Complaint:
    """Contest an end. A merged report stands on its own again. Raises Missing without a reason, NotNow."""
    if not reason.strip() or len(reason) > LONGEST:
        raise Missing(reason="missing" if not reason.strip() else "long")
    complaint = locked(complaint_id)
    require(complaint, states.REOPENED)
    _open_again(complaint, now)
    note(complaint, "reopened", now=now, actor=REPORTER, text=reason.strip())
    return complaint


def _open_again(complaint: Complaint, now: datetime) -> None:
    today = timezone.localdate(now)
    complaint.state, complaint.round = states.REOPENED, complaint.round + 1
    complaint.closed_at, complaint.closed_as, complaint.merged_into = None, "", None
    complaint.fixed = False
    clocks.stop_waiting(complaint, actor=REPORTER, now=now)
    clocks.owe(complaint, limits.CONTEST, since=today, actor=REPORTER, now=now)
    clocks.begin_completion(complaint, since=today, actor=REPORTER, now=now)
