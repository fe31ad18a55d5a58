"""What happens to a letter after it was issued: annulled or replaced by a signed decision, opened by a stranger."""

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from satuklik.base.agencies import queries as agencies
from satuklik.base.audit import actions as audit
from satuklik.spine.documents import decisions, office
from satuklik.spine.documents.actions.issuing import issue
from satuklik.spine.documents.actions.pictures import preview
from satuklik.spine.documents.errors import MayNotDecide, NotInForce, ReasonMissing
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.signing import queries as signing
from satuklik.spine.signing.actions import UnlockedKey


@sensitive_variables("key")
@transaction.atomic
def annul(
    document: IssuedDocument,
    reason: str,
    *,
    official: agencies.Official,
    key: UnlockedKey,
    now: datetime,
    defect: str = "substance",
    law: str = decisions.ANNULMENT_LAW,
) -> IssuedDocument:
    """Take a letter out of force for good, by a decision that `official` signs with the unlocked `key`.

    The decision is a letter of the same office with the next number of its sequence, in the same transaction; the
    returned letter names it (`status_decision`). `defect`: authority, procedure or substance (UU 30/2014 ps. 64(1)).
    Raises NotInForce, MayNotDecide (not the head, nor acting for the head, at this moment), ReasonMissing,
    NotPrintable, and what signing raises.
    """
    if defect not in decisions.DEFECTS:
        raise ValueError(f"A defect is one of {', '.join(decisions.DEFECTS)}, not {defect!r}.")
    locked = _in_force(document)
    decision = _decided(locked, reason, official, key, now, defect=defect, law=law)
    return _end(locked, IssuedDocument.Status.ANNULLED, reason, decision, official, now)


@sensitive_variables("key")
@transaction.atomic
def replace(
    document: IssuedDocument,
    by: IssuedDocument,
    reason: str,
    *,
    official: agencies.Official,
    key: UnlockedKey,
    now: datetime,
    law: str = decisions.REPLACEMENT_LAW,
) -> IssuedDocument:
    """Let the letter `by`, issued before, take the place of `document`, by a signed decision (UU 30/2014 ps. 63).
    `by` must be in force, of the same office and, where it has one, the same holder. Raises as `annul`."""
    locked = _in_force(document)
    newer = _in_force(by)
    if newer.pk == locked.pk or (newer.agency_id, newer.person_id) != (locked.agency_id, locked.person_id):
        raise ValueError(f"{newer.number} cannot replace {locked.number}: another office or holder.")
    decision = _decided(locked, reason, official, key, now, defect="", law=law, by=newer)
    return _end(locked, IssuedDocument.Status.REPLACED, reason, decision, official, now, replaced_by=newer)


def preview_annulment(
    document: IssuedDocument,
    reason: str,
    *,
    official: agencies.Official,
    now: datetime,
    defect: str = "substance",
    format: Literal["pdf", "png"] = "png",
) -> bytes:
    """The decision as it would be, marked CONTOH, without number and signature. Raises MayNotDecide, NotPrintable."""
    agency = agencies.agency_by_id(document.agency_id)
    signer = _signer(official, agency, now)
    return preview(
        letter=decisions.template(document, replacing=False),
        agency=agency,
        data=decisions.data(
            document, reason, defect=defect, law=decisions.ANNULMENT_LAW, position=signer.position
        ),
        signer=signer,
        now=now,
        format=format,
    )


@transaction.atomic
def note_opening(document: IssuedDocument, *, now: datetime) -> None:
    """Record that somebody without login opened the registered PDF."""
    IssuedDocument.objects.select_for_update().get(pk=document.pk)
    opened = audit.Happening("letter.opened", "stranger", {"number": document.number})
    audit.record(f"letter:{document.token}", [opened], at=now)


def _in_force(document: IssuedDocument) -> IssuedDocument:
    locked = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    if locked.status != IssuedDocument.Status.IN_FORCE:
        raise NotInForce(locked.number, locked.status)
    return locked


def _signer(official: agencies.Official, agency: office.Agency, now: datetime) -> agencies.Signer:
    """Who may issue for the office may take back what it issued (UU 30/2014 ps. 64(3)a): judged at this moment."""
    signer = agencies.may_sign(official, agency, now)  # type: ignore[arg-type]
    if signer is None:
        raise MayNotDecide(agency.name)
    return signer


@sensitive_variables("key")
def _decided(
    document: IssuedDocument,
    reason: str,
    official: agencies.Official,
    key: UnlockedKey,
    now: datetime,
    *,
    defect: str,
    law: str,
    by: IssuedDocument | None = None,
) -> IssuedDocument:
    """The signed decision."""
    if not reason.strip():
        raise ReasonMissing
    agency = agencies.agency_by_id(document.agency_id)
    signer = _signer(official, agency, now)
    owner = signing.key_by_serial(key.identity.serial, now)
    if owner is None or owner.official_id != official.pk:
        raise MayNotDecide(agency.name)
    return issue(
        letter=decisions.template(document, replacing=by is not None),
        agency=agency,
        person_id=document.person_id,
        # Not the case's letter: the register knows the two belong together by `status_decision`.
        case_reference="",
        data=decisions.data(document, reason, defect=defect, law=law, position=signer.position, by=by),
        now=now,
        key=key,
        signer=signer,
    )


def _end(
    document: IssuedDocument,
    status: str,
    reason: str,
    decision: IssuedDocument,
    official: agencies.Official,
    now: datetime,
    *,
    replaced_by: IssuedDocument | None = None,
) -> IssuedDocument:
    document.status, document.status_at = status, now
    document.status_reason = reason.strip()[: IssuedDocument._meta.get_field("status_reason").max_length]
    document.status_decision, document.replaced_by = decision, replaced_by
    document.save(update_fields=["status", "status_reason", "status_at", "status_decision", "replaced_by"])
    data = {
        "number": document.number,
        "reason": document.status_reason,
        "decision": decision.number,
        "replaced_by": replaced_by.number if replaced_by is not None else "",
    }
    happening = audit.Happening(f"letter.{status}", f"official:{official.pk}", data)
    audit.record(f"letter:{document.token}", [happening], at=now)
    return document
