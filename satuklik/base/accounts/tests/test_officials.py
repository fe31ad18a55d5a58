"""Officials' login: password, then a second factor, which has to be set up before anything else."""

import base64
import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from satuklik.base.accounts import actions, factors
from satuklik.base.accounts.models import User
from satuklik.base.accounts.tests.conftest import PASSWORD, SECRET, logged_in, totp

pytestmark = pytest.mark.django_db


def password(client: Client, username: str = "pak_lurah", **data: str) -> str:
    """Send the password; where it leads."""
    answer = client.post("/masuk/petugas/", {"username": username, "password": PASSWORD, **data})
    return answer.get("Location", "")


def test_password_and_totp(client: Client, pak_lurah: User) -> None:
    assert password(client, next="/meja/perkara/1/") == "/masuk/faktor-kedua/"
    assert not logged_in(client)
    assert client.get("/masuk/faktor-kedua/").status_code == 200
    answer = client.post("/masuk/faktor-kedua/", {"code": totp()})
    assert answer["Location"] == "/meja/perkara/1/"
    assert logged_in(client)


def test_officials_land_on_their_desk(client: Client, pak_lurah: User) -> None:
    password(client)
    assert client.post("/masuk/faktor-kedua/", {"code": totp()})["Location"] == "/meja/"


@pytest.mark.parametrize("code", ["000000", "", "abcdef", "1" * 20])
def test_a_wrong_code_does_not_let_in(client: Client, pak_lurah: User, code: str) -> None:
    password(client)
    assert client.post("/masuk/faktor-kedua/", {"code": code}).status_code == 422
    assert not logged_in(client)


@pytest.mark.parametrize("step", [0, -1, 1])
def test_a_totp_code_counts_once(pak_lurah: User, step: int) -> None:
    code = totp(step=step)
    first, second = Client(), Client()
    for client in (first, second):
        password(client)
        client.post("/masuk/faktor-kedua/", {"code": code})
    assert logged_in(first)
    assert not logged_in(second)


def test_old_totp_codes_are_refused(client: Client, pak_lurah: User) -> None:
    password(client)
    client.post("/masuk/faktor-kedua/", {"code": totp(step=-3)})
    assert not logged_in(client)


def test_second_factors_are_limited(client: Client, pak_lurah: User) -> None:
    password(client)
    answers = [client.post("/masuk/faktor-kedua/", {"code": "000000"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    client.post("/masuk/faktor-kedua/", {"code": totp()})
    assert not logged_in(client)


def test_a_recovery_code_counts_once(pak_lurah: User) -> None:
    factors.renew_recovery_codes(pak_lurah)
    code = factors.recovery_codes(pak_lurah)[3]
    first, second = Client(), Client()
    for client in (first, second):
        password(client)
        client.post("/masuk/faktor-kedua/", {"code": code})
    assert logged_in(first)
    assert not logged_in(second)
    assert code not in factors.recovery_codes(pak_lurah)


@pytest.mark.parametrize(
    ("username", "typed"), [("pak_lurah", "salah"), ("tidak_ada", PASSWORD), ("sari", PASSWORD)]
)
def test_the_refusal_does_not_tell_what_was_wrong(
    client: Client, pak_lurah: User, username: str, typed: str
) -> None:
    actions.create_resident("Sari", username="sari")
    answer = client.post("/masuk/petugas/", {"username": username, "password": typed})
    assert answer.status_code == 422
    assert "Nama pengguna atau kata sandi salah" in answer.content.decode()


def test_without_a_second_factor_nothing_opens_before_it_is_set_up(client: Client) -> None:
    actions.create_official("bu_baru", "Bu Baru", password=PASSWORD)
    assert password(client, "bu_baru", next="/meja/hari-ini/") == "/masuk/faktor-kedua/atur/"
    assert not logged_in(client)
    page = client.get("/masuk/faktor-kedua/atur/").content.decode()
    picture = base64.b64decode(re.search(r"svg\+xml;base64,([A-Za-z0-9+/=]+)", page)[1])
    assert b"<svg" in picture
    assert b'fill="white"' in picture
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert secret
    assert client.post("/masuk/faktor-kedua/atur/", {"code": "000000"}).status_code == 422
    assert not logged_in(client)
    answer = client.post("/masuk/faktor-kedua/atur/", {"code": totp(secret[1].replace(" ", ""))})
    assert answer["Location"] == "/akun/kode-pemulihan/?next=%2Fmeja%2Fhari-ini%2F"
    codes = client.get(answer["Location"])
    assert len(re.findall(r"<li><code>\d{8}</code>", codes.content.decode())) == 10
    again = Client()
    assert password(again, "bu_baru") == "/masuk/faktor-kedua/"


def test_the_set_up_page_is_closed_to_strangers_and_to_who_has_a_factor(
    client: Client, pak_lurah: User
) -> None:
    assert client.get("/masuk/faktor-kedua/atur/")["Location"] == "/masuk/petugas/"
    password(client)
    assert client.get("/masuk/faktor-kedua/atur/")["Location"] == "/masuk/petugas/"
    assert client.post("/masuk/faktor-kedua/atur/", {"code": "1"})["Location"] == "/masuk/petugas/"


def test_secrets_are_encrypted_at_rest(pak_lurah: User) -> None:
    stored = Authenticator.objects.get(user=pak_lurah).data["secret"]
    assert SECRET not in stored
    assert stored.startswith("gAAAA")


def test_an_official_keeps_a_last_factor(client: Client, pak_lurah: User) -> None:
    password(client)
    client.post("/masuk/faktor-kedua/", {"code": totp()})
    key = Authenticator.objects.get(type="totp")
    answer = client.post(f"/akun/kunci/{key.pk}/hapus/")
    assert answer.status_code == 422
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_an_inactive_official_does_not_get_in(client: Client, pak_lurah: User) -> None:
    User.objects.update(is_active=False)
    password(client)
    client.post("/masuk/faktor-kedua/", {"code": totp()})
    assert not logged_in(client)


NEW = "/masuk/kata-sandi-baru/"
OWN = "gudang-awan-biru-77"


@pytest.fixture
def bu_impor() -> User:
    """Her account was made for her: the admin has seen the password."""
    return actions.create_official("bu_impor", "Bu Impor Rekaan", password=PASSWORD, handed_over=True)


def test_a_password_that_was_handed_over_is_replaced_first(client: Client, bu_impor: User) -> None:
    assert password(client, "bu_impor", next="/meja/hari-ini/") == NEW
    assert client.get("/masuk/faktor-kedua/atur/")["Location"] == "/masuk/petugas/"  # no way round
    assert not logged_in(client)
    password(client, "bu_impor", next="/meja/hari-ini/")
    page = client.get(NEW)
    assert (page.status_code, "no-store" in page["Cache-Control"]) == (200, True)
    assert client.post(NEW, {"password": OWN, "again": OWN})["Location"] == "/masuk/faktor-kedua/atur/"
    assert not logged_in(client)
    page = client.get("/masuk/faktor-kedua/atur/").content.decode()
    secret = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)
    assert secret
    client.post("/masuk/faktor-kedua/atur/", {"code": totp(secret[1].replace(" ", ""))})
    assert logged_in(client)
    bu_impor.refresh_from_db()
    assert bu_impor.check_password(OWN)
    assert not bu_impor.must_change_password
    assert password(Client(), "bu_impor") == ""  # what was handed over opens nothing


@pytest.mark.parametrize(
    ("typed", "again", "told"),
    [
        ("pendek-1", "pendek-1", "terlalu pendek"),
        (PASSWORD, PASSWORD, "kata sandi yang Anda terima"),
        ("bu_impor-rekaan", "bu_impor-rekaan", "Jangan pakai nama"),
        ("qwerty123456", "qwerty123456", "mudah ditebak"),
        (OWN, OWN + "8", "tidak sama"),
        ("", "", "Ketik kata sandi baru"),
    ],
)
def test_what_is_no_new_password(client: Client, bu_impor: User, typed: str, again: str, told: str) -> None:
    password(client, "bu_impor")
    answer = client.post(NEW, {"password": typed, "again": again})
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert not typed or typed not in answer.content.decode()
    bu_impor.refresh_from_db()
    assert bu_impor.check_password(PASSWORD)
    assert bu_impor.must_change_password


def test_the_new_password_needs_a_login_that_has_begun(client: Client, pak_lurah: User) -> None:
    for _ in range(2):
        assert client.get(NEW)["Location"] == "/masuk/petugas/"
        assert client.post(NEW, {"password": OWN, "again": OWN})["Location"] == "/masuk/petugas/"
        password(client)  # his own password: there is nothing to replace
