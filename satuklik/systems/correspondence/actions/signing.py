"""The one signature of a naskah: number, page, signature, register."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from satuklik.base.agencies import queries as agencies
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents import queries as issued
from satuklik.spine.documents.errors import StillPending
from satuklik.spine.signing import queries as signing
from satuklik.spine.signing.errors import OutcomeUnknown
from satuklik.systems.correspondence import papers, rules
from satuklik.systems.correspondence.actions import registers, telling
from satuklik.systems.correspondence.actions.approving import done_already, finish, open_step, require_shown
from satuklik.systems.correspondence.actions.opening import change, locked, record
from satuklik.systems.correspondence.errors import StillSigning, WrongState
from satuklik.systems.correspondence.models import Naskah, Step, Version

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.documents.actions import IssuedDocument
    from satuklik.spine.signing.actions import SignedPdf
    from satuklik.spine.signing.keys import UnlockedKey


@sensitive_variables("key")
def sign(
    naskah: Naskah, *, by: "Official", key: "UnlockedKey", now: datetime, sha256_seen: str
) -> "IssuedDocument":
    """Number, sign and register the version whose PDF has the digest `sha256_seen`. Doing it twice returns the first.

    In one transaction where the key is here; else numbered in one, signed elsewhere, in force in another: so nobody
    waits for a number while a remote backend thinks, and a number is explained whatever comes of it (docs/adr/0024).
    Raises MaySignNot (his right is asked at this moment), NotTheVersionShown, NotYours, WrongState, StillSigning, and
    what documents and signing raise."""
    document = _registered(naskah, by, key, now, sha256_seen)
    if document.status != documents.IssuedDocument.Status.PENDING:
        return document
    signed = documents.sign_pending(document, key=key, now=now)
    return _in_force(naskah, by, document, signed, now)


@sensitive_variables("key")
@transaction.atomic
def _registered(
    naskah: Naskah, by: "Official", key: "UnlockedKey", now: datetime, sha256_seen: str
) -> "IssuedDocument":
    """The letter with its number: signed, and the naskah with it; or pending, and the naskah still waits."""
    current = locked(naskah)
    again = _signed_before(current, by, sha256_seen)
    if again is not None:
        return again
    ready = _ready(current, by, now, sha256_seen)
    document = _register(current, ready, by, key, now)
    if document.status != documents.IssuedDocument.Status.PENDING:
        _close(current, ready.step, ready.acting_as, by, document, now)
    return document


@transaction.atomic
def _in_force(
    naskah: Naskah, by: "Official", document: "IssuedDocument", signed: "SignedPdf", now: datetime
) -> "IssuedDocument":
    """The signed letter in its place. Nobody could take the naskah back meanwhile (`settle`)."""
    current = locked(naskah)
    step, acting_as = open_step(current, by, now, Step.Kind.SIGN)
    document = documents.enter_force(document, signed, now=now)
    _close(current, step, acting_as, by, document, now)
    return document


@dataclass(frozen=True)
class _Ready:
    """A naskah as it is signed: its open step, in which capacity, and the version that was read."""

    step: Step
    acting_as: str
    version: Version


def _signed_before(current: Naskah, by: "Official", sha256_seen: str) -> "IssuedDocument | None":
    again = done_already(current, by, Step.Kind.SIGN)
    return current.document if again is not None and again.sha256 == sha256_seen else None


def _ready(current: Naskah, by: "Official", now: datetime, sha256_seen: str) -> _Ready:
    if current.state != rules.TO_SIGN:
        raise WrongState(current.state, rules.SIGNED)
    step, acting_as = open_step(current, by, now, Step.Kind.SIGN)
    version = require_shown(current, sha256_seen)
    undecided = signing.undecided_use_for(current.reference)
    if undecided is not None:
        # A remote backend has not said yet what came of the last attempt: it is asked, never made to sign again.
        raise OutcomeUnknown(undecided.pk)
    return _Ready(step, acting_as, version)


@sensitive_variables("key")
def _register(
    current: Naskah, ready: _Ready, by: "Official", key: "UnlockedKey", now: datetime
) -> "IssuedDocument":
    said = ready.version.content
    # The number is the office's whose head signs, and so is the line in its agenda keluar.
    office = agencies.agency_by_id(current.signed_for_id)
    try:
        return documents.register(
            papers.paper(said),
            agency=office,
            signer=papers.Capacity(by, ready.acting_as),
            key=key,
            now=now,
            reference=current.reference,
            content=rules.shown(
                said["secrecy"],
                subject=said["subject"],
                recipients=[one["name"] for one in said["to"]],
                classification=said["classification"],
            ),
            machine=papers.machine(said),
            secret=said["secrecy"] in rules.SECRET,
            number_of=issued.pending_of_case(current.reference),
        )
    except StillPending as error:
        raise StillSigning(current.reference) from error


def _close(
    current: Naskah, step: Step, acting_as: str, by: "Official", document: "IssuedDocument", now: datetime
) -> None:
    version = current.versions.get(number=step.version)
    finish(
        current, step, by, now, Step.State.DONE, acting_as=acting_as, sha256=version.file_id,
        document=document.file_id,
    )  # fmt: skip
    office = agencies.agency_by_id(document.agency_id)
    entry = registers.outgoing(current, document, office, now)
    current.document = document
    change(current, rules.SIGNED, now, "document")
    facts = {
        "step": step.pk, "version": step.version, "acting_as": acting_as, "sha256": step.sha256, "hash": step.hash,
        "document": document.file_id, "number": document.number, "agenda": str(entry),
    }  # fmt: skip
    record(current, "signed", by, now, facts)
    telling.of_naskah(current, current.drafted_by, "signed", now, who=by, note=document.number)
