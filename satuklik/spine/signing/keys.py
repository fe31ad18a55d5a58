"""Keys in memory: an official's, opened for one batch, and the agencies' seals, kept while they are valid."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from satuklik.spine.signing.backends.interface import Opened, RemoteSigner
from satuklik.spine.signing.cms import CmsSigner, MemoryKey
from satuklik.spine.signing.errors import KeyClosed
from satuklik.spine.signing.rules import UNLOCKED_FOR


@dataclass(frozen=True)
class Identity:
    """Whose key it is, as letters and verification pages print it."""

    kind: str
    """"seal" or "official"."""
    signer: str
    position: str
    agency: str
    head_title: str
    serial: str
    key_id: int
    agency_id: int
    backend: str
    certified: bool
    """Whether the backend is accredited (PP 71/2019 ps. 60(2))."""


class UnlockedKey:
    """An official's key, in memory for one batch. It closes when the `with` block ends, or by itself after
    ten minutes; a closed key signs nothing (KeyClosed). It cannot be printed, copied or pickled."""

    def __init__(self, identity: Identity, opened: Opened) -> None:
        self.identity = identity
        self._opened: Opened | None = opened
        self._timer = threading.Timer(UNLOCKED_FOR.total_seconds(), self.close)
        self._timer.daemon = True
        self._timer.start()

    @property
    def signer(self) -> CmsSigner | RemoteSigner:
        """What signs. Raises KeyClosed."""
        opened = self._opened
        if opened is None:
            raise KeyClosed("The key is closed. Enter the passphrase again.")
        return opened.signer

    @property
    def remote(self) -> bool:
        """Whether it signs elsewhere: about a second a file, and never inside a transaction that others wait for."""
        return not isinstance(self.signer, CmsSigner)

    def close(self) -> None:
        """Forget the private key, the session with its token, or what was typed."""
        opened, self._opened = self._opened, None
        self._timer.cancel()
        if opened is not None:
            opened.close()

    def __enter__(self) -> "UnlockedKey":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<UnlockedKey {self.identity.serial}>"

    def __reduce__(self) -> str:
        raise TypeError("An unlocked key stays in the memory of one process.")


@dataclass(frozen=True)
class Seal:
    """An agency's seal, ready to sign in this process."""

    identity: Identity
    opened: Opened
    not_before: datetime
    not_after: datetime


class SealCache:
    """The seals that this process has opened. A seal is good for `RECHECK` seconds; then it has to be confirmed
    to be in force still (one short query), so that a revocation reaches every process."""

    RECHECK = 3.0

    def __init__(self) -> None:
        self._seals: dict[tuple[int, str], tuple[Seal, float]] = {}

    def fresh(self, agency_id: int, backend: str) -> Seal | None:
        """The agency's seal at this backend where it was confirmed a moment ago."""
        found = self._seals.get((agency_id, backend))
        return found[0] if found is not None and found[1] > time.monotonic() else None

    def stale(self, agency_id: int, backend: str) -> Seal | None:
        """The agency's seal that has to be confirmed before its use."""
        found = self._seals.get((agency_id, backend))
        return found[0] if found is not None else None

    def keep(self, agency_id: int, seal: Seal) -> None:
        """Keep a seal that was just loaded or confirmed."""
        self._seals[agency_id, seal.identity.backend] = (seal, time.monotonic() + self.RECHECK)

    def forget(self, agency_id: int) -> None:
        """Drop an agency's seals."""
        for key in [key for key in self._seals if key[0] == agency_id]:
            self._seals.pop(key, None)

    def expire(self) -> None:
        """Let every seal be confirmed before its next use."""
        self._seals = {key: (seal, 0.0) for key, (seal, _) in self._seals.items()}


SEALS = SealCache()


def memory_signer(
    key: object, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]
) -> CmsSigner:
    """A signer over a private key in this process's memory."""
    return CmsSigner(MemoryKey(key), certificate, chain)  # type: ignore[arg-type]
