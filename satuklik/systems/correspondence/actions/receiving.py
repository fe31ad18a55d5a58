"""Letters that come in: registered at the counter, read."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from satuklik.base.agencies import queries as agencies
from satuklik.base.files import actions as files
from satuklik.systems.correspondence import rules
from satuklik.systems.correspondence.actions import registers, telling
from satuklik.systems.correspondence.actions.opening import locked_incoming, record_incoming
from satuklik.systems.correspondence.errors import BadUpload, NaskahNotFound, NotYours
from satuklik.systems.correspondence.models import Incoming
from satuklik.systems.correspondence.queries.reading import may_read_incoming
from satuklik.systems.correspondence.typed import Check, check_pdf

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official

PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
NUMBER_LENGTH, CORRESPONDENT_LENGTH = 60, 300


@transaction.atomic
def register_incoming(
    *,
    agency: "Agency",
    by: "Official",
    now: datetime,
    number: str,
    dated: date,
    correspondent: str,
    subject: str,
    classification: str,
    secrecy: str,
    urgency: str,
    scan: bytes | None,
) -> Incoming:
    """A letter from outside, with its next number in the agenda masuk. `scan`: PDF, PNG or JPEG. A letter without a
    number has an empty one. Raises BadContent, BadUpload, NotYours."""
    if agency.pk not in agencies.offices_of(by, now) or not agencies.in_office(by, now):
        raise NotYours(by.name, agency.short_name)
    check = Check()
    number = check.text("number", number, most=NUMBER_LENGTH, required=False)
    correspondent = check.text("correspondent", correspondent, most=CORRESPONDENT_LENGTH)
    subject = check.text("subject", subject, most=rules.SUBJECT_LENGTH)
    check.terms(classification=classification, urgency=urgency, secrecy=secrecy)
    if dated > timezone.localdate(now):
        check.say("dated", "future")
    check.done()
    file_id = None
    if scan is not None:
        file_id = files.store(scan, media_type_of(scan), at=now)
    line = registers.entry(
        agency.pk, "in", now, number=number, dated=dated, correspondent=correspondent, subject=subject,
        classification=classification, secrecy=secrecy, file_id=file_id,
    )  # fmt: skip
    incoming = Incoming.objects.create(agency=agency, entry=line, urgency=urgency, received_at=now)
    record_incoming(incoming, "registered", by, now, {"agenda": str(line), "scan": file_id})
    head = telling.head_of(agency, now)
    if head is not None and head.pk != by.pk:
        telling.of_incoming(
            incoming, head, "incoming", now, who=by.name, office=correspondent, note=number or "–"
        )
    return incoming


def media_type_of(scan: bytes) -> str:
    """What a scan is. Raises BadUpload for anything but PDF, PNG and JPEG, and for what is too large or broken."""
    if scan.startswith(b"%PDF-"):
        check_pdf(scan)
        return "application/pdf"
    if len(scan) > rules.LARGEST_UPLOAD:
        raise BadUpload(_("Berkas lebih besar dari 20 MB. Unggah berkas yang lebih kecil."))
    for mark, media_type in PICTURES.items():
        if scan.startswith(mark):
            return media_type
    raise BadUpload(_("Pindaian harus berupa PDF, PNG, atau JPEG."))


@transaction.atomic
def read(incoming: Incoming, *, by: "Official", now: datetime) -> Incoming:
    """Note the first reading (the sender sees when), and of a disposition's taker that he has read it. Raises
    NaskahNotFound where he may not know of it."""
    current = locked_incoming(incoming)
    if not may_read_incoming(by, current, now):
        raise NaskahNotFound(str(current.pk))
    current.dispositions.filter(taker=by, read_at=None).update(read_at=now)
    if current.read_at is None:
        current.read_at, current.read_by = now, by
        if current.state == Incoming.State.NEW:
            current.state = Incoming.State.READ
        current.save(update_fields=["read_at", "read_by", "state"])
        record_incoming(current, "read", by, now)
    return current
