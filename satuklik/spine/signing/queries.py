"""Read the authority's public parts; verify any PDF."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from satuklik.spine.signing.backends.interface import OfficialStatus
from satuklik.spine.signing.backends.registry import backend, chosen
from satuklik.spine.signing.batches import Progress, batch_of, batches_of
from satuklik.spine.signing.foreign import PagePair, compare_pages, find_tag, page_picture, page_sizes
from satuklik.spine.signing.keybook import KeyFacts, expiring, key_by_serial, key_status, keys_of
from satuklik.spine.signing.models import Authority, KeyUse, SigningKey
from satuklik.spine.signing.standing import KeyStanding, standing_of
from satuklik.spine.signing.trustlist import TrustedRoot, grouped, trust, trusted_roots
from satuklik.spine.signing.uses import facts_of, first_use, first_uses, holders
from satuklik.spine.signing.verification.report import Report, SignatureReport
from satuklik.spine.signing.verification.sandbox import SANDBOX

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

__all__ = [
    "PROBLEMS",
    "AuthorityFacts",
    "KeyFacts",
    "KeyStanding",
    "OfficialStatus",
    "PagePair",
    "Progress",
    "Report",
    "SignatureReport",
    "TrustedRoot",
    "authorities",
    "backend_of",
    "batch_of",
    "batches_of",
    "chosen_backend",
    "compare_pages",
    "crl",
    "expiring",
    "facts_of",
    "find_tag",
    "first_use",
    "first_uses",
    "grouped",
    "holders",
    "key_by_serial",
    "key_status",
    "keys_of",
    "official_status",
    "page_picture",
    "page_sizes",
    "standing_of",
    "trust",
    "trusted_roots",
    "undecided_use",
    "undecided_use_for",
    "uses",
    "verify",
]

PROBLEMS: dict[str, Promise] = {
    "not_pdf": _("Berkas ini bukan PDF."),
    "encrypted": _("PDF ini dikunci dengan kata sandi. Unggah versi yang tidak dikunci."),
    "damaged": _("PDF ini rusak dan tidak dapat dibaca. Unduh lagi dari sumbernya."),
    "too_large": _("Berkas lebih besar dari 25 MB. Unggah berkas yang lebih kecil."),
    "too_many": _("PDF ini memuat terlalu banyak tanda tangan untuk diperiksa."),
    "limits": _("Pemeriksaan dihentikan karena PDF ini memakan terlalu banyak waktu atau memori."),
    "limit_time": _(
        "Pemeriksaan dihentikan karena PDF ini memakan lebih dari 10 detik. Simpan ulang berkasnya, lalu coba lagi."
    ),
    "limit_memory": _(
        "Pemeriksaan dihentikan karena PDF ini memakan terlalu banyak memori. Simpan ulang berkasnya, lalu coba lagi."
    ),
    "locked": _(
        "Tanda tangan sebelumnya melarang perubahan apa pun, jadi PDF ini tidak dapat ditandatangani lagi."
    ),
    "no_page": _("Halaman itu tidak ada di dalam PDF ini."),
    "off_page": _("Tempat tanda tangan keluar dari halaman atau terlalu kecil. Geser atau perbesar."),
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
    "suspended": _("Sertifikat penanda tangan sedang ditangguhkan."),
}
"""What each code in a report says to a person."""
HELD = "certificateHold"


@dataclass(frozen=True)
class AuthorityFacts:
    """What everybody may know of an authority."""

    name: str
    subject: str
    fingerprint: str
    not_after: str
    crl_number: int
    offline: bool = False
    """Its key is not in this installation but in the safe."""
    retired: bool = False
    """It issues no further certificates; its revocation lists go on."""
    crl_until: datetime | None = None
    """When the newest revocation list ends."""


def authorities() -> list[AuthorityFacts]:
    """Our authorities, the root first."""
    return [_facts(row) for row in Authority.objects.order_by("pk")]


def verify(pdf: bytes, *, at: datetime | None = None, signed_by: datetime | None = None) -> Report:
    """Check any PDF in a sandboxed process; the verdicts of the verification page but "annulled", which only the
    register of letters knows. `at`: when the caller's register proves that this very file existed then, its
    certificates are judged at that moment. `signed_by`: when its signatures existed already (default `at`): later files
    of a letter. Never raises because of the file."""
    report = SANDBOX.inspect(pdf, trust(), at)
    _tell_revoked(report, signed_by or at)
    return report


def authority_certificate(name: str) -> bytes | None:
    """The certificate (DER) of the authority `name`."""
    row = Authority.objects.filter(name=name).only("certificate").first()
    return bytes(row.certificate) if row else None


def crl(name: str) -> bytes | None:
    """The newest revocation list (DER) of the authority `name`."""
    row = Authority.objects.filter(name=name).only("crl").first()
    return bytes(row.crl) if row and row.crl is not None else None


@dataclass(frozen=True)
class Chosen:
    """Who signs for an office and a service, and what a letter may say of it."""

    backend: str
    remote: bool
    certified: bool
    """Accredited (PP 71/2019 ps. 60(2))."""
    wording: str
    """Which sentences of documents.rules."""


def chosen_backend(agency_id: int, service: str, kind: str) -> Chosen:
    """`kind`: "official" (the office is the official's own) or "seal"."""
    found = chosen(agency_id, service, kind)
    return Chosen(found.name, found.remote, found.claims.certified, found.claims.wording)


def backend_of(name: str) -> Chosen:
    """What letters may say of signatures of this backend."""
    found = backend(name)
    return Chosen(found.name, found.remote, found.claims.certified, found.claims.wording)


def official_status(official: "Official", now: datetime, *, service: str = "") -> OfficialStatus:
    """Whether the official can sign now, with the backend that is chosen for the office (and `service`). Asks a remote
    backend, so it may take seconds; it never raises because of it (state "unreachable")."""
    return chosen(official.agency_id, service, "official").status(official, now)


def undecided_use(sha256: str) -> KeyUse | None:
    """The attempt to sign the file `sha256` whose outcome is not known; None where there is none."""
    return KeyUse.objects.filter(outcome__in=["started", "unknown"], sha256=sha256).order_by("pk").first()


def undecided_use_for(reference: str) -> KeyUse | None:
    """The attempt to sign for this case, letter or batch whose outcome is not known; None where there is none."""
    return (
        KeyUse.objects.filter(outcome__in=["started", "unknown"], reference=reference).order_by("pk").first()
    )


def uses(
    *,
    agency_id: int | None = None,
    official_id: int | None = None,
    since: datetime | None = None,
    limit: int = 200,
) -> list[KeyUse]:
    """Uses of keys, the newest first, each with its key, official and agency loaded. `agency_id`: of the agency's seal
    and of its officials."""
    found = KeyUse.objects.select_related("key__official", "key__agency").order_by("-at", "-pk")
    if agency_id is not None:
        found = found.filter(Q(key__agency_id=agency_id) | Q(key__official__agency_id=agency_id))
    if official_id is not None:
        found = found.filter(key__official_id=official_id)
    if since is not None:
        found = found.filter(at__gte=since)
    return list(found[:limit])


def _facts(row: Authority) -> AuthorityFacts:
    certificate = x509.load_der_x509_certificate(bytes(row.certificate))
    digest = certificate.fingerprint(hashes.SHA256()).hex(":").upper()
    return AuthorityFacts(
        row.name,
        certificate.subject.rfc4514_string(),
        digest,
        certificate.not_valid_after_utc.date().isoformat(),
        row.crl_number,
        offline=row.wrapped_key is None,
        retired=row.retired_at is not None,
        crl_until=x509.load_der_x509_crl(bytes(row.crl)).next_update_utc if row.crl is not None else None,
    )


def _tell_revoked(report: Report, at: datetime | None) -> None:
    """Our own certificates: the register knows at once what a revocation list tells later. A signature that existed
    before, by a trusted timestamp or by the register of letters, stays as good as it was."""
    own = {one.serial: one for one in report.signatures if one.trusted_by == "own"}
    found = SigningKey.objects.filter(serial__in=own, revoked_at__isnull=False) if own else []
    revoked = {row.serial: row for row in found}
    for signature in report.signatures:
        if signature.trusted_by != "own":
            continue
        signature.revocation = {"source": "register", "at": timezone.now().isoformat()}
        row = revoked.get(signature.serial)
        if row is None or row.revoked_at is None:
            continue
        signature.revoked_at, signature.revocation_reason = row.revoked_at.isoformat(), row.revocation_reason
        stamped = datetime.fromisoformat(signature.time) if signature.time and signature.time_proven else None
        proven = min((moment for moment in (at, stamped) if moment is not None), default=None)
        if proven is None or proven >= row.revoked_at:
            held = row.revocation_reason == HELD
            signature.trusted, signature.problem = False, "suspended" if held else "revoked"
            if report.verdict in ("valid", "valid_with_additions"):
                report.verdict, report.reason = "untrusted", signature.problem
