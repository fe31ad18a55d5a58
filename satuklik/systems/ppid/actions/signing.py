"""The signature of a letter: number, page, signature, register; then it goes to the applicant in the same breath."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.views.decorators.debug import sensitive_variables

from satuklik.spine.documents import actions as documents
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
    from satuklik.spine.signing.keys import UnlockedKey


@sensitive_variables("key")
def sign(letter: Letter, *, by: "Official", key: "UnlockedKey", now: datetime, seen: str) -> "IssuedDocument":
    """Number, sign and register the letter whose page has the digest `seen`, and send it. Doing it twice returns the
    first (documents.sign_drafted). Raises MaySignNot (his right is asked at this moment), NotTheLetterShown, WrongState,
    StillSigning, and what documents and signing raise."""
    return documents.sign_drafted(ROOM, letter, by=by, key=key, now=now, seen=seen)


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


def _signed(letter: Letter, by: "Official", seen: str) -> "IssuedDocument | None":
    same = letter.signed_by_id == by.pk and letter.preview_id == seen
    return letter.document if letter.state == Letter.State.SIGNED and same else None


def _turn(letter: Letter, by: "Official", now: datetime) -> "Signer":
    if letter.state != Letter.State.WAITING:
        raise WrongState(rules.DECIDED, rules.DELIVERED)
    signer = permits.may_sign(by, letter.agency.code, now)
    if signer is None:
        raise MaySignNot(by.name, letter.agency.name)
    return signer


def _printed(letter: Letter, turn: "Signer", seen: str, now: datetime) -> documents.Printed:
    if letter.preview_id != seen:
        raise NotTheLetterShown
    if letter.kind == Letter.Kind.EXTENSION:
        extending.check_before_signing(locked(extensions.request_of(letter)), letter, now)
    return documents.Printed(
        papers.paper(letter.kind, letter.content, letter.source), letter.agency,
        papers.shown(letter.kind, letter.content), papers.machine(letter.kind, letter.content),
    )  # fmt: skip


def _close(letter: Letter, turn: "Signer", by: "Official", document: "IssuedDocument", now: datetime) -> None:
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


ROOM = documents.Room(_locked, _signed, _turn, _printed, _close, StillSigning)
