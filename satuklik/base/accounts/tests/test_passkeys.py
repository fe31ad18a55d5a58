"""Passkeys in a real Chromium with its virtual authenticator: registering, logging in, second factor."""

import hashlib
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from fido2.utils import websafe_encode
from playwright.sync_api import Page, sync_playwright

from satuklik.base.accounts import actions, registry
from satuklik.base.accounts.models import User
from satuklik.base.accounts.tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CHROMIUM = os.environ.get("SATUKLIK_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


class Device:
    """A browser page with an authenticator that can be told to verify its user, or not."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on(
            "console",
            lambda line: self.problems.append(line.text) if "Content Security" in line.text else None,
        )
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        self.authenticator = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }})["authenticatorId"]  # fmt: skip

    def verifies(self, value: bool) -> None:
        """Whether the finger fits."""
        self.cdp.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.authenticator, "isUserVerified": value}
        )

    def credentials(self) -> list[dict[str, Any]]:
        """What the authenticator holds."""
        answer = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})
        credentials: list[dict[str, Any]] = answer["credentials"]
        return credentials

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def at(self, path: str) -> None:
        self.page.wait_for_url(f"{self.url}{path}", timeout=10_000)


@pytest.fixture
def device(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Device]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(locale="id-ID")
        yield Device(context.new_page(), live_server.url)
        browser.close()


@pytest.fixture
def sari(settings: Any, monkeypatch: pytest.MonkeyPatch) -> User:
    settings.DEMO = True
    settings.LOGIN_REDIRECT_URL = settings.OFFICIAL_LOGIN_REDIRECT_URL = "/akun/"
    monkeypatch.setattr(registry, "personas", {})
    registry.register_persona("sari", title="Sari", about="warga")
    return actions.create_resident("Sari Wulandari", username="sari")


def register(device: Device) -> None:
    """Log in as Sari and register this device."""
    device.open("/masuk/")
    device.page.get_by_role("button", name="Sari").click()
    device.at("/akun/")
    device.page.get_by_role("link", name="Daftarkan passkey").click()
    device.page.get_by_label("Nama passkey").fill("HP Sari")
    device.page.get_by_role("button", name="Daftarkan passkey").click()


def test_a_resident_registers_a_passkey_and_logs_in_with_it(device: Device, sari: User) -> None:
    register(device)
    device.at("/akun/kode-pemulihan/")
    assert device.page.locator("main li code").count() == 10
    [held] = device.credentials()
    assert held["isResidentCredential"]
    assert held["rpId"] == "localhost"
    assert Authenticator.objects.get(type="webauthn").data["name"] == "HP Sari"

    device.open("/keluar/")
    device.page.get_by_role("button", name="Keluar").click()
    device.open("/masuk/?next=/akun/%3Fdari=passkey")
    device.page.get_by_role("button", name="Masuk dengan passkey").click()
    device.at("/akun/?dari=passkey")
    assert "HP Sari" in device.page.inner_text("main")
    assert device.problems == []


def test_a_finger_that_does_not_fit_opens_nothing(device: Device, sari: User) -> None:
    register(device)
    device.at("/akun/kode-pemulihan/")
    device.page.context.clear_cookies()
    device.verifies(False)
    device.open("/masuk/")
    device.page.get_by_role("button", name="Masuk dengan passkey").click()
    device.page.get_by_text("Passkey dibatalkan").wait_for(timeout=10_000)
    device.open("/akun/")
    device.at("/masuk/?next=%2Fakun%2F")


def test_a_removed_passkey_opens_nothing(device: Device, sari: User) -> None:
    register(device)
    device.at("/akun/kode-pemulihan/")
    device.page.context.clear_cookies()
    Authenticator.objects.all().delete()
    device.open("/masuk/")
    device.page.get_by_role("button", name="Masuk dengan passkey").click()
    device.page.get_by_text("Passkey ini tidak dikenal").wait_for(timeout=10_000)


def test_an_officials_first_login_with_a_passkey_as_second_factor(device: Device, sari: User) -> None:
    actions.create_official("bu_camat", "Bu Camat", password=PASSWORD)
    for name in ("first", "second"):
        device.open("/masuk/petugas/")
        device.page.get_by_label("Nama pengguna").fill("bu_camat")
        device.page.get_by_label("Kata sandi").fill(PASSWORD)
        device.page.get_by_role("button", name="Lanjut").click()
        if name == "first":
            device.at("/masuk/faktor-kedua/atur/")
            device.page.get_by_role("button", name="Daftarkan passkey").click()
            device.at("/akun/kode-pemulihan/?next=%2Fakun%2F")
            device.page.context.clear_cookies()
        else:
            device.at("/masuk/faktor-kedua/")
            device.page.get_by_role("button", name="Pakai passkey").click()
            device.at("/akun/")
    assert "Bu Camat" in device.page.inner_text("main")
    assert device.problems == []


def forged(user: User, **changed: Any) -> str:
    """An answer of the right shape that no authenticator signed."""
    challenge = {"type": "webauthn.get", "challenge": "AAAA", "origin": "http://localhost"}
    response = {
        "clientDataJSON": websafe_encode(json.dumps(challenge).encode()),
        "authenticatorData": websafe_encode(bytes(37)),
        "signature": websafe_encode(b"x" * 70),
        "userHandle": websafe_encode(user_pk_to_url_str(user).encode()),
    }
    credential = {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "clientExtensionResults": {}}
    return json.dumps(credential | {"response": response | changed})


def test_answers_that_are_not_passkeys_are_refused(client: Any, sari: User) -> None:
    client.get("/masuk/passkey/")
    answers = ["", "{", "[]", "5", "null", '"x"', "{}", '{"id":"x"}', '{"response":{"userHandle":"MQ"}}']
    answers += [forged(sari)]
    for field in ("clientDataJSON", "authenticatorData", "signature", "userHandle"):
        answers += [
            forged(sari, **{field: value}) for value in ("", "A", "e30", "%", "\x00", 5, None, [], {})
        ]
    answers += [
        forged(sari, userHandle=websafe_encode(handle)) for handle in (b"zzzzzzzzzzzzz", b"-1", b"\xff")
    ]
    for credential in answers:
        answer = client.post("/masuk/passkey/", {"credential": credential})
        assert answer.status_code == 422, credential
    assert client.get("/akun/").status_code == 302


def test_a_signature_by_another_key_is_refused(device: Device, sari: User, client: Any) -> None:
    register(device)
    device.at("/akun/kode-pemulihan/")
    held = Authenticator.objects.get(type="webauthn").wrap().authenticator_data.credential_data.credential_id
    client.get("http://localhost/masuk/passkey/")
    challenge = client.session["mfa.webauthn.state"]["challenge"]
    data = {"type": "webauthn.get", "challenge": challenge, "origin": "http://localhost"}
    flags = hashlib.sha256(b"localhost").digest() + b"\x05" + bytes(4)  # present and verified
    answer = json.loads(
        forged(
            sari,
            clientDataJSON=websafe_encode(json.dumps(data).encode()),
            authenticatorData=websafe_encode(flags),
        )
    )
    answer["id"] = answer["rawId"] = websafe_encode(held)
    refused = client.post("/masuk/passkey/", {"credential": json.dumps(answer)}, HTTP_HOST="localhost")
    assert refused.status_code == 422
    assert client.get("/akun/").status_code == 302
