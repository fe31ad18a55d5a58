"""A report comes in: from the portal, a chat, Open311 or a file of SP4N-LAPOR!."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from satuklik.base.files import actions as files
from satuklik.base.once import actions as once
from satuklik.base.sealing import actions as sealing
from satuklik.systems.complaints import catalogue, keys
from satuklik.systems.complaints.actions import clocks, telling
from satuklik.systems.complaints.actions.moving import HOUSE, REPORTER, note
from satuklik.systems.complaints.errors import Missing
from satuklik.systems.complaints.models import Complaint, Photo, Reporter, SealedIdentity
from satuklik.systems.complaints.pictures import MEDIA_TYPE, MOST_PHOTOS
from satuklik.systems.complaints.rules import limits, states

SHORTEST_TEXT, LONGEST_TEXT = 10, 4_000  # Open311: description ≤ 4,000
TITLE = 90
IDENTITY = "complaints identity"
SENT_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Report:
    """What somebody reports. `photos` are cleaned (`pictures.clean`); `files` are hashes of other stored files."""

    text: str
    mode: str
    category: str = catalogue.OTHER
    title: str = ""
    village: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    happened_on: date | None = None
    name: str = ""
    phone: str = ""
    """E.164"""
    email: str = ""
    user: Any = None
    photos: Sequence[bytes] = ()
    files: Sequence[str] = ()
    channel: str = "portal"
    received_at: datetime | None = None
    """When it came in; day 0 of every clock. None: now."""
    conversation_id: int | None = None
    external_number: str | None = None
    external_status: str = ""
    note: str = ""
    """What the office should know beside it; the reporter does not see it."""
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Submitted:
    """What came of it. `key` opens the tracking page; it is told now and can't be read again for a secret report."""

    complaint: Complaint
    key: str
    is_new: bool


@transaction.atomic
@sensitive_variables()
def submit(report: Report, *, word: str = "", now: datetime) -> Submitted:
    """Take in a report. The same `word` and report again (a double click, a lost answer) give the same complaint.
    Raises Missing."""
    _check(report)
    word = once.bound(word, report)
    key = once.spoken_key(word, purpose=keys.PURPOSE)
    same = Complaint.objects.filter(key_digest=keys.digest(key))
    known = once.earlier(word, purpose=keys.PURPOSE, find=same.first)
    return Submitted(known or _take_in(report, key, now), key, known is None)


@transaction.atomic
@sensitive_variables()
def submit_of_program(report: Report, *, sent: str, now: datetime) -> Submitted:
    """Take in a report of another program, which has no form. `sent` (who sent it, and what) again within SENT_AGAIN is
    the same message once more: it gives the same complaint. Raises Missing."""
    _check(report)
    number = int(now.timestamp() // SENT_AGAIN.total_seconds())
    # Each span of SENT_AGAIN has its word; the one before it is looked at too, so that no border lies between two posts.
    key, before = (once.spoken_key(f"{sent}:{span}", purpose=keys.PURPOSE) for span in (number, number - 1))
    same = Complaint.objects.filter(
        key_digest__in=[keys.digest(key), keys.digest(before)], received_at__gt=now - SENT_AGAIN
    )
    known = once.earlier(sent, purpose=keys.PURPOSE, find=same.first)
    if known is None:
        return Submitted(_take_in(report, key, now), key, True)
    return Submitted(known, key if known.key_digest == keys.digest(key) else before, False)


def _check(report: Report) -> None:
    wrong = {}
    if len(report.text.strip()) < SHORTEST_TEXT:
        wrong["text"] = "short"
    elif len(report.text) > LONGEST_TEXT:
        wrong["text"] = "long"
    if len(report.photos) > MOST_PHOTOS:
        wrong["photos"] = "many"
    if report.category not in catalogue.categories():
        wrong["category"] = "unknown"
    if wrong:
        raise Missing(**wrong)


def _take_in(report: Report, key: str, now: datetime) -> Complaint:
    secret = report.mode == Complaint.Mode.SECRET
    received_at = report.received_at or now
    reference = _free_reference()
    complaint = Complaint(
        reference=reference,
        key_digest=keys.digest(key),
        key_sealed=None if secret else keys.seal(key, reference),
        mode=report.mode,
        state=states.NEW,
        channel=report.channel,
        external_number=report.external_number,
        external_status=report.external_status,
        category=report.category,
        level=catalogue.category(report.category).level,
        title=report.title.strip()[:150] or shortened(report.text),
        text=report.text.strip(),
        village_id=report.village or None,
        place=report.place.strip()[:200],
        latitude=report.latitude,
        longitude=report.longitude,
        happened_on=report.happened_on,
        received_at=received_at,
        user=report.user if report.mode == Complaint.Mode.ACCOUNT else None,
        updated_at=now,
    )
    clocks.owe(complaint, limits.VERIFY, since=timezone.localdate(received_at), actor=HOUSE, now=now)
    complaint.save()
    _keep_identity(complaint, report)
    for content in report.photos:
        keep_photo(complaint, content, now=now)
    for sha256 in report.files:
        Photo.objects.create(complaint=complaint, file_id=sha256, is_picture=False, at=now)
    note(complaint, "submitted", now=now, actor=REPORTER)
    if report.note:
        note(complaint, "note", now=now, text=report.note, shown=False)
    if not secret:
        telling.begin(complaint, now=now, conversation_id=report.conversation_id)
    return complaint


def keep_photo(
    complaint: Complaint, content: bytes, *, now: datetime, source: str = Photo.Source.REPORTER
) -> Photo:
    """Keep a cleaned picture with a complaint."""
    sha256 = files.store(content, MEDIA_TYPE, at=now)
    return Photo.objects.create(complaint=complaint, file_id=sha256, source=source, at=now)


@sensitive_variables()
def _keep_identity(complaint: Complaint, report: Report) -> None:
    """Readable for the office, or sealed where nobody may know. A secret report without any name has no identity."""
    given = {
        "name": report.name.strip()[:120], "phone": report.phone, "email": report.email.strip()[:254], **report.extra
    }  # fmt: skip
    if not complaint.is_secret:
        Reporter.objects.create(
            complaint=complaint, name=given["name"], phone=given["phone"], email=given["email"]
        )
        return
    if report.user is not None:
        given["account"] = str(report.user.pk)
        given["name"] = given["name"] or report.user.name
        given["phone"] = given["phone"] or report.user.phone or ""
    if report.conversation_id is not None:
        given["conversation"] = str(report.conversation_id)
    known = {name: value for name, value in given.items() if value}
    if known:
        sealed = sealing.seal(
            json.dumps(known, ensure_ascii=False).encode(), purpose=IDENTITY, owner=complaint.reference
        )
        SealedIdentity.objects.create(complaint=complaint, sealed=sealed)


def shortened(text: str) -> str:
    """The first words as a title."""
    line = " ".join(text.split())
    if len(line) <= TITLE:
        return line
    return line[:TITLE].rsplit(" ", 1)[0].rstrip(" ,.;:") + " …"


def _free_reference() -> str:
    while True:
        reference = keys.new_reference()
        if not Complaint.objects.filter(reference=reference).exists():
            return reference
