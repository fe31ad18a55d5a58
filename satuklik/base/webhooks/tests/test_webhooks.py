"""Webhooks against a real receiver on this machine: it checks the signature, fails, hangs, redirects, talks too much."""

import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import transaction

from satuklik.base.agencies.models import Agency
from satuklik.base.webhooks import actions, addresses, rules, sealing, sending
from satuklik.base.webhooks.commands import webhooks
from satuklik.base.webhooks.errors import BadHook, NotDelivered
from satuklik.base.webhooks.models import Delivery, Hook

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
DATA = {"id": "7", "reference": "AGENDA-1"}


class Receiver(ThreadingHTTPServer):
    """An application of an agency. `behave` answers one request; what came is kept."""

    daemon_threads = True

    def __init__(self) -> None:
        self.came: list[tuple[dict[str, str], bytes]] = []
        self.behave: Callable[[BaseHTTPRequestHandler], None] = lambda handler: answer(handler, 204)
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/satuklik?a=1"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((dict(self.headers), body))  # type: ignore[attr-defined]
        self.server.behave(self)  # type: ignore[attr-defined]

    def log_message(self, *_rest: object) -> None:
        """Silence."""


def answer(handler: BaseHTTPRequestHandler, status: int, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def dinas(db: None) -> Agency:
    return Agency.objects.create(
        code="disdukcapil", kind="opd", name="Dinas Dukcapil", short_name="Disdukcapil", head_title="Kepala",
        number_code="DUK", address="Jl. Contoh",
    )  # fmt: skip


@pytest.fixture
def hook(receiver: Receiver, dinas: Agency) -> Any:
    made, secret = actions.add_hook(dinas.pk, receiver.url, ["signing.completed"], actor="test", now=NOW)
    made.plain = secret  # type: ignore[attr-defined]
    return made


def told(hook: Hook, event: str = "signing.completed") -> list[Delivery]:
    return actions.emit(event, agency_id=hook.agency_id, data=DATA, now=NOW)


def test_the_receiver_can_check_that_it_is_ours(hook: Any, receiver: Receiver) -> None:
    (delivery,) = told(hook)
    done = actions.deliver(delivery.pk, now=NOW)
    assert (done.status, done.attempts, done.delivered_at) == ("delivered", 1, NOW)
    ((headers, body),) = receiver.came
    said = dict(part.split("=", 1) for part in headers["Satuklik-Signature"].split(","))
    right = hmac.new(hook.plain.encode(), f"{said['t']}.".encode() + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(right, said["v1"])
    assert int(said["t"]) == int(NOW.timestamp())
    assert json.loads(body) == {
        "id": str(delivery.pk), "event": "signing.completed", "occurred_at": NOW.isoformat(), "data": DATA,
    }  # fmt: skip
    assert headers["Satuklik-Delivery"] == str(delivery.pk)
    assert actions.deliver(delivery.pk, now=NOW) is None
    assert len(receiver.came) == 1


def test_only_who_asked_is_told(hook: Any, dinas: Agency) -> None:
    assert told(hook, "document.annulled") == []
    other = Agency.objects.create(
        code="x", kind="opd", name="X", short_name="X", head_title="X", number_code="X"
    )
    assert actions.emit("signing.completed", agency_id=other.pk, data={}, now=NOW) == []
    actions.switch_hook(hook, active=False, actor="test", now=NOW)
    assert told(hook) == []
    with pytest.raises(ValueError, match="no_such"):
        actions.emit("no_such", agency_id=dinas.pk, data={}, now=NOW)


def test_what_is_undone_is_not_told(hook: Any) -> None:
    with transaction.atomic():
        told(hook)
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


def test_it_is_tried_again_with_growing_pauses_and_then_parked(hook: Any, receiver: Receiver) -> None:
    receiver.behave = lambda handler: answer(handler, 503)
    (delivery,) = told(hook)
    now, pauses = NOW, []
    while True:
        tried = actions.deliver(delivery.pk, now=now)
        assert "503" in tried.last_error
        if tried.status == "parked":
            break
        pauses.append(tried.next_at - now)
        assert actions.deliver(delivery.pk, now=tried.next_at - timedelta(seconds=1)) is None
        now = tried.next_at
    assert pauses == list(rules.PAUSES)
    assert len({headers["Satuklik-Delivery"] for headers, _body in receiver.came}) == 1
    receiver.behave = lambda handler: answer(handler, 200)
    assert actions.retry(hook, now=now) == 1
    assert actions.deliver_due(now) == 1
    assert Delivery.objects.get().status == "delivered"


def test_redirects_are_not_followed(hook: Any, receiver: Receiver) -> None:
    receiver.behave = lambda handler: answer(handler, 302, Location="/elsewhere")
    (delivery,) = told(hook)
    assert "redirects are not followed" in actions.deliver(delivery.pk, now=NOW).last_error
    assert len(receiver.came) == 1


def test_who_hangs_or_drips_is_left(hook: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "STEP_SECONDS", 0.3)
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 0.8)
    receiver.behave = lambda handler: time.sleep(2)
    (delivery,) = told(hook)
    begin = time.monotonic()
    assert "in time" in actions.deliver(delivery.pk, now=NOW).last_error

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(40):
            handler.wfile.write(f"X-{number}: 1\r\n".encode())
            handler.wfile.flush()
            time.sleep(0.1)

    receiver.behave = drip
    with pytest.raises(NotDelivered):
        actions.try_hook(hook, now=NOW)
    assert time.monotonic() - begin < 3


def test_a_certificate_of_nobody_we_trust_is_refused(hook: Any, receiver: Receiver, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + timedelta(days=3650))
    chain = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    (tmp_path / "pem").write_bytes(
        chain + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pem")
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
    Hook.objects.update(url=f"https://127.0.0.1:{receiver.server_port}/")
    hook.refresh_from_db()
    with pytest.raises(NotDelivered, match="CERTIFICATE_VERIFY_FAILED"):
        actions.try_hook(hook, now=NOW)
    assert receiver.came == []


def test_an_endless_answer_is_not_read(hook: Any, receiver: Receiver) -> None:
    def talk(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        try:
            for _ in range(200):
                handler.wfile.write(b"x" * 65536)
        except OSError:
            return

    receiver.behave = talk
    actions.try_hook(hook, now=NOW)


def test_who_is_not_there_is_told(hook: Any, receiver: Receiver) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        Hook.objects.update(url=f"http://127.0.0.1:{probe.getsockname()[1]}/")
        (delivery,) = told(hook)
        assert "refused" in actions.deliver(delivery.pk, now=NOW).last_error


INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "240.0.0.1", "198.18.0.1", "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
    "2001::1", "fec0::1", "::", "fe80::1%eth0",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not addresses.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "203.34.119.1", "2001:4860:4860::8888"])
def test_addresses_outside_are(address: str) -> None:
    assert addresses.is_public(address)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://app.example.go.id/satuklik", ""),
        ("https://app.example.go.id:8443/", ""),
        ("http://app.example.go.id/", "not_https"),
        ("ftp://app.example.go.id/", "not_https"),
        ("https:///satuklik", "not_a_url"),
        ("https://user:pass@app.example.go.id/", "not_a_url"),
        ("https://app.example.go.id:0/", "not_a_url"),
        ("https://app.example.go.id:99999/", "not_a_url"),
        ("https://app.example.go.id/\r\nX: 1", "not_a_url"),
        ("https://[::1", "not_a_url"),
        ("x" * 600, "not_a_url"),
    ],
)
def test_which_addresses_may_be_registered(url: str, problem: str) -> None:
    assert addresses.problem_of_url(url, private=False) == problem


def test_no_message_goes_inside(
    hook: Any, receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    with pytest.raises(NotDelivered, match="https"):
        actions.try_hook(hook, now=NOW)

    # A name of the Internet that leads inside, as in DNS rebinding: also when only one of its addresses does.
    def resolved(_host: str, port: int, **_more: object) -> list[Any]:
        return [(2, 1, 6, "", (address, port)) for address in ("8.8.8.8", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    Hook.objects.update(url="https://app.example.go.id/")
    hook.refresh_from_db()
    with pytest.raises(NotDelivered, match="private network"):
        actions.try_hook(hook, now=NOW)
    assert receiver.came == []


def test_the_connection_goes_to_the_address_that_was_judged(
    hook: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    real = socket.getaddrinfo

    def resolved(host: str, port: int, *rest: object, **more: object) -> Any:
        if host != "app.example.go.id":
            return real(host, port, *rest, **more)  # type: ignore[arg-type]
        asked.append(host)
        # The second answer would lead elsewhere: nobody asks for it.
        return [(2, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    Hook.objects.update(url=f"http://app.example.go.id:{receiver.server_port}/")
    hook.refresh_from_db()
    actions.try_hook(hook, now=NOW)
    assert asked == ["app.example.go.id"]
    assert receiver.came[0][0]["Host"] == f"app.example.go.id:{receiver.server_port}"


def test_the_secret_is_not_in_the_table(hook: Any, settings: Any) -> None:
    stored = bytes(Hook.objects.get().secret)
    assert hook.plain.encode() not in stored
    assert sealing.unwrap(stored) == hook.plain
    settings.SECRET_KEY_FALLBACKS = [settings.SATUKLIK_VAULT_KEY or settings.SECRET_KEY]
    settings.SATUKLIK_VAULT_KEY = "another secret of this installation"
    assert sealing.unwrap(stored) == hook.plain
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(NotDelivered):
        sealing.unwrap(stored)


def test_bad_hooks_are_told(dinas: Agency) -> None:
    for url, events, code in (
        ("http://x.example/", ["signing.completed"], "not_https"),
        ("https://x.example/", [], "no_event"),
        ("https://x.example/", ["surat.sakti"], "unknown_event"),
    ):
        with pytest.raises(BadHook) as refused:
            actions.add_hook(dinas.pk, url, events, actor="test", now=NOW)
        assert refused.value.code == code


def test_the_commands(dinas: Agency, receiver: Receiver) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(webhooks, arguments)
        return result.exit_code, result.output

    code, text = run("add", "--agency", "disdukcapil", "--url", receiver.url)
    assert code == 0, text
    assert "whsec_" in text
    number = str(Hook.objects.get().pk)
    assert run("test", number) == (0, "Delivered.\n")
    assert run("switch", number, "off")[0] == 0
    assert "(off)" in run("list")[1]
    assert run("retry", number)[1].startswith("0 ")
    assert "There is no hook 0" in run("test", "0")[1]
    assert "No agency" in run("add", "--agency", "apa", "--url", receiver.url)[1]
    assert (
        "Known: signing.completed"
        in run("add", "--agency", "disdukcapil", "--url", receiver.url, "--event", "x")[1]
    )
    receiver.behave = lambda handler: answer(handler, 500)
    assert "Answered 500" in run("test", number)[1]
