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
from satuklik.spine.cases.actions.deciding import finish_task, open_case, set_state
from satuklik.spine.cases.errors import CaseError, NotEntitled, NotNow
from satuklik.spine.cases.models import Case, Decision
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents.errors import NotPrintable
from satuklik.spine.signing import actions as signing


@dataclass(frozen=True)
class SignResult:
    """What became of one case: its letter, or the reason why not."""

    reference: str
    document: documents.IssuedDocument | None
    error: CaseError | NotPrintable | None = None


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
    with signing.unlock(official, passphrase, now) as key:
        for done, reference in enumerate(references, 1):
            try:
                results.append(SignResult(reference, _sign(reference, official, key, now, tasks)))
            except (CaseError, NotPrintable) as error:
                results.append(SignResult(reference, None, error))
            progress(done)
    return results


@transaction.atomic
def _sign(
    reference: str,
    official: agencies.Official,
    key: signing.UnlockedKey,
    now: datetime,
    tasks: Set[int] | None,
) -> documents.IssuedDocument:
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
    document = letters.issue(case, service, agency, world_of(case), now=now, key=key, signer=signer)
    finish_task(task, official, now)
    if task.step != "sign":
        # The head signs what nobody had examined yet: the signature is the decision.
        data = {"step": task.step, "outcome": "grant", "reason": "", "rule": "", "law": ""}
        audit.record(
            f"case:{reference}", [Happening("case.decided", f"official:{official.pk}", data)], at=now
        )
    Decision.objects.create(
        case=case, kind="official", outcome="grant", official=official, acting_as=signer.acting_as, at=now
    )
    clocks.stop(case, timezone.localdate(now))
    set_state(case, Case.State.ISSUED, now)
    audit.record(f"case:{reference}", letters.issued_happenings(case, document, automatic=False), at=now)
    letters.tell_applicant(case, service, now=now)
    return document


def world_of(case: Case) -> dict[str, object]:
    """The values of a case as they were when it was submitted: what its letter says."""
    values = {name: fact["value"] for name, fact in case.facts.items()}
    return facts.world(values, case.answers, timezone.localdate(case.submitted_at))
