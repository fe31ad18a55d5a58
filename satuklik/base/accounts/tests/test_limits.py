"""Limits count exactly, across connections, and do not lock out the owner of an account."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from satuklik.base.accounts import limits, tasks
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.accounts.models import Attempt, User
from satuklik.base.accounts.tests.conftest import NOBODY_NIK, PASSWORD, SARI_NIK, ask

Sent = list[tuple[str, str]]


@pytest.mark.django_db(transaction=True)
def test_twenty_attempts_at_once_are_counted_exactly() -> None:
    now = timezone.now()
    outcomes: list[int | str] = []
    start = threading.Barrier(20)

    def attempt() -> None:
        start.wait()
        try:
            outcomes.append(limits.check("test", "one", most=7, seconds=60, now=now))
        except TooManyAttempts:
            outcomes.append("stopped")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome for outcome in outcomes if isinstance(outcome, int)) == [0, 1, 2, 3, 4, 5, 6]
    assert outcomes.count("stopped") == 13
    assert Attempt.objects.get().count == 20


@pytest.mark.django_db
def test_a_window_ends_and_begins_anew() -> None:
    now = timezone.now()
    for _ in range(2):
        limits.check("test", "one", most=2, seconds=60, now=now)
    with pytest.raises(TooManyAttempts) as stopped:
        limits.check("test", "one", most=2, seconds=60, now=now + timedelta(seconds=30))
    assert stopped.value.until == now + timedelta(seconds=60)
    assert limits.check("test", "one", most=2, seconds=60, now=now + timedelta(seconds=60)) == 1
    assert limits.check("test", "two", most=2, seconds=60, now=now) == 1
    limits.forgive("test", "one")
    assert limits.check("test", "one", most=2, seconds=60, now=now) == 1


@pytest.mark.django_db
def test_an_account_gets_five_codes_whether_or_not_it_exists(register: object, sent: Sent) -> None:
    for identifier in (SARI_NIK, NOBODY_NIK):
        answers = [ask(Client(), identifier) for _ in range(7)]
        assert answers == [302] * 5 + [429] * 2
    assert len(sent) == 5


@pytest.mark.django_db
def test_a_stranger_does_not_lock_out_a_browser_that_was_in_before(register: object, sent: Sent) -> None:
    home = Client()
    ask(home, SARI_NIK)
    home.post("/masuk/kode/", {"code": sent[0][1]})
    home.post("/keluar/")
    for _ in range(6):
        ask(Client(), SARI_NIK)
    assert ask(Client(), SARI_NIK) == 429
    assert ask(home, SARI_NIK) == 302


@pytest.mark.django_db
def test_a_forged_device_cookie_is_worth_nothing() -> None:
    request = RequestFactory().get("/masuk/")
    request.COOKIES[limits.DEVICE_COOKIE] = f'["{limits.mark("nik:1")[:16]}"]:x:y'
    assert limits.account_key(request, "nik:1").endswith("|new")


@pytest.mark.django_db
def test_an_address_is_limited_generously(settings, sent: Sent, register: object) -> None:
    settings.LOGIN_LIMITS = settings.LOGIN_LIMITS | {"send": (5, 20, 3, 1000)}
    numbers = [f"08125550{number:04}" for number in range(5)]
    assert [ask(Client(), number) for number in numbers] == [302] * 3 + [429] * 2
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert ask(elsewhere, numbers[4]) == 302


@pytest.mark.django_db
def test_there_is_a_budget_for_everybody(settings, sent: Sent, register: object) -> None:
    settings.LOGIN_LIMITS = settings.LOGIN_LIMITS | {"send": (5, 20, 100, 2)}
    answers = [ask(Client(REMOTE_ADDR=f"203.0.113.{n}"), f"0812555000{n:02}") for n in range(4)]
    assert answers == [302, 302, 429, 429]


@pytest.mark.django_db
def test_passwords_are_limited(pak_lurah: User) -> None:
    browser = Client()
    answers = [
        browser.post("/masuk/petugas/", {"username": "pak_lurah", "password": "salah"}).status_code
        for _ in range(11)
    ]
    assert answers == [422] * 10 + [429]
    right = Client().post("/masuk/petugas/", {"username": "Pak_Lurah", "password": PASSWORD})
    assert right.status_code == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "198.51.100.7", "192.0.2.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "10.9.9.9, 198.51.100.7", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "nonsense", "unknown"),
    ],
)
def test_the_address_behind_proxies(settings, proxies: int, forwarded: str, seen: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert limits.address(request) == seen


@pytest.mark.django_db
def test_no_address_and_no_nik_is_readable_in_the_table(register: object, sent: Sent) -> None:
    ask(Client(REMOTE_ADDR="203.0.113.77"), SARI_NIK)
    table = " ".join(Attempt.objects.values_list("key", flat=True))
    assert "203.0.113.77" not in table
    assert SARI_NIK not in table


@pytest.mark.django_db
def test_what_is_over_is_forgotten() -> None:
    now = timezone.now()
    limits.check("test", "old", most=1, seconds=60, now=now - timedelta(hours=1))
    limits.check("test", "new", most=1, seconds=60, now=now)
    tasks.prune(int(now.timestamp()))
    assert Attempt.objects.count() == 1
