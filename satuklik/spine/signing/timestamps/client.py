"""Asks for tokens: our own authority in this process, or another one over HTTP. An outage gives none, never an error."""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from asn1crypto import cms as asn1_cms
from asn1crypto import tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from satuklik.spine.signing.errors import TimestampUnavailable
from satuklik.spine.signing.timestamps import messages
from satuklik.spine.signing.verification import der

log = logging.getLogger(__name__)
QUERY_TYPE, REPLY_TYPE = "application/timestamp-query", "application/timestamp-reply"
# Bytes kept free for a token whose length nobody knows before: common ones have 3,000 to 7,000.
REMOTE_RESERVE = 10_000
LARGEST_REPLY = 64 * 1024
# After a failure the authority is left alone for so long: of 200 letters only the first waits for it.
PAUSE_SECONDS = 60.0
_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


@dataclass(frozen=True)
class Stamp:
    """A token (DER); until when the certificate that made it is valid, and with which algorithm it was made."""

    token: bytes
    not_after: datetime
    algorithm: str
    at: datetime
    """The time that it states."""


class Stamper(Protocol):
    """What stamps. `reserve`: the greatest length of its tokens."""

    @property
    def reserve(self) -> int: ...
    def stamp(self, digest: bytes) -> Stamp:
        """A token over data whose SHA-256 is `digest`. Raises TimestampUnavailable."""


@dataclass(frozen=True)
class RemoteTsa:
    """An authority over HTTP (RFC 3161 §3.4), with basic authentication where a user is given."""

    url: str
    user: str = ""
    password: str = ""
    seconds: float = 2.0
    reserve: int = REMOTE_RESERVE

    def stamp(self, digest: bytes) -> Stamp:
        """A token over data whose SHA-256 is `digest`. Raises TimestampUnavailable: not reached in time, refused, or what came
        back is not a token over this very digest."""
        wait = _paused_until.get(self.url, 0.0) - time.monotonic()
        if wait > 0:
            raise TimestampUnavailable(self.url, f"It failed a moment ago; the next try is in {wait:.0f} s.")
        nonce = int.from_bytes(os.urandom(8)) >> 1
        try:
            reply = self._post(messages.query_for(digest, nonce))
            return read_token(messages.read_reply(reply), digest, nonce)
        except (OSError, messages.Refused, ValueError) as error:
            _paused_until[self.url] = time.monotonic() + PAUSE_SECONDS
            raise TimestampUnavailable(self.url, str(error)) from error

    def _post(self, query: bytes) -> bytes:
        import requests  # 18 MB a process, and most installations stamp by themselves

        until = time.monotonic() + self.seconds
        with requests.post(
            self.url, data=query, headers={"Content-Type": QUERY_TYPE, "Accept": REPLY_TYPE},
            auth=(self.user, self.password) if self.user else None, timeout=self.seconds, stream=True,
            allow_redirects=False,
        ) as answer:  # fmt: skip
            if answer.status_code != 200:
                raise ValueError(f"It answered {answer.status_code}.")
            reply = b""
            for part in answer.iter_content(4096):
                reply += part
                if len(reply) > LARGEST_REPLY:
                    raise ValueError("Its reply is too long.")
                # A time limit of `requests` counts from byte to byte; ours is for the whole.
                if time.monotonic() > until:
                    raise ValueError("Its reply took too long.")
            return reply

    def __repr__(self) -> str:
        return f"RemoteTsa({self.url!r})"


_paused_until: dict[str, float] = {}


def resume() -> None:
    """Forget earlier failures: ask every authority again at once."""
    _paused_until.clear()


def read_token(token: bytes, digest: bytes, nonce: int | None) -> Stamp:
    """What a token says. Raises ValueError unless it is DER, over `digest` (SHA-256) with this nonce, and signed
    by the one certificate in it that may stamp. Whether that leads to a trusted root is for who checks the letter."""
    try:
        info = asn1_cms.ContentInfo.load(token, strict=True)
        data = info["content"]
        (signer,) = data["signer_infos"]
        stated = data["encap_content_info"]["content"].parsed
        if not isinstance(stated, tsp.TSTInfo):
            raise ValueError("It is no time-stamp token.")
        imprint = stated["message_imprint"]
        if (
            imprint["hash_algorithm"]["algorithm"].native != "sha256"
            or imprint["hashed_message"].native != digest
        ):
            raise ValueError("The token is over something else.")
        if stated["nonce"].native != nonce:
            raise ValueError("The token answers another query.")
        if not der.is_der(token):
            raise ValueError("The token is not DER.")
        certificate = _stamping(data, signer)
        _check_signature(data, signer, certificate)
        return Stamp(
            token, certificate.not_valid_after_utc, algorithm_of(certificate), stated["gen_time"].native
        )
    except (KeyError, TypeError, AttributeError, InvalidSignature, x509.ExtensionNotFound) as error:
        raise ValueError(f"The token cannot be read: {error!r}") from error


def algorithm_of(certificate: x509.Certificate) -> str:
    """The algorithm of a certificate's key as the table of algorithms writes it: RSA-2048, EC-secp256r1."""
    public = certificate.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        return f"RSA-{public.key_size}"
    return f"EC-{public.curve.name}" if isinstance(public, ec.EllipticCurvePublicKey) else "?"


def _stamping(data: asn1_cms.SignedData, signer: asn1_cms.SignerInfo) -> x509.Certificate:
    named = signer["sid"].chosen
    for one in data["certificates"]:
        if (
            isinstance(named, asn1_cms.IssuerAndSerialNumber)
            and one.chosen.serial_number == named["serial_number"].native
            and one.chosen.issuer == named["issuer"]
        ) or one.chosen.key_identifier == named.native:
            certificate = x509.load_der_x509_certificate(one.chosen.dump())
            use = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
            if not use.critical or list(use.value) != [x509.ExtendedKeyUsageOID.TIME_STAMPING]:
                raise ValueError("The certificate is not one for time stamps.")
            return certificate
    raise ValueError("The token brings no certificate of its signer.")


def _check_signature(
    data: asn1_cms.SignedData, signer: asn1_cms.SignerInfo, certificate: x509.Certificate
) -> None:
    digest = _HASHES[signer["digest_algorithm"]["algorithm"].native]()
    made = hashes.Hash(digest)
    made.update(bytes(data["encap_content_info"]["content"]))
    (stated,) = (one["values"] for one in signer["signed_attrs"] if one["type"].native == "message_digest")
    if stated[0].native != made.finalize():
        raise ValueError("The token was changed.")
    signed = signer["signed_attrs"].untag().dump()
    public, signature = certificate.public_key(), signer["signature"].native
    algorithm = signer["signature_algorithm"]
    over = _HASHES[algorithm.hash_algo]() if algorithm["algorithm"].native != "rsassa_pkcs1v15" else digest
    if isinstance(public, rsa.RSAPublicKey):
        public.verify(signature, signed, padding.PKCS1v15(), over)
    elif isinstance(public, ec.EllipticCurvePublicKey):
        public.verify(signature, signed, ec.ECDSA(over))
    else:
        raise ValueError("The token is signed by another kind of key.")
