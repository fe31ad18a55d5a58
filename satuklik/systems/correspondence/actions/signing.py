"""The one signature of a naskah: number, page, signature, register."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.views.decorators.debug import sensitive_variables

from satuklik.base.agencies import queries as agencies
from satuklik.spine.documents import actions as documents
from satuklik.systems.correspondence import papers, rules
from satuklik.systems.correspondence.actions import registers, telling
from satuklik.systems.correspondence.actions.approving import done_already, finish, open_step, require_shown
from satuklik.systems.correspondence.actions.opening import change, locked, record
from satuklik.systems.correspondence.errors import StillSigning, WrongState
from satuklik.systems.correspondence.models import Naskah, Step

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.documents.actions import IssuedDocument
    from satuklik.spine.signing.keys import UnlockedKey


@sensitive_variables("key")
def sign(
    naskah: Naskah, *, by: "Official", key: "UnlockedKey", now: datetime, sha256_seen: str
) -> "IssuedDocument":
    """Number, sign and register the version whose PDF has the digest `sha256_seen`. Doing it twice returns the first.

    See documents.sign_drafted. Raises MaySignNot (his right is asked at this moment), NotTheVersionShown, NotYours,
    WrongState, StillSigning, and what documents and signing raise."""
    return documents.sign_drafted(ROOM, naskah, by=by, key=key, now=now, seen=sha256_seen)


@dataclass(frozen=True)
class _Turn:
    """The open step of a naskah, and in which capacity it is done."""

    step: Step
    acting_as: str


def _signed(current: Naskah, by: "Official", seen: str) -> "IssuedDocument | None":
    again = done_already(current, by, Step.Kind.SIGN)
    return current.document if again is not None and again.sha256 == seen else None


def _turn(current: Naskah, by: "Official", now: datetime) -> _Turn:
    if current.state != rules.TO_SIGN:
        raise WrongState(current.state, rules.SIGNED)
    return _Turn(*open_step(current, by, now, Step.Kind.SIGN))


def _printed(current: Naskah, turn: _Turn, seen: str, now: datetime) -> documents.Printed:
    said = require_shown(current, seen).content
    shown = rules.shown(
        said["secrecy"], subject=said["subject"], recipients=[one["name"] for one in said["to"]],
        classification=said["classification"],
    )  # fmt: skip
    # The number is the office's whose head signs, and so is the line in its agenda keluar.
    return documents.Printed(
        papers.paper(said), agencies.agency_by_id(current.signed_for_id), shown, papers.machine(said),
        secret=said["secrecy"] in rules.SECRET,
    )  # fmt: skip


def _close(current: Naskah, turn: _Turn, by: "Official", document: "IssuedDocument", now: datetime) -> None:
    step, acting_as = turn.step, turn.acting_as
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


ROOM = documents.Room(locked, _signed, _turn, _printed, _close, StillSigning)
