"""The signature of a letter that a room has drafted: number, page, signature, register; and its end without one.

The sequence is the same for naskah, PPID's decisions and letters of the press desk; whose turn it is, what is printed
and what follows is each room's own. In one transaction where the key is here; else numbered in one, signed elsewhere,
in force in another: nobody waits for a number while a remote backend thinks (docs/adr/0024).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.documents import office, queries
from satuklik.spine.documents.actions import pending
from satuklik.spine.documents.actions.registering import Paper, register
from satuklik.spine.documents.errors import StillPending
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.signing import queries as uses
from satuklik.spine.signing.errors import OutcomeUnknown

if TYPE_CHECKING:
    from satuklik.spine.signing.actions import SignedPdf
    from satuklik.spine.signing.keys import UnlockedKey


class _Letter(Protocol):
    @property
    def reference(self) -> str: ...


class _Turn(Protocol):
    """Whose turn it is: agencies.Signer has it, or what else a room must know when it is signed."""

    @property
    def acting_as(self) -> str: ...


L = TypeVar("L", bound=_Letter)
T = TypeVar("T", bound=_Turn)


@dataclass(frozen=True)
class Capacity:
    """Who signs and as what (`Signer`)."""

    official: Any
    acting_as: str


@dataclass(frozen=True)
class Printed:
    """What `register` takes of a letter beside its signer, key, time and reference."""

    paper: Paper
    agency: office.Agency
    content: Sequence[Mapping[str, Any]]
    machine: Mapping[str, Any]
    secret: bool = False


@dataclass(frozen=True)
class Room(Generic[L, T]):
    """How one room keeps its letters."""

    lock: Callable[[L], L]
    """The letter as it is stored, its matter locked before it."""
    signed: Callable[[L, Any, str], IssuedDocument | None]
    """(letter, official, digest of the page that he read) → what he signed it into; None before."""
    turn: Callable[[L, Any, datetime], T]
    """(letter, official, now): raises the room's errors where he may not sign it now, or it does not wait."""
    printed: Callable[[L, T, str, datetime], Printed]
    """(letter, turn, digest, now): raises the room's error where another page was read."""
    close: Callable[[L, T, Any, IssuedDocument, datetime], None]
    """(letter, turn, official, document, now): it is signed; what follows, follows."""
    busy: Callable[[str], Exception]
    """The room's error for a letter (by its reference) whose signature is being made elsewhere."""


@sensitive_variables("key")
def sign_drafted(
    room: Room[L, T], letter: L, *, by: Any, key: "UnlockedKey", now: datetime, seen: str
) -> IssuedDocument:
    """Number, sign and register the letter whose page has the digest `seen`, and close it. Doing it twice returns the
    first. His right is asked at the moment of signing, and again when a remote signature comes back.

    Raises OutcomeUnknown (a remote backend has not said what came of the last attempt: it is asked, never made to sign
    again), what the room raises, and what `register` and `sign_pending` raise."""
    document = _registered(room, letter, by, key, now, seen)
    if document.status != IssuedDocument.Status.PENDING:
        return document
    return _in_force(room, letter, by, document, pending.sign_pending(document, key=key, now=now), now)


@sensitive_variables("key")
@transaction.atomic
def _registered(
    room: Room[L, T], letter: L, by: Any, key: "UnlockedKey", now: datetime, seen: str
) -> IssuedDocument:
    """The letter with its number: signed, and closed; or pending, and it still waits."""
    current = room.lock(letter)
    before = room.signed(current, by, seen)
    if before is not None:
        return before
    turn = room.turn(current, by, now)
    printed = room.printed(current, turn, seen, now)
    undecided = uses.undecided_use_for(current.reference)
    if undecided is not None:
        raise OutcomeUnknown(undecided.pk)
    try:
        document = register(
            printed.paper, agency=printed.agency, signer=Capacity(by, turn.acting_as), key=key, now=now,
            reference=current.reference, content=printed.content, machine=printed.machine, secret=printed.secret,
            number_of=queries.pending_of_case(current.reference),
        )  # fmt: skip
    except StillPending as error:
        raise room.busy(current.reference) from error
    if document.status != IssuedDocument.Status.PENDING:
        room.close(current, turn, by, document, now)
    return document


@transaction.atomic
def _in_force(
    room: Room[L, T], letter: L, by: Any, document: IssuedDocument, signed: "SignedPdf", now: datetime
) -> IssuedDocument:
    """The signed letter in its place. Nobody could take it back meanwhile (`settle_drafted`)."""
    current = room.lock(letter)
    turn = room.turn(current, by, now)
    document = pending.enter_force(document, signed, now=now)
    room.close(current, turn, by, document, now)
    return document


def settle_drafted(
    reference: str, why: str, *, busy: Callable[[str], Exception], actor: str, now: datetime
) -> None:
    """A letter will not be signed as it is: its number, where a remote backend had one, is explained in the register.
    In the caller's transaction. Raises `busy(reference)` while it may be signed: taking it back would say the contrary.
    """
    if uses.undecided_use_for(reference) is not None:
        raise busy(reference)
    unsigned = queries.pending_of_case(reference)
    if unsigned is None:
        return
    try:
        pending.abandon(unsigned, why, actor=actor, now=now)
    except StillPending as error:
        raise busy(reference) from error
