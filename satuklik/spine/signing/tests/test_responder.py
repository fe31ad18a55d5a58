"""Our OCSP responder: OpenSSL asks, and a revocation shows at once."""

import base64
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from django.test import Client
from django.utils import timezone

from satuklik.base.agencies.models import Agency
from satuklik.spine.signing import actions, certificates, endpoints, queries
from satuklik.spine.signing.actions.services import SERVICES
from satuklik.spine.signing.models import SigningKey
from satuklik.spine.signing.tests.test_peers import run

REQUEST = "application/ocsp-request"


@pytest.fixture
def leaf(db: None, settings: Any, kelurahan: Agency, tmp_path: Path) -> SigningKey:
    """A seal of today, its certificate and its issuers' in files."""
    settings.SATUKLIK_ROOT_KEY_BITS = 2048
    now = timezone.now()
    actions.set_up_demo_authority(now=now)
    key = actions.issue_seal_key(kelurahan, now, algorithm="P-256")
    for name, der in (
        ("leaf", bytes(key.certificate)),
        ("issuing", queries.authority_certificate("issuing") or b""),
        ("root", queries.authority_certificate("root") or b""),
    ):
        pem = certificates.certificate_pem(x509.load_der_x509_certificate(der))
        (tmp_path / f"{name}.pem").write_bytes(pem)
    return key


def asked(folder: Path, *options: str) -> bytes:
    """A request that OpenSSL made."""
    run(
        "openssl", "ocsp", "-issuer", folder / "issuing.pem", *options, "-cert", folder / "leaf.pem",
        "-reqout", folder / "q.der",
    )  # fmt: skip
    return (folder / "q.der").read_bytes()


def openssl_reads(answer: bytes, folder: Path, digest: str = "-sha1") -> str:
    """OpenSSL's verdict over an answer to the request that lies in the folder."""
    (folder / "r.der").write_bytes(answer)
    return run(
        "openssl", "ocsp", "-issuer", folder / "issuing.pem", digest, "-cert", folder / "leaf.pem",
        "-no_nonce", "-respin", folder / "r.der", "-CAfile", folder / "root.pem", "-verify_other", folder / "issuing.pem",
    )  # fmt: skip


def state(answer: bytes) -> str:
    return ocsp.load_der_ocsp_response(answer).certificate_status.name


@pytest.mark.parametrize("digest", ["-sha1", "-sha256"])
def test_openssl_trusts_the_answer(leaf: SigningKey, tmp_path: Path, digest: str) -> None:
    found = Client().post("/ocsp", asked(tmp_path, digest), content_type=REQUEST)
    assert (found.status_code, found["Content-Type"]) == (200, "application/ocsp-response")
    assert "leaf.pem: good" in openssl_reads(found.content, tmp_path, digest)


def test_the_nonce_comes_back(leaf: SigningKey, tmp_path: Path) -> None:
    request = asked(tmp_path, "-nonce")
    found = Client().post("/ocsp", request, content_type=REQUEST)
    sent = ocsp.load_der_ocsp_request(request).extensions.get_extension_for_class(x509.OCSPNonce).value
    answer = ocsp.load_der_ocsp_response(found.content)
    assert answer.extensions.get_extension_for_class(x509.OCSPNonce).value == sent
    assert found["Cache-Control"] == "no-store"


def test_by_get_it_may_be_kept_for_a_minute(leaf: SigningKey, tmp_path: Path) -> None:
    text = base64.b64encode(asked(tmp_path, "-no_nonce")).decode()
    for address in (quote(text, safe=""), text):
        found = Client().get(f"/ocsp/{address}")
        assert state(found.content) == "GOOD"
        assert "max-age=60" in found["Cache-Control"]


def test_revoked_and_held_show_at_once(leaf: SigningKey, tmp_path: Path) -> None:
    request = asked(tmp_path, "-no_nonce")
    assert state(Client().post("/ocsp", request, content_type=REQUEST).content) == "GOOD"
    now = timezone.now()
    hold = x509.ReasonFlags.certificate_hold
    SigningKey.objects.filter(pk=leaf.pk).update(revoked_at=now, revocation_reason=hold.value)
    answer = ocsp.load_der_ocsp_response(Client().post("/ocsp", request, content_type=REQUEST).content)
    assert (answer.certificate_status.name, answer.revocation_reason) == ("REVOKED", hold)
    SigningKey.objects.filter(pk=leaf.pk).update(revoked_at=None, revocation_reason="")
    actions.revoke(leaf.serial, x509.ReasonFlags.key_compromise, now=now)
    found = Client().post("/ocsp", request, content_type=REQUEST).content
    said = openssl_reads(found, tmp_path)
    assert "leaf.pem: revoked" in said
    assert "keyCompromise" in said


def test_a_certificate_that_we_never_issued_is_unknown(leaf: SigningKey) -> None:
    issuing = x509.load_der_x509_certificate(queries.authority_certificate("issuing") or b"")
    name = issuing.subject.public_bytes()
    builder = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        _sha256(name), _sha256(_bits(issuing)), 4711, hashes.SHA256()
    )
    request = builder.build().public_bytes(Encoding.DER)
    assert state(Client().post("/ocsp", request, content_type=REQUEST).content) == "UNKNOWN"
    other = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        _sha256(name), _sha256(b"another key"), 4711, hashes.SHA256()
    )
    request = other.build().public_bytes(Encoding.DER)
    assert _refusal(request) == "UNAUTHORIZED"


def _sha256(data: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(data).digest()


def _bits(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import PublicFormat

    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)


def _refusal(request: bytes) -> str:
    content = Client().post("/ocsp", request, content_type=REQUEST).content
    return ocsp.load_der_ocsp_response(content).response_status.name


@pytest.mark.parametrize("request_", [b"x", bytes(3000), b"\x30\x00", b"\x30\x03\x30\x01\x00"])
def test_what_is_no_request_is_malformed(leaf: SigningKey, request_: bytes) -> None:
    assert _refusal(request_) == "MALFORMED_REQUEST"
    got = ocsp.load_der_ocsp_response(Client().get("/ocsp/!!").content)
    assert got.response_status.name == "MALFORMED_REQUEST"


def test_damaged_requests_never_hurt(leaf: SigningKey, tmp_path: Path) -> None:
    request = asked(tmp_path, "-nonce")
    for place in range(len(request)):
        changed = bytearray(request)
        changed[place] ^= 1
        assert Client().post("/ocsp", bytes(changed), content_type=REQUEST).status_code == 200


def test_limits_types_and_no_responder(
    leaf: SigningKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asked(tmp_path, "-no_nonce")
    assert Client().post("/ocsp", request, content_type="text/plain").status_code == 415
    SigningKey.objects.filter(kind="responder").delete()
    SERVICES.forget()
    assert _refusal(request) == "TRY_LATER"
    monkeypatch.setitem(endpoints.ASKINGS, "most", 0)
    assert _refusal(request) == "TRY_LATER"


def test_new_certificates_name_the_responder(leaf: SigningKey, settings: Any) -> None:
    found = x509.load_der_x509_certificate(bytes(leaf.certificate))
    access = found.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    assert f"{settings.PUBLIC_URL}/ocsp" in [one.access_location.value for one in access]
    responder = x509.load_der_x509_certificate(bytes(SigningKey.objects.get(kind="responder").certificate))
    responder.extensions.get_extension_for_class(x509.OCSPNoCheck)
    use = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(use) == [x509.ExtendedKeyUsageOID.OCSP_SIGNING]
