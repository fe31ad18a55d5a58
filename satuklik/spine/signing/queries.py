"""Read the authority's public parts; verify any PDF."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from satuklik.spine.signing.certificates import certificate_der
from satuklik.spine.signing.models import Authority, SigningKey
from satuklik.spine.signing.verification.report import Report, SignatureReport, Trust
from satuklik.spine.signing.verification.sandbox import SANDBOX

__all__ = ["PROBLEMS", "AuthorityFacts", "Report", "SignatureReport", "authorities", "crl", "verify"]

PROBLEMS: dict[str, Promise] = {
    "not_pdf": _("Berkas ini bukan PDF."),
    "encrypted": _("PDF ini dikunci dengan kata sandi. Unggah versi yang tidak dikunci."),
    "damaged": _("PDF ini rusak dan tidak dapat dibaca. Unduh lagi dari sumbernya."),
    "too_large": _("Berkas lebih besar dari 25 MB. Unggah berkas yang lebih kecil."),
    "too_many": _("PDF ini memuat terlalu banyak tanda tangan untuk diperiksa."),
    "limits": _("Pemeriksaan dihentikan karena PDF ini memakan terlalu banyak waktu atau memori."),
    "busy": _("Banyak berkas sedang diperiksa. Coba lagi sebentar lagi."),
    "unsigned": _("PDF ini tidak memuat tanda tangan elektronik."),
    "changed": _("Isi berkas berubah setelah ditandatangani."),
    "byte_range": _("Tanda tangan tidak mencakup berkas sebagaimana mestinya."),
    "two_fields": _("Satu tanda tangan dipakai di dua tempat."),
    "cms": _("Data tanda tangan berubah setelah dibuat."),
    "additions": _("Sesuatu ditambahkan atau diubah setelah tanda tangan."),
    "unknown_root": _("Sertifikat penanda tangan tidak berasal dari penerbit yang dipercaya."),
    "expired": _("Masa berlaku sertifikat penanda tangan sudah habis."),
    "revoked": _("Sertifikat penanda tangan sudah dicabut."),
}
"""What each code in a report says to a person."""
CERTIFICATE_FILES = {".cer", ".crt", ".pem", ".der"}


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


def verify(pdf: bytes, *, at: datetime | None = None) -> Report:
    """Check any PDF in a sandboxed process; the verdicts of the verification page but "annulled", which only the
    register of letters knows. `at`: when the caller's register proves that this very file existed then, its
    certificates are judged at that moment. Never raises because of the file."""
    report = SANDBOX.inspect(pdf, _trust(), at)
    _tell_revoked(report, at)
    return report


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


def _tell_revoked(report: Report, at: datetime | None) -> None:
    """Our own certificates: the register knows at once what a revocation list tells later."""
    serials = [signature.serial for signature in report.signatures if signature.trusted]
    revoked = SigningKey.objects.filter(serial__in=serials, revoked_at__isnull=False) if serials else []
    when = {row.serial: row.revoked_at for row in revoked}
    for signature in report.signatures:
        moment = when.get(signature.serial)
        if moment is None:
            continue
        signature.revoked_at = moment.isoformat()
        proven = at or (
            datetime.fromisoformat(signature.time) if signature.time and signature.time_proven else None
        )
        if proven is None or proven >= moment:
            signature.trusted, signature.problem = False, "revoked"
            if report.verdict in ("valid", "valid_with_additions"):
                report.verdict, report.reason = "untrusted", "revoked"


def _trust() -> Trust:
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
