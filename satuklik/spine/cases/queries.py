"""Read cases and services: what the faces show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from django.db.models import Avg, Count, F, Q, QuerySet
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoHead
from satuklik.base.audit import queries as audit
from satuklik.base.audit.queries import Event
from satuklik.spine.cases import examples, facts, letters, registry
from satuklik.spine.cases.definition import Question
from satuklik.spine.cases.errors import CaseNotFound
from satuklik.spine.cases.loader import load
from satuklik.spine.cases.models import Attachment, Case, Clock, Decision, HandOff, ServiceVersion, Task
from satuklik.spine.cases.registry import Published
from satuklik.spine.cases.rules import (
    AnswerError,
    Evaluation,
    RuleResult,
    evaluate,
    is_asked,
    read_answers,
)
from satuklik.spine.cases.signables import ToSign, signed_by, to_sign
from satuklik.spine.cases.totals import totals as totals
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents.queries import IssuedDocument
from satuklik.spine.population.dossier import Dossier

__all__ = [
    "Attachment",
    "Case",
    "CaseView",
    "Preparation",
    "Published",
    "Question",
    "RuleResult",
    "ToSign",
    "attachment",
    "case_for_office",
    "case_of_person",
    "cases_of",
    "catalogue",
    "fact_labels",
    "figures",
    "inbox",
    "open_case_of",
    "prepare",
    "preview",
    "service",
    "signed_by",
    "specimen_picture",
    "to_sign",
    "version_of",
    "waiting",
]  # fmt: skip


_RUNNING = """SELECT json_agg(row_to_json(running)) FROM (
  SELECT c.reference, c.service_version_id, c.state, c.submitted_at, c.due_on, c.closed_at FROM cases_case c
   {join} WHERE c.person_id = me.person_id AND c.closed_at IS NULL {more} ORDER BY c.submitted_at DESC LIMIT 3) running"""
RUNNING_SQL = _RUNNING.format(join="", more="")
"""The running matters of a row `me` as a scalar sub-select; `running` reads its value."""
RUNNING_OF_SERVICE_SQL = _RUNNING.format(
    join="JOIN cases_serviceversion v ON v.id = c.service_version_id", more="AND v.slug = %(slug)s"
)
"""The same, of the one service %(slug)s."""


@dataclass(frozen=True)
class Running:
    """A running matter as a list shows it."""

    reference: str
    service_version_id: int
    state: str
    submitted_at: datetime
    due_on: date | None
    closed_at: datetime | None = None


def running(value: Sequence[Mapping[str, Any]] | None) -> list[Running]:
    """What RUNNING_SQL gave, as values."""
    return [
        Running(
            row["reference"],
            row["service_version_id"],
            row["state"],
            datetime.fromisoformat(row["submitted_at"]),
            date.fromisoformat(row["due_on"]) if row["due_on"] else None,
        )
        for row in value or ()
    ]


def catalogue() -> Sequence[Published]:
    """Every service that is offered now, in the order of their slugs. No query while fresh (2 s)."""
    return list(registry.current().values())


def service(slug: str) -> Published:
    """The service offered under `slug`. Raises ServiceNotFound."""
    return registry.service(slug)


def version_of(case: Case | Running) -> Published:
    """The service version that a case is pinned to."""
    return registry.pinned(case.service_version_id)


def fact_labels(names: Sequence[str]) -> list[str]:
    """What facts are called, in the language that is active."""
    return [str(facts.known()[name].label) for name in names]


def specimen_picture(published: Published) -> bytes | None:
    """A PNG of the letter that a service gives, of an invented person, marked CONTOH; None without letter."""
    letter = published.definition.letter
    if letter is None:
        return None
    return documents.sample(
        letters.template_of(published),
        _specimen_data(published.version_id),
        signed=letter.signer == "head",
        issuer=published.definition.issuer,
    )


@lru_cache(maxsize=200)
def _specimen_data(version_id: int) -> dict[str, object]:
    version = ServiceVersion.objects.get(pk=version_id)
    return examples.specimen_data(load(version.slug, version.files))


@dataclass(frozen=True)
class ShownFact:
    """A fact as the check page shows it."""

    name: str
    label: str
    value: object
    source: str
    as_of: date


@dataclass(frozen=True)
class AskedQuestion:
    """A question as the check page asks it; `shown` is false where its condition is not met (yet)."""

    question: Question
    value: object
    shown: bool
    error: AnswerError | None = None


@dataclass(frozen=True)
class Preparation:
    """All that the one page before the click shows."""

    service: Published
    agency: agencies.Agency
    facts: tuple[ShownFact, ...]
    questions: tuple[AskedQuestion, ...]
    evaluation: Evaluation
    failures: tuple[RuleResult, ...]
    """Rules that already fail and stand in the way, whatever is still answered."""
    doubts: tuple[RuleResult, ...]
    """Rules that already fail and bring the matter before an official."""
    fee: int | None

    @property
    def open(self) -> bool:
        """True when nothing known stands in the way of the click."""
        return not self.failures


def prepare(
    slug: str, *, person: Dossier, answers: Mapping[str, object], today: date, check: bool = False
) -> Preparation:
    """What will be used, what is asked, what stands in the way. `check` also finds errors in the answers.

    Rules that use an answer which is not there yet say nothing. Raises ServiceNotFound and NotServedHere.
    """
    published = registry.service(slug)
    definition = published.definition
    agency = letters.issuer_of(definition, person)
    known = facts.read(published.fact_names, person, today)
    values = {name: fact.value for name, fact in known.items()}
    before = facts.world(values, {}, today)
    given = frozenset(q.id for q in definition.question if q.type == "file" and answers.get(q.id))
    raw = {name: value for name, value in answers.items() if definition.question_of(name)}
    read, errors = read_answers(definition.question, raw, before, given)
    world = facts.world(values, read, today)
    evaluation = evaluate(definition, world)
    by_question = {error.question: error for error in errors} if check else {}
    return Preparation(
        published,
        agency,
        tuple(
            ShownFact(name, facts.known()[name].label, fact.value, fact.source, fact.as_of)
            for name, fact in known.items()
        ),
        tuple(
            AskedQuestion(
                question,
                answers.get(question.id, read[question.id]),
                is_asked(question, world),
                by_question.get(question.id),
            )
            for question in definition.question
        ),
        evaluation,
        tuple(result for result in evaluation.failures if _settled(result)),
        tuple(result for result in evaluation.doubts if _settled(result)),
        evaluation.fee,
    )


def _settled(result: RuleResult) -> bool:
    return not any(name.startswith("answer.") and value is None for name, value in result.inputs.items())


@dataclass(frozen=True)
class CaseView:
    """A case with everything around it."""

    case: Case
    service: Published
    agency: agencies.Agency
    document: IssuedDocument | None
    task: Task | None
    decisions: tuple[Decision, ...]
    attachments: tuple[Attachment, ...]
    clock: Clock | None
    handoff: HandOff | None
    events: tuple[Event, ...]
    facts: tuple[ShownFact, ...]
    rules: tuple[RuleResult, ...]
    answers: tuple[AskedQuestion, ...] = field(default=())


def case_of_person(reference: str, person_id: int) -> CaseView:
    """A case for its own person. Raises CaseNotFound also when it is somebody else's."""
    case = Case.objects.filter(reference=reference, person_id=person_id).first()
    if case is None:
        raise CaseNotFound(reference)
    return view_of(case)


def case_for_office(reference: str, official: agencies.Official, now: datetime) -> CaseView:
    """A case for an official of the office that handles it, or who helped with it at the counter. Raises
    CaseNotFound for everybody else. The caller writes the access row (population.actions.look_up)."""
    case = Case.objects.filter(reference=reference.replace("\x00", "")).first()
    if case is None or not (
        agencies.works_for(official, case.agency_id, now) or case.assisted_by_id == official.pk
    ):
        raise CaseNotFound(reference)
    return view_of(case)


def view_of(case: Case) -> CaseView:
    """Everything around a case; who may see it is the caller's matter."""
    published = registry.pinned(case.service_version_id)
    known, definition = facts.known(), published.definition
    shown = tuple(
        ShownFact(
            name,
            known[name].label if name in known else name,
            f["value"],
            f["source"],
            date.fromisoformat(f["as_of"]),
        )
        for name, f in case.facts.items()
    )
    results = []
    for row in case.evaluation:
        rule = definition.rule_of(row["rule"])
        if rule is not None:
            results.append(RuleResult(rule, row["holds"], row["inputs"]))
    asked = tuple(
        AskedQuestion(question, case.answers.get(question.id), case.answers.get(question.id) is not None)
        for question in definition.question
    )
    return CaseView(
        case,
        published,
        agencies.agency_by_id(case.agency_id),
        letters.document_of(case),
        Task.objects.filter(case=case, done_at=None).first(),
        tuple(case.decisions.select_related("official").order_by("at", "id")),
        tuple(case.attachments.order_by("id")),
        case.clocks.order_by("-id").first(),
        HandOff.objects.filter(case=case).first(),
        tuple(audit.events_of(f"case:{case.reference}")),
        shown,
        tuple(results),
        asked,
    )


def cases_of(person_id: int, *, only_open: bool = False, limit: int = 50) -> list[Case]:
    """The matters of a person, newest first."""
    rows = Case.objects.filter(person_id=person_id).order_by("-submitted_at")
    if only_open:
        rows = rows.filter(closed_at=None)
    return list(rows[:limit])


def open_case_of(person_id: int, slug: str) -> Case | None:
    """The person's open matter of this service, when there is one."""
    rows = Case.objects.filter(person_id=person_id, service_version__slug=slug, closed_at=None)
    return rows.order_by("-submitted_at").first()


def attachment(
    attachment_id: int,
    *,
    now: datetime,
    person_id: int | None = None,
    official: agencies.Official | None = None,
) -> Attachment:
    """A file of a case, for its person or for an official of its office. Raises CaseNotFound otherwise."""
    found = Attachment.objects.select_related("case").filter(pk=attachment_id).first()
    if found is not None:
        if person_id is not None and found.case.person_id == person_id:
            return found
        if official is not None and agencies.works_for(official, found.case.agency_id, now):
            return found
    raise CaseNotFound(str(attachment_id))


INBOXES = ("decide", "sign", "handoff", "returned", "done")


def inbox(
    official: agencies.Official, box: str, *, now: datetime, slug: str = "", text: str = "", limit: int = 50,
    after: tuple[date | datetime | None, str] | None = None,
) -> list[Case]:  # fmt: skip
    """The cases of one of the five boxes, what is due first (in "done": what was closed last).

    `text` is the beginning of a reference or of the applicant's name. `after` is (due date or None, reference)
    of the last case of the page before; in "done" (time of the end, reference). Each case has `person` and
    `service_version` loaded.
    """
    rows = _box(official, box, now)
    if slug:
        rows = rows.filter(service_version__slug=slug)
    if text:
        rows = rows.filter(Q(reference__istartswith=text) | Q(person__name__istartswith=text))
    at, reference = after or (None, "")
    if box == "done":
        if isinstance(at, datetime):
            rows = rows.filter(closed_at__lte=at).filter(Q(closed_at__lt=at) | Q(reference__gt=reference))
        rows = rows.order_by("-closed_at", "reference")
    else:
        if after is not None and at is None:
            rows = rows.filter(due_on=None, reference__gt=reference)
        elif after is not None:
            rows = rows.filter(Q(due_on__gt=at) | Q(due_on=at, reference__gt=reference) | Q(due_on=None))
        rows = rows.order_by("due_on", "reference")
    return list(rows.select_related("person", "service_version")[:limit])


def counts(official: agencies.Official, *, now: datetime) -> dict[str, int]:
    """How many cases lie in each box that waits ("done" is not counted)."""
    return {box: _box(official, box, now).count() for box in INBOXES if box != "done"}


def waiting(official: agencies.Official, *, now: datetime) -> dict[str, tuple[int, int]]:
    """For each box that waits: how many cases lie in it and how many of them are late. One query for all."""
    states = {state: box for box, state in _STATE_OF.items()}
    rows = Case.objects.filter(
        agency_id__in=agencies.offices_of(official, now), closed_at=None, state__in=states
    )
    today = timezone.localdate(now)
    counted = (
        rows.order_by()
        .values_list("state")
        .annotate(number=Count("id"), late=Count("id", filter=Q(due_on__lt=today)))
    )
    return {states[state]: (number, late) for state, number, late in counted}


_STATE_OF = {
    "decide": Case.State.IN_REVIEW,
    "sign": Case.State.GRANTED,
    "handoff": Case.State.HANDED_OFF,
    "returned": Case.State.RETURNED,
}


def preview(view: CaseView, *, now: datetime, format: Literal["pdf", "png"] = "png") -> bytes:
    """The letter that would come out of the case, marked as a specimen: no number, no seal, nothing kept.
    Raises documents' NotPrintable and LetterBroken."""
    values = {name: fact["value"] for name, fact in view.case.facts.items()}
    world = facts.world(values, view.case.answers, timezone.localdate(view.case.submitted_at))
    return documents.preview(
        letter=letters.template_of(view.service),
        agency=view.agency,
        data=letters.letter_data(view.service, world),
        signer=_head(view.agency, now),
        now=now,
        format=format,
    )


def _head(agency: agencies.Agency, now: datetime) -> agencies.Signer | None:
    try:
        return agencies.head_of(agency, now)
    except NoHead:  # the post is vacant: the picture shows the seal's block
        return None


def _box(official: agencies.Official, box: str, now: datetime) -> QuerySet[Case]:
    offices = agencies.offices_of(official, now)
    rows = Case.objects.filter(agency_id__in=offices)
    if box == "done":
        return rows.exclude(closed_at=None)
    rows = rows.filter(closed_at=None)
    if box == "decide":
        return rows.filter(state=Case.State.IN_REVIEW)
    if box == "sign":
        return rows.filter(Q(state=Case.State.GRANTED))
    if box == "handoff":
        return rows.filter(state=Case.State.HANDED_OFF)
    return rows.filter(state=Case.State.RETURNED)


@dataclass(frozen=True)
class Figures:
    """How an office stands."""

    waiting: int
    late: int
    oldest: datetime | None
    closed_this_month: int
    mean_hours: float | None
    """Mean time from submission to the end, of this month's decided cases; None without any."""


def figures(official: agencies.Official, *, now: datetime) -> Figures:
    """The figures at the head of the desk."""
    today = timezone.localdate(now)
    rows = Case.objects.filter(agency_id__in=agencies.offices_of(official, now))
    waiting = rows.filter(closed_at=None).exclude(state=Case.State.RETURNED)
    counted = waiting.aggregate(all=Count("id"), late=Count("id", filter=Q(due_on__lt=today)))
    oldest = waiting.order_by("submitted_at").values_list("submitted_at", flat=True).first()
    month = rows.filter(
        closed_at__gte=now.astimezone(timezone.get_current_timezone()).replace(
            day=1, hour=0, minute=0, second=0, microsecond=0
        )
    )
    mean = month.aggregate(mean=Avg(F("closed_at") - F("submitted_at")))["mean"]
    hours = mean.total_seconds() / 3600 if mean is not None else None
    return Figures(counted["all"], counted["late"], oldest, month.count(), hours)
