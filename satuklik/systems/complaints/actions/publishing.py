"""What becomes public: only a text that an official has read after masking, and the photos that he chose."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.kernel.masking import masked
from satuklik.systems.complaints.actions.moving import locked, note, require_coordinator
from satuklik.systems.complaints.errors import MayNot, Missing
from satuklik.systems.complaints.models import Complaint, Photo

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


@transaction.atomic
def release(
    complaint_id: int,
    *,
    by: "Official",
    title: str,
    text: str,
    point: bool,
    photos: Collection[int],
    checked: bool,
    now: datetime,
) -> Complaint:
    """Show it to everybody, as written here. NIK, numbers and addresses that the text still has are masked again,
    unless `checked` says that the official has looked at what is left. Secret reports are never released."""
    require_coordinator(by, now)
    complaint = locked(complaint_id)
    if complaint.is_secret:
        raise MayNot("secret")
    wrong = {name: "missing" for name, value in (("title", title), ("text", text)) if not value.strip()}
    if not wrong and not checked and (masked(text) != text.strip() or masked(title) != title.strip()):
        wrong["text"] = "person"
    if wrong:
        raise Missing(**wrong)
    again = complaint.released_at is not None
    complaint.public_title, complaint.public_text = title.strip()[:150], text.strip()[:4_000]
    complaint.public_point = point and complaint.latitude is not None
    complaint.released_at = complaint.released_at or now
    complaint.photos.update(public=False)
    complaint.photos.filter(pk__in=list(photos), is_picture=True).update(public=True)
    note(complaint, "released", now=now, by=by, shown=not again)
    return complaint


@transaction.atomic
def withdraw_release(complaint_id: int, *, by: "Official", now: datetime) -> Complaint:
    """Take it out of the public list."""
    require_coordinator(by, now)
    complaint = locked(complaint_id)
    complaint.released_at, complaint.public_point = None, False
    Photo.objects.filter(complaint=complaint).update(public=False)
    note(complaint, "withdrawn", now=now, by=by)
    return complaint
