"""End a letter that came out of a case: its office annuls it by a signed decision, and the resident is told."""

from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from satuklik.base.agencies import queries as agencies
from satuklik.base.audit import actions as audit
from satuklik.base.audit.actions import Happening
from satuklik.spine.cases import letters, registry
from satuklik.spine.cases.errors import CaseNotFound, NotEntitled, NotNow
from satuklik.spine.cases.models import Case
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents.errors import MayNotDecide, NotInForce
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.signing import actions as signing


@sensitive_variables("passphrase", "key")
def annul_letter(
    reference: str,
    *,
    official: agencies.Official,
    passphrase: str,
    reason: str,
    defect: str = "substance",
    now: datetime,
) -> documents.IssuedDocument:
    """Annul the letter of a case (documents.annul); the returned letter names its decision.

    Raises CaseNotFound (also for another office's case), NotNow (no letter, or no longer in force), NotEntitled,
    documents' ReasonMissing and NotPrintable, and signing's WrongPassphrase, KeyLocked and NoKey: the passphrase is
    not tried before everything else holds.
    """
    _annullable(reference, official, now)
    with signing.unlock(official, passphrase, now) as key, transaction.atomic():
        case = Case.objects.select_for_update().get(reference=reference)
        document = _annullable(reference, official, now)
        try:
            ended = documents.annul(document, reason, official=official, key=key, now=now, defect=defect)
        except NotInForce as error:
            raise NotNow(reference, error.status) from error
        except MayNotDecide as error:
            raise NotEntitled from error
        decision = ended.status_decision
        data = {
            "number": ended.number,
            "reason": ended.status_reason,
            "decision": decision.number if decision else "",
            "by": official.name,
        }
        audit.record(
            f"case:{reference}", [Happening("document.annulled", f"official:{official.pk}", data)], at=now
        )
        messaging.notify_person(
            case.person_id,
            kind="letter.annulled",
            service=registry.pinned(case.service_version_id).definition.name.model_dump(),
            reference=reference,
            note=ended.status_reason,
            now=now,
        )
    return ended


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
