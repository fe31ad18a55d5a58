"""What every channel is to the room: how it is read, written to, and checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from satuklik.spine.messaging.registry import DuplicateName

if TYPE_CHECKING:
    from satuklik.spine.messaging.models import RawEvent


@dataclass(frozen=True)
class File:
    """A file on its way out."""

    name: str
    media_type: str
    content: bytes
    number: int = 0
    """Of the attachment."""


@dataclass(frozen=True)
class Parcel:
    """One message on its way out. `template`: send this prepared text, filled with `values`, instead of `text`."""

    message_id: int
    conversation_id: int
    address: str
    text: str
    subject: str
    language: str
    link: str
    """Where the message can be read without login."""
    template: str = ""
    values: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    reply_to: str = ""
    automatic: bool = True
    """Nobody of the office wrote it: machines must not answer."""
    thread: tuple[str, ...] = ()
    """External ids of earlier messages of the thread, the oldest first."""
    veiled: str = ""
    """The text without what only the person may read: for copies that lie elsewhere."""


@dataclass(frozen=True)
class Sent:
    """What the channel called the message that it took, and how far it is."""

    external_id: str
    account: str
    status: str = "sent"


@dataclass(frozen=True)
class Adapter:
    """One channel.

    `handle(event, now)` raises Unreadable (into quarantine) or NotYet (again later); `send(parcel, now)` raises
    SendFailed; `fetch(source)` gives the bytes of a file that the channel keeps, raises SendFailed, or FileRefused.
    `problems()` says in sentences what of the configuration does not work; empty: all is well.

    `send_file(parcel, file, now)`: files go as messages of their own, before the text; gives what the channel calls
    it. `name_of(message id)`: (external id, account), where they are known before the message is handed over. `local`:
    sending is a write into our own database, so that it happens with its note or not at all.
    """

    name: str
    on: Callable[[], bool]
    send: Callable[[Parcel, datetime], Sent]
    problems: Callable[[], list[str]]
    handle: "Callable[[RawEvent, datetime], None] | None" = None
    fetch: Callable[[Mapping[str, str]], bytes] | None = None
    send_file: Callable[[Parcel, File, datetime], str] | None = None
    name_of: Callable[[int], tuple[str, str]] | None = None
    local: bool = False


ADAPTERS: dict[str, Adapter] = {}


def register_adapter(adapter: Adapter) -> None:
    """Make a channel known. Raises DuplicateName."""
    if adapter.name in ADAPTERS:
        raise DuplicateName(adapter.name)
    ADAPTERS[adapter.name] = adapter


def switched_on() -> set[str]:
    """The names of the channels that this installation is configured for."""
    return {name for name, adapter in ADAPTERS.items() if adapter.on()}
