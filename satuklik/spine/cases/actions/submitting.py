"""Submit: the one click. From answers and facts to a sealed letter, a task, or a hand-off."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from django.db import IntegrityError, transaction
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.audit import actions as audit
from satuklik.base.audit.actions import Happening
from satuklik.base.files import actions as files
from satuklik.base.postgres import queries
from satuklik.base.postgres.actions import insert, together
from satuklik.kernel import codes
from satuklik.kernel.hashchain import canonical
from satuklik.spine.cases import attachments, clocks, facts, letters, registry
from satuklik.spine.cases.actions.opening import open_sign_task, open_task
from satuklik.spine.cases.actions.waiting import seal_pending
from satuklik.spine.cases.attachments import Checked, Upload
from satuklik.spine.cases.errors import (
    AnswersInvalid,
    CaseNotFound,
    KeyTaken,
    NotResident,
    NotServedHere,
    ProofNeeded,
    RulesFailed,
)
from satuklik.spine.cases.models import Attachment, Case, Decision, HandOff
from satuklik.spine.cases.registry import Published
from satuklik.spine.cases.rules import CLOSED, AnswerError, Evaluation, evaluate, read_answers
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents import queries as issued
from satuklik.spine.documents.actions import IssuedDocument
from satuklik.spine.documents.errors import NotPrintable
from satuklik.spine.population.dossier import Dossier, dossier
from satuklik.spine.signing.errors import MayNotSeal

# The same matter with the same answers within ten minutes is a double tap or a lost reply, also when the
# second click carries another key (a reloaded page, a client without keys).
SAME_CLICK = timedelta(minutes=10)
_EARLIER = """
    SELECT id FROM cases_case WHERE submitted_by_id = %s AND key = %s
    UNION ALL
    (SELECT id FROM cases_case WHERE fingerprint = %s
        AND (closed_at IS NULL OR (state IN ('issued', 'handed_off') AND submitted_at > %s))
      ORDER BY id DESC LIMIT 1) LIMIT 1
"""


@dataclass(frozen=True)
class Receipt:
    """What the click brought."""

    case: Case
    document: object | None
    """The documents.IssuedDocument, when the letter is there already."""
    repeated: bool
    """True when the same click had been made before and nothing new was done."""


@dataclass(frozen=True)
class Applicant:
    """Who submits: the account, its proof, and the official who helps at a counter."""

    user_id: int
    level: int
    channel: str  # portal, counter, api
    official: agencies.Official | None = None
    user: object = None
    """The account itself, where it is at hand and belongs to the person: saves looking for it."""


def submit(
    slug: str,
    *,
    person_id: int,
    person: Dossier | None = None,
    answers: Mapping[str, object],
    uploads: Mapping[str, Upload],
    by: Applicant,
    key: str,
    language: str,
    now: datetime,
) -> Receipt:
    """Submit a matter of the person `person_id`; the same click again gives the same receipt. `person` is
    the dossier of that person, where the caller has read it just now.

    Raises ServiceNotFound, ProofNeeded, NotResident, NotServedHere, AttachmentRejected, AnswersInvalid, RulesFailed,
    KeyTaken; then nothing was written.
    """
    service = registry.service(slug)
    if by.level < 2:
        raise ProofNeeded
    person = person or dossier(person_id)
    if person is None or person.person_id != person_id:
        raise CaseNotFound(slug)
    if person.status != "alive":
        raise NotResident(person.status)
    agency = letters.issuer_of(service.definition, person)
    check_counter(by, person)
    draft = prepare_draft(service, person, answers, uploads, timezone.localdate(now))
    if draft.evaluation.failures:
        raise RulesFailed(draft.evaluation.failures)
    fingerprint = _fingerprint(slug, person_id, draft)
    key = hashlib.sha256((key or secrets.token_hex(16)).encode()).hexdigest()
    click = _Click(service, person, agency, draft, by, key, fingerprint, language, now)
    try:
        receipt = _write(click, _way(click))
    except MayNotSeal as refused:
        # Nothing was kept, not even a number. The rules have decided: only the signature is left to a person.
        receipt = _write(click, "head", refused)
    except IntegrityError:
        # Two requests with the same key raced: the other one has committed.
        case = Case.objects.get(submitted_by_id=by.user_id, key=key)
        _check_same(case, fingerprint)
        return Receipt(case, letters.document_of(case), repeated=True)
    return _sealed_elsewhere(receipt, click)


@dataclass(frozen=True)
class Draft:
    """Answers and facts as they would be submitted, and what the rules say of them."""

    answers: dict[str, object]
    facts: dict[str, facts.KnownFact]
    files: tuple[Checked, ...]
    world: dict[str, object]
    evaluation: Evaluation


def prepare_draft(
    service: Published,
    person: Dossier,
    raw: Mapping[str, object],
    uploads: Mapping[str, Upload],
    today: date,
    kept_files: frozenset[str] = frozenset(),
) -> Draft:
    """Read answers and files, gather the facts, hold the rules against them.

    `kept_files` are file questions that were answered before (a case that is mended). Raises
    AttachmentRejected and AnswersInvalid.
    """
    questions = {question.id: question for question in service.definition.question if question.type == "file"}
    checked = attachments.check_all(questions, {k: u for k, u in uploads.items() if k in questions})
    known = facts.read(service.fact_names, person, today)
    values = {name: fact.value for name, fact in known.items()}
    before = facts.world(values, {}, today)
    given = frozenset(file.question for file in checked) | kept_files
    read, errors = read_answers(service.definition.question, raw, before, given)
    errors += _unprintable(read)
    if errors:
        raise AnswersInvalid(errors)
    for file in checked:
        read[file.question] = file.name
    world = facts.world(values, read, today)
    return Draft(read, known, tuple(checked), world, evaluate(service.definition, world))


def _unprintable(answers: Mapping[str, object]) -> list[AnswerError]:
    """Answers with signs that no letter can show (emoji, other scripts) are told now, not when it is printed."""
    try:
        documents.check_printable(answers)
    except NotPrintable:
        return [
            AnswerError(name, "not_readable") for name in answers if not _printable({name: answers[name]})
        ]
    return []


def _printable(answer: Mapping[str, object]) -> bool:
    try:
        documents.check_printable(answer)
    except NotPrintable:
        return False
    return True


def check_counter(by: Applicant, person: Dossier) -> None:
    """At a counter an official serves the residents of the office's own region. Raises NotServedHere."""
    if by.official is None:
        return
    region = by.official.agency.region_id
    if region is not None and not person.village_code.startswith(region):
        raise NotServedHere


@dataclass(frozen=True)
class _Click:
    """What one click brought, checked."""

    service: Published
    person: Dossier
    agency: agencies.Agency
    draft: Draft
    by: Applicant
    key: str
    fingerprint: str
    language: str
    now: datetime


Way = Literal["now", "elsewhere", "head"]
"""Who closes a letter that the rules grant: our seal in the click's transaction, a remote seal after it, or the head,
where the seal may not (its permission, its quota of the day)."""


def _way(click: _Click) -> Way:
    if click.draft.evaluation.outcome != "issue":
        return "now"
    return "elsewhere" if letters.sealed_elsewhere(click.service, click.agency) else "now"


@transaction.atomic
def _write(click: _Click, way: Way, refused: MayNotSeal | None = None) -> Receipt:
    service, agency, draft, by, now = click.service, click.agency, click.draft, click.by, click.now
    if (earlier := _earlier(by.user_id, click.key, click.fingerprint, now)) is not None:
        _check_same(earlier, click.fingerprint)
        return Receipt(earlier, letters.document_of(earlier), repeated=True)
    state = {"issue": "issued", "examine": "in_review", "hand_off": "handed_off"}[draft.evaluation.outcome]
    if way != "now":
        state = "granted"
    today = timezone.localdate(now)
    due = clocks.due(today, service.definition.deadline.days)
    case = Case(
        reference=_new_reference(),
        service_version_id=service.version_id,
        person_id=click.person.person_id,
        agency_id=agency.pk,
        submitted_by_id=by.user_id,
        assisted_by_id=by.official.pk if by.official else None,
        channel=by.channel,
        key=click.key,
        fingerprint=click.fingerprint,
        state=state,
        language=click.language,
        answers=draft.answers,
        facts=facts_as_json(draft),
        evaluation=evaluation_as_json(draft.evaluation),
        fee=draft.evaluation.fee,
        submitted_at=now,
        due_on=None if state == "issued" else due,
        closed_at=now if state in CLOSED else None,
    )
    insert(case)
    keep_files(case, draft.files, now)
    document = None
    happenings = [_submitted(case, service, by)]
    if state == "issued" or way == "elsewhere":
        document = letters.issue(case, service, agency, draft.world, now=now)
    if document is not None and state == "issued":
        happenings += letters.issued_happenings(case, document, automatic=True)
    with together():
        happenings += _begin(case, service, agency, due, now)
        if way == "elsewhere" and document is not None:
            happenings.append(Happening("case.seal_asked", "system", {"number": document.number}))
        if refused is not None:
            open_sign_task(case, service, today, now)
            said = {"quota": refused.quota, "agency": agency.code}
            happenings.append(Happening("case.to_head", "system", said))
        audit.record(f"case:{case.reference}", happenings, at=now, new=True)
        if way != "elsewhere":
            letters.tell_applicant(case, service, now=now, user=by.user)
    return Receipt(case, document, repeated=False)


def _sealed_elsewhere(receipt: Receipt, click: _Click) -> Receipt:
    """After the click's transaction: the remote seal, once. What it does not close waits (actions.waiting)."""
    document = receipt.document
    if receipt.repeated or not isinstance(document, IssuedDocument) or not issued.is_pending(document):
        return receipt
    closed = seal_pending(receipt.case, click.service, document, now=click.now, user=click.by.user)
    return Receipt(receipt.case, closed, repeated=False)


def _begin(
    case: Case, service: Published, agency: agencies.Agency, due: date, now: datetime
) -> list[Happening]:
    """What a fresh case sets going: a decision of the system, a task with its clock, or a hand-off."""
    definition, today = service.definition, timezone.localdate(now)
    if case.state in ("issued", "granted"):
        insert(Decision(case=case, kind="automatic", outcome="grant", law=definition.automatic_law, at=now))
    if case.state == "issued":
        return []
    clocks.start(case, definition.deadline, today, due)
    if case.state == "granted":
        return []
    if case.state == "in_review":
        open_task(case, service, 0, today, now)
        return [Happening("case.in_review", "system", {"agency": agency.code, "due": due})]
    insert(HandOff(case=case, target=definition.target))
    return [Happening("case.handed_off", "system", {"target": definition.target})]


def _earlier(user_id: int, key: str, fingerprint: str, now: datetime) -> Case | None:
    """The case that the same click has made already. Holds a lock, so that two clicks at once are two turns."""
    queries.rows("SELECT pg_advisory_xact_lock(%s::bigint)", [int(fingerprint[:15], 16)])
    row = queries.row(_EARLIER, [user_id, key, fingerprint, now - SAME_CLICK])
    return Case.objects.get(pk=row[0]) if row else None


def _check_same(case: Case, fingerprint: str) -> None:
    """A key that comes again with another content is no repeated click. Raises KeyTaken."""
    if case.fingerprint != fingerprint:
        raise KeyTaken


def keep_files(case: Case, checked: tuple[Checked, ...], now: datetime) -> None:
    """Keep the files of a case; a newer file of the same question comes after the older one."""
    for file in checked:
        sha256 = files.store(file.content, file.media_type, at=now)
        Attachment.objects.create(
            case=case, question=file.question, file_id=sha256, name=file.name, added_at=now
        )


def facts_as_json(draft: Draft) -> dict[str, object]:
    """The facts as a case keeps them."""
    return {
        name: {"value": fact.value, "source": fact.source, "as_of": fact.as_of.isoformat()}
        for name, fact in draft.facts.items()
    }


def evaluation_as_json(evaluation: Evaluation) -> list[dict[str, object]]:
    """The rule results as a case keeps them: the evidence of its decision."""
    return [
        {
            "rule": r.rule.id,
            "holds": r.holds,
            "effect": r.rule.effect,
            "law": r.rule.law,
            "inputs": dict(r.inputs),
        }
        for r in evaluation.results
    ]


def _submitted(case: Case, service: Published, by: Applicant) -> Happening:
    data = {
        "service": service.slug,
        "version": service.version,
        "channel": by.channel,
        "evaluation": case.evaluation,
    }
    if by.official is not None:
        data["assisted_by"] = by.official.pk
    return Happening("case.submitted", f"user:{by.user_id}", data)


def _fingerprint(slug: str, person_id: int, draft: Draft) -> str:
    content = {
        "service": slug,
        "person": person_id,
        "answers": draft.answers,
        "files": sorted(hashlib.sha256(file.content).hexdigest() for file in draft.files),
    }
    return hashlib.sha256(canonical(content)).hexdigest()


def _new_reference() -> str:
    """A reference that can be read out: SK-7F3K-9Q2M (40 random bits)."""
    return f"SK-{codes.code(secrets.token_bytes(8))}"
