"""CMS signatures for PAdES, and time-stamp tokens: all that does not change is encoded once per signer."""

from dataclasses import dataclass
from typing import Annotated, Protocol

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ObjectIdentifier

DATA = ObjectIdentifier("1.2.840.113549.1.7.1")
SIGNED_DATA = ObjectIdentifier("1.2.840.113549.1.7.2")
CONTENT_TYPE = ObjectIdentifier("1.2.840.113549.1.9.3")
MESSAGE_DIGEST = ObjectIdentifier("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE_V2 = ObjectIdentifier("1.2.840.113549.1.9.16.2.47")  # RFC 5035; PAdES asks for it
ALGORITHM_PROTECTION = ObjectIdentifier("1.2.840.113549.1.9.52")  # RFC 6211
TST_INFO = ObjectIdentifier("1.2.840.113549.1.9.16.1.4")  # RFC 3161: what a time-stamp token holds
SIGNATURE_TIMESTAMP = ObjectIdentifier("1.2.840.113549.1.9.16.2.14")  # RFC 3161 appendix A
SHA256 = ObjectIdentifier("2.16.840.1.101.3.4.2.1")
SHA256_WITH_RSA = ObjectIdentifier("1.2.840.113549.1.1.11")
ECDSA_WITH_SHA256 = ObjectIdentifier("1.2.840.10045.4.3.2")
DIGEST_BYTES = 32
# SET OF, and the [0] IMPLICIT that takes its place inside a SignerInfo (RFC 5652 §5.4).
SET_TAG, SIGNED_ATTRIBUTES_TAG = b"\x31", b"\xa0"


@asn1.sequence
class Algorithm:
    """AlgorithmIdentifier without parameters (SHA-256, ECDSA)."""

    algorithm: ObjectIdentifier


@asn1.sequence
class RsaAlgorithm:
    """AlgorithmIdentifier of RSA, whose parameters are NULL (RFC 4055)."""

    algorithm: ObjectIdentifier
    parameters: asn1.Null


@asn1.sequence
class Attribute:
    """An attribute, signed or unsigned."""

    type: ObjectIdentifier
    values: asn1.SetOf[asn1.TLV]


@asn1.sequence
class IssuerAndSerial:
    """Which certificate: its issuer's name and its serial number."""

    issuer: asn1.TLV
    serial: int


@asn1.sequence
class DirectoryNames:
    """GeneralNames with one directoryName."""

    name: Annotated[asn1.TLV, asn1.Explicit(4)]


@asn1.sequence
class IssuerSerial:
    """IssuerSerial of ESS (RFC 5035)."""

    issuer: DirectoryNames
    serial: int


@asn1.sequence
class EssCertificate:
    """ESSCertIDv2; SHA-256 is the default and so is not written."""

    digest: bytes
    issuer_serial: IssuerSerial


@asn1.sequence
class SigningCertificates:
    """SigningCertificateV2."""

    certificates: list[EssCertificate]


@asn1.sequence
class ContentType:
    """EncapsulatedContentInfo of a detached signature."""

    type: ObjectIdentifier


@asn1.sequence
class EncapsulatedContent:
    """EncapsulatedContentInfo of a token: the content stands inside."""

    type: ObjectIdentifier
    content: Annotated[bytes, asn1.Explicit(0)]


@asn1.sequence
class SignerInfo:
    """One signer (RFC 5652 §5.3)."""

    version: int
    signer: asn1.TLV
    digest_algorithm: asn1.TLV
    signed_attributes: asn1.TLV
    signature_algorithm: asn1.TLV
    signature: bytes
    unsigned_attributes: Annotated[asn1.SetOf[Attribute] | None, asn1.Implicit(1)]


@asn1.sequence
class SignedData:
    """SignedData with certificates and one signer (RFC 5652 §5.1)."""

    version: int
    digest_algorithms: asn1.TLV
    content: asn1.TLV
    certificates: asn1.TLV
    signers: asn1.SetOf[SignerInfo]


@asn1.sequence
class BareSignedData:
    """SignedData without certificates: a token for who did not ask for them."""

    version: int
    digest_algorithms: asn1.TLV
    content: asn1.TLV
    signers: asn1.SetOf[SignerInfo]


@asn1.sequence
class BareContentInfo:
    """Its wrapper."""

    type: ObjectIdentifier
    content: Annotated[BareSignedData, asn1.Explicit(0)]


@asn1.sequence
class ContentInfo:
    """The outermost wrapper."""

    type: ObjectIdentifier
    content: Annotated[SignedData, asn1.Explicit(0)]


@asn1.sequence
class _AttributeSet:
    values: asn1.SetOf[Attribute]


@asn1.sequence
class _AlgorithmSet:
    values: asn1.SetOf[Algorithm]


@asn1.sequence
class _CertificateSet:
    values: Annotated[asn1.SetOf[x509.Certificate], asn1.Implicit(0)]


@asn1.sequence
class _Oid:
    value: ObjectIdentifier


@asn1.sequence
class _Octets:
    value: bytes


class RawSigner(Protocol):
    """Something that holds a private key: in memory, on a token, in an HSM."""

    def sign(self, data: bytes) -> bytes:
        """The raw signature over SHA-256 of `data` (RSA: PKCS #1 v1.5; EC: a DER sequence)."""


@dataclass(frozen=True)
class MemoryKey:
    """A private key in this process's memory."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, _PKCS1, _SHA256)
        return self.key.sign(data, _ECDSA)

    def __repr__(self) -> str:
        return "MemoryKey(…)"


_PKCS1 = padding.PKCS1v15()
_SHA256 = hashes.SHA256()
_ECDSA = ec.ECDSA(_SHA256)


class CmsSigner:
    """Makes the CMS bytes of one signer. `chain`: the certificates above the signer's, without the root.
    `content_type`: DATA for a signature beside its file, TST_INFO for tokens that hold what they sign."""

    def __init__(
        self,
        key: RawSigner,
        certificate: x509.Certificate,
        chain: tuple[x509.Certificate, ...],
        content_type: ObjectIdentifier = DATA,
    ) -> None:
        self._key = key
        self.certificate = certificate
        self.chain = chain
        self._content_type = content_type
        self._version = 1 if content_type == DATA else 3  # RFC 5652 §5.1
        public = certificate.public_key()
        issuer = _tlv(certificate.issuer.public_bytes())
        serial = certificate.serial_number
        self._signer = _encoded(IssuerAndSerial(issuer=issuer, serial=serial))
        self._digest_algorithm = _encoded(Algorithm(algorithm=SHA256))
        if isinstance(public, rsa.RSAPublicKey):
            self.algorithm = f"RSA-{public.key_size}"
            algorithm = asn1.encode_der(RsaAlgorithm(algorithm=SHA256_WITH_RSA, parameters=asn1.Null()))
            self.signature_bytes = public.key_size // 8
        elif isinstance(public, ec.EllipticCurvePublicKey):
            self.algorithm = f"EC-{public.curve.name}"
            algorithm = asn1.encode_der(Algorithm(algorithm=ECDSA_WITH_SHA256))
            self.signature_bytes = 2 * (public.key_size // 8) + 9  # two INTEGERs and a SEQUENCE, at most
        else:
            raise TypeError("Only RSA and EC keys can sign letters.")
        self._signature_algorithm = _tlv(algorithm)
        self._digest_algorithms = _tlv(
            _inside(asn1.encode_der(_AlgorithmSet(values=asn1.SetOf([Algorithm(algorithm=SHA256)]))))
        )
        self._content = _encoded(ContentType(type=content_type))
        self._certificates = _tlv(
            _inside(asn1.encode_der(_CertificateSet(values=asn1.SetOf([certificate, *chain]))))
        )
        self._before, self._after = self._attributes_around_digest(issuer, algorithm)
        # The signature's length is the only part that varies (EC: by a few bytes).
        digest, signature = b"\xd5" * DIGEST_BYTES, b"\xe6" * self.signature_bytes
        made = self.encode(digest, signature)
        self.reserve = len(made)
        # All that a plain signature of full length does not change: an RSA signature always has it.
        before, _, rest = made.partition(digest)
        between, _, after = rest.partition(signature)
        self._frame = before, between, after

    def sign(self, digest: bytes) -> bytes:
        """The CMS (DER) over a file whose SHA-256 is `digest`; never longer than `reserve`."""
        signature = self.signature(digest)
        if len(signature) != self.signature_bytes:
            return self.encode(digest, signature)
        before, between, after = self._frame
        return b"".join((before, digest, between, signature, after))

    def signature(self, digest: bytes) -> bytes:
        """The raw signature over the signed attributes of content whose SHA-256 is `digest`."""
        return self._key.sign(b"".join((SET_TAG, self._before[1:], digest, self._after)))

    def encode(
        self,
        digest: bytes,
        signature: bytes,
        *,
        token: bytes | None = None,
        content: bytes | None = None,
        with_certificates: bool = True,
    ) -> bytes:
        """The CMS (DER) around a raw signature. `token`: a time-stamp token over that signature, which becomes its
        only unsigned attribute (B-T). `content`: what stands inside, for tokens."""
        unsigned = None if token is None else asn1.SetOf([_attribute(SIGNATURE_TIMESTAMP, token)])
        info = SignerInfo(
            version=1,
            signer=self._signer,
            digest_algorithm=self._digest_algorithm,
            signed_attributes=_tlv(b"".join((SIGNED_ATTRIBUTES_TAG, self._before[1:], digest, self._after))),
            signature_algorithm=self._signature_algorithm,
            signature=signature,
            unsigned_attributes=unsigned,
        )
        inside = self._content
        if content is not None:
            inside = _encoded(EncapsulatedContent(type=self._content_type, content=content))
        if not with_certificates:
            bare = BareSignedData(
                version=self._version,
                digest_algorithms=self._digest_algorithms,
                content=inside,
                signers=asn1.SetOf([info]),
            )
            return asn1.encode_der(BareContentInfo(type=SIGNED_DATA, content=bare))
        data = SignedData(
            version=self._version,
            digest_algorithms=self._digest_algorithms,
            content=inside,
            certificates=self._certificates,
            signers=asn1.SetOf([info]),
        )
        return asn1.encode_der(ContentInfo(type=SIGNED_DATA, content=data))

    def _attributes_around_digest(self, issuer: asn1.TLV, algorithm: bytes) -> tuple[bytes, bytes]:
        """The signed attributes (a DER SET OF), split where the file's digest stands."""
        fingerprint = self.certificate.fingerprint(_SHA256)
        ess = SigningCertificates(
            certificates=[
                EssCertificate(
                    digest=fingerprint,
                    issuer_serial=IssuerSerial(
                        issuer=DirectoryNames(name=issuer), serial=self.certificate.serial_number
                    ),
                )
            ]
        )
        digest_algorithm = asn1.encode_der(Algorithm(algorithm=SHA256))
        # [1] IMPLICIT signatureAlgorithm: the SEQUENCE tag gives way to a context tag.
        protection = _sequence(digest_algorithm + b"\xa1" + algorithm[1:])
        mark = b"\xd5" * DIGEST_BYTES
        attributes = [
            _attribute(CONTENT_TYPE, _inside(asn1.encode_der(_Oid(value=self._content_type)))),
            _attribute(MESSAGE_DIGEST, _inside(asn1.encode_der(_Octets(value=mark)))),
            _attribute(SIGNING_CERTIFICATE_V2, asn1.encode_der(ess)),
            _attribute(ALGORITHM_PROTECTION, protection),
        ]
        encoded = _inside(asn1.encode_der(_AttributeSet(values=asn1.SetOf(attributes))))
        before, after = encoded.split(mark)
        return before, after


def stamped(padded: bytes, token: bytes) -> bytes | None:
    """A CMS of the shape that we write (with the padding behind it) with a time-stamp token over its signature; None
    for one of another shape, or that has one already."""
    try:
        # The padding is no part of it: its own length says where it ends.
        info = asn1.decode_der(ContentInfo, padded[: length_of(padded)])
    except ValueError:
        return None
    (signer,) = info.content.signers.as_list()
    if signer.unsigned_attributes is not None:
        return None
    signer.unsigned_attributes = asn1.SetOf([_attribute(SIGNATURE_TIMESTAMP, token)])
    info.content.signers = asn1.SetOf([signer])
    return asn1.encode_der(info)


def length_of(der: bytes) -> int:
    """How many bytes the element at the beginning takes."""
    if len(der) < 2 or der[1] < 0x80:
        return 2 + (der[1] if len(der) > 1 else 0)
    octets = der[1] & 0x7F
    return 2 + octets + int.from_bytes(der[2 : 2 + octets])


def _tlv(der: bytes) -> asn1.TLV:
    return asn1.decode_der(asn1.TLV, der)


def _encoded(value: object) -> asn1.TLV:
    return _tlv(asn1.encode_der(value))


def _attribute(kind: ObjectIdentifier, value: bytes) -> Attribute:
    return Attribute(type=kind, values=asn1.SetOf([_tlv(value)]))


def _inside(der: bytes) -> bytes:
    """The single element inside a SEQUENCE (which the declarative types need as their outermost part)."""
    short = der[1] < 0x80
    return der[2:] if short else der[2 + (der[1] & 0x7F) :]


def _sequence(content: bytes) -> bytes:
    if len(content) >= 0x80:
        raise ValueError("Only short sequences are built by hand.")
    return b"\x30" + bytes([len(content)]) + content
