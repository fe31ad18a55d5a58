"""The answer takes longer: once, by a written notice that PPID signs before the last day ends (UU 14/2008 ps. 22(8))."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from satuklik.base.calendar import actions as calendar
from satuklik.kernel.dates_id import long_date
from satuklik.systems.ppid import papers, parameters, permits, rules
from satuklik.systems.ppid.actions import clocks, telling
from satuklik.systems.ppid.actions.deciding import drop, tell_signer, write
from satuklik.systems.ppid.actions.delivering import HOW
from satuklik.systems.ppid.actions.opening import locked, note, require_officer, touch
from satuklik.systems.ppid.errors import BadInput, CannotExtend, WrongState
from satuklik.systems.ppid.models import InformationRequest, Letter
from satuklik.systems.ppid.queries import extensions

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


@transaction.atomic
def extend(request: InformationRequest, *, days: int, reason: str, by: "Official", now: datetime) -> Letter:
    """Write the notice that extends the answer, once and by at most seven working days, with its reason; it then waits
    for its signature. Nothing is extended before it is signed. Raises NotYours, CannotExtend, NotPrintable."""
    require_officer(by, now)
    reason = rules.tidy(reason, 2_000)
    current = locked(request)
    _check(current, days=days, reason=reason, now=now)
    agency = permits.ppid_agency()
    made = Letter.objects.filter(reference__startswith=f"{current.reference}-P").count()
    letter = Letter(
        reference=f"{current.reference}-P{made + 1}", kind=Letter.Kind.EXTENSION, agency=agency, content={},
        made_at=now, made_by=by, due_on=current.due_on, source=papers.source(papers.FILES[Letter.Kind.EXTENSION]),
    )  # fmt: skip
    due = clocks.due_if_extended(current, days)
    write(letter, papers.of_extension(current, days=days, reason=reason, due_on=due, now=now), agency, now)
    current.extension_letter = letter
    touch(current, now, "extension_letter")
    note(
        current, "extension_drafted", now, by=by, text=reason, data={"days": days, "letter": letter.reference}
    )
    tell_signer(letter, now)
    return letter


def check_before_signing(request: InformationRequest, letter: Letter, now: datetime) -> None:
    """At the moment of the signature the law is asked again: what was written in time and is signed too late extends
    nothing. Raises CannotExtend."""
    days, reason = int(letter.content["days"]), letter.content["reason"]
    _check(request, days=days, reason=reason, now=now, signing=True)
    due = clocks.due_if_extended(request, days)
    if (due.isoformat() if due else "") != letter.content["due_on"]:
        raise _cannot("moved", request, now)  # the calendar changed, or a second clock began


def in_force(request: InformationRequest, letter: Letter, *, by: "Official", now: datetime) -> None:
    """The signed notice extends the clocks and goes to the applicant, in the caller's transaction."""
    assert letter.document is not None
    current = locked(request)
    days, reason, actor = int(letter.content["days"]), letter.content["reason"], f"official:{by.pk}"
    for name, term in current.answer_terms():
        setattr(current, name, calendar.extend_term(term, days, reason=reason, actor=actor, now=now))
    current.due_on, current.extended_on = clocks.due_of(current), timezone.localdate(now)
    current.extension_reason = reason
    touch(current, now, "due_on", "extended_on", "extension_reason")
    due = long_date(current.due_on) if current.due_on else "–"
    words = _("Waktu jawaban permintaan %(number)s diperpanjang %(days)s hari kerja, menjadi %(due)s. Alasannya: %(reason)s") % {
        "number": current.number, "days": days, "due": due, "reason": reason,
    }  # fmt: skip
    words += "\n" + _("Surat bernomor %(letter)s ada di tautan ini:") % {"letter": letter.document.number}
    message = telling.applicant(
        current, words, now=now, by=by, files=[(letter.document.file_id, f"{letter.reference}.pdf")],
        template="extended",
    )  # fmt: skip
    note(
        current, "extended", now, by=by, text=reason,
        data={"days": days, "due_on": current.due_on.isoformat() if current.due_on else None, "message": message,
              "number": letter.document.number},
    )  # fmt: skip


@transaction.atomic
def take_back_extension(
    request: InformationRequest, *, by: "Official", now: datetime, reason: str = ""
) -> InformationRequest:
    """Take the notice back before it is signed: by the officer, or by who should sign it (with a reason). Raises
    NotYours, WrongState, StillSigning."""
    current = locked(request)
    letter = current.extension_letter
    if letter is None or letter.state != Letter.State.WAITING:
        raise WrongState(current.state, "extended")
    if permits.may_sign(by, letter.agency.code, now) is None:
        require_officer(by, now)
    state = Letter.State.RETURNED if reason else Letter.State.DROPPED
    drop(letter, state, reason, f"official:{by.pk}", now)
    current.extension_letter = None
    touch(current, now, "extension_letter")
    kind = "returned" if reason else "extension_dropped"
    note(current, kind, now, by=by, text=rules.tidy(reason, 300), data={"letter": letter.reference})
    return current


@transaction.atomic
def hand_over_extension(
    request: InformationRequest, *, how: str, by: "Official", now: datetime
) -> InformationRequest:
    """The signed notice was handed over or posted by a person. Raises NotYours, WrongState, BadInput."""
    require_officer(by, now)
    how = rules.tidy(how, HOW)
    if not how:
        raise BadInput([("how", _("Tulis bagaimana surat disampaikan, misalnya: diambil langsung."))])
    current = locked(request)
    if not extensions.to_hand_over(current):
        raise WrongState(current.state, "extended")
    touch(current, now)
    note(current, "extension_told", now, by=by, text=how)
    return current


def _check(
    request: InformationRequest, *, days: int, reason: str, now: datetime, signing: bool = False
) -> None:
    letter = request.extension_letter
    most = int(parameters.value("extension_days", timezone.localdate(now)))
    fault = rules.extension_fault(
        state=request.state, running=bool(request.answer_terms()),
        waiting=not signing and letter is not None and letter.state == Letter.State.WAITING,
        extended=request.extended_on is not None, due_on=request.due_on, today=timezone.localdate(now), days=days,
        most=most, reason=reason,
    )  # fmt: skip
    if fault is not None:
        raise _cannot(fault, request, now)


def _cannot(code: str, request: InformationRequest, now: datetime) -> CannotExtend:
    most = int(parameters.value("extension_days", timezone.localdate(now)))
    return CannotExtend(code, due_on=request.due_on, most=most)
