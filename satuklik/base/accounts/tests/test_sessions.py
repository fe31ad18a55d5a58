"""Sessions end when they should, cost little, and rotate; personas exist in the demo only; tokens."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from satuklik.base.accounts import actions, queries, registry
from satuklik.base.accounts.models import ApiToken, Session, User
from satuklik.base.accounts.sessions import SessionStore
from satuklik.base.accounts.tests.conftest import PASSWORD, logged_in, totp

pytestmark = pytest.mark.django_db


@pytest.fixture
def personas(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo with Sari and Pak Lurah on the login page."""
    settings.DEMO = True
    monkeypatch.setattr(registry, "personas", {})
    actions.create_resident("Sari", username="sari")
    actions.create_official("pak_lurah", "Pak Lurah", password=PASSWORD)
    registry.register_persona("sari", title="Sari", about="warga")
    registry.register_persona("pak_lurah", title="Pak Lurah", about="menandatangani")
    registry.register_persona("nobody", title="Nobody", about="-")


def enter(persona: str, **data: str) -> Client:
    """A browser that is logged in as the persona."""
    client = Client()
    client.post("/masuk/persona/", {"persona": persona, **data})
    return client


def test_personas_log_in_by_a_button(personas: None, client: Client) -> None:
    page = client.get("/masuk/").content.decode()
    assert 'value="sari"' in page
    assert 'value="nobody"' not in page
    answer = client.post("/masuk/persona/", {"persona": "pak_lurah"})
    assert answer["Location"] == "/meja/"
    assert logged_in(client)
    assert not logged_in(enter("admin"))
    assert logged_in(enter("sari", next="//example.org"))


def test_personas_need_the_form_token(personas: None) -> None:
    assert Client(enforce_csrf_checks=True).post("/masuk/persona/", {"persona": "sari"}).status_code == 403


def test_without_demo_there_are_no_personas(personas: None, settings, client: Client) -> None:
    settings.DEMO = False
    assert 'value="sari"' not in client.get("/masuk/").content.decode()
    assert client.post("/masuk/persona/", {"persona": "sari"}).status_code == 404
    assert not logged_in(client)


def test_logout_ends_the_session_in_the_database(personas: None) -> None:
    client = enter("sari")
    stolen = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    assert client.get("/keluar/").status_code == 200
    assert logged_in(client)
    client.post("/keluar/")
    thief = Client()
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = stolen
    assert not logged_in(thief)
    assert not Session.objects.exists()


def test_other_sessions_can_be_ended(personas: None) -> None:
    here, there, other = enter("sari"), enter("sari"), enter("pak_lurah")
    here.post("/akun/sesi/akhiri/")
    assert [logged_in(client) for client in (here, there, other)] == [True, False, True]


@pytest.mark.parametrize(
    ("persona", "idle"), [("sari", timedelta(days=30)), ("pak_lurah", timedelta(hours=12))]
)
def test_sessions_end_when_they_are_not_used(personas: None, persona: str, idle: timedelta) -> None:
    client = enter(persona)
    row = Session.objects.get(user__isnull=False)
    assert abs(row.expire_date - timezone.now() - idle) < timedelta(seconds=5)
    assert client.cookies[django_settings.SESSION_COOKIE_NAME]["max-age"] == idle.total_seconds()
    Session.objects.update(seen_at=timezone.now() - idle / 2, expire_date=timezone.now() + idle / 2)
    assert logged_in(client)  # and lives on: used within its time
    row.refresh_from_db()
    assert abs(row.expire_date - timezone.now() - idle) < timedelta(seconds=5)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not logged_in(client)


def test_a_new_password_ends_all_sessions(personas: None) -> None:
    client = enter("pak_lurah")
    user = User.objects.get(username="pak_lurah")
    user.set_password("lain-sekali-12")
    user.save()
    assert not logged_in(client)


def test_a_locked_account_is_out_at_once(personas: None) -> None:
    client = enter("sari")
    User.objects.update(is_active=False)
    assert not logged_in(client)


def test_a_session_row_of_another_user_is_not_believed(personas: None) -> None:
    client = enter("sari")
    Session.objects.update(user=User.objects.get(username="pak_lurah"))
    assert "Pak Lurah" not in client.get("/akun/").content.decode()


def test_session_and_user_cost_one_query(personas: None) -> None:
    client = enter("sari")
    with CaptureQueriesContext(connection) as captured:
        client.get("/masuk/")
    assert len(captured) == 1
    with CaptureQueriesContext(connection) as captured:
        Client().get("/keluar/")
    assert len(captured) == 0


@pytest.mark.parametrize(
    "cookie", ['"abcdefgh\\000"', "x", "a" * 5000, "%00%00%00%00", "' OR 1=1 -- abc", "é" * 10]
)
def test_strange_cookies_are_nobody(cookie: str) -> None:
    client = Client()
    client.cookies.load(f"{django_settings.SESSION_COOKIE_NAME}={cookie}")
    assert (
        client.get("/akun/", HTTP_COOKIE=f"{django_settings.SESSION_COOKIE_NAME}={cookie}").status_code == 302
    )


def test_expired_sessions_are_removed(personas: None) -> None:
    enter("sari")
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    SessionStore.clear_expired()
    assert not Session.objects.exists()


def test_keys_are_changed_only_right_after_a_login(personas: None) -> None:
    client = enter("sari")
    assert client.post("/akun/token/", {"label": "kasir"}).status_code == 200
    session = client.session
    session["account_authentication_methods"][-1]["at"] -= 16 * 60
    session.save()
    for method, path in (
        ("post", "/akun/token/"),
        ("get", "/akun/passkey/tambah/"),
        ("get", "/akun/autentikator/tambah/"),
        ("get", "/akun/kode-pemulihan/"),
    ):
        answer = getattr(client, method)(path, {"label": "x"})
        assert answer.status_code == 403
        assert "Masuk lagi" in answer.content.decode()
    assert ApiToken.objects.count() == 1


def test_a_resident_sets_up_and_removes_the_authenticator_app(personas: None) -> None:
    import re

    client = enter("sari")
    page = client.get("/akun/autentikator/tambah/").content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert secret
    answer = client.post("/akun/autentikator/tambah/", {"code": totp(secret[1].replace(" ", ""))})
    assert answer["Location"] == "/akun/kode-pemulihan/"
    keys = User.objects.get(username="sari").authenticator_set
    assert sorted(keys.values_list("type", flat=True)) == ["recovery_codes", "totp"]
    key = keys.get(type="totp")
    assert enter("pak_lurah").post(f"/akun/kunci/{key.pk}/hapus/").status_code == 404
    client.post(f"/akun/kunci/{key.pk}/hapus/")
    assert not keys.exists()


def test_tokens(personas: None, client: Client) -> None:
    import re

    client = enter("sari")
    page = client.post("/akun/token/", {"label": "kasir"}).content.decode()
    found = re.search(r"sk_[A-Za-z0-9_-]{43}", page)
    assert found
    assert found[0] not in client.get("/akun/").content.decode()
    row = ApiToken.objects.get()
    assert found[0] not in row.sha256
    now = timezone.now()
    with CaptureQueriesContext(connection) as captured:
        user = queries.user_by_token(found[0], now=now)
    assert len(captured) == 1
    assert user is not None
    assert user.username == "sari"
    row.refresh_from_db()
    assert row.last_used_at == now
    queries.user_by_token(found[0], now=now + timedelta(seconds=59))
    row.refresh_from_db()
    assert row.last_used_at == now
    queries.user_by_token(found[0], now=now + timedelta(seconds=61))
    row.refresh_from_db()
    assert row.last_used_at == now + timedelta(seconds=61)
    enter("pak_lurah").post(f"/akun/token/{row.pk}/cabut/")
    assert queries.user_by_token(found[0]) is not None
    client.post(f"/akun/token/{row.pk}/cabut/")
    assert queries.user_by_token(found[0]) is None


@pytest.mark.parametrize("token", ["", "sk_", "sk_x' OR '1'='1", "bearer", "sk_" + "a" * 5000])
def test_other_tokens_are_nobody(personas: None, token: str) -> None:
    assert queries.user_by_token(token) is None


def test_tokens_expire_and_die_with_the_account(personas: None) -> None:
    sari = User.objects.get(username="sari")
    now = timezone.now()
    token = actions.create_token(sari, "kasir", expires_at=now + timedelta(hours=1))
    assert queries.user_by_token(token, now=now) == sari
    assert queries.user_by_token(token, now=now + timedelta(hours=2)) is None
    User.objects.update(is_active=False)
    assert queries.user_by_token(token, now=now) is None
