"""Sign: a head signs one or many cases with a passphrase that is typed each time and kept nowhere."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from satuklik.base.agencies import queries as agencies
from satuklik.base.audit import actions as audit
from satuklik.base.audit.actions import Happening
from satuklik.spine.cases import clocks, facts, letters, registry
from satuklik.spine.cases.actions.deciding import finish_task, open_case
from satuklik.spine.cases.actions.opening import open_sign_task, set_state
from satuklik.spine.cases.actions.waiting import pending_of
from satuklik.spine.cases.errors import CaseError, NotEntitled, NotNow
from satuklik.spine.cases.models import Case, Decision, Task
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents.errors import NotPrintable
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing import errors as signing_errors
from satuklik.spine.signing.errors import BackendFailed, OtherBackend, OutcomeUnknown


@dataclass(frozen=True)
class SignResult:
    """What became of one case: its letter, or the reason why not."""

    reference: str
    document: documents.IssuedDocument | None
    error: CaseError | NotPrintable | signing_errors.SigningError | None = None


@sensitive_variables("passphrase", "key")
def sign_many(
    references: Sequence[str],
    *,
    official: agencies.Official,
    passphrase: str,
    now: datetime,
    tasks: Set[int] | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> list[SignResult]:
    """Sign every case of `references`; each has its own transaction and result, one bad case stops none.

    `tasks` are the tasks that the official saw: where another one waits by now (the case was returned and mended
    meanwhile), it is NotNow, for nobody signs what he has not seen.
    The key is opened once for this batch and forgotten at its end. Raises signing's WrongPassphrase,
    KeyLocked and NoKey before anything is signed.
    """
    results = []
    with signing.unlock(official, passphrase, now, service=service_of(references)) as key:
        for done, reference in enumerate(references, 1):
            try:
                results.append(SignResult(reference, _sign(reference, official, key, now, tasks)))
            except (CaseError, NotPrintable, OutcomeUnknown, BackendFailed, OtherBackend) as error:
                results.append(SignResult(reference, None, error))
            progress(done)
    return results


@sensitive_variables("key")
def sign_case(
    reference: str,
    *,
    official: agencies.Official,
    key: signing.UnlockedKey,
    task_id: int | None,
    now: datetime,
) -> documents.IssuedDocument:
    """Sign the letter of one case in a transaction of its own. `task_id` is the task that the official saw.
    Raises CaseError (NotNow, NotEntitled, CaseNotFound), documents' errors and what signing raises."""
    return _sign(reference, official, key, now, None if task_id is None else {task_id})


@sensitive_variables("key")
def _sign(
    reference: str,
    official: agencies.Official,
    key: signing.UnlockedKey,
    now: datetime,
    tasks: Set[int] | None,
) -> documents.IssuedDocument:
    """In one transaction where the key is here; else numbered in one, signed elsewhere, issued in another."""
    if not key.remote:
        return _signed_here(reference, official, key, now, tasks)
    document = _numbered(reference, official, key, now, tasks)
    signed = documents.sign_pending(document, key=key, now=now)
    return _issued(reference, official, document, signed, now)


@sensitive_variables("key")
@transaction.atomic
def _signed_here(
    reference: str,
    official: agencies.Official,
    key: signing.UnlockedKey,
    now: datetime,
    tasks: Set[int] | None,
) -> documents.IssuedDocument:
    found = _seen(reference, official, now, tasks)
    document = _letter(found, key, now)
    _close(found.case, found.task, found.signer, document, now)
    return document


@sensitive_variables("key")
@transaction.atomic
def _numbered(
    reference: str,
    official: agencies.Official,
    key: signing.UnlockedKey,
    now: datetime,
    tasks: Set[int] | None,
) -> documents.IssuedDocument:
    """The letter with its number, pending; the case waits for its signature, in the signing box."""
    found = _seen(reference, official, now, tasks)
    document = _letter(found, key, now)
    if found.task.step != "sign":
        finish_task(found.task, official, now)
        _decided(found.case, found.task, official, now)
        open_sign_task(found.case, found.service, timezone.localdate(now), now)
    if found.case.state != Case.State.GRANTED:
        set_state(found.case, Case.State.GRANTED, now)
    return document


@transaction.atomic
def _issued(
    reference: str,
    official: agencies.Official,
    document: documents.IssuedDocument,
    signed: signing.SignedPdf,
    now: datetime,
) -> documents.IssuedDocument:
    """The signed letter in force, its case closed. Nobody else could touch the case meanwhile (settle_pending)."""
    case, task = open_case(reference, official, now)
    signer = agencies.may_sign(official, agencies.agency_by_id(case.agency_id), now)
    if signer is None:
        raise NotEntitled
    document = documents.enter_force(document, signed, now=now)
    _close(case, task, signer, document, now)
    return document


@dataclass(frozen=True)
class _Seen:
    """A case as it is signed: its task, its service, and as whom the official signs."""

    case: Case
    task: Task
    service: registry.Published
    agency: agencies.Agency
    signer: agencies.Signer


def _seen(reference: str, official: agencies.Official, now: datetime, tasks: Set[int] | None) -> _Seen:
    case, task = open_case(reference, official, now)
    if tasks is not None and task.pk not in tasks:
        raise NotNow(reference, case.state)
    agency = agencies.agency_by_id(case.agency_id)
    signer = agencies.may_sign(official, agency, now)
    if signer is None:
        raise NotEntitled
    service = registry.pinned(case.service_version_id)
    if service.definition.letter is None:
        raise NotNow(reference, case.state)
    return _Seen(case, task, service, agency, signer)


@sensitive_variables("key")
def _letter(found: _Seen, key: signing.UnlockedKey, now: datetime) -> documents.IssuedDocument:
    return letters.issue(
        found.case,
        found.service,
        found.agency,
        world_of(found.case),
        now=now,
        key=key,
        signer=found.signer,
        number_of=pending_of(found.case, now),
    )


def _close(
    case: Case,
    task: Task,
    signer: agencies.Signer,
    document: documents.IssuedDocument,
    now: datetime,
) -> None:
    official = signer.official
    finish_task(task, official, now)
    if task.step != "sign":
        _decided(case, task, official, now)
    Decision.objects.create(
        case=case, kind="official", outcome="grant", official=official, acting_as=signer.acting_as, at=now
    )
    clocks.stop(case, timezone.localdate(now))
    set_state(case, Case.State.ISSUED, now)
    audit.record(f"case:{case.reference}", letters.issued_happenings(case, document, automatic=False), at=now)
    letters.tell_applicant(case, registry.pinned(case.service_version_id), now=now)


def _decided(case: Case, task: Task, official: agencies.Official, now: datetime) -> None:
    """The head signs what nobody had examined yet: the signature is the decision."""
    data = {"step": task.step, "outcome": "grant", "reason": "", "rule": "", "law": ""}
    audit.record(
        f"case:{case.reference}", [Happening("case.decided", f"official:{official.pk}", data)], at=now
    )


def service_of(references: Sequence[str]) -> str:
    """The service of the first of these cases: where services choose different backends, its key is opened, and what
    needs another one says so (OtherBackend)."""
    case = Case.objects.filter(reference__in=references[:1]).first()
    return registry.pinned(case.service_version_id).slug if case is not None else ""


def world_of(case: Case) -> dict[str, object]:
    """The values of a case as they were when it was submitted: what its letter says."""
    values = {name: fact["value"] for name, fact in case.facts.items()}
    return facts.world(values, case.answers, timezone.localdate(case.submitted_at))
