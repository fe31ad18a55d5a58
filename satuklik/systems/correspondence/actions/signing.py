"""The one signature of a naskah: number, page, signature, register."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.base.agencies import queries as agencies
from satuklik.spine.documents import actions as documents
from satuklik.spine.signing import queries as signing
from satuklik.spine.signing.errors import OutcomeUnknown
from satuklik.systems.correspondence import papers, rules
from satuklik.systems.correspondence.actions import registers, telling
from satuklik.systems.correspondence.actions.approving import done_already, finish, open_step, require_shown
from satuklik.systems.correspondence.actions.opening import change, locked, record
from satuklik.systems.correspondence.errors import WrongState
from satuklik.systems.correspondence.models import Naskah, Step

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.documents.actions import IssuedDocument
    from satuklik.spine.signing.keys import UnlockedKey


@transaction.atomic
def sign(
    naskah: Naskah, *, by: "Official", key: "UnlockedKey", now: datetime, sha256_seen: str
) -> "IssuedDocument":
    """Number, sign and register the version whose PDF has the digest `sha256_seen`. Doing it twice returns the first.
    Raises MaySignNot (his right is asked at this moment), NotTheVersionShown, NotYours, WrongState, and what
    documents and signing raise."""
    current = locked(naskah)
    again = done_already(current, by, Step.Kind.SIGN)
    if again is not None and again.sha256 == sha256_seen and current.document is not None:
        return current.document
    if current.state != rules.TO_SIGN:
        raise WrongState(current.state, rules.SIGNED)
    step, acting_as = open_step(current, by, now, Step.Kind.SIGN)
    version = require_shown(current, sha256_seen)
    undecided = signing.undecided_use_for(current.reference)
    if undecided is not None:
        # A remote backend has not said yet what came of the last attempt: it is asked, never made to sign again.
        raise OutcomeUnknown(undecided.pk)
    said = version.content
    # The number is the office's whose head signs, and so is the line in its agenda keluar.
    office = agencies.agency_by_id(current.signed_for_id)
    document = documents.register(
        papers.paper(said),
        agency=office,
        signer=papers.Capacity(by, acting_as),
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
    )
    finish(
        current, step, by, now, Step.State.DONE, acting_as=acting_as, sha256=version.file_id,
        document=document.file_id,
    )  # fmt: skip
    entry = registers.outgoing(current, document, office, now)
    current.document = document
    change(current, rules.SIGNED, now, "document")
    facts = {
        "step": step.pk, "version": step.version, "acting_as": acting_as, "sha256": step.sha256, "hash": step.hash,
        "document": document.file_id, "number": document.number, "agenda": str(entry),
    }  # fmt: skip
    record(current, "signed", by, now, facts)
    telling.of_naskah(current, current.drafted_by, "signed", now, who=by, note=document.number)
    return document
