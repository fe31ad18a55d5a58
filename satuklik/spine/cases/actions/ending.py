"""End a letter that came out of a case: its office annuls it by a signed decision, and the resident is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.views.decorators.debug import sensitive_variables

from satuklik.base.agencies import queries as agencies
from satuklik.base.audit import actions as audit
from satuklik.base.audit.actions import Happening
from satuklik.spine.cases import letters, registry
from satuklik.spine.cases.errors import CaseNotFound, NotEntitled, NotNow
from satuklik.spine.cases.models import Case
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents import queries as issued
from satuklik.spine.documents.errors import CannotReplace, MayNotDecide, NotInForce, StillPending
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing.errors import OutcomeUnknown


@sensitive_variables("passphrase", "key")
def annul_letter(
    reference: str,
    *,
    official: agencies.Official,
    passphrase: str,
    reason: str,
    defect: str = "substance",
    by: str = "",
    now: datetime,
) -> documents.IssuedDocument:
    """Annul the letter of a case, or let the newer one with the number `by` take its place (documents.annul); the
    returned letter names its decision.

    Raises CaseNotFound (also for another office's case), NotNow (no letter, no longer in force, or an earlier decision
    still waits for its signature), NotEntitled, documents' ReasonMissing, CannotReplace and NotPrintable, and signing's
    WrongPassphrase, KeyLocked, NoKey and OutcomeUnknown: the passphrase is not tried before everything else holds.
    """
    document = _annullable(reference, official, now)
    newer = _replacement(document, by)

    @contextmanager
    def along() -> Iterator[Callable[[documents.IssuedDocument], None]]:
        case = Case.objects.select_for_update().get(reference=reference)
        _annullable(reference, official, now)
        yield lambda ended: _tell(case, ended, official, now)

    with signing.unlock(official, passphrase, now) as key:
        try:
            return documents.annul(
                document, reason, official=official, key=key, now=now, defect=defect, by=newer, along=along
            )
        except NotInForce as error:
            raise NotNow(reference, error.status) from error
        except MayNotDecide as error:
            raise NotEntitled from error
        except StillPending as error:
            if error.use_id is not None:
                raise OutcomeUnknown(error.use_id) from error
            raise NotNow(reference, "pending") from error


def _tell(case: Case, ended: documents.IssuedDocument, official: agencies.Official, now: datetime) -> None:
    decision, newer = ended.status_decision, ended.replaced_by
    data = {
        "number": ended.number,
        "reason": ended.status_reason,
        "decision": decision.number if decision else "",
        "by": official.name,
    }
    kind = "annulled"
    if newer is not None:
        kind, data["replaced_by"] = "replaced", newer.number
    happened = Happening(f"document.{kind}", f"official:{official.pk}", data)
    audit.record(f"case:{case.reference}", [happened], at=now)
    messaging.notify_person(
        case.person_id,
        kind=f"letter.{kind}",
        service=registry.pinned(case.service_version_id).definition.name.model_dump(),
        reference=case.reference,
        note=ended.status_reason,
        now=now,
    )


def _replacement(document: documents.IssuedDocument, number: str) -> documents.IssuedDocument | None:
    if not number:
        return None
    for newer in issued.newer_of(document):
        if newer.number == number:
            return newer
    raise CannotReplace(number, document.number)


def _annullable(reference: str, official: agencies.Official, now: datetime) -> documents.IssuedDocument:
    case = Case.objects.filter(reference=reference).first()
    if case is None or not agencies.works_for(official, case.agency_id, now):
        raise CaseNotFound(reference)
    document = letters.document_of(case)
    if document is None:
        raise NotNow(reference, case.state)
    if document.status != documents.IssuedDocument.Status.IN_FORCE:
        raise NotNow(reference, document.status)
    # Whoever may sign for the office that issued it: judged again when the decision is signed.
    if agencies.may_sign(official, agencies.agency_by_id(document.agency_id), now) is None:
        raise NotEntitled
    return document
