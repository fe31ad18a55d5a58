"""BSrE: certified signatures, made by the eSign client of BSSN. What it gives back is checked before it is believed."""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing import foreign, vault
from satuklik.spine.signing.backends import stamp
from satuklik.spine.signing.backends.esign import Esign, Subject, Totp, UserStatus
from satuklik.spine.signing.backends.interface import (
    Answer,
    Claims,
    OfficialStatus,
    Opened,
    Problem,
    RemotelySigned,
)
from satuklik.spine.signing.certificates import serial_text
from satuklik.spine.signing.errors import BackendFailed, CannotRead, KeyClosed, NoAnswer
from satuklik.spine.signing.models import SigningKey
from satuklik.spine.signing.pades import SignatureWords
from satuklik.spine.signing.placement import Placement
from satuklik.spine.signing.rules import KeyState
from satuklik.spine.signing.verification.report import SignatureReport

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

NOBODY = Subject(nik="0" * 16)
MOST_SKEW = 60.0  # seconds; six minutes were seen in the field
FRESH_FOR = timedelta(minutes=1)
STATES: dict[str, KeyState] = {
    "ISSUE": "ready",
    "NOT_REGISTERED": "not_registered",
    "NO_CERTIFICATE": "no_certificate",
    "EXPIRED": "expired",
    "RENEW": "waiting",
    "NEW": "waiting",
    "WAITING_FOR_VERIFICATION": "waiting",
    "SUSPEND": "suspended",
    "REVOKE": "revoked",
}
"""ISSUE, NOT_REGISTERED and NO_CERTIFICATE were seen by several clients of version 2.2; the others are unconfirmed."""
_RANGE = re.compile(rb"/ByteRange ?\[ ?0 +(\d{1,10}) +(\d{1,10}) +(\d{1,10}) *\]")


@dataclass(frozen=True)
class Account:
    """How BSrE knows the holder of a key: an official (`subject`, opened `by` passphrase or totp), or a seal's
    subscriber with the code of its activation."""

    subject: Subject = field(default_factory=Subject)
    by: str = "passphrase"
    subscriber: str = ""
    activation: Totp = field(default_factory=lambda: Totp("", None))

    @sensitive_variables()
    def wrapped(self, serial: str) -> bytes:
        """As a row keeps it: under the installation's secret."""
        kept = {
            "nik": self.subject.nik,
            "email": self.subject.email,
            "by": self.by,
            "subscriber": self.subscriber,
            "totp": self.activation.code,
            "expires": self.activation.expires.isoformat() if self.activation.expires else "",
        }
        return vault.wrap_by_secret(json.dumps({k: v for k, v in kept.items() if v}).encode(), serial)

    @classmethod
    @sensitive_variables()
    def of(cls, stored: SigningKey) -> "Account":
        """That of a row. Raises VaultFailed."""
        plain = vault.plain_by_secret(bytes(stored.wrapped_key), stored.serial)
        kept = json.loads(bytes(plain))
        plain[:] = bytes(len(plain))
        expires = datetime.fromisoformat(kept["expires"]) if kept.get("expires") else None
        return cls(
            Subject(kept.get("nik", ""), kept.get("email", "")),
            kept.get("by", "passphrase"),
            kept.get("subscriber", ""),
            Totp(kept.get("totp", ""), expires),
        )

    def __repr__(self) -> str:
        return "Account(…)"


class BsreBackend:
    """BSSN's Balai Besar Sertifikasi Elektronik, through its eSign client."""

    name = "bsre"
    remote = True
    claims = Claims(certified=True, wording="bsre")

    def check_config(self) -> list[Problem]:
        missing = [
            name
            for name in ("SATUKLIK_BSRE_URL", "SATUKLIK_BSRE_USER", "SATUKLIK_BSRE_PASSWORD")
            if not getattr(settings, name)
        ]
        if missing:
            return [
                Problem(
                    "error",
                    f"Not set: {', '.join(missing)}.",
                    "Set them to the address and the account of the regency's eSign client (from BSrE), and restart.",
                )
            ]
        return _address_problems() + _service_problems() + _trust_problems()

    def status(self, official: "Official", now: datetime) -> OfficialStatus:
        row = (
            SigningKey.objects.filter(official=official, kind=SigningKey.Kind.OFFICIAL, backend=self.name)
            .order_by("-not_before", "-pk")
            .first()
        )
        if row is None:
            return OfficialStatus(self.name, "none")
        if row.locked_until is not None and row.locked_until > now:
            return OfficialStatus(self.name, "locked", row.locked_until)
        try:
            said = Esign.configured().status(Account.of(row).subject)
        except BackendFailed as error:
            return OfficialStatus(self.name, "unreachable", detail=str(error))
        end = row.not_after if row.certificate else None
        return OfficialStatus(self.name, state_of(said), end, said.message or said.status)

    @sensitive_variables("passphrase")
    def open_official(self, stored: SigningKey, passphrase: str) -> Opened | None:
        return _RemoteOpened(OfficialAtBsre(stored, Account.of(stored), passphrase))

    def open_seal(self, stored: SigningKey) -> Opened:
        return _RemoteOpened(SealAtBsre(stored))

    def ask(self, stored: SigningKey) -> Answer:
        """Version 2 knows no question "was this file signed?". One thing can be told: who has no certificate has
        signed nothing."""
        account = Account.of(stored)
        if account.subscriber:
            return "cannot_tell"
        state = state_of(Esign.configured().status(account.subject))
        return "not_signed" if state in ("not_registered", "no_certificate") else "cannot_tell"


class _RemoteOpened(Opened):
    def close(self) -> None:
        self.signer.close()  # type: ignore[union-attr]


class OfficialAtBsre:
    """An official for one batch. The passphrase is in this object alone, until it is closed."""

    def __init__(self, stored: SigningKey, account: Account, secret: str) -> None:
        self._stored, self._account = stored, account
        self._secret: str | None = secret

    @sensitive_variables()
    def sign_pdf(
        self, pdf: bytes, words: SignatureWords, placement: Placement | None, now: datetime
    ) -> RemotelySigned:
        secret = self._secret
        if secret is None:
            raise KeyClosed("The key is closed. Enter the passphrase again.")
        esign = Esign.configured()
        looks = _properties(words, placement, pdf)
        signed = esign.sign(self._account.subject, secret, self._account.by, looks, pdf)
        return _believed(pdf, signed, self._stored, lambda: esign.chain(self._account.subject))

    def close(self) -> None:
        """Forget the passphrase."""
        self._secret = None

    def __repr__(self) -> str:
        return "<OfficialAtBsre …>"

    def __reduce__(self) -> str:
        raise TypeError("A passphrase stays in the memory of one process.")


class SealAtBsre:
    """An agency's seal. Each sealing takes a code of its own under the activation, which is renewed before it ends."""

    _turn = threading.Lock()

    def __init__(self, stored: SigningKey) -> None:
        self._key_id = stored.pk

    @sensitive_variables()
    def sign_pdf(
        self, pdf: bytes, words: SignatureWords, placement: Placement | None, now: datetime
    ) -> RemotelySigned:
        esign = Esign.configured()
        looks = _properties(words, placement, pdf)
        with self._turn:
            stored = SigningKey.objects.get(pk=self._key_id)
            account = self._activated(esign, stored, now)
        totp = esign.seal_totp(account.subscriber, account.activation.code, 1)
        signed = esign.seal(account.subscriber, totp.code, looks, pdf)
        return _believed(pdf, signed, stored, list)

    @staticmethod
    @sensitive_variables()
    def _activated(esign: Esign, stored: SigningKey, now: datetime) -> Account:
        account = Account.of(stored)
        ends = account.activation.expires
        if ends is None or ends > now + FRESH_FOR:
            return account
        fresh = esign.seal_activation(account.subscriber, account.activation.code)
        if fresh is None:
            raise BackendFailed("totp", "The activation of the seal could not be renewed.", retry=False)
        account = Account(subscriber=account.subscriber, activation=fresh)
        SigningKey.objects.filter(pk=stored.pk).update(wrapped_key=account.wrapped(stored.serial))
        return account

    def close(self) -> None:
        """Nothing is kept."""


def state_of(said: UserStatus) -> KeyState:
    """BSrE's word as ours; a word that is not known may not sign."""
    return STATES.get(said.status.upper(), "waiting")


def _properties(words: SignatureWords, placement: Placement | None, pdf: bytes) -> dict[str, object]:
    """How the signature looks. Raises CannotRead where `placement` is not on a page of the PDF."""
    said: dict[str, object] = {"location": words.location, "reason": words.reason}
    if placement is None:
        return said | {"tampilan": "INVISIBLE"}
    sizes = foreign.page_sizes(pdf)
    page = placement.page if placement.page > 0 else len(sizes)
    if not 0 < page <= len(sizes):
        raise CannotRead("no_page")
    # Unconfirmed: one client counts from the upper left corner, in points; the manual does not say.
    top = sizes[page - 1][1] - placement.y - placement.height
    return said | {
        "tampilan": "VISIBLE",
        "imageBase64": stamp.png_base64(words, placement.width, placement.height),
        "page": page,
        "originX": placement.x,
        "originY": top,
        "width": placement.width,
        "height": placement.height,
    }


def _believed(
    sent: bytes, came: bytes, stored: SigningKey, chain: Callable[[], list[bytes]]
) -> RemotelySigned:
    """What came back, once it is shown to be what was sent plus one signature over all of it, by the certificate that
    we know for this holder (a new one must be the one that BSrE names now). Raises BackendFailed."""
    if not came.startswith(sent):
        raise BackendFailed(
            "another_file", "The file that came back is not the one that was sent.", retry=False
        )
    before = _signatures_of(sent) if b"/ByteRange" in sent else []
    after = _signatures_of(came)
    made = [one for one in after[len(before) :] if one.kind == "signature"]
    kept = [one.serial for one in after[: len(before)]] == [one.serial for one in before]
    if len(made) != 1 or not kept:
        raise BackendFailed("another_file", f"{len(made)} signatures came back instead of one.", retry=False)
    (signature,) = made
    # With validation data behind it (B-LT) the signature covers all but those.
    if not signature.intact or not (signature.covers_whole or signature.level in ("B-LT", "B-LTA")):
        raise BackendFailed("another_file", "The signature that came back does not hold.", retry=False)
    certificate = _certificate_of(came[len(sent) :], came, signature.serial)
    known = bytes(stored.certificate)
    if known and certificate != known and certificate not in chain():
        raise BackendFailed(
            "another_signer",
            f"It was signed by {signature.signer} ({signature.serial}), not by this key.",
            retry=False,
        )
    return RemotelySigned(
        pdf=came,
        serial=signature.serial,
        signer=signature.signer,
        level=signature.level,
        algorithm=signature.algorithm,
        certified=signature.certified,
        certificate=certificate,
    )


def _signatures_of(pdf: bytes) -> list[SignatureReport]:
    from satuklik.spine.signing import queries

    report = queries.verify(pdf)
    if report.reason in ("busy", "limits"):
        raise NoAnswer(f"What came back could not be checked ({report.reason}).")
    if report.verdict in ("altered", "unreadable"):
        raise BackendFailed(
            "another_file", f"What came back is {report.verdict}: {report.detail}", retry=False
        )
    return report.signatures


def _certificate_of(update: bytes, pdf: bytes, serial: str) -> bytes:
    for match in _RANGE.finditer(update):
        first, second = int(match[1]), int(match[2])
        try:
            padded = bytes.fromhex(pdf[first + 1 : second - 1].decode("ascii"))
            length = 4 + int.from_bytes(padded[2:4]) if padded[1] == 0x82 else len(padded)
            found = pkcs7.load_der_pkcs7_certificates(padded[:length])
        except (ValueError, IndexError):
            continue
        for one in found:
            if serial_text(one) == serial:
                return one.public_bytes(Encoding.DER)
    raise BackendFailed("another_file", "The certificate of the signature is not in the file.", retry=False)


def _address_problems() -> list[Problem]:
    parts = urlsplit(settings.SATUKLIK_BSRE_URL)
    here = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme == "https" or (parts.scheme == "http" and here):
        return []
    return [
        Problem(
            "error",
            f"SATUKLIK_BSRE_URL ({parts.scheme or 'no scheme'}) sends passphrases over the network in the clear.",
            "Put the eSign client behind https, or on this machine, and change the address.",
        )
    ]


def _service_problems() -> list[Problem]:
    esign = Esign.configured()
    try:
        esign.status(NOBODY)
    except BackendFailed as error:
        todo = (
            "Check SATUKLIK_BSRE_USER and SATUKLIK_BSRE_PASSWORD with BSrE."
            if error.code == "unauthorized"
            else "Check the address, the network and the eSign client itself; until then letters wait."
        )
        return [Problem("error", str(error), todo)]
    if esign.clock_skew is not None and abs(esign.clock_skew) > MOST_SKEW:
        minutes = esign.clock_skew / 60
        return [
            Problem(
                "warning",
                f"The eSign service's clock is {minutes:+.1f} minutes off from ours.",
                "Let both machines take the time by NTP; the times in signatures come from that clock.",
            )
        ]
    return []


def _trust_problems() -> list[Problem]:
    folder = Path(settings.SATUKLIK_TRUST) / "certified" if settings.SATUKLIK_TRUST else None
    if folder is not None and folder.is_dir() and any(folder.iterdir()):
        return []
    return [
        Problem(
            "error",
            "The roots of BSrE are not in the folder certified/ of SATUKLIK_TRUST.",
            "Fetch them from BSrE, compare their fingerprints, put them there: else its signatures count as unknown, "
            "and no letter calls itself certified.",
        )
    ]
