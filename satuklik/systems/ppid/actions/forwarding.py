"""A request goes to PPID Pelaksana and comes back, is asked about; none of it resets its clock."""

import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from satuklik.base.calendar import actions as calendar
from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.spine.referrals import actions as referrals
from satuklik.spine.referrals import queries as referred
from satuklik.spine.referrals.errors import WrongState as AnsweredMeanwhile
from satuklik.systems.ppid import addresses, parameters, rules
from satuklik.systems.ppid.actions import clocks, telling
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
from satuklik.systems.ppid.models import Clarification, InformationRequest

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official


@transaction.atomic
def refer(
    request: InformationRequest, *, agency: "Agency", question: str, by: "Official", now: datetime, files: Sequence[str] = ()
) -> Any:  # fmt: skip
    """Put a question to the PPID Pelaksana of an agency; its answer is due so that PPID Utama keeps half of the time.
    The clock of the request goes on (forwarding inside the regency never resets it). Returns the referral. Raises
    NotYours, WrongState, BadInput."""
    require_officer(by, now)
    question = rules.tidy(question, 5_000)
    if not question:
        raise BadInput([("question", _("Tulis apa yang ditanyakan kepada perangkat daerah."))])
    current = locked(request)
    if current.state == rules.WITH_PELAKSANA:
        touch(current, now)  # a second agency is asked
    else:
        require(current, rules.WITH_PELAKSANA)
        current.officer = by
        change(current, rules.WITH_PELAKSANA, now, "officer")
    day = timezone.localdate(now)
    made = referrals.refer(
        subject=current.subject,
        title=_("Permintaan informasi %(number)s") % {"number": current.number},
        question=question,
        agency=agency,
        asked_by=by,
        received_on=timezone.localdate(current.received_at),
        now=now,
        answer_days=int(parameters.value("agency_days", day)),
        url=addresses.desk(current),
        files=files,
    )
    note(current, "referred", now, by=by, text=question, data={"agency": agency.code})
    return made


def on_answered(referral: Any, now: datetime) -> None:
    """A PPID Pelaksana answered (referrals.registry): back to PPID Utama when nobody else is waited for."""
    _came_back(referral, "agency_answered", _("Jawaban perangkat daerah untuk %(number)s"), now)


def on_given_back(referral: Any, now: datetime) -> None:
    """A PPID Pelaksana gave it back, with a reason."""
    _came_back(referral, "given_back", _("%(number)s dikembalikan perangkat daerah"), now)


@transaction.atomic
def _came_back(referral: Any, kind: str, title: str, now: datetime) -> None:
    found = InformationRequest.objects.filter(reference=referral.subject.removeprefix("ppid:")).first()
    if found is None:
        return
    current = locked(found)
    if current.state == rules.WITH_PELAKSANA and not _waited_for(current):
        change(current, rules.IN_PROCESS, now)
    elif (
        current.state == rules.CLARIFICATION
        and current.state_before == rules.WITH_PELAKSANA
        and not _waited_for(current)
    ):
        current.state_before = rules.IN_PROCESS
        touch(current, now, "state_before")
    note(current, kind, now, actor="system", data={"agency": referral.agency.code})
    telling.officer_of(current, title, referral.agency.name, now)


def _waited_for(request: InformationRequest) -> bool:
    return any(one.waiting for one in referred.of_subject(request.subject))


def recall_all(request: InformationRequest, *, by: "Official | None", reason: str, now: datetime) -> int:
    """Nobody waits for these answers any longer: links end, and no agency is called silent for them. `by` None: in the
    name of whoever asked. How many there were.

    To be called before the request is locked: an answer locks its referral first, then the request."""
    waiting = [one for one in referred.of_subject(request.subject) if one.waiting]
    for one in waiting:
        asker = by or one.referral.asked_by
        if asker is not None:
            with contextlib.suppress(AnsweredMeanwhile):
                referrals.recall(one.referral, by=asker, reason=reason, now=now)
    return len(waiting)


@transaction.atomic
def take_over(request: InformationRequest, *, by: "Official", now: datetime) -> InformationRequest:
    """PPID Utama goes on without waiting for the agency any longer. Raises NotYours, WrongState."""
    require_officer(by, now)
    recall_all(request, by=by, reason=_("PPID Utama melanjutkan tanpa menunggu jawaban."), now=now)
    current = locked(request)
    if current.state == rules.IN_PROCESS:
        return current  # the last answer came in this moment
    require_state(current, rules.WITH_PELAKSANA, rules.CONSEQUENCE_TEST)
    change(current, rules.IN_PROCESS, now)
    note(current, "recalled", now, by=by)
    return current


@transaction.atomic
def ask_clarification(
    request: InformationRequest, *, question: str, by: "Official", now: datetime
) -> InformationRequest:
    """Ask the applicant what is meant. The clock goes on, unless the parameter says otherwise. Raises NotYours,
    WrongState, BadInput."""
    require_officer(by, now)
    question = rules.tidy(question, 3_000)
    if not question:
        raise BadInput([("question", _("Tulis pertanyaan untuk pemohon."))])
    current = locked(request)
    require(current, rules.CLARIFICATION)
    current.state_before, current.officer = current.state, by
    change(current, rules.CLARIFICATION, now, "state_before", "officer")
    Clarification.objects.create(request=current, question=question, asked_at=now, asked_by=by)
    words = _("Tentang permintaan %(number)s kami perlu penjelasan: %(question)s\nJawab di sini atau lewat tautan ini:") % {
        "number": current.number, "question": question,
    }  # fmt: skip
    message = telling.applicant(current, words, now=now, by=by, template="clarification")
    note(current, "asked", now, by=by, text=question, data={"message": message})
    return current


@transaction.atomic
def clarify(
    request: InformationRequest, *, answer: str, now: datetime, by: "Official | None" = None,
    files: Sequence[GivenFile] = (), answered_at: datetime | None = None,
) -> InformationRequest:  # fmt: skip
    """The applicant answered; the request goes back to where it was. `answered_at`: when the message came in that an
    officer takes as the answer. Raises WrongState, BadInput."""
    answer = rules.tidy(answer, 5_000)
    if not answer and not files:
        raise BadInput([("answer", _("Tulis penjelasan Anda."))])
    current = locked(request)
    require_state(current, rules.CLARIFICATION)
    question = current.clarifications.select_for_update().get(answered_at=None)
    add_files(current, files, now)
    question.answer, question.answered_at = answer or _("Lihat lampiran."), answered_at or now
    question.save(update_fields=["answer", "answered_at"])
    if parameters.value("clarification_stops_clock", timezone.localdate(now)):
        _give_back_days(current, question)
    back = current.state_before if current.state_before in rules.WORKING else rules.IN_PROCESS
    if back == rules.WITH_PELAKSANA and not _waited_for(current):
        back = rules.IN_PROCESS
    current.state_before = ""
    change(current, back, now, "state_before", "due_on")
    note(current, "clarified", now, by=by, text=answer)
    telling.officer_of(current, _("Pemohon menjelaskan %(number)s"), answer, now)
    return current


def _give_back_days(request: InformationRequest, question: Clarification) -> None:
    """Where clarification stops the clock: the working days between question and answer are added."""
    assert question.answered_at is not None
    now = question.answered_at
    asked, answered = timezone.localdate(question.asked_at), timezone.localdate(now)
    for name in ("term", "term_complete"):
        term = getattr(request, name)
        if term is None or term.closed_at is not None:
            continue
        try:
            days = calendar.calendar_of(term).between(asked, answered)
        except YearNotLoaded:
            continue  # the answer is taken all the same; nobody can say how many days these were
        if days > 0:
            row = parameters.row("clarification_stops_clock", answered)
            setattr(
                request, name, calendar.extend_term(term, days, reason=row.source, actor="system", now=now)
            )
    request.due_on = clocks.due_of(request)
