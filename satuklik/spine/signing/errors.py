"""What can go wrong when keys are opened and letters are signed."""

import struct
import zlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm


class SigningError(Exception):
    """Signing did not happen; nothing was changed."""


class WrongPassphrase(SigningError):
    """The passphrase does not open the key. `left` attempts remain before the key is locked."""

    def __init__(self, left: int) -> None:
        super().__init__(f"Wrong passphrase; {left} attempts left.")
        self.left = left


class KeyLocked(SigningError):
    """Too many wrong passphrases: the key cannot be opened before `until`; `by_token`: the token itself has locked
    its PIN, and only the security officer opens it again."""

    def __init__(self, until: datetime, *, by_token: bool = False) -> None:
        said = "by its token" if by_token else f"until {until:%Y-%m-%d %H:%M %Z}"
        super().__init__(f"The key is locked {said}.")
        self.until = until
        self.by_token = by_token


class NoKey(SigningError):
    """This official or agency has no key that is valid at this moment."""


class KeyClosed(SigningError):
    """The unlocked key was closed, or its time is over: it must be unlocked again."""


class NoAuthority(SigningError):
    """No certificate authority was set up in this installation."""


class KeyOffline(SigningError):
    """The authority's key is not in this installation: it lies in the safe, and its custodians must open it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The key of {name!r} is kept offline: fetch its file and its custodians (satuklik ca root-crl)."
        )
        self.name = name


class AuthorityThere(SigningError):
    """There is an authority already: a second ceremony only replaces it when that is asked for."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"There is an authority already: {', '.join(names)}.")
        self.names = tuple(names)


class BadShare(SigningError):
    """A custodian's part cannot be used: `place` is which of those typed, `code` is length, mistyped, twice or
    missing."""

    SAID = {
        "length": "it does not have 32 letters",
        "mistyped": "it was mistyped, or belongs to another root",
        "twice": "it was typed twice",
        "missing": "it is missing",
    }

    def __init__(self, place: int, code: str) -> None:
        super().__init__(f"Part {place}: {self.SAID[code]}.")
        self.place, self.code = place, code


class BadRootFile(SigningError):
    """The file for the safe is not one, was changed, or does not open."""


class BadVaultFile(SigningError):
    """The file is no saved vault, was changed, or its passphrase is another one."""


class OtherKeys(SigningError):
    """Keys of other authorities are here: a restore never mixes two."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"This installation has authorities of its own ({', '.join(names)}), which the file does not hold. "
            "Restore into an installation without authority, or go on with the keys that are here."
        )
        self.names = tuple(names)


class OwnersMissing(SigningError):
    """Agencies or officials whose keys are in the file are not known here."""

    def __init__(self, owners: Sequence[str]) -> None:
        more = f" and {len(owners) - 5} more" if len(owners) > 5 else ""
        super().__init__(
            f"Not known here: {', '.join(owners[:5])}{more}. Load agencies and officials first, then restore again."
        )
        self.owners = tuple(owners)


class NotSuspended(SigningError):
    """Only a suspended certificate can be put back into force."""

    def __init__(self, serial: str) -> None:
        super().__init__(f"The certificate {serial} is not suspended.")
        self.serial = serial


class VaultFailed(SigningError):
    """A stored key does not open with this installation's vault key: the secret is not the one it was made with."""


class NotOurLetter(SigningError):
    """The PDF is not exactly one revision of the shape that our own letters have."""


class CannotSign(SigningError):
    """The PDF cannot be signed (encrypted, damaged, or locked by an earlier signature)."""


class CannotRead(CannotSign):
    """A foreign PDF cannot be read, shown or signed; `problem` (a code of queries.PROBLEMS) says why."""

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(f"{problem}: {detail}" if detail else problem)
        self.problem = problem
        self.detail = detail


class MayNotSeal(SigningError):
    """The seal's permission does not cover this service, or its quota of the day is used up (`quota` > 0)."""

    def __init__(self, service: str, quota: int = 0) -> None:
        super().__init__(f"The seal may not close {service!r} (quota of the day: {quota}).")
        self.service = service
        self.quota = quota


class OutcomeUnknown(SigningError):
    """A remote backend did not answer in time: whether it signed is found out by asking (`use_id`), never by signing
    again."""

    def __init__(self, use_id: int) -> None:
        super().__init__(f"The outcome of signing attempt {use_id} is not known yet.")
        self.use_id = use_id


class OtherBackend(SigningError):
    """This document is to be signed with the official's key at another backend than the one that was opened."""

    def __init__(self, wanted: str, opened: str) -> None:
        super().__init__(
            f"This document is signed with {wanted!r}; the key that was opened is at {opened!r}."
        )
        self.wanted = wanted
        self.opened = opened


class UseSettled(SigningError):
    """The outcome of this use is known, or its attempt may still be under way: nothing to give up."""

    def __init__(self, use_id: int, outcome: str) -> None:
        super().__init__(f"Attempt {use_id} is {outcome}.")
        self.use_id = use_id
        self.outcome = outcome


class TokenShared(SigningError):
    """The token holds keys of somebody else: an official's key needs a token of its own (sole control, UU 11/2008
    ps. 11)."""

    def __init__(self, token: str, label: str) -> None:
        super().__init__(
            f"The token {token!r} holds the key {label!r} of somebody else. Use a token of its own."
        )
        self.token = token
        self.label = label


class UnknownBackend(SigningError):
    """There is no backend of this name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no backend {name!r}; there are {', '.join(known)}.")
        self.name = name
        self.known = tuple(known)


class NoSuchUse(SigningError):
    """There is no use of a key with this number."""


class WrongSecret(SigningError):
    """A remote backend says that the passphrase (or the one-time code) is wrong; `unlock`'s callers see
    WrongPassphrase."""


class NoAnswer(SigningError):
    """A remote backend may have signed, and did not say so; `sign`'s callers see OutcomeUnknown."""


class BackendFailed(SigningError):
    """A backend refused or cannot be reached. `code`: what it answered; `retry`: whether a person may try again."""

    def __init__(self, code: str, message: str, *, retry: bool) -> None:
        super().__init__(message)
        self.code = code
        self.retry = retry


class TimestampUnavailable(SigningError):
    """A time-stamping authority gave no token. The signature stands without one until the nightly pass."""

    def __init__(self, authority: str, why: str) -> None:
        super().__init__(f"{authority} gives no time stamp: {why}")
        self.authority = authority


class EvidenceMissing(SigningError):
    """What proves for good that a certificate was in force cannot be had now. `wanted`: of whom."""

    def __init__(self, wanted: str, why: str) -> None:
        super().__init__(f"No proof that the certificate of {wanted} was in force: {why}")
        self.wanted = wanted


class DuplicateArchive(Exception):
    """Two rooms register documents to be augmented under one name."""


class BatchRunning(SigningError):
    """This batch is being signed already, or is done: another tab or another press was faster."""

    def __init__(self, batch_id: UUID) -> None:
        super().__init__(f"The batch {batch_id} is being signed already.")
        self.batch_id = batch_id


class DuplicateSignable(Exception):
    """Two rooms register documents to be signed under one name."""


# What parsers raise on files that were made to break them (pyHanko: also plain AssertionError and KeyError).
HOSTILE = (
    ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, LookupError, MemoryError,
    OSError, RuntimeError, TypeError, ValueError, zlib.error, struct.error, InvalidSignature, UnsupportedAlgorithm,
)  # fmt: skip
