"""What systems tell this room at start: into which legal objects a message can be turned, and what they wait for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


class DuplicateKind(RuntimeError):
    """Two systems registered one kind of object."""


@dataclass(frozen=True)
class Intake:
    """What an officer (or a rule) takes out of a conversation to make one object of it."""

    conversation_id: int
    message_ids: tuple[int, ...]
    text: str
    """The person's own words, as the officer marked them."""
    received_at: datetime
    """When the first of these messages came in: day 0 of every clock."""
    channel: str
    name: str = ""
    phone: str = ""
    """E.164, where known."""
    email: str = ""
    address: str = ""
    agency_code: str = ""
    """The agency that the officer chose; "" leaves it to the system."""
    files: tuple[str, ...] = ()
    """SHA-256 of stored attachments."""
    urgent: bool = False
    secret: bool = False
    """The person must not be known to those who handle it."""
    deadline: datetime | None = None
    """A journalist's."""
    extra: tuple[tuple[str, str], ...] = ()
    """Answers to the kind's own questions, by name."""


@dataclass(frozen=True)
class Created:
    """The object that came of it."""

    subject: str
    """"ppid:PI-7F3K-9Q2M": the system, a colon, the reference."""
    reference: str
    url: str
    """Its page at the desk."""
    tracking_url: str
    """Where the person follows it, without login."""
    reply: str
    """What is told to the person at once: number, date, what happens next."""
    secrets: tuple[str, ...] = ()
    """Parts of the reply that only the person may read (a key, a link with it): the desk never shows them."""


@dataclass(frozen=True)
class Ask:
    """A question that only this kind needs: a form field of one line. `choices`: (value, label)."""

    name: str
    label: Any
    required: bool = False
    choices: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of object. `create(intake, by, now)` makes it in the caller's transaction; raises CannotCreate with a
    sentence for the officer. Without `create` nothing is made (a greeting, a question that a link answers)."""

    name: str
    """information, objection, complaint, press, idea, …"""
    label: Any
    icon: str
    order: int
    create: "Callable[[Intake, Official | None, datetime], Created] | None" = None
    asks: Sequence[Ask] = ()
    find: Callable[[str], str] | None = None
    """(what a person wrote as a ticket number) → the subject it names, or ""."""
    keeps_secret: bool = False
    """Whether its objects keep a secret person sealed: then one can be made without uncovering the person."""


class CannotCreate(ValueError):
    """The object cannot be made of this; the text tells the officer what is missing."""


Uncovered = Callable[[Sequence[str], "Official", str, datetime, datetime], None]
"""(subjects made of a conversation, who uncovered its person, the reason, when, now)"""
UNCOVERED: dict[str, Uncovered] = {}


def register_uncovered(name: str, note: Uncovered) -> None:
    """Let a system note, in the caller's transaction, that the person behind its objects was uncovered at the inbox.
    Raises DuplicateKind."""
    if name in UNCOVERED:
        raise DuplicateKind(name)
    UNCOVERED[name] = note


KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Let messages become objects of this kind. Raises DuplicateKind."""
    if kind.name in KINDS:
        raise DuplicateKind(kind.name)
    KINDS[kind.name] = kind


def kinds() -> list[Kind]:
    """Every kind in its order."""
    return sorted(KINDS.values(), key=lambda kind: kind.order)


# -- Questions that wait for an answer ---------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """A question that a system put to the person and that nobody has answered."""

    subject: str
    """"ppid:PI-7F3K-9Q2M": one question of it waits at most."""
    number: str
    """As the person knows it: 0012/PPID/XI/2026."""
    about: Any
    """What is asked for, in a word: clarification, completeness."""
    text: str
    asked_at: datetime
    url: str
    """The page at the desk."""


@dataclass(frozen=True)
class Answer:
    """What the person wrote in the conversation, taken as the answer by an officer."""

    subject: str
    text: str
    files: tuple[tuple[str, str], ...]
    """(SHA-256, name) of what was attached."""
    at: datetime
    """When the last of these messages came in."""


@dataclass(frozen=True)
class Asker:
    """A system that asks people. `waiting(conversation_ids)`: its questions that wait there. `take(answer, by, now)`
    keeps the answer in the caller's transaction, moves the matter on and returns a sentence for the person; raises
    CannotCreate with a sentence for the officer (the question was answered elsewhere meanwhile)."""

    name: str
    waiting: Callable[[Sequence[int]], Sequence[Question]]
    take: "Callable[[Answer, Official, datetime], str]"


class DuplicateAsker(RuntimeError):
    """Two systems registered under one name."""


ASKERS: dict[str, Asker] = {}


def register_asker(asker: Asker) -> None:
    """Let messages answer the questions of this system. Raises DuplicateAsker."""
    if asker.name in ASKERS:
        raise DuplicateAsker(asker.name)
    ASKERS[asker.name] = asker
