"""Our time-stamping authority and its client; OpenSSL asks and checks."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from satuklik.base.agencies.models import Agency
from satuklik.spine.signing import actions, endpoints
from satuklik.spine.signing.actions import levels
from satuklik.spine.signing.actions.services import SERVICES
from satuklik.spine.signing.errors import NoAuthority, TimestampUnavailable
from satuklik.spine.signing.models import KeyUse, SigningKey
from satuklik.spine.signing.tests.conftest import NOW
from satuklik.spine.signing.tests.test_peers import run
from satuklik.spine.signing.timestamps import client as tsa_client
from satuklik.spine.signing.timestamps import messages
from satuklik.spine.signing.timestamps.client import RemoteTsa

DATA = hashlib.sha256(b"data").digest()
QUERY = "application/timestamp-query"


@pytest.fixture
def today(db: None, settings: Any) -> None:
    """An authority that was set up just now."""
    settings.SATUKLIK_ROOT_KEY_BITS = 2048
    actions.set_up_demo_authority(now=timezone.now())


def query(folder: Path, *options: str, data: bytes = b"surat") -> bytes:
    """A query that OpenSSL made."""
    (folder / "data").write_bytes(data)
    run("openssl", "ts", "-query", "-data", folder / "data", "-out", folder / "q.tsq", *options)
    return (folder / "q.tsq").read_bytes()


def ask(asked: bytes) -> bytes:
    answer = Client().post("/tsa", asked, content_type=QUERY)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/timestamp-reply")
    return answer.content


def told(reply: bytes, folder: Path) -> str:
    """OpenSSL's words for a reply."""
    (folder / "r.tsr").write_bytes(reply)
    return run("openssl", "ts", "-reply", "-in", folder / "r.tsr", "-text")


@pytest.mark.parametrize("digest", ["-sha256", "-sha384", "-sha512", "-sha3-256"])
def test_openssl_asks_and_verifies(today: None, trust: Path, tmp_path: Path, digest: str) -> None:
    reply = ask(query(tmp_path, digest, "-cert"))
    said = told(reply, tmp_path)
    assert "Status: Granted." in said
    assert "Policy OID: 1.3.6.1.4.1.32473.12.1" in said
    assert "Accuracy: 0x01 seconds" in said
    for given in (["-queryfile", tmp_path / "q.tsq"], ["-data", tmp_path / "data"]):
        checked = run("openssl", "ts", "-verify", *given, "-in", tmp_path / "r.tsr", "-CAfile", trust)
        assert "Verification: OK" in checked
    (tmp_path / "data").write_bytes(b"surat lain")
    with pytest.raises(AssertionError):
        run(
            "openssl",
            "ts",
            "-verify",
            "-data",
            tmp_path / "data",
            "-in",
            tmp_path / "r.tsr",
            "-CAfile",
            trust,
        )


def test_certificates_only_for_who_asks(today: None, trust: Path, tmp_path: Path) -> None:
    bare, full = ask(query(tmp_path, "-sha256")), ask(query(tmp_path, "-sha256", "-cert"))
    assert len(full) - len(bare) > 1500
    # Without them the verifier brings its own.
    key = SigningKey.objects.get(kind="timestamp")
    chain = [bytes(key.certificate), bytes(key.issuer.certificate)]
    pem = b"".join(_pem(one) for one in chain)
    (tmp_path / "chain.pem").write_bytes(pem)
    (tmp_path / "r.tsr").write_bytes(bare)
    (tmp_path / "data").write_bytes(b"surat")
    run(
        "openssl", "ts", "-verify", "-data", tmp_path / "data", "-in", tmp_path / "r.tsr", "-CAfile", trust,
        "-untrusted", tmp_path / "chain.pem",
    )  # fmt: skip


def _pem(der: bytes) -> bytes:
    from satuklik.spine.signing.certificates import certificate_pem

    return certificate_pem(x509.load_der_x509_certificate(der))


def test_each_token_has_another_serial_and_is_counted(today: None, tmp_path: Path) -> None:
    asked = query(tmp_path, "-sha256")
    serials = {told(ask(asked), tmp_path).partition("Serial number: ")[2].split()[0] for _ in range(5)}
    assert len(serials) == 5
    assert all(len(serial) >= 2 + 16 for serial in serials), "random, with 64 bits or more"
    uses = KeyUse.objects.filter(key__kind="timestamp", purpose="stempel-waktu", outcome="done")
    assert uses.count() == 5


def test_the_certificate_stamps_and_nothing_else(today: None) -> None:
    found = x509.load_der_x509_certificate(bytes(SigningKey.objects.get(kind="timestamp").certificate))
    use = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert use.critical
    assert list(use.value) == [x509.ExtendedKeyUsageOID.TIME_STAMPING]
    period = found.extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod).value
    assert period.not_after is not None
    assert period.not_after.replace(tzinfo=None) < found.not_valid_after_utc.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("options", "failure"),
    [(["-sha1"], "unrecognized or unsupported algorithm"), (["-sha256", "-tspolicy", "1.2.3.4"], "policy")],
)
def test_what_cannot_be_stamped_is_refused(
    today: None, tmp_path: Path, options: list[str], failure: str
) -> None:
    said = told(ask(query(tmp_path, *options)), tmp_path)
    assert "Status: Rejected." in said
    assert failure in said


@pytest.mark.parametrize("asked", [b"x", bytes(5000), b"\x30\x03\x02\x01\x01", b"\x30\x80\x00\x00"])
def test_what_is_no_query_is_refused(today: None, asked: bytes, tmp_path: Path) -> None:
    assert "Rejected" in told(ask(asked), tmp_path)
    assert KeyUse.objects.count() == 0


def test_damaged_queries_never_hurt(today: None, tmp_path: Path) -> None:
    asked = query(tmp_path, "-sha256", "-cert")
    for place in range(len(asked)):
        for bit in (1, 0x80):
            changed = bytearray(asked)
            changed[place] ^= bit
            assert Client().post("/tsa", bytes(changed), content_type=QUERY).status_code == 200


def test_other_types_methods_and_too_many(today: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    assert client.post("/tsa", b"x", content_type="text/plain").status_code == 415
    assert client.get("/tsa").status_code == 405
    monkeypatch.setitem(endpoints.STAMPS, "most", 2)
    codes = [client.post("/tsa", b"x", content_type=QUERY).status_code for _ in range(4)]
    assert codes == [200, 200, 429, 429]


def test_without_a_key_the_time_is_not_available(db: None, tmp_path: Path) -> None:
    SERVICES.forget()
    assert "time source is not available" in told(ask(query(tmp_path, "-sha256")), tmp_path)
    with pytest.raises(NoAuthority):
        actions.issue_service_key("timestamp", now=NOW)


def test_service_keys_renew_themselves(authority: None) -> None:
    first = {key.kind for key in SigningKey.objects.all()}
    assert first == {"timestamp", "responder"}
    assert actions.ensure_service_keys(now=NOW) == []
    assert [key.kind for key in actions.ensure_service_keys(now=NOW + timedelta(days=91))] == ["responder"]
    later = NOW + timedelta(days=335)
    assert {key.kind for key in actions.ensure_service_keys(now=later)} == {"timestamp", "responder"}
    assert actions.ensure_service_keys(now=later) == []
    own = SERVICES.tsa(later)
    assert own is not None
    assert own.not_before > NOW, "the newest key stamps"


def test_a_used_up_or_revoked_key_stamps_nothing(authority: None) -> None:
    assert SERVICES.tsa(NOW + timedelta(days=366)) is None
    assert SERVICES.tsa(NOW) is not None
    actions.revoke(SigningKey.objects.get(kind="timestamp").serial, x509.ReasonFlags.key_compromise, now=NOW)
    SERVICES.forget()
    assert SERVICES.tsa(NOW) is None


# -- the client ------------------------------------------------------------------------------------


class Twin:
    """A time-stamping authority over HTTP that fails as it is told to."""

    def __init__(self) -> None:
        self.answers: Any = None
        self.asked: list[dict[str, str]] = []
        twin = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                twin.asked.append(dict(self.headers))
                status, body = twin.answers(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def twin(authority: None) -> Iterator[Twin]:
    """Answers with tokens of our own authority."""
    made = Twin()
    own = SERVICES.tsa(NOW)
    assert own is not None

    def grant(asked: bytes) -> tuple[int, bytes]:
        token = own.tsa.answer(messages.read_query(asked, own.tsa.policy), now=NOW)
        return 200, messages.granted(token.der)

    made.answers = grant
    tsa_client.resume()
    yield made
    made.server.shutdown()
    made.server.server_close()
    tsa_client.resume()


def test_a_remote_authority_stamps(twin: Twin) -> None:
    stamp = RemoteTsa(twin.url, "satuklik", "rahasia").stamp(DATA)
    assert stamp.at == NOW
    assert stamp.algorithm == "EC-secp256r1"
    assert twin.asked[0]["Content-Type"] == QUERY
    assert twin.asked[0]["Authorization"].startswith("Basic ")
    assert "rahasia" not in repr(RemoteTsa(twin.url, "satuklik", "rahasia"))


def _spoiled(twin: Twin, how: str) -> Any:
    honest = twin.answers

    def answer(asked: bytes) -> tuple[int, bytes]:
        _, reply = honest(asked)
        if how == "status":
            return 503, b""
        if how == "html":
            return 200, b"<html>maintenance</html>"
        if how == "refused":
            return 200, messages.refused(messages.Failure.UNACCEPTED_POLICY, "not here")
        if how == "long":
            return 200, bytes(100_000)
        if how == "flipped":
            return 200, reply[:-9] + bytes([reply[-9] ^ 1]) + reply[-8:]
        if how == "replayed":
            return honest(messages.query_for(DATA, 77))
        return honest(messages.query_for(bytes(32), 1))

    return answer


@pytest.mark.parametrize("how", ["status", "html", "refused", "long", "flipped", "replayed", "other data"])
def test_no_bad_answer_becomes_a_stamp(twin: Twin, how: str) -> None:
    twin.answers = _spoiled(twin, how)
    with pytest.raises(TimestampUnavailable):
        RemoteTsa(twin.url).stamp(DATA)


def test_an_outage_does_not_block_signing(twin: Twin, settings: Any, pdf: bytes, kelurahan: Agency) -> None:
    actions.issue_seal_key(kelurahan, NOW)
    settings.SATUKLIK_TSA = twin.url
    assert actions.seal(pdf, agency_id=kelurahan.pk, now=NOW).level == "B-T"
    twin.answers = _spoiled(twin, "status")
    before = len(twin.asked)
    for _ in range(3):
        assert actions.seal(pdf, agency_id=kelurahan.pk, now=NOW).level == "B-B"
    assert len(twin.asked) == before + 1, "after a failure it is left alone for a minute"


def test_a_silent_authority_costs_its_time_limit_once(
    authority: None, settings: Any, pdf: bytes, kelurahan: Agency
) -> None:
    import socket
    import time

    tsa_client.resume()
    actions.issue_seal_key(kelurahan, NOW)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.SATUKLIK_TSA = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        settings.SATUKLIK_TSA_SECONDS = 0.3
        begin = time.monotonic()
        made = [actions.seal(pdf, agency_id=kelurahan.pk, now=NOW) for _ in range(3)]
        assert time.monotonic() - begin < 5
    assert [one.level for one in made] == ["B-B"] * 3
    assert all(one.proof_until is None for one in made)
    tsa_client.resume()


def test_settings_that_make_no_sense(authority: None, settings: Any) -> None:
    settings.SATUKLIK_SIGNATURE_LEVEL = "B-LTA"
    with pytest.raises(ImproperlyConfigured, match="nightly"):
        levels.level_wanted()
    settings.SATUKLIK_TSA = "tsa.example.org"
    with pytest.raises(ImproperlyConfigured):
        levels.stamper_at(NOW)
    settings.SATUKLIK_TSA = ""
    assert levels.stamper_at(NOW) is None


def test_tokens_hold_the_digest_of_the_signature(authority: None) -> None:
    own = SERVICES.tsa(NOW)
    assert own is not None
    token = own.stamp(DATA, NOW)
    read = tsa_client.read_token(token.der, DATA, None)
    assert read.at == NOW
    assert len(token.der) <= own.tsa.reserve
    with pytest.raises(ValueError, match="something else"):
        tsa_client.read_token(token.der, bytes(32), None)


def test_openssl_and_we_read_the_same_serial(today: None, tmp_path: Path) -> None:
    said = told(ask(query(tmp_path, "-sha256")), tmp_path)
    serial = int(said.partition("Serial number: ")[2].split()[0], 16)
    assert KeyUse.objects.get().reference == f"{serial:x}"
