"""What is told to whom: the desk of a new question, the writer, those who approve, the journalist."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from satuklik.spine.messaging import actions as messaging
from satuklik.spine.referrals.rules import without_personal_data as without_personal_data
from satuklik.systems.press import permits, policies
from satuklik.systems.press.models import Enquiry, Statement

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

NO_INFORMATION_DESK = _("Layanan permohonan informasi tidak aktif di pemasangan ini.")


def desk_of_new(enquiry: Enquiry, now: datetime) -> None:
    """The information officers of the desk hear of an urgent question at once; the others see it in the rail."""
    if enquiry.urgent:
        for one in permits.desk(now):
            if one.role == "ppid":
                _tell(one, enquiry, "new", _("Pertanyaan pers mendesak: %(topic)s"), now)


def assigned(enquiry: Enquiry, now: datetime) -> None:
    """Somebody got the question."""
    _tell(enquiry.assigned, enquiry, "assigned", _("Anda menangani: %(topic)s"), now)


def fact_came(enquiry: Enquiry, agency: str, kind: str, now: datetime) -> None:
    """An agency answered, or gave the question back."""
    words = (
        _("%(agency)s memberi fakta: %(topic)s")
        if kind == "fact"
        else _("%(agency)s mengembalikan: %(topic)s")
    )
    _tell(enquiry.assigned, enquiry, kind, words, now, agency=agency)


def approvers(enquiry: Enquiry, now: datetime) -> None:
    """A statement waits for approval."""
    for one in permits.approvers(now):
        _tell(one, enquiry, "submitted", _("Pernyataan pers menunggu persetujuan: %(topic)s"), now)


def of_approval(enquiry: Enquiry, now: datetime) -> None:
    """The writer may send."""
    statement = enquiry.statement
    writer = enquiry.assigned or (statement.written_by if statement else None)
    _tell(writer, enquiry, "approved", _("Disetujui, silakan kirim: %(topic)s"), now)


def returned(enquiry: Enquiry, reason: str, now: datetime) -> None:
    """The writer must mend."""
    statement = enquiry.statement
    _tell(
        statement.written_by if statement else enquiry.assigned, enquiry, "returned",
        _("Pernyataan dikembalikan: %(topic)s"), now, body=reason,
    )  # fmt: skip


def nearly_late(enquiry: Enquiry, now: datetime) -> None:
    """The time is nearly over."""
    for one in _responsible(enquiry, now):
        _tell(one, enquiry, "warned", _("Waktu hampir habis: %(topic)s"), now)


def late(enquiry: Enquiry, now: datetime) -> None:
    """The time is over: those who approve hear of it too."""
    people = {one.pk: one for one in [*_responsible(enquiry, now), *permits.approvers(now)]}
    for one in people.values():
        _tell(one, enquiry, "late", _("Pertanyaan pers lewat waktu: %(topic)s"), now)


def statement(enquiry: Enquiry, version: Statement) -> str:
    """The statement as the journalist reads it: whom to quote, and where more can be asked."""
    quoted = version.spokesperson
    with override(enquiry.conversation.language if enquiry.conversation else "id"):
        head = _("Jawaban atas pertanyaan Anda (%(reference)s): %(topic)s") % {
            "reference": enquiry.reference, "topic": enquiry.topic,
        }  # fmt: skip
        foot = _("Dapat dikutip dari: %(who)s") % {"who": quoted} if quoted else ""
    return "\n\n".join(part for part in (head, version.text, foot) if part)


def _responsible(enquiry: Enquiry, now: datetime) -> "list[Official]":
    if enquiry.assigned is not None:
        return [enquiry.assigned]
    return [one for one in permits.desk(now) if one.role == "ppid"]


def _tell(
    to: "Official | None",
    enquiry: Enquiry,
    kind: str,
    title: str | Promise,
    now: datetime,
    *,
    body: str = "",
    **values: str,
) -> None:
    if to is None:
        return
    with override(to.user.language if to.user is not None else "id"):
        due = date_format(policies.local(enquiry.due_at), "j F Y, H.i")
        words = body or _("Dijawab paling lambat %(due)s WIB.") % {"due": due}
        said = str(title) % {"topic": enquiry.topic, **values}
    messaging.notify_official(
        to, f"press.{kind}", said, words,
        reverse("press:enquiry", args=[enquiry.reference]), now,
    )  # fmt: skip
