"""Read the authority's public parts."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from satuklik.spine.signing.models import Authority


@dataclass(frozen=True)
class AuthorityFacts:
    """What everybody may know of an authority."""

    name: str
    subject: str
    fingerprint: str
    not_after: str
    crl_number: int


def authorities() -> list[AuthorityFacts]:
    """Our authorities, the root first."""
    return [_facts(row) for row in Authority.objects.order_by("pk")]


def authority_certificate(name: str) -> bytes | None:
    """The certificate (DER) of the authority `name`."""
    row = Authority.objects.filter(name=name).only("certificate").first()
    return bytes(row.certificate) if row else None


def crl(name: str) -> bytes | None:
    """The newest revocation list (DER) of the authority `name`."""
    row = Authority.objects.filter(name=name).only("crl").first()
    return bytes(row.crl) if row and row.crl is not None else None


def _facts(row: Authority) -> AuthorityFacts:
    certificate = x509.load_der_x509_certificate(bytes(row.certificate))
    digest = certificate.fingerprint(hashes.SHA256()).hex(":").upper()
    return AuthorityFacts(
        row.name,
        certificate.subject.rfc4514_string(),
        digest,
        certificate.not_valid_after_utc.date().isoformat(),
        row.crl_number,
    )
