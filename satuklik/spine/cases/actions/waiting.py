"""Cases whose letter has its number and not yet its signature: a remote backend makes it, or did not say whether it has.

Nothing here signs twice. What failed goes to the head's signing box under the same number; what is not known waits
until the backend or a person decides (signing.resolve, signing.give_up).
"""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from satuklik.base.audit import actions as audit
from satuklik.base.audit.actions import Happening
from satuklik.spine.cases import clocks, letters, registry
from satuklik.spine.cases.actions.opening import open_sign_task, set_state
from satuklik.spine.cases.errors import NotNow
from satuklik.spine.cases.models import Case, Task
from satuklik.spine.cases.registry import Published
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents import queries as issued
from satuklik.spine.documents.errors import StillPending
from satuklik.spine.signing.errors import OutcomeUnknown, SigningError

log = logging.getLogger(__name__)


def seal_pending(
    case: Case, service: Published, document: documents.IssuedDocument, *, now: datetime, user: object = None
) -> documents.IssuedDocument | None:
    """Seal the pending letter of a case at its remote backend, once: the letter in force, or None while it waits.
    Outside of any transaction."""
    try:
        signed = documents.sign_pending(document, now=now)
    except OutcomeUnknown as error:
        log.warning("The seal of %s: %s", document.number, error)
    except SigningError as error:
        log.warning("The seal of %s: %s", document.number, error)
        _to_head(case.pk, now, type(error).__name__)
    else:
        return _issue(case, service, document, signed, now, user)
    letters.tell_applicant(case, service, now=now, user=user)
    return None


def follow_up(now: datetime) -> int:
    """Give what was decided to fail meanwhile to the heads; how many. Signs nothing."""
    given = 0
    documents.give_up_decisions(now)
    for document in issued.pending():
        case = Case.objects.filter(reference=document.case_reference, closed_at=None).first()
        if case is None or Task.objects.filter(case=case, done_at=None).exists():
            continue
        try:
            documents.check_undecided(document, now)
        except StillPending:
            continue
        given += _to_head(case.pk, now, "failed")
    return given


def pending_of(case: Case, now: datetime) -> documents.IssuedDocument | None:
    """The case's letter whose signature failed, so that the next one takes its number; None without one. Raises
    OutcomeUnknown while it is not known whether it was signed, NotNow while it is being signed."""
    if case.state != Case.State.GRANTED:
        return None
    found = issued.pending_of_case(case.reference)
    if found is None:
        return None
    try:
        documents.check_undecided(found, now)
    except StillPending as error:
        if error.use_id is not None:
            raise OutcomeUnknown(error.use_id) from error
        raise NotNow(case.reference, case.state) from error
    return found


def settle_pending(case: Case, reason: str, actor: str, now: datetime) -> None:
    """Before a case takes another way: the number of its unsigned letter is explained. Raises NotNow while a signature
    is being made or its outcome is not known."""
    found = issued.pending_of_case(case.reference)
    if found is None:
        return
    try:
        documents.abandon(found, reason, actor=actor, now=now)
    except StillPending as error:
        raise NotNow(case.reference, case.state) from error


@transaction.atomic
def _issue(
    case: Case,
    service: Published,
    document: documents.IssuedDocument,
    signed: object,
    now: datetime,
    user: object,
) -> documents.IssuedDocument:
    locked = Case.objects.select_for_update().get(pk=case.pk)
    document = documents.enter_force(document, signed, now=now)  # type: ignore[arg-type]
    locked.due_on = None
    clocks.stop(locked, timezone.localdate(now))
    set_state(locked, Case.State.ISSUED, now)
    audit.record(
        f"case:{locked.reference}", letters.issued_happenings(locked, document, automatic=True), at=now
    )
    letters.tell_applicant(locked, service, now=now, user=user)
    case.state, case.closed_at, case.due_on = locked.state, locked.closed_at, locked.due_on
    return document


@transaction.atomic
def _to_head(case_id: int, now: datetime, why: str) -> bool:
    """A task for the head, unless the case went on meanwhile."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.state != Case.State.GRANTED or Task.objects.filter(case=case, done_at=None).exists():
        return False
    open_sign_task(case, registry.pinned(case.service_version_id), timezone.localdate(now), now)
    audit.record(f"case:{case.reference}", [Happening("case.to_head", "system", {"why": why})], at=now)
    return True
