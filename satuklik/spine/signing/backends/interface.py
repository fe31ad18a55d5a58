"""What every backend can be asked, and the plain values that it answers with."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from satuklik.spine.signing.cms import CmsSigner
from satuklik.spine.signing.pades import SignatureWords
from satuklik.spine.signing.placement import Placement
from satuklik.spine.signing.rules import KeyState

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.signing.models import SigningKey


@dataclass(frozen=True)
class Problem:
    """Something in the configuration that stands in the way. `severity` "warning": it works, but not as it should."""

    severity: Literal["error", "warning"]
    what: str
    todo: str


@dataclass(frozen=True)
class Claims:
    """What a letter may say of signatures of this backend. Only who is accredited is certified
    (PP 71/2019 ps. 60(2)); `wording`: which sentences of documents.rules."""

    certified: bool
    wording: Literal["local", "bsre"]


@dataclass(frozen=True)
class OfficialStatus:
    """How an official stands with a backend. `until`: the end of the certificate, of the lock, or None."""

    backend: str
    state: KeyState
    until: datetime | None = None
    detail: str = ""
    """What a remote backend said, in its words."""


@dataclass(frozen=True)
class RemotelySigned:
    """What came back from a remote backend, held against what was sent: the same file plus one whole signature."""

    pdf: bytes
    serial: str
    signer: str
    level: str
    algorithm: str
    certified: bool
    certificate: bytes
    """DER."""


@runtime_checkable
class RemoteSigner(Protocol):
    """Signs whole files elsewhere. Raises WrongSecret, NoAnswer, BackendFailed, CannotSign."""

    def sign_pdf(
        self, pdf: bytes, words: SignatureWords, placement: Placement | None, now: datetime
    ) -> RemotelySigned:
        """`pdf` with one more signature, visible at `placement`. Never tries twice."""

    def close(self) -> None:
        """Forget what was typed."""


Answer = Literal["not_signed", "cannot_tell"]
"""What a backend can say of an attempt whose outcome is not known."""


@dataclass(frozen=True)
class Opened:
    """A key that is ready to sign. `close` ends its sessions and forgets its secret."""

    signer: CmsSigner | RemoteSigner

    def close(self) -> None:
        """Nothing more is signed with it."""


class Backend(Protocol):
    """One way to sign."""

    name: str
    remote: bool
    """True: signs whole files elsewhere, takes about a second and may not answer; never inside a transaction that
    others wait for."""
    claims: Claims

    def check_config(self) -> list[Problem]:
        """What is wrong with the configuration, in plain words; empty when it is ready."""

    def status(self, official: "Official", now: datetime) -> OfficialStatus:
        """Whether the official can sign with this backend now. Asks a remote backend."""

    def open_official(self, stored: "SigningKey", passphrase: str) -> Opened | None:
        """The official's key; None when the passphrase is another one. Raises KeyLocked where the backend itself has
        locked it, BackendFailed. A backend that learns only while signing whether the passphrase is right
        (`remote`) opens always."""

    def open_seal(self, stored: "SigningKey") -> Opened:
        """An agency's seal, without a person. Raises VaultFailed, BackendFailed."""

    def ask(self, stored: "SigningKey") -> Answer:
        """What can be said of an attempt with this key whose answer never came. Raises BackendFailed."""
