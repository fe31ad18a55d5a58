"""The commands for administrators, and what the event log keeps of an account."""

import pytest
from click.testing import CliRunner
from django.test import Client

from satuklik.base.accounts.commands import accounts
from satuklik.base.accounts.models import User
from satuklik.base.accounts.tests.conftest import PASSWORD, logged_in, totp
from satuklik.base.audit.models import Event

OWN = "gudang-awan-biru-77"
pytestmark = pytest.mark.django_db


def enter(client: Client, username: str, password: str) -> str:
    """Send a password; where it leads."""
    answer = client.post("/masuk/petugas/", {"username": username, "password": password})
    return answer.get("Location", "")


def test_the_first_administrator(client: Client) -> None:
    made = CliRunner().invoke(accounts, ["admin", "Kepala", "--name", "Kepala TI"])
    username, password = made.output.strip().split(": ")
    assert enter(client, username, password) == "/masuk/kata-sandi-baru/"
    chosen = client.post("/masuk/kata-sandi-baru/", {"password": OWN, "again": OWN})
    assert chosen["Location"] == "/masuk/faktor-kedua/atur/"
    assert User.objects.get().is_superuser
    again = CliRunner().invoke(accounts, ["admin", "kepala", "--name", "x"])
    assert again.exit_code == 1
    assert "already" in again.output


def test_a_reset_takes_password_factors_and_sessions(client: Client, pak_lurah: User) -> None:
    enter(client, "pak_lurah", PASSWORD)
    client.post("/masuk/faktor-kedua/", {"code": totp()})
    assert logged_in(client)
    done = CliRunner().invoke(accounts, ["reset", "pak_lurah"])
    assert not logged_in(client)
    assert enter(Client(), "pak_lurah", PASSWORD) == ""
    assert enter(Client(), "pak_lurah", done.output.strip().split(": ")[1]) == "/masuk/kata-sandi-baru/"
    assert CliRunner().invoke(accounts, ["reset", "nobody"]).exit_code == 1
    kinds = Event.objects.filter(stream=f"account:{pak_lurah.pk}").order_by("seq").values_list("kind", "data")
    assert list(kinds) == [
        ("account.logged_in", {"methods": ["password", "mfa"]}),
        ("account.reset", {"keep_factors": False}),
    ]
