"""People of the tests: Sari is in the register, Budi only has a telephone, Pak Lurah is an official."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.utils import timezone

from satuklik.base.accounts import actions, registry
from satuklik.base.accounts.models import User
from satuklik.base.accounts.registry import Found

SARI_NIK = "1209205708950001"
NOBODY_NIK = "1209201203880002"
SARI_PHONE = "+6281234567801"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "sawah-luas-hijau"


@dataclass(frozen=True)
class Profile:
    """What a profile looks like to this room."""

    level: int = 0
    role: str = ""


@pytest.fixture(autouse=True)
def hurried(settings) -> None:
    """Tests do not wait for the steady time of a login."""
    settings.LOGIN_STEADY_SECONDS = 0


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> dict[str, Found]:
    """A population register with Sari in it, who has no account yet."""

    def make() -> User:
        return actions.create_resident("Sari Wulandari", phone=SARI_PHONE, username="sari")

    people = {SARI_NIK: Found(phone=SARI_PHONE, make=make)}

    def resolve(nik: str) -> Found | None:
        user = User.objects.filter(username="sari").first()
        found = people.get(nik)
        return Found(phone=found.phone, user=user, make=found.make) if found else None

    monkeypatch.setitem(registry.resolvers, "nik", resolve)
    monkeypatch.delitem(registry.resolvers, "phone", raising=False)
    return people


@pytest.fixture
def profiles(monkeypatch: pytest.MonkeyPatch) -> dict[int, Profile]:
    """Profiles by user id: resident where the level is set, official where the role is set."""
    known: dict[int, Profile] = {}

    def resident(user: User) -> Profile | None:
        found = known.get(user.pk)
        return found if found and found.level else None

    def official(user: User) -> Profile | None:
        found = known.get(user.pk)
        return found if found and found.role else None

    monkeypatch.setitem(registry.profiles, "resident", resident)
    monkeypatch.setitem(registry.profiles, "official", official)
    return known


@pytest.fixture
def pak_lurah(db: None) -> User:
    """An official with password and TOTP."""
    user = actions.create_official("pak_lurah", "Pak Lurah", password=PASSWORD)
    actions.set_totp(user, SECRET)
    return user


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Codes that left through the channel: (phone, code), sent within the request."""
    codes: list[tuple[str, str]] = []

    class Recorder:
        on_screen = False

        def send(self, phone: str, code: str, minutes: int) -> None:
            codes.append((phone, code))

        def check_config(self) -> list[str]:
            return []

    class Now:
        def submit(self, run, *arguments):
            run(*arguments)

    recorder = Recorder()
    monkeypatch.setattr("satuklik.base.accounts.channels.channel", lambda: recorder)
    monkeypatch.setattr("satuklik.base.accounts.actions._sender", Now())
    return codes


def totp(secret: str = SECRET, step: int = 0) -> str:
    """The code that an authenticator app shows now (`step` periods later)."""
    counter = list(yield_hotp_counters_from_time())[1] + step
    return format_hotp_value(hotp_value(secret, counter))


def ask(client: Client, identifier: str, **data: str) -> int:
    """Ask for a code; the status of the answer."""
    return client.post("/masuk/", {"identifier": identifier, **data}).status_code


def logged_in(client: Client) -> bool:
    """Whether this client's session belongs to somebody."""
    return client.get("/akun/").status_code == 200


def later(**amount: int) -> datetime:
    """The time in a while."""
    return timezone.now() + timedelta(**amount)
