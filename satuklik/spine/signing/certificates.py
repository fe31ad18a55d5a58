"""Certificates and revocation lists of our own authority: an uncertified one, and named so."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from satuklik.spine.signing.rules import LONGEST_NAME, fitted

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
ROOT_LIFE = timedelta(days=365 * 20)
ISSUING_LIFE = timedelta(days=365 * 10)
LEAF_LIFE = timedelta(days=365 * 2)
# A time-stamping key signs for a year; its certificate lives longer, so that its tokens need no early renewal.
TIMESTAMP_LIFE = timedelta(days=365 * 6)
TIMESTAMP_USE = timedelta(days=365)
# Nobody asks whether a responder's certificate was revoked (ocsp-nocheck), so it does not live long.
RESPONDER_LIFE = timedelta(days=180)
# Clocks differ: field reports speak of six minutes.
BACKDATED = timedelta(minutes=10)
# Our own authority is not accredited: what it signs is «tidak tersertifikasi» (PP 71/2019 ps. 60(2)).
UNCERTIFIED = "tidak tersertifikasi"


@dataclass(frozen=True)
class Naming:
    """How authorities are called: `organisation` owns them, `title` stands before their kind."""

    organisation: str
    title: str

    def of(self, what: str) -> x509.Name:
        """The name of "Root CA", "Issuing CA", "Issuing CA 2" …"""
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, fitted(self.organisation)),
                x509.NameAttribute(NameOID.COMMON_NAME, f"{self.title} {what} ({UNCERTIFIED})"),
            ]
        )


DEMO = Naming(f"Satu Klik (demo, {UNCERTIFIED})", "Satu Klik Demo")


def naming_of_regency(regency: str) -> Naming:
    """The names of a regency's own authorities: uncertified, and saying so as the demo's do."""
    # X.520 ub-common-name: "… Issuing CA 12 (tidak tersertifikasi)" must fit.
    return Naming(
        f"Pemerintah {regency}", fitted(regency, LONGEST_NAME - len(f" Issuing CA 12 ({UNCERTIFIED})"))
    )


@dataclass(frozen=True)
class Addresses:
    """Where the issuer's certificate and revocation list can be fetched, and who answers for single certificates."""

    certificate: str
    crl: str
    ocsp: str = ""


@dataclass(frozen=True)
class Holder:
    """Whose certificate it is: an official (`name`, `position`, `agency`) or an agency's seal (`agency` alone)."""

    agency: str
    name: str = ""
    position: str = ""

    def subject(self) -> x509.Name:
        parts = [(NameOID.COUNTRY_NAME, "ID"), (NameOID.ORGANIZATION_NAME, fitted(self.agency))]
        if self.name:
            parts += [(NameOID.TITLE, fitted(self.position)), (NameOID.COMMON_NAME, fitted(self.name))]
        else:
            parts += [
                (NameOID.ORGANIZATIONAL_UNIT_NAME, "Segel elektronik"),
                (NameOID.COMMON_NAME, fitted(self.agency)),
            ]
        return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def naming_like(authority: x509.Certificate) -> Naming:
    """The names that go with a root or an issuing authority that is there."""
    organisation = authority.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value
    title = authority.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    return Naming(str(organisation), re.split(" (?:Root|Issuing) CA", str(title))[0])


def root_certificate(
    key: Key, now: datetime, *, naming: Naming = DEMO, what: str = "Root CA"
) -> x509.Certificate:
    """The self-signed root."""
    name = naming.of(what)
    builder = _builder(name, name, key.public_key(), now, ROOT_LIFE)
    return _as_authority(builder, key.public_key(), pathlen=None).sign(key, hashes.SHA256())


def issuing_certificate(
    public: PublicKey,
    root: x509.Certificate,
    root_key: Key,
    where: Addresses,
    now: datetime,
    *,
    naming: Naming = DEMO,
    what: str = "Issuing CA",
) -> x509.Certificate:
    """The authority that issues to officials and agencies and to no further authority (path length 0). `what` tells
    one from the next: two authorities of one name but different keys confuse those who look for a list."""
    builder = _builder(naming.of(what), root.subject, public, now, ISSUING_LIFE)
    builder = _with_addresses(builder, root, where)
    return _as_authority(builder, public, pathlen=0).sign(root_key, hashes.SHA256())


def leaf_certificate(
    public: PublicKey,
    holder: Holder,
    issuer: x509.Certificate,
    issuer_key: Key,
    where: Addresses,
    now: datetime,
) -> x509.Certificate:
    """A certificate for signing letters: digitalSignature and contentCommitment, nothing else."""
    builder = _builder(holder.subject(), issuer.subject, public, now, LEAF_LIFE)
    builder = _with_addresses(builder, issuer, where)
    usage = _usage(digital_signature=True, content_commitment=True)
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def timestamp_certificate(
    public: PublicKey, issuer: x509.Certificate, issuer_key: Key, where: Addresses, now: datetime
) -> x509.Certificate:
    """A certificate for time stamps and nothing else (RFC 3161 §2.3: the extended key usage is critical)."""
    name = naming_like(issuer).of("TSA")
    life = min(TIMESTAMP_LIFE, issuer.not_valid_after_utc - now)
    builder = _with_addresses(_builder(name, issuer.subject, public, now, life), issuer, where)
    period = x509.PrivateKeyUsagePeriod(now - BACKDATED, min(now + TIMESTAMP_USE, now + life))
    return (
        _as_service(builder, public)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(period, critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def responder_certificate(
    public: PublicKey, issuer: x509.Certificate, issuer_key: Key, now: datetime
) -> x509.Certificate:
    """A certificate for answers about certificates of `issuer` (RFC 6960 §4.2.2.2)."""
    name = naming_like(issuer).of("OCSP")
    life = min(RESPONDER_LIFE, issuer.not_valid_after_utc - now)
    builder = _builder(name, issuer.subject, public, now, life)
    return (
        _as_service(builder.add_extension(_authority_key_identifier(issuer), critical=False), public)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
        .add_extension(x509.OCSPNoCheck(), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def revocation_list(
    issuer: x509.Certificate,
    key: Key,
    revoked: Iterable[tuple[int, datetime, x509.ReasonFlags]],
    number: int,
    now: datetime,
    life: timedelta,
) -> x509.CertificateRevocationList:
    """A CRL: `revoked` are (serial number, when, why)."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(now)
        .next_update(now + life)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_authority_key_identifier(issuer), critical=False)
    )
    for serial, at, reason in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(serial)
            .revocation_date(at)
            .add_extension(x509.CRLReason(reason), critical=False)
            .build()
        )
    return builder.sign(key, hashes.SHA256())


def certificate_der(certificate: x509.Certificate | x509.CertificateRevocationList) -> bytes:
    """DER bytes of a certificate or a revocation list."""
    return certificate.public_bytes(Encoding.DER)


def certificate_pem(certificate: x509.Certificate) -> bytes:
    """PEM text of a certificate."""
    return certificate.public_bytes(Encoding.PEM)


def public_key_info(public: PublicKey) -> bytes:
    """The SubjectPublicKeyInfo (DER)."""
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def serial_text(certificate: x509.Certificate) -> str:
    """The serial number as the tables write it: hexadecimal, lower case."""
    return f"{certificate.serial_number:x}"


def _builder(
    subject: x509.Name, issuer: x509.Name, public: PublicKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + life)
    )


def _with_addresses(
    builder: x509.CertificateBuilder, issuer: x509.Certificate, where: Addresses
) -> x509.CertificateBuilder:
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(where.crl)], None, None, None)
    access = [
        x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(where.certificate)
        )
    ]
    if where.ocsp:
        address = x509.UniformResourceIdentifier(where.ocsp)
        access.append(x509.AccessDescription(AuthorityInformationAccessOID.OCSP, address))
    return (
        builder.add_extension(_authority_key_identifier(issuer), critical=False)
        .add_extension(x509.CRLDistributionPoints([point]), critical=False)
        .add_extension(x509.AuthorityInformationAccess(access), critical=False)
    )


def _as_service(builder: x509.CertificateBuilder, public: PublicKey) -> x509.CertificateBuilder:
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _as_authority(
    builder: x509.CertificateBuilder, public: PublicKey, *, pathlen: int | None
) -> x509.CertificateBuilder:
    return (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=pathlen), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _authority_key_identifier(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
