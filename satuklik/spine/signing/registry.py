"""What rooms above tell this room at start-up: which documents of theirs an official can sign."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from satuklik.spine.signing.errors import DuplicateArchive, DuplicateSignable

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.signing.keys import UnlockedKey


@dataclass(frozen=True)
class Waiting:
    """One document that waits for this official's signature."""

    reference: str
    title: str
    about: str
    """Whom or what it concerns: a name, a recipient."""
    office: str
    """In whose name it is signed."""
    seen: str
    """What stands for the content that is shown now: nobody signs what he has not seen."""
    since: datetime
    due_on: date | None
    url: str
    preview_url: str
    """A PNG of its first page (`?halaman=2` for the next ones)."""
    pages: int = 1
    purpose: str = ""
    """Its service or kind: where offices or services choose different backends, the key for it is opened."""


@dataclass(frozen=True)
class Signed:
    """What became of one document: its printed number (or title) and where it can be read."""

    number: str
    url: str


@dataclass(frozen=True)
class Signable:
    """A kind of document that officials sign, one or many with one passphrase.

    `waiting(official, references, now)`: those of `references` (None: all) that wait for this official now.
    `sign(reference, seen, official, key, now)`: sign one in a transaction of its own. Raises a subclass of the
    errors in `failures`, whose words for the official `explain(error)` gives.
    """

    name: str
    label: Any
    waiting: Callable[["Official", Sequence[str] | None, datetime], Sequence[Waiting]]
    sign: Callable[[str, str, "Official", "UnlockedKey", datetime], Signed]
    failures: tuple[type[Exception], ...]
    explain: Callable[[Exception], str]
    done: Callable[[str, "Official", datetime], Signed | None] | None = None
    """(reference, official, since): what this official has signed of it after that moment. A batch whose process
    ended asks before it goes on, and asks for what a remote backend left open. Without it such a document is
    looked for in `waiting` only."""


@dataclass(frozen=True)
class Augmented:
    """What one run over an archive did."""

    improved: int
    """Documents that went one step further."""
    failed: int
    """Documents that could not; each has its line in the log."""
    last: int
    """The key of the last document that was looked at: where the next run goes on."""


@dataclass(frozen=True)
class Archive:
    """A store of signed documents whose proof is kept alive by the nightly pass.

    `due(now, before)`: how many documents wait; `before`: only those whose proof ends before that moment (None: by
    the rule). `augment(now, limit, before, after, progress)`: take up to `limit` of them, in the order of their keys,
    beginning behind `after`; each in a transaction of its own. Raises TimestampUnavailable: then none of them goes on.
    """

    name: str
    due: Callable[[datetime, datetime | None], int]
    augment: Callable[[datetime, int, datetime | None, int, Callable[[], None]], Augmented]


SIGNABLES: dict[str, Signable] = {}
ARCHIVES: dict[str, Archive] = {}


def register_archive(archive: Archive) -> None:
    """Let the nightly pass keep the proof of these documents alive."""
    if archive.name in ARCHIVES:
        raise DuplicateArchive(archive.name)
    ARCHIVES[archive.name] = archive


def register_signable(signable: Signable) -> None:
    """Let officials sign documents of this kind from the signing desk."""
    if signable.name in SIGNABLES:
        raise DuplicateSignable(signable.name)
    SIGNABLES[signable.name] = signable
