"""What happens to a letter after it was issued: annulled or replaced by a signed decision, opened by a stranger."""

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from satuklik.base.agencies import queries as agencies
from satuklik.base.audit import actions as audit
from satuklik.base.webhooks import actions as webhooks
from satuklik.spine.documents import decisions, office
from satuklik.spine.documents.actions import pending
from satuklik.spine.documents.actions.issuing import issue, verify_url
from satuklik.spine.documents.actions.pictures import preview
from satuklik.spine.documents.errors import (
    CannotReplace,
    MayNotDecide,
    NotInForce,
    ReasonMissing,
    StillPending,
)
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.signing import queries as signing
from satuklik.spine.signing.actions import UnlockedKey

DECIDED_WITHIN = timedelta(days=2)
Along = Callable[[], AbstractContextManager[Callable[[IssuedDocument], None] | None]]


@sensitive_variables("key")
def annul(
    document: IssuedDocument,
    reason: str,
    *,
    official: agencies.Official,
    key: UnlockedKey,
    now: datetime,
    defect: str = "substance",
    by: IssuedDocument | None = None,
    along: Along = contextlib.nullcontext,
) -> IssuedDocument:
    """Take a letter out of force for good, by a decision that `official` signs with the unlocked `key`; with `by`, a
    newer letter of the same office and holder that is in force takes its place (UU 30/2014 ps. 63, 64).

    The decision is a letter of the same office with the next number of its sequence; the returned letter names it
    (`status_decision`). `defect`: authority, procedure or substance (ps. 64(1)). All is one transaction where the key
    is here. At a remote backend the decision is numbered in one, signed outside of any, and in force in another, with
    the letter's end: until then the letter holds (docs/adr/0024). `along` is entered within each of them, before the
    letter is locked: what the caller locks, checks and writes beside it; it is given the letter when it has ended.

    Raises NotInForce, MayNotDecide (not the head, nor acting for the head, at this moment), ReasonMissing,
    NotPrintable, CannotReplace, StillPending (an earlier attempt is not decided), and what signing raises.
    """
    wanted = _Wanted(reason, official, now, defect, by)
    if not key.remote:
        with transaction.atomic(), along() as told:
            locked = _in_force(document)
            return _end(locked, wanted, _decided(locked, wanted, key), told)
    with transaction.atomic(), along():
        locked = _in_force(document)
        decision = _decided(locked, wanted, key)
        IssuedDocument.objects.filter(pk=locked.pk).update(status_decision=decision)
    signed = pending.sign_pending(decision, key=key, now=now)
    with transaction.atomic(), along() as told:
        locked = _in_force(document)
        _newer(locked, wanted.by)  # it may have ended meanwhile
        return _end(locked, wanted, pending.enter_force(decision, signed, now=now), told)


def preview_annulment(
    document: IssuedDocument,
    reason: str,
    *,
    official: agencies.Official,
    now: datetime,
    defect: str = "substance",
    by: IssuedDocument | None = None,
    format: Literal["pdf", "png"] = "png",
) -> bytes:
    """The decision as it would be, marked CONTOH, without number and signature. Raises MayNotDecide, NotPrintable."""
    agency = agencies.agency_by_id(document.agency_id)
    signer = _signer(official, agency, now)
    return preview(
        letter=decisions.template(document, replacing=by is not None),
        agency=agency,
        data=decisions.data(
            document,
            reason,
            defect=defect,
            position=signer.position,
            by=by,
        ),
        signer=signer,
        now=now,
        format=format,
    )


def give_up_decisions(now: datetime) -> int:
    """Explain the numbers of decisions whose signature failed at a remote backend, and that nobody made again within
    two days; how many. The letters they were about hold."""
    old = IssuedDocument.objects.filter(
        status=IssuedDocument.Status.PENDING,
        service__in=(decisions.ANNULMENT, decisions.REPLACEMENT),
        issued_at__lt=now - DECIDED_WITHIN,
    )
    given_up = 0
    for decision in old.order_by("pk"):
        with contextlib.suppress(StillPending, NotInForce):
            pending.abandon(decision, "keputusan tidak jadi diambil", actor="system", now=now)
            given_up += 1
    return given_up


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


@dataclass(frozen=True)
class _Wanted:
    """What is decided of a letter, by whom and why."""

    reason: str
    official: agencies.Official
    now: datetime
    defect: str
    by: IssuedDocument | None

    def __post_init__(self) -> None:
        if self.by is None and self.defect not in decisions.DEFECTS:
            raise ValueError(f"A defect is one of {', '.join(decisions.DEFECTS)}, not {self.defect!r}.")


@sensitive_variables("key")
def _decided(document: IssuedDocument, wanted: _Wanted, key: UnlockedKey) -> IssuedDocument:
    """The decision: signed, or numbered and pending where a remote backend signs."""
    if not wanted.reason.strip():
        raise ReasonMissing
    newer = _newer(document, wanted.by)
    agency = agencies.agency_by_id(document.agency_id)
    signer = _signer(wanted.official, agency, wanted.now)
    owner = signing.key_by_serial(key.identity.serial, wanted.now)
    if owner is None or owner.official_id != wanted.official.pk:
        raise MayNotDecide(agency.name)
    unsigned = document.status_decision  # its number goes to this one
    return issue(
        letter=decisions.template(document, replacing=newer is not None),
        agency=agency,
        person_id=document.person_id,
        # Not the case's letter: the register knows the two belong together by `status_decision`.
        case_reference="",
        data=decisions.data(
            document,
            wanted.reason,
            defect=wanted.defect,
            position=signer.position,
            by=newer,
        ),
        now=wanted.now,
        key=key,
        signer=signer,
        later=True,
        number_of=unsigned if unsigned is not None and unsigned.status == unsigned.Status.PENDING else None,
    )


def _newer(document: IssuedDocument, by: IssuedDocument | None) -> IssuedDocument | None:
    if by is None:
        return None
    newer = _in_force(by)
    if newer.pk == document.pk or (newer.agency_id, newer.person_id) != (
        document.agency_id,
        document.person_id,
    ):
        raise CannotReplace(newer.number, document.number)
    return newer


def _end(
    document: IssuedDocument,
    wanted: _Wanted,
    decision: IssuedDocument,
    told: Callable[[IssuedDocument], None] | None,
) -> IssuedDocument:
    status = document.Status.ANNULLED if wanted.by is None else document.Status.REPLACED
    document.status, document.status_at = status, wanted.now
    longest = IssuedDocument._meta.get_field("status_reason").max_length
    document.status_reason = wanted.reason.strip()[:longest]
    document.status_decision, document.replaced_by = decision, wanted.by
    document.save(update_fields=["status", "status_reason", "status_at", "status_decision", "replaced_by"])
    data = {
        "number": document.number,
        "reason": document.status_reason,
        "decision": decision.number,
        "replaced_by": wanted.by.number if wanted.by is not None else "",
    }
    happening = audit.Happening(f"letter.{status}", f"official:{wanted.official.pk}", data)
    audit.record(f"letter:{document.token}", [happening], at=wanted.now)
    ended = {"verify_url": verify_url(document.token), "decision_url": verify_url(decision.token)}
    event = "document.annulled" if wanted.by is None else "document.replaced"
    webhooks.emit(event, agency_id=document.agency_id, data=data | ended, now=wanted.now)
    if told is not None:
        told(document)
    return document
