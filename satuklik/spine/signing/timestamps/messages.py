"""The messages of RFC 3161: queries are read strictly, replies are written and read."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Annotated

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

LARGEST_QUERY = 4096
LONGEST_NONCE = 1 << 256
# What may be stamped (ETSI EN 319 421: no digest that is weaker than the token's own), with its length in bytes.
DIGESTS = {
    "2.16.840.1.101.3.4.2.1": ("sha256", 32),
    "2.16.840.1.101.3.4.2.2": ("sha384", 48),
    "2.16.840.1.101.3.4.2.3": ("sha512", 64),
    "2.16.840.1.101.3.4.2.8": ("sha3_256", 32),
    "2.16.840.1.101.3.4.2.9": ("sha3_384", 48),
    "2.16.840.1.101.3.4.2.10": ("sha3_512", 64),
}


class Failure(IntEnum):
    """PKIFailureInfo (RFC 3161 §2.4.2): which bit is set."""

    BAD_ALGORITHM = 0
    BAD_REQUEST = 2
    BAD_DATA_FORMAT = 5
    TIME_NOT_AVAILABLE = 14
    UNACCEPTED_POLICY = 15
    UNACCEPTED_EXTENSION = 16
    SYSTEM_FAILURE = 25


class Refused(Exception):
    """The query cannot be answered with a token; `failure` and the words go into the reply."""

    def __init__(self, failure: Failure, words: str) -> None:
        super().__init__(words)
        self.failure = failure


@asn1.sequence
class DigestAlgorithm:
    """AlgorithmIdentifier of a digest: its parameters are absent or NULL."""

    algorithm: ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class Imprint:
    """MessageImprint."""

    algorithm: DigestAlgorithm
    digest: bytes


@asn1.sequence
class TimeStampReq:
    """A query."""

    version: int
    imprint: Imprint
    policy: ObjectIdentifier | None
    nonce: int | None
    with_certificates: Annotated[bool, asn1.Default(False)]
    extensions: Annotated[list[asn1.TLV] | None, asn1.Implicit(0)]


@asn1.sequence
class Accuracy:
    """How far the stated time may be off."""

    seconds: int | None
    milliseconds: Annotated[int | None, asn1.Implicit(0)]
    microseconds: Annotated[int | None, asn1.Implicit(1)]


@asn1.sequence
class TstInfo:
    """What a token states and signs."""

    version: int
    policy: ObjectIdentifier
    imprint: Imprint
    serial: int
    time: asn1.GeneralizedTime
    accuracy: Accuracy | None
    ordering: Annotated[bool, asn1.Default(False)]
    nonce: int | None
    authority: Annotated[list[asn1.TLV] | None, asn1.Implicit(0)]
    extensions: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)]


@asn1.sequence
class Status:
    """PKIStatusInfo."""

    status: int
    words: list[str] | None
    failure: asn1.BitString | None


@asn1.sequence
class Granted:
    """TimeStampResp with a token."""

    status: Status
    token: asn1.TLV


@asn1.sequence
class NotGranted:
    """TimeStampResp without one."""

    status: Status


@dataclass(frozen=True)
class Query:
    """A query that can be answered."""

    imprint: Imprint
    nonce: int | None
    with_certificates: bool


def read_query(der: bytes, policy: ObjectIdentifier) -> Query:
    """The query in `der`. Raises Refused with the reason of RFC 3161 §2.4.2."""
    if len(der) > LARGEST_QUERY:
        raise Refused(Failure.BAD_DATA_FORMAT, "The query is too long.")
    try:
        asked = asn1.decode_der(TimeStampReq, der)
    except ValueError as error:
        raise Refused(Failure.BAD_DATA_FORMAT, "This is no DER TimeStampReq.") from error
    if asked.version != 1:
        raise Refused(Failure.BAD_REQUEST, "Only version 1 is known.")
    known = DIGESTS.get(asked.imprint.algorithm.algorithm.dotted_string)
    if known is None:
        raise Refused(Failure.BAD_ALGORITHM, "Digests are SHA-2 and SHA-3 of 256, 384 and 512 bits.")
    if len(asked.imprint.digest) != known[1]:
        raise Refused(Failure.BAD_DATA_FORMAT, f"A digest of {known[0]} has {known[1]} bytes.")
    if asked.policy is not None and asked.policy != policy:
        raise Refused(Failure.UNACCEPTED_POLICY, f"Our policy is {policy.dotted_string}.")
    if asked.extensions is not None:
        raise Refused(Failure.UNACCEPTED_EXTENSION, "No extension is known.")
    if asked.nonce is not None and not 0 <= asked.nonce < LONGEST_NONCE:
        raise Refused(Failure.BAD_REQUEST, "A nonce has at most 256 bits.")
    return Query(asked.imprint, asked.nonce, asked.with_certificates)


def granted(token: bytes) -> bytes:
    """The reply (DER) that brings a token."""
    status = Status(status=0, words=None, failure=None)
    return asn1.encode_der(Granted(status=status, token=asn1.decode_der(asn1.TLV, token)))


def refused(failure: Failure, words: str) -> bytes:
    """The reply (DER) that says why there is none."""
    octets, bit = divmod(failure, 8)
    bits = asn1.BitString(bytes(octets) + bytes([0x80 >> bit]), 7 - bit)
    return asn1.encode_der(NotGranted(status=Status(status=2, words=[words], failure=bits)))


def query_for(digest: bytes, nonce: int) -> bytes:
    """A query (DER) for a token over data whose SHA-256 is `digest`, with certificates."""
    return asn1.encode_der(
        TimeStampReq(
            version=1,
            imprint=sha256_imprint(digest),
            policy=None,
            nonce=nonce,
            with_certificates=True,
            extensions=None,
        )
    )


def read_reply(der: bytes) -> bytes:
    """The token (DER) in a reply. Raises Refused with the authority's words, ValueError for what is no reply."""
    try:
        reply = asn1.decode_der(Granted, der)
    except ValueError:
        told = asn1.decode_der(NotGranted, der).status
        raise Refused(Failure.SYSTEM_FAILURE, " ".join(told.words or [f"status {told.status}"])) from None
    if reply.status.status not in (0, 1):
        raise Refused(Failure.SYSTEM_FAILURE, " ".join(reply.status.words or []))
    return asn1.encode_der(reply.token)


def sha256_imprint(digest: bytes) -> Imprint:
    """The imprint of data whose SHA-256 is `digest`."""
    return Imprint(algorithm=DigestAlgorithm(algorithm=_SHA256, parameters=None), digest=digest)


def statement(
    *, policy: ObjectIdentifier, imprint: Imprint, serial: int, at: datetime, nonce: int | None
) -> bytes:
    """TSTInfo (DER): the time is told in whole seconds, so it may be one second off."""
    return asn1.encode_der(
        TstInfo(
            version=1,
            policy=policy,
            imprint=imprint,
            serial=serial,
            time=asn1.GeneralizedTime(at.replace(microsecond=0)),
            accuracy=_ONE_SECOND,
            ordering=False,
            nonce=nonce,
            authority=None,
            extensions=None,
        )
    )


_SHA256 = ObjectIdentifier("2.16.840.1.101.3.4.2.1")
_ONE_SECOND = Accuracy(seconds=1, milliseconds=None, microseconds=None)
