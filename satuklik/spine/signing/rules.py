"""Decisions about keys, names and verdicts: pure functions, the world is an argument."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol

ATTEMPTS = 5
LOCK = timedelta(minutes=15)
UNLOCKED_FOR = timedelta(minutes=10)
# A batch: signed before the answer when it is small, by a thread of the web process when it is not.
MOST_IN_A_BATCH = 200
SIGNED_AT_ONCE = 5
SAYS_ALIVE_EVERY = timedelta(seconds=3)
SILENT_FOR = timedelta(seconds=20)
CRL_LIFE = timedelta(days=7)
ROOT_CRL_LIFE = timedelta(days=180)
# A proof is renewed so long before it ends: half a year of nights in which something may fail.
RENEW_BEFORE = timedelta(days=180)
LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")  # EN 319 142-1 §6, the weakest first
# X.520 ub-common-name and ub-organization-name.
LONGEST_NAME = 64

KeyState = Literal[
    "ready", "none", "not_yet", "expired", "revoked", "suspended", "locked", "not_registered", "no_certificate",
    "waiting", "unreachable",
]  # fmt: skip
"""How an official stands with a backend: the first may sign. "waiting": the authority still examines."""
Verdict = Literal[
    "valid", "valid_with_additions", "annulled", "altered", "untrusted", "unsigned", "unreadable"
]


KeyStatus = Literal["valid", "not_yet", "expired", "suspended", "revoked"]


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


def key_status(
    *,
    not_before: datetime,
    not_after: datetime,
    revoked_at: datetime | None,
    reason: str,
    now: datetime,
) -> KeyStatus:
    """Where a certificate stands at `now`; `reason` as revocation lists write it ("certificateHold": suspended)."""
    if revoked_at is not None and revoked_at <= now:
        return "suspended" if reason == "certificateHold" else "revoked"
    if now < not_before:
        return "not_yet"
    return "expired" if now > not_after else "valid"


def spares_last_try(failures: int) -> bool:
    """Whether a token that grants one more try is left alone. `failures` counts the attempt that begins: after a
    wrong one shortly before, the next would lock the token for good; the first after a pause is the official's own risk.
    """
    return failures > 1


def state_of_key(status: KeyStatus, locked_until: datetime | None, now: datetime) -> KeyState:
    """How an official's key of our own stands: in force, but perhaps locked by wrong passphrases."""
    if status != "valid":
        return status
    return "locked" if locked_until is not None and locked_until > now else "ready"


@dataclass(frozen=True)
class Choice:
    """Which backend signs: for one agency (None: each), for one service ("": each)."""

    agency_id: int | None
    service: str
    kind: str
    """"official" or "seal"."""
    backend: str


def chosen_backend(choices: Iterable[Choice], agency_id: int, service: str, kind: str, default: str) -> str:
    """The backend of the most exact choice: office and service, then service, then office, then all."""
    fitting = [
        (bool(one.service), one.agency_id is not None, one.backend)
        for one in choices
        if one.kind == kind and one.agency_id in (None, agency_id) and one.service in ("", service)
    ]
    return max(fitting)[2] if fitting else default


def unanswered(at: datetime, now: datetime, patience: timedelta) -> bool:
    """Whether an attempt that began `at` can no longer be under way: its answer never came."""
    return now > at + 2 * patience


def crl_is_stale(this_update: datetime, next_update: datetime, now: datetime) -> bool:
    """A list is renewed when half of its life is over, so that a night without renewal does no harm."""
    return now >= this_update + (next_update - this_update) / 2


def proof_until(
    certificate_until: datetime, algorithms: Sequence[str], retired: Mapping[str, date]
) -> datetime:
    """Until when a time stamp proves something: its certificate is valid and none of its `algorithms` is retired.
    An algorithm that the table `retired` does not know counts as retired when the certificate ends."""
    ends = [certificate_until]
    for algorithm in algorithms:
        if algorithm in retired:
            ends.append(datetime.combine(retired[algorithm], time.max, tzinfo=certificate_until.tzinfo))
    return min(ends)


def needs_proof(level: str, until: datetime | None, now: datetime) -> bool:
    """Whether the nightly pass has something to add: below B-LTA, or its newest time stamp ends soon."""
    return level != "B-LTA" or until is None or until - RENEW_BEFORE <= now


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
    @property
    def kind(self) -> str: ...


def verdict_of(signatures: Sequence[Finding], *, changed: bool) -> Verdict:
    """The verdict over a whole file. `changed`: something was added after a signature that is neither a
    signature, a timestamp nor validation data. Signatures in the order in which they were made."""
    if not signatures:
        return "unsigned"
    if changed or not all(signature.intact for signature in signatures):
        return "altered"
    if not all(signature.trusted for signature in _decisive(signatures)):
        return "untrusted"
    whole = signatures[-1].covers_whole and all(signature.trusted for signature in signatures)
    return "valid" if whole else "valid_with_additions"


def _decisive(signatures: Sequence[Finding]) -> Sequence[Finding]:
    """The signatures that must be trusted. A timestamp of an unknown authority takes nothing away from a signature that
    is trusted without it; it is an addition."""
    made = [signature for signature in signatures if signature.kind == "signature"]
    return made or signatures


BatchState = Literal["running", "stopped", "finished"]


def batch_state(seen_alive_at: datetime | None, finished_at: datetime | None, now: datetime) -> BatchState:
    """Whether a batch is being signed. One whose process has been silent for SILENT_FOR (or said that it leaves)
    has stopped, and goes on when the passphrase is typed again."""
    if finished_at is not None:
        return "finished"
    if seen_alive_at is None or seen_alive_at < now - SILENT_FOR:
        return "stopped"
    return "running"
