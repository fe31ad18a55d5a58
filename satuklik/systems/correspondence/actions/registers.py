"""Lines of the agenda: numbered without a gap per office, direction and year."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from satuklik.base.postgres.queries import rows
from satuklik.systems.correspondence.models import AgendaEntry, Incoming, Naskah

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency
    from satuklik.spine.documents.actions import IssuedDocument

_NEXT = """
    INSERT INTO correspondence_agendanumber (agency_id, direction, year, last) VALUES (%s, %s, %s, 1)
    ON CONFLICT (agency_id, direction, year) DO UPDATE SET last = correspondence_agendanumber.last + 1
    RETURNING last
"""
CORRESPONDENT_LENGTH = 300


def outgoing(naskah: Naskah, document: "IssuedDocument", office: "Agency", now: datetime) -> AgendaEntry:
    """The naskah's line in the agenda keluar of the office that signed it, in the caller's transaction."""
    names = "; ".join(one.name for one in naskah.recipients.filter(kind="to"))
    return entry(
        office.pk, "out", now, number=document.number, dated=timezone.localdate(document.issued_at),
        correspondent=names, subject=naskah.subject, classification=naskah.classification, secrecy=naskah.secrecy,
        document_id=document.pk,
    )  # fmt: skip


def delivered(naskah: Naskah, agency_id: int, *, copy: bool, now: datetime) -> Incoming:
    """The naskah in the agenda masuk and the inbox of an office of ours, in the caller's transaction."""
    document = naskah.document
    assert document is not None
    line = entry(
        agency_id, "in", now, number=document.number, dated=timezone.localdate(document.issued_at),
        correspondent=naskah.signed_for.name, subject=naskah.subject, classification=naskah.classification,
        secrecy=naskah.secrecy, document_id=document.pk,
    )  # fmt: skip
    return Incoming.objects.create(
        agency_id=agency_id, entry=line, naskah=naskah, copy=copy, urgency=naskah.urgency, received_at=now
    )


def entry(
    agency_id: int,
    direction: str,
    now: datetime,
    *,
    number: str,
    dated: date,
    correspondent: str,
    subject: str,
    classification: str,
    secrecy: str,
    document_id: int | None = None,
    file_id: str | None = None,
) -> AgendaEntry:
    """The next line of a register; its counter stays locked until the caller's transaction ends."""
    year = timezone.localdate(now).year
    ((serial,),) = rows(_NEXT, [agency_id, direction, year])
    return AgendaEntry.objects.create(
        agency_id=agency_id,
        direction=direction,
        year=year,
        serial=serial,
        at=now,
        number=number,
        dated=dated,
        correspondent=correspondent[:CORRESPONDENT_LENGTH],
        subject=subject,
        classification=classification,
        secrecy=secrecy,
        document_id=document_id,
        file_id=file_id,
    )
