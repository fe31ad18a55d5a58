"""Decisions about keys, names and verdicts: pure functions, the world is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

ATTEMPTS = 5
LOCK = timedelta(minutes=15)
UNLOCKED_FOR = timedelta(minutes=10)
CRL_LIFE = timedelta(days=7)
ROOT_CRL_LIFE = timedelta(days=180)
# X.520 ub-common-name and ub-organization-name.
LONGEST_NAME = 64

Verdict = Literal[
    "valid", "valid_with_additions", "annulled", "altered", "untrusted", "unsigned", "unreadable"
]


@dataclass(frozen=True)
class Attempts:
    """How often a key was tried with a wrong passphrase since it was last opened."""

    failures: int
    locked_until: datetime | None


def begin_attempt(before: Attempts, now: datetime) -> Attempts | None:
    """The count once one more attempt has begun; None when the key is locked at `now`.

    An attempt counts as failed until it has succeeded: of many that run side by side, only ATTEMPTS get to try.
    """
    if before.locked_until is not None and before.locked_until > now:
        return None
    failures = 1 if before.locked_until is not None else before.failures + 1
    return Attempts(failures, now + LOCK if failures >= ATTEMPTS else None)


def attempts_left(failures: int) -> int:
    """How many attempts remain after so many failures."""
    return max(0, ATTEMPTS - failures)


def crl_is_stale(this_update: datetime, next_update: datetime, now: datetime) -> bool:
    """A list is renewed when half of its life is over, so that a night without renewal does no harm."""
    return now >= this_update + (next_update - this_update) / 2


def fitted(name: str, longest: int = LONGEST_NAME) -> str:
    """`name` shortened at a word to what a certificate's name may hold."""
    if len(name) <= longest:
        return name
    return name[: longest - 1].rsplit(" ", 1)[0] + "…"


def position_held(position: str, head_title: str, acting_as: str) -> str:
    """The position as a signature states it: an acting head (Plt, Plh, Pj) signs under the office's title."""
    return f"{acting_as}. {head_title}" if acting_as else position


class Finding(Protocol):
    """What the verdict needs to know of one signature."""

    @property
    def intact(self) -> bool: ...
    @property
    def trusted(self) -> bool: ...
    @property
    def covers_whole(self) -> bool: ...


def verdict_of(signatures: Sequence[Finding], *, changed: bool) -> Verdict:
    """The verdict over a whole file. `changed`: something was added after a signature that is neither a
    signature, a timestamp nor validation data. Signatures in the order in which they were made."""
    if not signatures:
        return "unsigned"
    if changed or not all(signature.intact for signature in signatures):
        return "altered"
    if not all(signature.trusted for signature in signatures):
        return "untrusted"
    return "valid" if signatures[-1].covers_whole else "valid_with_additions"
