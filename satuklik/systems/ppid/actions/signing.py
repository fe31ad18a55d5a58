"""The signature of a letter: number, page, signature, register; then it goes to the applicant in the same breath."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.documents import actions as documents
from satuklik.spine.documents import queries as issued
from satuklik.spine.documents.errors import StillPending
from satuklik.spine.signing import queries as signing
from satuklik.spine.signing.errors import OutcomeUnknown
from satuklik.systems.ppid import papers, permits, rules
from satuklik.systems.ppid.actions import delivering, extending, objecting
from satuklik.systems.ppid.actions.opening import locked, locked_objection, note, require_state
from satuklik.systems.ppid.errors import MaySignNot, NotTheLetterShown, StillSigning, WrongState
from satuklik.systems.ppid.models import Letter
from satuklik.systems.ppid.queries import extensions

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.base.agencies.queries import Signer
    from satuklik.spine.documents.actions import IssuedDocument
    from satuklik.spine.signing.actions import SignedPdf
    from satuklik.spine.signing.keys import UnlockedKey


@sensitive_variables("key")
def sign(letter: Letter, *, by: "Official", key: "UnlockedKey", now: datetime, seen: str) -> "IssuedDocument":
    """Number, sign and register the letter whose page has the digest `seen`, and send it. Doing it twice returns the
    first.

    In one transaction where the key is here; else numbered in one, signed elsewhere, in force in another: nobody waits
    for a number while a remote backend thinks (docs/adr/0024). Raises MaySignNot (his right is asked at this moment),
    NotTheLetterShown, WrongState, StillSigning, and what documents and signing raise."""
    document = _registered(letter, by, key, now, seen)
    if document.status != documents.IssuedDocument.Status.PENDING:
        return document
    signed = documents.sign_pending(document, key=key, now=now)
    return _in_force(letter, by, document, signed, now)


@dataclass(frozen=True)
class _Capacity:
    """Who signs and as what (documents' Signer)."""

    official: "Official"
    acting_as: str


@sensitive_variables("key")
@transaction.atomic
def _registered(
    letter: Letter, by: "Official", key: "UnlockedKey", now: datetime, seen: str
) -> "IssuedDocument":
    """The letter with its number: signed, and sent; or pending, and it still waits."""
    current = _locked(letter)
    if current.state == Letter.State.SIGNED and current.signed_by_id == by.pk and current.preview_id == seen:
        assert current.document is not None
        return current.document
    signer = _capacity(current, by, now)
    if current.preview_id != seen:
        raise NotTheLetterShown
    undecided = signing.undecided_use_for(current.reference)
    if undecided is not None:
        # A remote backend has not said yet what came of the last attempt: it is asked, never made to sign again.
        raise OutcomeUnknown(undecided.pk)
    if current.kind == Letter.Kind.EXTENSION:
        extending.check_before_signing(locked(extensions.request_of(current)), current, now)
    try:
        document = documents.register(
            papers.paper(current.kind, current.content, current.source),
            agency=current.agency,
            signer=_Capacity(by, signer.acting_as),
            key=key,
            now=now,
            reference=current.reference,
            content=papers.shown(current.kind, current.content),
            machine=papers.machine(current.kind, current.content),
            number_of=issued.pending_of_case(current.reference),
        )
    except StillPending as error:
        raise StillSigning(current.reference) from error
    if document.status != documents.IssuedDocument.Status.PENDING:
        _close(current, by, document, now)
    return document


@transaction.atomic
def _in_force(
    letter: Letter, by: "Official", document: "IssuedDocument", signed: "SignedPdf", now: datetime
) -> "IssuedDocument":
    """The signed letter in its place. Nobody could take it back meanwhile (deciding.drop)."""
    current = _locked(letter)
    _capacity(current, by, now)
    document = documents.enter_force(document, signed, now=now)
    _close(current, by, document, now)
    return document


def _locked(letter: Letter) -> Letter:
    # The matter first, then its letter: the order in which every action locks.
    kept = Letter.objects.select_related("decision", "objection").get(pk=letter.pk)
    if kept.kind == Letter.Kind.OBJECTION:
        locked_objection(kept.objection)
    elif kept.kind == Letter.Kind.EXTENSION:
        locked(extensions.request_of(kept))
    else:
        locked(kept.decision.request)
    return (
        Letter.objects.select_for_update(of=("self",))
        .select_related("agency__region", "agency__parent", "document")
        .get(pk=letter.pk)
    )


def _capacity(letter: Letter, by: "Official", now: datetime) -> "Signer":
    if letter.state != Letter.State.WAITING:
        raise WrongState(rules.DECIDED, rules.DELIVERED)
    signer = permits.may_sign(by, letter.agency.code, now)
    if signer is None:
        raise MaySignNot(by.name, letter.agency.name)
    return signer


def _close(letter: Letter, by: "Official", document: "IssuedDocument", now: datetime) -> None:
    letter.state, letter.document = Letter.State.SIGNED, document
    letter.signed_at, letter.signed_by = now, by
    letter.save(update_fields=["state", "document", "signed_at", "signed_by"])
    facts = {"number": document.number, "document": document.file_id, "letter": letter.reference}
    if letter.kind == Letter.Kind.OBJECTION:
        objection = locked_objection(Letter.objects.select_related("objection").get(pk=letter.pk).objection)
        require_state(objection, rules.DECIDED)
        note(objection.request, "objection_signed", now, by=by, data=facts, objection=objection)
        objecting.notify(objection, letter, by=by, now=now)
        return
    if letter.kind == Letter.Kind.EXTENSION:
        extended = extensions.request_of(letter)
        note(extended, "signed", now, by=by, data=facts)
        extending.in_force(extended, letter, by=by, now=now)
        return
    request = locked(Letter.objects.select_related("decision__request").get(pk=letter.pk).decision.request)
    require_state(request, rules.DECIDED)
    note(request, "signed", now, by=by, data=facts)
    if request.delivery in rules.BY_WIRE:
        delivering.notify(request, by=by, now=now)
