"""The trust list: the roots that a verified PDF may lead to."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from django.conf import settings

from satuklik.spine.signing.certificates import certificate_der
from satuklik.spine.signing.models import Authority
from satuklik.spine.signing.verification.report import Trust

CERTIFICATE_FILES = {".cer", ".crt", ".pem", ".der"}


@dataclass(frozen=True)
class TrustedRoot:
    """A root certificate that a verified PDF may lead to. `kind`: "own", "certified" (accredited, PP 71/2019
    ps. 60(2)) or "other"; `fingerprint`: SHA-256."""

    kind: str
    name: str
    organisation: str
    fingerprint: str
    not_before: datetime
    not_after: datetime


def trusted_roots() -> list[TrustedRoot]:
    """All roots of the trust list: our own, then the accredited ones, then others."""
    known = trust()
    parts = (("own", known.own), ("certified", known.certified), ("other", known.others))
    return [_root(kind, der) for kind, some in parts for der in some]


def grouped(fingerprint: str) -> str:
    """Hexadecimal digits in fours, as people compare them and lines can break them."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4)).upper()


def _root(kind: str, der: bytes) -> TrustedRoot:
    certificate = x509.load_der_x509_certificate(der)
    return TrustedRoot(
        kind,
        _named(certificate, NameOID.COMMON_NAME) or certificate.subject.rfc4514_string(),
        _named(certificate, NameOID.ORGANIZATION_NAME),
        grouped(certificate.fingerprint(hashes.SHA256()).hex()),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )


def _named(certificate: x509.Certificate, kind: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(kind)
    return str(found[0].value) if found else ""


def trust() -> Trust:
    """Our roots, and the configured folder: its own certificates are trusted, those in `certified/` are accredited."""
    rows = Authority.objects.values_list("certificate", "parent_id")
    roots = [bytes(certificate) for certificate, parent in rows if parent is None]
    above = [bytes(certificate) for certificate, parent in rows if parent is not None]
    folder = Path(settings.SATUKLIK_TRUST) if settings.SATUKLIK_TRUST else None
    others = _certificates_in(folder) if folder else []
    certified = _certificates_in(folder / "certified") if folder else []
    return Trust(tuple(roots), tuple(others), tuple(certified), tuple(above))


def _certificates_in(folder: Path) -> list[bytes]:
    if not folder.is_dir():
        return []
    found = []
    for file in sorted(folder.iterdir()):
        if file.suffix in CERTIFICATE_FILES:
            content = file.read_bytes()
            pem = content.lstrip().startswith(b"-----BEGIN")
            certificates = (
                x509.load_pem_x509_certificates(content) if pem else [x509.load_der_x509_certificate(content)]
            )
            found += [certificate_der(one) for one in certificates]
    return found
