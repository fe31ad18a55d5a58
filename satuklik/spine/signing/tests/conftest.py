"""An authority, an office with its seal, its head with a key, and letters as Typst makes them."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import typst

from satuklik.base.agencies.models import Agency, Official
from satuklik.spine.signing import actions
from satuklik.spine.signing.keys import UnlockedKey

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PASSPHRASE = "kopi-tubruk-di-pagi-hari"
LETTER = """
#set document(title: "Surat Keterangan Domisili", author: "Kelurahan Kisaran Naga")
#set text(lang: "id")
= Surat Keterangan Domisili
Yang bertanda tangan di bawah ini menerangkan bahwa Sari (bukan orang sebenarnya) tinggal di sini.
#link("https://example.org/v/abc")[Periksa keaslian surat ini]
#lorem(120)
"""


def letter(source: str = LETTER, standards: tuple[str, ...] = ("a-3a", "ua-1")) -> bytes:
    """A PDF as our letters are made."""
    return typst.compile(source.encode(), format="pdf", pdf_standards=list(standards))


@pytest.fixture(scope="session")
def pdf() -> bytes:
    """An unsigned letter."""
    return letter()


@pytest.fixture
def authority(db: None, settings: Any) -> None:
    """Root and issuing authority, with small keys."""
    settings.SATUKLIK_ROOT_KEY_BITS = 2048
    actions.set_up_demo_authority(now=NOW)


@pytest.fixture
def kelurahan(db: None) -> Agency:
    """The office."""
    return Agency.objects.create(
        code="kel-12.09.20.1001",
        kind=Agency.Kind.KELURAHAN,
        name="Kelurahan Kisaran Naga",
        short_name="Kisaran Naga",
        head_title="Lurah Kisaran Naga",
        number_code="KKN",
        address="Jalan Contoh 1",
    )


@pytest.fixture
def pak_lurah(kelurahan: Agency) -> Official:
    """The head, who signs."""
    return Official.objects.create(
        agency=kelurahan,
        role=Official.Role.HEAD,
        name="Budi Contoh, S.Sos.",
        position="Lurah Kisaran Naga",
        active_from=date(2024, 1, 1),
    )


@pytest.fixture
def sealed(pdf: bytes, authority: None, kelurahan: Agency) -> actions.SignedPdf:
    """A sealed letter."""
    actions.issue_seal_key(kelurahan, NOW)
    return actions.seal(pdf, agency_id=kelurahan.pk, now=NOW)


@pytest.fixture
def unlocked(authority: None, pak_lurah: Official) -> UnlockedKey:
    """Pak Lurah's key, opened."""
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW)
    with actions.unlock(pak_lurah, PASSPHRASE, NOW) as key:
        yield key


@pytest.fixture
def trust(authority: None, tmp_path: Path) -> Path:
    """The root as a PEM file, for programs that are not ours."""
    from cryptography import x509

    from satuklik.spine.signing import certificates, queries

    file = tmp_path / "root.pem"
    root = x509.load_der_x509_certificate(queries.authority_certificate("root") or b"")
    file.write_bytes(certificates.certificate_pem(root))
    return file
