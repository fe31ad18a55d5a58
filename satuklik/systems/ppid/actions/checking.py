"""Completeness: checked within three working days; what is missing is asked for, and the clock goes on."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from satuklik.base.calendar import actions as calendar
from satuklik.kernel.dates_id import long_date
from satuklik.systems.ppid import parameters, rules
from satuklik.systems.ppid.actions import clocks, telling
from satuklik.systems.ppid.actions.deciding import drop_extension
from satuklik.systems.ppid.actions.forwarding import recall_all
from satuklik.systems.ppid.actions.opening import (
    change,
    locked,
    note,
    require,
    require_officer,
    require_state,
    touch,
)
from satuklik.systems.ppid.actions.receiving import GivenFile, add_files
from satuklik.systems.ppid.errors import BadInput
from satuklik.systems.ppid.models import InformationRequest

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


@transaction.atomic
def begin_check(request: InformationRequest, *, by: "Official", now: datetime) -> InformationRequest:
    """An officer takes it and looks whether it is complete. Raises NotYours, WrongState."""
    require_officer(by, now)
    current = locked(request)
    require(current, rules.COMPLETENESS)
    current.officer = by
    change(current, rules.COMPLETENESS, now, "officer")
    note(current, "checking", now, by=by)
    return current


@transaction.atomic
def declare_complete(request: InformationRequest, *, by: "Official", now: datetime) -> InformationRequest:
    """It is complete: from this day the second clock counts, where the parameter says so. Raises NotYours, WrongState."""
    require_officer(by, now)
    current = locked(request)
    require(current, rules.IN_PROCESS)
    require_state(current, rules.REGISTERED, rules.COMPLETENESS, rules.INCOMPLETE)
    actor, day = f"official:{by.pk}", timezone.localdate(now)
    for term in (current.term_check, current.term_supplement):
        if term is not None:
            calendar.close_term(term, actor=actor, now=now)
    current.complete_at, current.officer, current.missing = now, by, ""
    if current.term_complete is None and parameters.value("second_clock", day):
        current.term_complete = clocks.start(
            current, clocks.FROM_COMPLETE, "answer_days", day, actor=actor, now=now
        )
        if current.extended_on is not None and current.term is not None:
            current.term_complete = calendar.extend_term(
                current.term_complete,
                current.term.extra_days,
                reason=current.extension_reason,
                actor=actor,
                now=now,
            )
    current.due_on = clocks.due_of(current)
    change(current, rules.IN_PROCESS, now, "complete_at", "officer", "missing", "term_complete", "due_on")
    note(current, "complete", now, by=by, data={"complete_on": day.isoformat()})
    return current


@transaction.atomic
def declare_incomplete(
    request: InformationRequest, *, missing: str, by: "Official", now: datetime
) -> InformationRequest:
    """Tell the applicant what is missing; three working days to add it. The legal clock goes on. Raises NotYours,
    WrongState, BadInput."""
    require_officer(by, now)
    missing = rules.tidy(missing, 2_000)
    if not missing:
        raise BadInput([("missing", _("Tulis apa yang harus dilengkapi pemohon."))])
    current = locked(request)
    require(current, rules.INCOMPLETE)
    current.missing, current.officer = missing, by
    current.term_supplement = clocks.start_anew(
        current, current.term_supplement, clocks.SUPPLEMENT, "supplement_days", timezone.localdate(now),
        actor=f"official:{by.pk}", now=now,
    )  # fmt: skip
    change(current, rules.INCOMPLETE, now, "missing", "officer", "term_supplement")
    until = current.term_supplement.due_on
    words = _("Permintaan %(number)s perlu dilengkapi: %(missing)s") % {
        "number": current.number, "missing": missing,
    }  # fmt: skip
    if until is not None:
        words += "\n" + _("Kami tunggu sampai %(until)s, lewat tautan ini:") % {"until": long_date(until)}
    message = telling.applicant(current, words, now=now, by=by, template="clarification")
    note(current, "incomplete", now, by=by, text=missing, data={"message": message})
    return current


@transaction.atomic
def supplement(
    request: InformationRequest, *, text: str, files: Sequence[GivenFile] = (), now: datetime, by: "Official | None" = None,
    answered_at: datetime | None = None,
) -> InformationRequest:  # fmt: skip
    """The applicant adds what was missing; the officer looks again. `answered_at`: when the message came in that an officer
    takes as it; the applicant's days end there. Raises WrongState, BadInput."""
    text = rules.tidy(text, 5_000)
    if not text and not files:
        raise BadInput([("text", _("Tulis kelengkapannya atau lampirkan berkas."))])
    current = locked(request)
    require_state(current, rules.INCOMPLETE)
    add_files(current, files, now)
    if current.term_supplement is not None:
        calendar.close_term(current.term_supplement, actor="applicant", now=answered_at or now)
    change(current, rules.COMPLETENESS, now)
    note(current, "supplemented", now, by=by, text=text)
    telling.officer_of(current, _("Pemohon melengkapi %(number)s"), text, now)
    return current


@transaction.atomic
def withdraw(
    request: InformationRequest, *, reason: str, now: datetime, by: "Official | None" = None
) -> InformationRequest:
    """The applicant takes it back; or an officer ends it (one that was never completed), which needs a reason and can be
    objected to like a refusal. Raises WrongState, NotYours, BadInput."""
    reason = rules.tidy(reason, 1_000)
    if by is not None:
        require_officer(by, now)
    recall_all(request, by=by, reason=_("Permintaan berakhir."), now=now)
    current = locked(request)
    require(current, rules.WITHDRAWN)
    if by is not None and not reason:
        raise BadInput([("reason", _("Tulis alasannya. Alasan itu disampaikan kepada pemohon."))])
    drop_extension(current, f"official:{by.pk}" if by else "applicant", now)
    clocks.close_all(current, actor=f"official:{by.pk}" if by else "applicant", now=now)
    current.closed_at = now
    change(current, rules.WITHDRAWN, now, "closed_at")
    message = None
    if by is not None:
        words = _("Permintaan %(number)s dihentikan: %(reason)s") % {
            "number": current.number,
            "reason": reason,
        }
        words += "\n" + _("Bila Anda tidak setuju, Anda dapat mengajukan keberatan lewat tautan ini:")
        message = telling.applicant(current, words, now=now, by=by)
    note(
        current,
        "withdrawn" if by is None else "dropped",
        now,
        by=by,
        text=reason,
        data={"message": message},
    )
    return current


@transaction.atomic
def take(request: InformationRequest, *, by: "Official", now: datetime) -> InformationRequest:
    """Make it the officer's own. Raises NotYours."""
    require_officer(by, now)
    current = locked(request)
    current.officer = by
    touch(current, now, "officer")
    return current
