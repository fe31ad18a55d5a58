"""What programs that are not ours say of our signatures: poppler, qpdf, OpenSSL, pyHanko."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from satuklik.base.agencies.models import Agency, Official
from satuklik.spine.signing import actions, certificates, queries
from satuklik.spine.signing.keygen import Algorithm
from satuklik.spine.signing.tests.conftest import NOW, PASSPHRASE, letter
from satuklik.spine.signing.verification.der import is_der

ALGORITHMS: list[Algorithm] = ["RSA-2048", "P-256"]


def run(*command: str | Path) -> str:
    """The program's output; a failure fails the test."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def cms_of(pdf: bytes) -> tuple[bytes, bytes]:
    """The CMS of the last signature and the bytes that it covers."""
    found = re.findall(rb"/ByteRange ?\[0 +(\d+) +(\d+) +(\d+) *\]", pdf)[-1]
    first, second, length = (int(part) for part in found)
    padded = bytes.fromhex(pdf[first + 1 : second - 1].decode())
    return padded[: 4 + int.from_bytes(padded[2:4])], pdf[:first] + pdf[second : second + length]


@pytest.fixture(params=ALGORITHMS)
def signed(request: pytest.FixtureRequest, pdf: bytes, authority: None, pak_lurah: Official) -> bytes:
    """A letter signed by the official's key, once per algorithm."""
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW, algorithm=request.param)
    with actions.unlock(pak_lurah, PASSPHRASE, NOW) as key:
        return actions.sign(pdf, key=key, now=NOW, acting_as="").pdf


def test_poppler_accepts(signed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "surat.pdf"
    file.write_bytes(signed)
    said = run("pdfsig", "-nocert", file)
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "Budi Contoh, S.Sos." in said


def test_poppler_accepts_the_seal_and_the_whole_chain(
    live_server: Any, settings: Any, kelurahan: Agency, pdf: bytes, tmp_path: Path
) -> None:
    """poppler asks the responder that the certificate names: ours, over HTTP."""
    settings.PUBLIC_URL, now = live_server.url, timezone.now()
    actions.set_up_demo_authority(now=now)
    seal = actions.issue_seal_key(kelurahan, now)
    file, store, trust = tmp_path / "surat.pdf", tmp_path / "nss", tmp_path / "root.pem"
    file.write_bytes(actions.seal(pdf, agency_id=kelurahan.pk, now=now).pdf)
    root = x509.load_der_x509_certificate(queries.authority_certificate("root") or b"")
    trust.write_bytes(certificates.certificate_pem(root))
    store.mkdir()
    run("certutil", "-N", "-d", f"sql:{store}", "--empty-password")
    run("certutil", "-A", "-d", f"sql:{store}", "-n", "root", "-t", "CT,C,C", "-a", "-i", trust)
    said = run("pdfsig", "-nssdir", f"sql:{store}", file)
    assert "Signature is Valid." in said
    assert "Certificate is Trusted." in said
    actions.revoke(seal.serial, x509.ReasonFlags.key_compromise, now=timezone.now())
    said = run("pdfsig", "-nssdir", f"sql:{store}", file)
    assert "Certificate has been Revoked." in said


def test_qpdf_accepts(signed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "surat.pdf"
    file.write_bytes(signed)
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", file)


def test_openssl_accepts_cades(signed: bytes, trust: Path, tmp_path: Path) -> None:
    cms, content = cms_of(signed)
    (tmp_path / "cms.der").write_bytes(cms)
    (tmp_path / "content").write_bytes(content)
    run(
        "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", tmp_path / "cms.der",
        "-content", tmp_path / "content", "-CAfile", trust, "-purpose", "any", "-out", tmp_path / "out",
        "-attime", str(int(NOW.timestamp())),
    )  # fmt: skip


def test_openssl_reads_certificates_and_lists(authority: None, tmp_path: Path) -> None:
    for name in ("root", "issuing"):
        (tmp_path / f"{name}.cer").write_bytes(queries.authority_certificate(name) or b"")
        (tmp_path / f"{name}.crl").write_bytes(queries.crl(name) or b"")
    text = run("openssl", "x509", "-inform", "DER", "-in", tmp_path / "issuing.cer", "-noout", "-text")
    assert "pathlen:0" in text
    assert "/crl/root.crl" in text
    assert "/ca/root.cer" in text
    assert "tidak tersertifikasi" in text
    run("openssl", "crl", "-inform", "DER", "-in", tmp_path / "issuing.crl", "-noout", "-text")


def test_pyhanko_trusts(signed: bytes, trust: Path, tmp_path: Path) -> None:
    root = asn1_x509.Certificate.load(queries.authority_certificate("root") or b"")
    file = tmp_path / "surat.pdf"
    file.write_bytes(signed)
    with file.open("rb") as handle:
        signature = PdfFileReader(handle).embedded_signatures[0]
        context = ValidationContext(
            trust_roots=[root],
            allow_fetching=False,
            moment=NOW,
            revocation_mode="hard-fail",
            crls=[queries.crl("root") or b"", queries.crl("issuing") or b""],
            best_signature_time=NOW,
        )
        status = validate_pdf_signature(signature, context)
    assert status.bottom_line, status.pretty_print_details()
    assert status.coverage.name == "ENTIRE_FILE"


def test_attributes_are_those_of_pyhanko(signed: bytes) -> None:
    """Our hand-written CMS against asn1crypto's reading of it and pyHanko's own building blocks."""
    content, _ = cms_of(signed)
    parsed = asn1_cms.ContentInfo.load(content, strict=True)
    # asn1crypto encodes nested sets anew again and again: with a time stamp inside it never ends.
    assert is_der(content)
    (info,) = parsed["content"]["signer_infos"]
    attributes = {one["type"].native: one["values"][0] for one in info["signed_attrs"]}
    assert set(attributes) == {
        "content_type", "message_digest", "signing_certificate_v2", "cms_algorithm_protection"
    }  # fmt: skip
    leaf = next(
        one.chosen
        for one in parsed["content"]["certificates"]
        if one.chosen.serial_number == info["sid"].chosen["serial_number"].native
    )
    assert attributes["signing_certificate_v2"].dump() == as_signing_certificate_v2(leaf).dump(force=True)
    assert attributes["cms_algorithm_protection"]["digest_algorithm"].native["algorithm"] == "sha256"
    assert (
        attributes["cms_algorithm_protection"]["signature_algorithm"].native
        == info["signature_algorithm"].native
    )


@pytest.mark.parametrize("standards", [("a-3a", "ua-1"), ("a-3b", "ua-1"), ("a-2a",)])
def test_fast_path_takes_every_tagged_standard(
    standards: tuple[str, ...], authority: None, pak_lurah: Official, tmp_path: Path
) -> None:
    from satuklik.spine.signing import pades
    from satuklik.spine.signing.tests.test_pades import WORDS, FakeSigner

    assert pades.sign_letter(letter(standards=standards), FakeSigner(), WORDS)
