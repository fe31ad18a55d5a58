"""What pages show of naskah dinas: frozen, in words, without a query left to ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from satuklik.systems.correspondence.rules import Kind

if TYPE_CHECKING:
    from satuklik.spine.documents.models import IssuedDocument
    from satuklik.systems.correspondence.models import Disposition, Incoming, Naskah


@dataclass(frozen=True)
class Who:
    """An official as a page names him."""

    id: int
    name: str
    position: str
    office: str


@dataclass(frozen=True)
class StepView:
    """A paraf or the signature. `state`: waiting, open, done, returned, forwarded, dropped; `kind`: paraf, sign."""

    id: int
    version: int
    order: int
    kind: str
    state: str
    state_words: str
    who: Who | None
    """Whose step it is; None: the head of `office`, whoever that is then."""
    whom: str
    """The same in words: a name, or the head's title."""
    office: str
    acting_as: str
    opened_at: datetime | None
    done_at: datetime | None
    done_by: Who | None
    note: str
    sha256: str
    hash: str
    late: bool
    mine: bool
    """Open, and the official who looks may do it now."""


@dataclass(frozen=True)
class RecipientView:
    """Whom it goes to and whether it has arrived."""

    id: int
    kind: str
    name: str
    address: str
    email: str
    agency_code: str
    office: str
    """The name of the office of ours; empty for somebody outside."""
    delivered_at: datetime | None
    receipt: str
    """For an office of ours: its number in the agenda masuk, "12/2026". For others: how it was sent, and who says so."""
    read_at: datetime | None
    outside: bool


@dataclass(frozen=True)
class VersionView:
    """What was sent up once."""

    number: int
    sha256: str
    made_at: datetime
    made_by: Who


@dataclass(frozen=True)
class HistoryLine:
    """One event of the log in words."""

    at: datetime
    who: str
    words: str
    note: str


@dataclass(frozen=True)
class NaskahView:
    """The full picture of a naskah for one official at one moment."""

    naskah: "Naskah"
    reference: str
    kind: Kind | None
    """None: an uploaded PDF."""
    kind_words: str
    subject: str
    classification: str
    classification_words: str
    urgency: str
    urgency_words: str
    secrecy: str
    secrecy_words: str
    state: str
    state_words: str
    office: str
    signed_for: str
    signer: Who | None
    signer_words: str
    """Who signs, as things stand now: "Plh. Camat Kisaran Timur: Nama"."""
    drafted_by: Who
    version: int
    content: Mapping[str, Any]
    sha256: str
    """Of the version in force: what `paraf` and `sign` want as `sha256_seen`; empty while it is a draft."""
    pages: int
    created_at: datetime
    changed_at: datetime
    due_on: date | None
    late: bool
    number: str
    document: "IssuedDocument | None"
    verify_url: str
    steps: tuple[StepView, ...]
    """Of the version in force, in order."""
    older_steps: tuple[StepView, ...]
    my_step: StepView | None
    returned_reason: str
    """Of the newest return, while it is a draft again; with the name of who returned it before it."""
    to: tuple[RecipientView, ...]
    copies: tuple[RecipientView, ...]
    versions: tuple[VersionView, ...]
    answers: "Incoming | None"
    history: tuple[HistoryLine, ...]
    may: frozenset[str]
    """What this official may do now: edit, submit, cancel, withdraw, paraf, give_back, forward, sign, dispatch,
    confirm_sent."""


@dataclass(frozen=True)
class DispositionView:
    """An instruction and what became of it."""

    disposition: "Disposition"
    id: int
    giver: Who
    acting_as: str
    taker: Who
    instruction: str
    instruction_words: str
    note: str
    due_on: date | None
    late: bool
    given_at: datetime
    read_at: datetime | None
    done_at: datetime | None
    report: str
    depth: int
    mine: bool
    """Open, and the official who looks is its taker."""


@dataclass(frozen=True)
class IncomingView:
    """The full picture of an incoming letter for one official at one moment."""

    incoming: "Incoming"
    id: int
    agenda: str
    """Its number in the agenda masuk: "12/2026"."""
    office: str
    number: str
    dated: date
    correspondent: str
    subject: str
    classification: str
    classification_words: str
    urgency: str
    urgency_words: str
    secrecy: str
    secrecy_words: str
    state: str
    state_words: str
    copy: bool
    outside: bool
    received_at: datetime
    read_at: datetime | None
    read_by: Who | None
    done_at: datetime | None
    has_file: bool
    media_type: str
    verify_url: str
    dispositions: tuple[DispositionView, ...]
    """As a tree laid flat: each below the one that it passes on, `depth` says how deep."""
    answered_by: tuple[str, ...]
    """References of the naskah that answer it."""
    history: tuple[HistoryLine, ...]
    may: frozenset[str]
    """What this official may do now: dispose, report, close, answer."""
    takers: tuple[Who, ...]
    """To whom this official may give a disposition."""


BoxName = Literal["draf", "paraf", "tandatangan", "dikembalikan", "terkirim", "masuk", "disposisi"]


@dataclass(frozen=True)
class Row:
    """A line of a box."""

    what: Literal["naskah", "incoming", "disposition"]
    key: str
    """A naskah's reference, or the id of the incoming letter (for a disposition: of its letter)."""
    title: str
    about: str
    """Recipients, or the sender, or who gave the disposition."""
    office: str
    kind_words: str
    state: str
    state_words: str
    urgency: str
    urgency_words: str
    secrecy: str
    secrecy_words: str
    at: datetime
    due_on: date | None
    late: bool
    unread: bool
    number: str


@dataclass(frozen=True)
class Box:
    """A page of a box; `after` for the next page, None on the last one."""

    rows: tuple[Row, ...]
    after: str | None


@dataclass(frozen=True)
class AgendaRow:
    """A line of the register. Who may not read a secret letter sees its number, date and office only."""

    serial: int
    year: int
    at: datetime
    number: str
    dated: date
    correspondent: str
    subject: str
    classification: str
    secrecy: str
    secrecy_words: str
    key: str
    """The naskah's reference (agenda keluar) or the incoming letter's id (agenda masuk); empty where it is hidden."""
