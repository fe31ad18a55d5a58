"""One request, one objection or one letter as its page shows it, for whoever may see it."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from satuklik.base.calendar import actions as calendar
from satuklik.base.files import queries as files
from satuklik.spine.messaging import queries as messaging
from satuklik.spine.referrals import queries as referrals
from satuklik.systems.ppid import permits, rules, words
from satuklik.systems.ppid.errors import NotFound
from satuklik.systems.ppid.models import (
    Clarification,
    ConsequenceTest,
    Decision,
    Event,
    InformationRequest,
    Letter,
    MatterFile,
    Objection,
    PublishedAnswer,
)
from satuklik.systems.ppid.queries import extensions

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.base.calendar.models import Term

TERMS = ("term", "term_complete", "term_check", "term_supplement", "term_order")


@dataclass(frozen=True)
class Clock:
    """One clock with all that explains its date. `left`: working days, negative when late; None without a date."""

    name: str
    term: "Term"
    why: Any
    left: int | None
    running: bool
    alarms: bool
    """The one whose date is the earlier: it sorts the list and turns red."""


@dataclass(frozen=True)
class Line:
    """One line of the history."""

    kind: str
    words: str
    at: datetime
    who: str
    note: str
    proof: tuple[Any, ...]
    """Steps of the message's delivery, where one was sent."""


@dataclass(frozen=True)
class RequestView:
    """A request with everything around it."""

    request: InformationRequest
    state: str
    state_words: str
    tone: str
    clocks: tuple[Clock, ...]
    late: bool
    open: bool
    step: str
    decision: Decision | None
    letter: Letter | None
    earlier: tuple[Decision, ...]
    tests: tuple[ConsequenceTest, ...]
    clarifications: tuple[Clarification, ...]
    files: tuple[MatterFile, ...]
    answer_files: tuple[MatterFile, ...]
    earlier_files: tuple[MatterFile, ...]
    """Of decisions that are not in force: nobody gets them unless they are put to a new one."""
    objections: tuple[Objection, ...]
    referrals: tuple[Any, ...]
    history: tuple[Line, ...]
    may: frozenset[str]


@dataclass(frozen=True)
class ObjectionView:
    """An objection with its request."""

    objection: Objection
    request: InformationRequest
    state_words: str
    tone: str
    clocks: tuple[Clock, ...]
    late: bool
    letter: Letter | None
    files: tuple[MatterFile, ...]
    history: tuple[Line, ...]
    may: frozenset[str]


def request_for(reference: str, official: "Official", now: datetime) -> RequestView:
    """The request for an officer of the PPID agency, or of Atasan PPID where an objection is about it. Raises NotFound,
    as if there were none, for anybody else."""
    found = _requests().filter(reference=reference).first() if "\0" not in reference else None
    if found is None:
        raise NotFound(reference)
    if permits.is_officer(official, now):
        return _view(found, now, officer=True)
    if found.objections.exists() and permits.is_superior(official, now):
        return _view(found, now, officer=False)
    raise NotFound(reference)


def tracked(reference: str, key: str) -> InformationRequest:
    """The request whose tracking page this is. Raises NotFound; takes as long for a wrong key as for a right one."""
    found = _requests().filter(reference=reference).first() if "\0" not in reference else None
    if not secrets.compare_digest((found.key if found else "-" * 22).encode(), key.encode()) or found is None:
        raise NotFound(reference)
    return found


def tracked_objection(reference: str, key: str) -> Objection:
    """The same for an objection."""
    rows = Objection.objects.select_related("request", "letter__document", "term", "term_dispute")
    found = rows.filter(reference=reference).first() if "\0" not in reference else None
    if not secrets.compare_digest((found.key if found else "-" * 22).encode(), key.encode()) or found is None:
        raise NotFound(reference)
    return found


def applicant_view(request: InformationRequest, now: datetime) -> RequestView:
    """The request as its applicant sees it."""
    return _view(request, now, officer=False)


def objection_for(reference: str, official: "Official", now: datetime) -> ObjectionView:
    """An objection for officers of the PPID agency and of Atasan PPID. Raises NotFound."""
    rows = Objection.objects.select_related(
        "request__officer", "letter__document", "letter__agency", "term", "term_dispute"
    )
    found = rows.filter(reference=reference).first() if "\0" not in reference else None
    officer, superior = permits.is_officer(official, now), permits.is_superior(official, now)
    if found is None or not (officer or superior):
        raise NotFound(reference)
    may = _objection_may(found, officer=officer, superior=superior, today=timezone.localdate(now))
    return _objection_view(found, now, may)


def applicant_objection(objection: Objection, now: datetime) -> ObjectionView:
    """An objection as its applicant sees it."""
    return _objection_view(objection, now, frozenset())


def letter_for(reference: str, official: "Official", now: datetime) -> Letter:
    """A letter for whoever may read it: officers, those of Atasan PPID for theirs, and who signs it. Raises NotFound."""
    rows = Letter.objects.select_related(
        "agency__region", "agency__parent", "document", "made_by", "signed_by"
    )
    found = rows.filter(reference=reference).first() if "\0" not in reference else None
    if found is None:
        raise NotFound(reference)
    reads = (
        permits.is_officer(official, now)
        or (found.kind == Letter.Kind.OBJECTION and permits.is_superior(official, now))
        or permits.may_sign(official, found.agency.code, now) is not None
    )
    if not reads:
        raise NotFound(reference)
    return found


def file_of(request: InformationRequest, file_id: int) -> tuple[bytes, str, str]:
    """The bytes, media type and name of a file of the request, for officials. Raises NotFound."""
    return _read(request, request.files.filter(pk=file_id).first())


def answer_file(request: InformationRequest, file_id: int) -> tuple[bytes, str, str]:
    """The same of a file of the answer in force, for the applicant. Raises NotFound."""
    answers = request.files.filter(kind=MatterFile.Kind.ANSWER, decision__in_force=True)
    return _read(request, answers.filter(pk=file_id).first())


def _read(request: InformationRequest, found: MatterFile | None) -> tuple[bytes, str, str]:
    if found is None:
        raise NotFound(request.reference)
    return files.read(found.file_id), files.media_type(found.file_id), found.name


def of_applicant(number: str, contact: str) -> InformationRequest | None:
    """The request with this number (or reference) where `contact` is its telephone or e-mail; None for anything else."""
    reference = find_reference(number).removeprefix("ppid:")
    found = InformationRequest.objects.filter(reference=reference).first() if reference else None
    if found is None:
        return None
    if "@" in contact:
        return found if contact.strip().casefold() == found.email.casefold() else None
    typed = rules.bare_phone(contact)
    return found if len(typed) >= 9 and typed == rules.bare_phone(found.phone) else None


def find_reference(text: str) -> str:
    """What a person wrote as a number → the subject that it names ("ppid:PI-7F3K-9Q2M"), or "". Reads references and
    the printed numbers of both registers."""
    wanted = text.strip().replace("\0", "")[:60]
    if not wanted:
        return ""
    for rows in (InformationRequest.objects, Objection.objects):
        found = (
            rows.filter(Q(reference__iexact=wanted) | Q(number__iexact=wanted))
            .values_list("reference", flat=True)
            .first()
        )
        if found:
            return f"ppid:{found}"
    return ""


def clocks_of(matter: InformationRequest | Objection, now: datetime) -> tuple[Clock, ...]:
    """The clocks of a matter, those that alarm first. They say why their date is what it is."""
    request = isinstance(matter, InformationRequest)
    names = TERMS if request else ("term", "term_dispute")
    found: list[Clock] = []
    for name in names:
        term = getattr(matter, name)
        if term is None:
            continue
        running = term.closed_at is None
        earlier = running and term.due_on == matter.due_on and name not in ("term_check", "term_supplement")
        found.append(
            Clock(
                name=name if name != "term" or request else "term_objection", term=term, why=calendar.why(term), running=running,
                left=_left(term, now), alarms=earlier and not any(one.alarms for one in found),
            )
        )  # fmt: skip
    return tuple(found)


def is_late(matter: InformationRequest | Objection, today: date) -> bool:
    """Past its date while the other side waits."""
    waits = rules.OPEN if isinstance(matter, InformationRequest) else rules.OBJECTION_OPEN
    told = isinstance(matter, InformationRequest) and matter.notified_at is not None
    return matter.state in waits and not told and matter.due_on is not None and today > matter.due_on


def history(request: InformationRequest, *, objection: Objection | None = None) -> tuple[Line, ...]:
    """What happened, the newest last, with the proof of each message."""
    rows = request.events.select_related("official").order_by("pk")
    events = list(rows.filter(objection=objection) if objection is not None else rows)
    ids = [event.data["message"] for event in events if event.data.get("message")]
    sent = {message.pk: message for message in messaging.messages_by_id(ids)} if ids else {}
    return tuple(_line(event, sent) for event in events)


def _line(event: Event, sent: dict[int, Any]) -> Line:
    message = sent.get(event.data.get("message") or 0)
    who = event.official.name if event.official else str(words.ACTORS.get(event.actor, event.actor))
    return Line(
        kind=event.kind, words=str(words.EVENTS.get(event.kind, event.kind)), at=event.at, who=who, note=event.note,
        proof=tuple(messaging.proof(message)) if message is not None else (),
    )  # fmt: skip


def _requests() -> Any:
    return InformationRequest.objects.select_related(
        "officer__user", "user", "extension_letter__document", *TERMS
    )


def _left(term: "Term", now: datetime) -> int | None:
    return calendar.left(term, now)


def _view(request: InformationRequest, now: datetime, *, officer: bool) -> RequestView:
    decisions = list(
        request.decisions.select_related(
            "letter__document", "letter__agency", "letter__signed_by", "decided_by"
        ).order_by("-pk")
    )
    decision = next((one for one in decisions if one.in_force), None)
    letter = decision.letter if decision else None
    kept = list(request.files.filter(objection=None).order_by("pk"))
    unpaid = bool(decision and decision.cost and not request.paid)
    return RequestView(
        request=request,
        state=request.state,
        state_words=words.state(request.state),
        tone=words.TONES[request.state],
        clocks=clocks_of(request, now),
        late=is_late(request, timezone.localdate(now)),
        open=request.state in rules.OPEN,
        step=rules.next_step(
            request.state, letter=letter.state if letter else "", unpaid=unpaid and request.notified_at is not None
        ),
        decision=decision,
        letter=letter,
        earlier=tuple(one for one in decisions if not one.in_force),
        tests=tuple(request.tests.select_related("recorded_by").order_by("pk")),
        clarifications=tuple(request.clarifications.select_related("asked_by").order_by("pk")),
        files=tuple(one for one in kept if one.kind != MatterFile.Kind.ANSWER),
        answer_files=tuple(one for one in kept if decision is not None and one.decision_id == decision.pk),
        earlier_files=tuple(
            one for one in kept if one.kind == MatterFile.Kind.ANSWER and (decision is None or one.decision_id != decision.pk)
        ),
        objections=tuple(request.objections.order_by("pk")),
        referrals=tuple(referrals.of_subject(request.subject, now)) if officer else (),
        history=history(request),
        may=_may(request, decision, now) if officer else frozenset(),
    )  # fmt: skip


def _may(request: InformationRequest, decision: Decision | None, now: datetime) -> frozenset[str]:
    """What an officer can do now; the words are those of the desk's acts."""
    nexts, may = rules.NEXT[request.state], set()
    if rules.COMPLETENESS in nexts and request.state == rules.REGISTERED:
        may.add("check")
    if request.state in (rules.REGISTERED, rules.COMPLETENESS, rules.INCOMPLETE):
        may |= {"complete"} | ({"incomplete"} if rules.INCOMPLETE in nexts else set())
    if request.state == rules.INCOMPLETE:
        may.add("supplement")
    if request.state in rules.WORKING:
        may |= {"refer", "ask", "decide", "record_test"}
    if rules.CONSEQUENCE_TEST in nexts:
        may.add("test")
    if request.state in (rules.WITH_PELAKSANA, rules.CONSEQUENCE_TEST):
        may.add("take_over")
    if request.state == rules.CLARIFICATION:
        may.add("clarify")
    may |= extensions.may(request, now)
    if rules.WITHDRAWN in nexts:
        may.add("withdraw")
    if request.state == rules.DECIDED and decision is not None:
        if decision.letter.state == Letter.State.WAITING:
            may.add("take_back")
        elif request.notified_at is None:
            may.add("notify")
        elif decision.cost and not request.paid:
            may.add("pay")
        else:
            may.add("deliver")
    if request.state == rules.DELIVERED:
        may |= {"close", "publish"}
    if request.state == rules.CLOSED:
        may.add("publish")
    if "publish" not in may and PublishedAnswer.objects.filter(request=request, state="published").exists():
        may.add("unpublish")
    if request.state != rules.WITHDRAWN or request.ended_by_us():
        may.add("object")
    return frozenset(may)


def _objection_may(objection: Objection, *, officer: bool, superior: bool, today: date) -> frozenset[str]:
    nexts, may = rules.OBJECTION_NEXT[objection.state], set()
    if officer:
        if objection.state in (rules.FILED, rules.REGISTERED):
            may.add("send")
        if rules.AT_KI in nexts:
            may.add("dispute")
        may |= {stage for stage in (rules.MEDIATION, rules.ADJUDICATION) if stage in nexts}
        if rules.RULED in nexts:
            may.add("rule")
        over = objection.due_on is not None and today > objection.due_on
        if rules.CLOSED in nexts and (over or objection.applicant_response == "accepts"):
            may.add("close")
        if objection.state == rules.DISPUTE_WINDOW:
            may.add("respond")
        if rules.WITHDRAWN in nexts:
            may.add("withdraw")
        may.add("dossier")
    if superior:
        if objection.state == rules.WITH_ATASAN:
            may.add("decide")
        if (
            objection.state == rules.DECIDED
            and objection.letter
            and objection.letter.state == Letter.State.WAITING
        ):
            may.add("take_back")
    return frozenset(may)


def _objection_view(objection: Objection, now: datetime, may: frozenset[str]) -> ObjectionView:
    return ObjectionView(
        objection=objection,
        request=objection.request,
        state_words=words.state(objection.state),
        tone=words.TONES[objection.state],
        clocks=clocks_of(objection, now),
        late=is_late(objection, timezone.localdate(now)),
        letter=objection.letter,
        files=tuple(objection.files.order_by("pk")),
        history=history(objection.request, objection=objection),
        may=may,
    )
