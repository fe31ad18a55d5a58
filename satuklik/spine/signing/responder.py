"""Answers about single certificates of our own authorities (RFC 6960), signed by a responder of each authority."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import unquote

from asn1crypto.keys import PublicKeyInfo
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from satuklik.spine.signing.actions.services import SERVICES
from satuklik.spine.signing.certificates import public_key_info
from satuklik.spine.signing.models import Authority, SigningKey

LARGEST_REQUEST = 2048
LONGEST_NONCE = 32  # RFC 8954
# An answer is made anew for each question; it may be kept for a minute, and counts for an hour.
LIFE = timedelta(hours=1)
MAX_AGE = 60
_DIGESTS = (hashes.SHA1, hashes.SHA256, hashes.SHA384, hashes.SHA512)


@dataclass(frozen=True)
class Answer:
    """An OCSP response (DER), and whether somebody on the way may keep it for a minute."""

    der: bytes
    cacheable: bool


def answer(request: bytes, *, now: datetime) -> Answer:
    """The response to a request (DER) about one certificate. What cannot be answered gets an unsigned error
    (RFC 6960 §2.3): malformed, another authority's certificate, no responder key yet."""
    if len(request) > LARGEST_REQUEST:
        return _unsigned(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    try:
        asked = ocsp.load_der_ocsp_request(request)
        nonce = _nonce(asked)
        digest = asked.hash_algorithm
    # NotImplementedError: it is about several certificates at once.
    except (ValueError, NotImplementedError, x509.DuplicateExtension, UnsupportedAlgorithm):
        return _unsigned(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    if not isinstance(digest, _DIGESTS):
        return _unsigned(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    authority = _named(asked)
    if authority is None:
        return _unsigned(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    responder = SERVICES.responder(authority, now)
    if responder is None:
        return _unsigned(ocsp.OCSPResponseStatus.TRY_LATER)
    at = now.replace(microsecond=0)
    status, revoked_at, reason = _status(authority, asked.serial_number)
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response_by_hash(
            issuer_name_hash=asked.issuer_name_hash,
            issuer_key_hash=asked.issuer_key_hash,
            serial_number=asked.serial_number,
            algorithm=digest,
            cert_status=status,
            this_update=at,
            next_update=at + LIFE,
            revocation_time=revoked_at,
            revocation_reason=reason,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
        .certificates([responder.certificate])
    )
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    signed = builder.sign(responder.key, hashes.SHA256())
    return Answer(signed.public_bytes(Encoding.DER), cacheable=nonce is None)


def about(certificate: x509.Certificate, authority: Authority, *, now: datetime) -> bytes | None:
    """The signed answer (DER) about one certificate of ours, to be kept as evidence; None without a responder key."""
    if SERVICES.responder(authority, now) is None:
        return None
    issuer = x509.load_der_x509_certificate(bytes(authority.certificate))
    request = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256()).build()
    return answer(request.public_bytes(Encoding.DER), now=now).der


def try_later() -> bytes:
    """The response to who asks too often."""
    return _unsigned(ocsp.OCSPResponseStatus.TRY_LATER).der


def from_address(path: str) -> bytes:
    """The request in the address of a GET (RFC 6960 appendix A.1); empty where it is none."""
    try:
        return base64.b64decode(unquote(path), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _unsigned(status: ocsp.OCSPResponseStatus) -> Answer:
    response = ocsp.OCSPResponseBuilder.build_unsuccessful(status)
    return Answer(response.public_bytes(Encoding.DER), cacheable=False)


def _nonce(asked: ocsp.OCSPRequest) -> bytes | None:
    try:
        value = asked.extensions.get_extension_for_class(x509.OCSPNonce).value
    except x509.ExtensionNotFound:
        return None
    if not 1 <= len(value.nonce) <= LONGEST_NONCE:
        raise ValueError("A nonce has 1 to 32 bytes (RFC 8954).")
    return value.nonce


def _named(asked: ocsp.OCSPRequest) -> Authority | None:
    """Which of our issuing authorities the request speaks of: by the digests of its name and key."""
    for row in Authority.objects.filter(parent__isnull=False).order_by("-pk"):
        certificate = x509.load_der_x509_certificate(bytes(row.certificate))
        if asked.issuer_key_hash == _key_hash(certificate, asked.hash_algorithm) and (
            asked.issuer_name_hash == _digest(certificate.subject.public_bytes(), asked.hash_algorithm)
        ):
            return row
    return None


def _key_hash(certificate: x509.Certificate, algorithm: hashes.HashAlgorithm) -> bytes:
    """Over the bits of the public key alone, without its algorithm (RFC 6960 §4.1.1)."""
    if isinstance(algorithm, hashes.SHA1):
        return x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest
    return _digest(_key_bits(public_key_info(certificate.public_key())), algorithm)  # type: ignore[arg-type]


def _key_bits(info: bytes) -> bytes:
    """The BIT STRING of a SubjectPublicKeyInfo, without the byte that counts unused bits."""
    return bytes(PublicKeyInfo.load(info)["public_key"].contents[1:])


def _digest(data: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
    made = hashes.Hash(algorithm)
    made.update(data)
    return made.finalize()


def _status(
    authority: Authority, serial: int
) -> tuple[ocsp.OCSPCertStatus, datetime | None, x509.ReasonFlags | None]:
    """As the register says at this moment: a revocation and a hold show at once."""
    found = SigningKey.objects.filter(issuer=authority, serial=f"{serial:x}").only(
        "revoked_at", "revocation_reason"
    )
    key = found.first()
    if key is None:
        return ocsp.OCSPCertStatus.UNKNOWN, None, None
    if key.revoked_at is None:
        return ocsp.OCSPCertStatus.GOOD, None, None
    reason = x509.ReasonFlags(key.revocation_reason or x509.ReasonFlags.unspecified.value)
    return ocsp.OCSPCertStatus.REVOKED, key.revoked_at.replace(microsecond=0), reason
