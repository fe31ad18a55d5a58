"""A case made ready for its page: who applies, facts, answers, rules, history, and what may be done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from satuklik.base.agencies import queries as agencies
from satuklik.faces.desk import wording
from satuklik.faces.desk.queries import holidays_around, service_name
from satuklik.faces.desk.rules import Deadline, deadline
from satuklik.spine.cases import queries as cases

# Codes for the rules say nothing to a person; name and NIK stand above already, as the applicant.
CODES_ONLY = frozenset({"village.code", "village.kind", "district.code"})
UNSHOWN = CODES_ONLY | {"person.name", "person.nik"}
# In the order of an identity card: who, then where; what is not named here comes last.
ORDER = {
    name: place
    for place, name in enumerate(
        (
            "person.name", "person.nik", "household.kk", "person.birth_place", "person.birth_date", "person.age",
            "person.sex", "person.religion", "person.marital", "person.education", "person.occupation",
            "person.citizenship", "person.father_name", "person.mother_name", "person.status",
            "household.address", "household.rt", "household.rw", "village.name", "district.name",
            "regency.name", "household.postal_code",
        )
    )
}  # fmt: skip


@dataclass(frozen=True)
class File:
    """A file of the applicant."""

    name: str
    url: str


@dataclass(frozen=True)
class Line:
    """Something known of the case, with where it comes from."""

    label: str
    value: str
    source: str = ""
    as_of: date | None = None
    files: Sequence[File] = ()

    @property
    def origin(self) -> tuple[str, date | None]:
        """The register, and how fresh it was."""
        return self.source, self.as_of


@dataclass(frozen=True)
class RuleLine:
    """What one condition of the service said."""

    holds: bool
    message: str
    mend: str
    law: str
    inputs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class EventLine:
    """One line of the history."""

    at: datetime
    text: str
    who: str
    note: str
    law: str


@dataclass(frozen=True)
class Powers:
    """What this official may do with the case now, and if nothing, why not."""

    decide: bool
    sign: agencies.Signer | None
    hand_over: bool
    finish: bool
    why_not: str = ""

    @property
    def outcomes(self) -> bool:
        """True when there is anything to decide or to sign."""
        return self.decide or self.sign is not None


@dataclass(frozen=True)
class LetterLine:
    """The letter that came out of the case: whether it holds, and whether this official may take it back."""

    number: str
    status: str
    """in_force, annulled, replaced or pending."""
    ended_at: datetime | None
    reason: str
    decision: str
    """The number of the decision that ended it; empty where there is none."""
    may_annul: bool


@dataclass(frozen=True)
class CaseFile:
    """Everything that the page of a case shows."""

    reference: str
    service_name: str
    agency_name: str
    state: str
    state_label: str
    state_tone: str
    deadline: Deadline
    due_on: date | None
    closed: bool
    applicant: str
    nik: str
    submitted_at: datetime
    assisted_by: str
    answers: Sequence[Line]
    facts: Sequence[Line]
    rules: Sequence[RuleLine]
    events: Sequence[EventLine]
    has_letter: bool
    number: str
    task_id: int | None
    step: str
    handoff: object
    instructions: str
    powers: Powers
    rule_choices: Sequence[tuple[str, str]]
    letter: LetterLine | None = None


def powers(view: cases.CaseView, official: agencies.Official, now: datetime) -> Powers:
    """Judge what may be done; the actions judge again when it is done."""
    case = view.case
    if not agencies.works_for(official, case.agency_id, now):
        return Powers(
            False, None, False, False, _("Permohonan ini ditangani kantor lain. Anda hanya dapat melihatnya.")
        )
    if case.closed_at is not None:
        return Powers(False, None, False, False, _("Permohonan ini sudah selesai."))
    if view.handoff is not None:
        waits = view.handoff.state
        return Powers(False, None, waits == "prepared", waits == "handed_over")
    if view.task is None:
        return Powers(False, None, False, False, _("Permohonan ini menunggu perbaikan dari warga."))
    signer = agencies.may_sign(official, view.agency, now)
    may_decide = signer is not None or official.role in view.task.roles
    has_letter = view.service.definition.letter is not None
    why = (
        ""
        if may_decide
        else _("Tugas ini menunggu pejabat lain di kantor Anda. Anda hanya dapat melihatnya.")
    )
    return Powers(may_decide, signer if has_letter else None, False, False, why)


def casefile(view: cases.CaseView, official: agencies.Official, now: datetime) -> CaseFile:
    """Make a case ready for its page."""
    case, definition = view.case, view.service.definition
    language, today = get_language() or "id", timezone.localdate(now)
    facts = {fact.name: fact for fact in view.facts}
    letter = view.document
    handoff = definition.handoff
    return CaseFile(
        reference=case.reference,
        service_name=service_name(view.service),
        agency_name=view.agency.name,
        state=case.state,
        state_label=wording.state(case.state),
        state_tone=wording.tone(case.state),
        deadline=deadline(case.due_on, today, holidays_around([case.due_on], today)),
        due_on=case.due_on,
        closed=case.closed_at is not None,
        applicant=case.person.name,
        nik=case.person.nik,
        submitted_at=case.submitted_at,
        assisted_by=case.assisted_by.name if case.assisted_by else "",
        answers=list(_answers(view, language)),
        facts=[
            Line(str(fact.label), wording.fact(name, fact.value), _(fact.source), fact.as_of)
            for name, fact in sorted(facts.items(), key=_card_order)
            if name not in UNSHOWN
        ],
        rules=list(_rules(view, language, facts)),
        events=list(_events(view)),
        has_letter=definition.letter is not None,
        number=letter.number if letter else "",
        task_id=view.task.pk if view.task else None,
        step=view.task.step if view.task else "",
        handoff=view.handoff,
        instructions=handoff.instructions.in_language(language) if handoff else "",
        powers=powers(view, official, now),
        rule_choices=[(rule.id, rule.message.in_language(language)) for rule in definition.rule],
        letter=_letter(view, official, now),
    )


def _letter(view: cases.CaseView, official: agencies.Official, now: datetime) -> LetterLine | None:
    letter = view.document
    if letter is None:
        return None
    in_force = letter.status == "in_force"
    return LetterLine(
        number=letter.number,
        status=letter.status,
        ended_at=letter.status_at,
        reason=letter.status_reason,
        decision=letter.status_decision.number if letter.status_decision and not in_force else "",
        may_annul=in_force and agencies.may_sign(official, view.agency, now) is not None,
    )


def _card_order(item: tuple[str, cases.ShownFact]) -> tuple[str, int]:
    return item[1].source, ORDER.get(item[0], len(ORDER))


def _answers(view: cases.CaseView, language: str) -> Iterator[Line]:
    for asked in view.answers:
        question = asked.question
        label = question.label.in_language(language)
        if question.type == "file":
            files = [
                File(found.name, reverse("desk:attachment", args=[found.pk]))
                for found in view.attachments
                if found.question == question.id
            ]
            if files:
                yield Line(label, "", files=files)
        elif asked.value is not None and asked.value != "":
            yield Line(label, wording.answer(question, asked.value, language))


def _rules(view: cases.CaseView, language: str, facts: Mapping[str, cases.ShownFact]) -> Iterator[RuleLine]:
    questions = {f"answer.{q.question.id}": q.question.label.in_language(language) for q in view.answers}
    for result in sorted(view.rules, key=lambda one: one.holds is True):
        inputs = [
            (
                str(facts[name].label) if name in facts else questions.get(name, name),
                wording.fact(name, value),
            )
            for name, value in result.inputs.items()
            if name != "today"
        ]
        rule = result.rule
        yield RuleLine(
            result.holds is True,
            rule.message.in_language(language),
            rule.mend.in_language(language),
            rule.law,
            inputs,
        )


def _events(view: cases.CaseView) -> Iterator[EventLine]:
    names = {f"official:{d.official_id}": d.official.name for d in view.decisions if d.official}
    for event in view.events:
        if event.actor == "system":
            who = _("Satu Klik")
        elif event.actor.startswith("user:"):
            who = view.case.assisted_by.name if view.case.assisted_by else view.case.person.name
        else:
            who = names.get(event.actor) or str(event.data.get("by") or _("Petugas"))
        data = event.data
        note = str(data.get("reason") or data.get("note") or data.get("receipt") or data.get("number") or "")
        yield EventLine(event.at, wording.event(event.kind, data), who, note, str(data.get("law") or ""))
