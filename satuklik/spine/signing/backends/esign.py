"""The eSign client of BSrE, API v2: HTTP Basic and JSON. Speaks, reads what comes back, and never tries twice."""

import base64
import binascii
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from cryptography import x509
from django.conf import settings
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing.errors import BackendFailed, NoAnswer, WrongSecret

if TYPE_CHECKING:
    from requests import RequestException

CONNECT_SECONDS = 5.0
VERIFY_SECONDS = 120.0  # a file of 4 MB with eight signatures took 40 s
MOST_BYTES = 60_000_000  # of an answer: 25 MB in base64, and room
# What a refused request means. 2011 (not registered), 2021 (no certificate) and 2031 (wrong passphrase) are reported
# by several clients of version 2.2; the others by one, so they are unconfirmed. A code that is not here is told as is.
CODES = {
    2011: "not_registered",
    2021: "no_certificate",
    2022: "expired",
    2023: "waiting",
    2024: "suspended",
    2025: "revoked",
    2041: "bad_pdf",
}
WRONG_PASSPHRASE = 2031


@dataclass(frozen=True)
class Subject:
    """By what BSrE knows somebody: the NIK or the official e-mail."""

    nik: str = ""
    email: str = ""

    def fields(self) -> dict[str, str]:
        """As requests carry it."""
        return {"nik": self.nik} if self.nik else {"email": self.email}

    def __repr__(self) -> str:
        return "Subject(…)"


@dataclass(frozen=True)
class UserStatus:
    """What `user/check/status` says: ISSUE, NOT_REGISTERED, NO_CERTIFICATE, EXPIRED …"""

    status: str
    code: int
    message: str


@dataclass(frozen=True)
class Totp:
    """A one-time code for seals. `expires` is None where BSrE does not say."""

    code: str
    expires: datetime | None

    def __repr__(self) -> str:
        return "Totp(…)"


@dataclass(frozen=True)
class VerifiedSignature:
    """One signature as `verify/pdf` tells it. Its field `lastSignature` is left out: it is false on all of them."""

    signer: str
    intact: bool
    trusted: bool
    level: str
    at: str
    timestamp_at: str
    timestamp_by: str


@dataclass(frozen=True)
class Verified:
    """What `verify/pdf` concludes: VALID, INVALID, NO_SIGNATURE …"""

    conclusion: str
    description: str
    signatures: tuple[VerifiedSignature, ...]


class Esign:
    """One eSign client service."""

    def __init__(self, url: str, user: str, password: str, seconds: float, ca: str = "") -> None:
        self._url, self._user, self._password, self._seconds, self._ca = url, user, password, seconds, ca
        self.clock_skew: float | None = None
        """Seconds by which the service's clock was ahead in its last answer."""

    @classmethod
    def configured(cls) -> "Esign":
        """That of the settings. Raises BackendFailed where it is not set up."""
        if not settings.SATUKLIK_BSRE_URL:
            raise BackendFailed("not_configured", "SATUKLIK_BSRE_URL is not set.", retry=False)
        return cls(
            settings.SATUKLIK_BSRE_URL,
            settings.SATUKLIK_BSRE_USER,
            settings.SATUKLIK_BSRE_PASSWORD,
            settings.SATUKLIK_BSRE_TIMEOUT,
            settings.SATUKLIK_BSRE_CA,
        )

    @sensitive_variables()
    def sign(self, who: Subject, secret: str, by: str, properties: Mapping[str, object], pdf: bytes) -> bytes:
        """`pdf` signed; `by`: "passphrase" or "totp". Raises WrongSecret, NoAnswer, BackendFailed."""
        body = {**who.fields(), by: secret, "signatureProperties": [dict(properties)], "file": [_base64(pdf)]}
        return self._signed("/api/v2/sign/pdf", body)

    def request_totp(self, who: Subject, files: int) -> str:
        """Ask for a one-time code for so many files (the official reads it in BeSign); what BSrE says of it.
        The meaning of `data` is unconfirmed: clients send the number of files."""
        answer = self._asked("/api/v2/sign/get/totp", {**who.fields(), "data": files})
        return str(answer.get("message") or "")

    def status(self, who: Subject) -> UserStatus:
        """Whether somebody is registered and has a certificate."""
        answer = self._asked("/api/v2/user/check/status", who.fields())
        return UserStatus(
            str(answer.get("status") or ""),
            _number(answer.get("status_code")),
            str(answer.get("message") or ""),
        )

    def chain(self, who: Subject) -> list[bytes]:
        """The certificates (DER) of somebody, the own one first; empty where the answer is no list of them.
        The shape of its elements is unconfirmed: PEM or base64, bare or in a field, are understood."""
        answer = self._exchange("GET", f"/api/v2/user/certificate/chain/{who.nik or who.email}", None)
        if answer.status_code != 200:
            raise _refused(answer)
        said = _json(answer)
        elements = said.get("data") if isinstance(said, dict) else None
        found = [_certificate(element) for element in elements] if isinstance(elements, list) else []
        return [one for one in found if one]

    def verify(self, pdf: bytes, password: str = "") -> Verified:
        """What BSrE says of the signatures in a file."""
        body = {"file": _base64(pdf)} | ({"password": password} if password else {})
        said = self._asked("/api/v2/verify/pdf", body, seconds=VERIFY_SECONDS)
        found = said.get("signatureInformations")
        return Verified(
            str(said.get("conclusion") or ""),
            str(said.get("description") or ""),
            tuple(_verified(one) for one in found if isinstance(one, dict))
            if isinstance(found, list)
            else (),
        )

    def seal_activation(self, subscriber: str, totp: str = "") -> Totp | None:
        """Without `totp`: BSrE mails one to the seal's keeper (None). With it: a fresh one for as long as it says."""
        body = {"idSubscriber": subscriber} | ({"totp": totp} if totp else {})
        said = self._asked("/api/v2/seal/get/activation", body)
        inner = said.get("data") if isinstance(said.get("data"), dict) else said
        return _totp(inner) if totp else None

    def revoke_seal_activation(self, subscriber: str, totp: str) -> None:
        """End the activation."""
        self._asked("/api/v2/seal/revoke/activation", {"idSubscriber": subscriber, "totp": totp})

    def seal_totp(self, subscriber: str, activation: str, files: int) -> Totp:
        """A code for one sealing of so many files, under the activation's code."""
        body = {"idSubscriber": subscriber, "totp": activation, "data": files}
        return _totp(self._asked("/api/v2/seal/get/totp", body))

    @sensitive_variables()
    def seal(self, subscriber: str, totp: str, properties: Mapping[str, object], pdf: bytes) -> bytes:
        """`pdf` sealed. Raises WrongSecret, NoAnswer, BackendFailed."""
        body = {
            "idSubscriber": subscriber, "totp": totp, "signatureProperties": [dict(properties)],
            "file": [_base64(pdf)],
        }  # fmt: skip
        return self._signed("/api/v2/seal/pdf", body)

    @sensitive_variables()
    def _signed(self, path: str, body: Mapping[str, object]) -> bytes:
        answer = self._exchange("POST", path, body)
        said = _json(answer)
        if answer.status_code != 200 or (isinstance(said, dict) and "file" not in said and said.get("error")):
            raise _refused(answer)
        files = said.get("file") if isinstance(said, dict) else None
        if not isinstance(files, list) or len(files) != 1 or not isinstance(files[0], str):
            raise NoAnswer(f"{path} answered 200 without exactly one file.")
        try:
            return base64.b64decode(files[0], validate=True)
        except binascii.Error:
            raise NoAnswer(f"{path} answered with a file that is no base64.") from None

    @sensitive_variables()
    def _asked(self, path: str, body: Mapping[str, object], seconds: float | None = None) -> dict[str, Any]:
        """The answer to a question: nothing is signed by it. Raises BackendFailed."""
        try:
            answer = self._exchange("POST", path, body, seconds)
        except NoAnswer as error:
            raise BackendFailed("unreachable", str(error), retry=True) from None
        said = _json(answer)
        if answer.status_code != 200 or not isinstance(said, dict):
            raise _refused(answer)
        return said

    @sensitive_variables()
    def _exchange(
        self, method: str, path: str, body: Mapping[str, object] | None, seconds: float | None = None
    ) -> "_Answer":
        """One request on a connection of its own (a kept one may be dead already, and then nobody knows whether the
        request arrived). Raises BackendFailed where it was never sent, else NoAnswer."""
        import requests  # 18 MB a process: only where BSrE signs

        patience = seconds or self._seconds
        failure: NoAnswer | BackendFailed
        # requests' errors carry the request, and with it the passphrase: none of them leaves this function.
        try:
            return self._sent(method, path, body, patience)
        except requests.RequestException as error:
            name = type(error).__name__
            failure = (
                BackendFailed("unreachable", f"The eSign service cannot be reached ({name}).", retry=True)
                if _never_sent(error)
                else NoAnswer(f"{path} did not answer ({name}, {patience:g} s).")
            )
        raise failure

    @sensitive_variables()
    def _sent(self, method: str, path: str, body: Mapping[str, object] | None, patience: float) -> "_Answer":
        import requests

        until = time.monotonic() + patience
        with requests.Session() as session:
            session.trust_env = False  # no proxy of the environment sees a passphrase
            asked_at = timezone.now()
            with session.request(
                method,
                f"{self._url}{path}",
                json=body,  # type: ignore[arg-type]
                auth=(self._user, self._password),
                timeout=(CONNECT_SECONDS, patience),
                allow_redirects=False,
                verify=self._ca or True,
                stream=True,
            ) as response:
                content = bytearray()
                for chunk in response.iter_content(65_536):
                    content += chunk
                    if len(content) > MOST_BYTES or time.monotonic() > until:
                        raise requests.ReadTimeout("The answer is too long, or too slow.")
                self.clock_skew = _skew(response.headers.get("Date"), asked_at)
                return _Answer(response.status_code, bytes(content))


@dataclass(frozen=True)
class _Answer:
    status_code: int
    content: bytes


def _never_sent(error: "RequestException") -> bool:
    """Whether the request surely did not arrive: refused, no such name, no connection, a bad certificate."""
    import requests
    import urllib3

    if isinstance(
        error,
        requests.ConnectTimeout
        | requests.exceptions.InvalidURL
        | requests.exceptions.MissingSchema
        | requests.exceptions.InvalidSchema
        | requests.exceptions.ProxyError,
    ):
        return True
    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", None)
    if isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError):
        return True
    return isinstance(reason, urllib3.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(reason)


def _refused(answer: _Answer) -> BackendFailed | NoAnswer | WrongSecret:
    """What an answer without a result means."""
    said = _json(answer)
    fields = said if isinstance(said, dict) else {}
    words = str(fields.get("error") or fields.get("message") or "")[:200]
    code = _number(fields.get("status_code"))
    status = answer.status_code
    if code == WRONG_PASSPHRASE:
        return WrongSecret(words or "Wrong passphrase.")
    if code in CODES:
        return BackendFailed(CODES[code], f"{code}: {words}", retry=False)
    if status == 401:
        return BackendFailed("unauthorized", "The eSign service refuses our account (HTTP 401).", retry=False)
    if status in (408, 502, 504):
        return NoAnswer(f"A gateway before the eSign service gave up (HTTP {status}).")
    if status in (429, 503):
        return BackendFailed("busy", f"The eSign service is busy (HTTP {status}).", retry=True)
    if status >= 500:
        # Seen in the field: HTTP 500 is its answer to a PDF that it cannot read.
        return BackendFailed(
            "bad_pdf", f"The eSign service failed over this file (HTTP {status}: {words}).", retry=False
        )
    return BackendFailed(str(code or status), f"HTTP {status}: {words}", retry=False)


def _json(answer: _Answer) -> object:
    try:
        return json.loads(answer.content)
    except ValueError:
        return None


def _number(value: object) -> int:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else 0


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _totp(said: Mapping[str, Any]) -> Totp:
    if not said.get("totp") or said.get("result") is False:
        raise BackendFailed("totp", str(said.get("message") or "No one-time code came."), retry=False)
    try:
        expires = datetime.fromisoformat(str(said.get("expires")))
    except ValueError:
        return Totp(str(said["totp"]), None)
    return Totp(str(said["totp"]), expires if expires.tzinfo else expires.replace(tzinfo=UTC))


def _certificate(element: object) -> bytes:
    """A certificate's DER out of one element of a chain; empty where it is none."""
    if isinstance(element, Mapping):
        for name in ("certificate", "cert", "pem", "data", "value"):
            if isinstance(element.get(name), str):
                return _certificate(element[name])
        return b""
    if not isinstance(element, str):
        return b""
    text = "".join(line for line in element.splitlines() if not line.startswith("-----"))
    try:
        der = base64.b64decode(text, validate=True)
        x509.load_der_x509_certificate(der)
    except ValueError:  # binascii.Error is one too
        return b""
    return der


def _verified(one: Mapping[str, Any]) -> VerifiedSignature:
    # The name is theirs: "timestampInfomation". Should they mend it, it is understood too.
    stamp = one.get("timestampInfomation") or one.get("timestampInformation") or {}
    return VerifiedSignature(
        signer=str(one.get("signerName") or ""),
        intact=one.get("integrityValid") is True and one.get("modified") is not True,
        trusted=one.get("certificateTrusted") is True,
        level=str(one.get("signatureFormat") or "").replace("PAdES-BASELINE-", "B-"),
        at=str(one.get("signatureDate") or ""),
        timestamp_at=str(stamp.get("timestampDate") or ""),
        timestamp_by=str(stamp.get("signerName") or ""),
    )


def _skew(date: str | None, asked_at: datetime) -> float | None:
    try:
        return (parsedate_to_datetime(date) - asked_at).total_seconds() if date else None
    except (TypeError, ValueError):
        return None
