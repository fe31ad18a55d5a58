"""The calendar's page: everybody at a desk reads it, only an administrator changes it, and each change is counted."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from satuklik.base.calendar import actions, queries
from satuklik.base.calendar.models import Holiday
from tests.people import NOW, TODAY


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Tuesday, 24 November 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def browser(official: Any, *, admin: bool = False) -> Client:
    client = Client()
    official.user.is_superuser = admin
    official.user.save()
    client.force_login(official.user)
    return client


def day(**changed: str) -> dict[str, str]:
    given = {"day": "2026-11-26", "name": "Hari Jadi", "kind": "local", "decree": "Perbup 5/2026"}
    return given | changed


def test_everybody_at_a_desk_reads_and_nobody_else(staf_desa: Any) -> None:
    page = browser(staf_desa).get("/meja/kalender/").content.decode()
    assert "Idul Fitri" in page
    assert "Simpan dan hitung ulang" not in page
    assert Client().get("/meja/kalender/").status_code == 302
    assert browser(staf_desa).post("/meja/kalender/tetapkan/", day()).status_code == 403
    assert browser(staf_desa).post("/meja/kalender/2026-12-25/cabut/", {"decree": "x"}).status_code == 403
    assert Holiday.objects.filter(pk="2026-12-25").exists()


def test_an_administrator_enters_a_day_and_open_terms_move(staf_desa: Any) -> None:
    term = actions.start_term(
        "ppid:PI-1", "answer", received_on=TODAY, days=10, law="UU 14/2008 ps. 22(7)", actor="a", now=NOW
    )
    client = browser(staf_desa, admin=True)
    answer = client.post("/meja/kalender/tetapkan/", day(), follow=True)
    page = answer.content.decode()
    assert "1 tenggat dihitung ulang" in page
    assert "ppid:PI-1" in page
    before, _ = term.due_on, term.refresh_from_db()
    assert term.due_on > before
    answer = client.post("/meja/kalender/2026-11-26/cabut/", {"decree": "Perbup 6/2026"}, follow=True)
    assert "1 tenggat dihitung ulang" in answer.content.decode()
    term.refresh_from_db()
    assert term.due_on == before


@pytest.mark.parametrize(
    "given",
    [day(day="2026-13-01"), day(day="2126-01-01"), day(name=""), day(kind="weekend"), day(decree="")],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(staf_desa: Any, given: dict[str, str]) -> None:
    count = Holiday.objects.count()
    answer = browser(staf_desa, admin=True).post("/meja/kalender/tetapkan/", given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Ada yang perlu diperbaiki" in page
    assert all(value in page for name, value in given.items() if name in ("name", "decree"))
    assert Holiday.objects.count() == count


def test_a_day_is_withdrawn_only_by_a_decree(staf_desa: Any) -> None:
    client = browser(staf_desa, admin=True)
    answer = client.post("/meja/kalender/2026-12-25/cabut/", {"decree": " "}, follow=True)
    assert "Belum ada yang berubah" in answer.content.decode()
    assert Holiday.objects.filter(pk="2026-12-25").exists()
    assert client.post("/meja/kalender/2026-11-27/cabut/", {"decree": "x"}).status_code == 404
    assert client.post("/meja/kalender/2026-02-31/cabut/", {"decree": "x"}).status_code == 404


def test_no_form_takes_the_dates_of_a_whole_year_away(staf_desa: Any) -> None:
    """A local holiday declared on Christmas made 2026 a year that is not loaded: every open term lost its date."""
    term = actions.start_term(
        "ppid:PI-1", "answer", received_on=TODAY, days=10, law="UU 14/2008 ps. 22(7)", actor="a", now=NOW
    )
    due, client = term.due_on, browser(staf_desa, admin=True)
    answer = client.post("/meja/kalender/tetapkan/", day(day="2026-12-25"))
    assert answer.status_code == 422
    assert "sudah libur nasional" in answer.content.decode()
    answer = client.post("/meja/kalender/2026-12-25/cabut/", {"decree": "SK 1/2026"}, follow=True)
    assert "tidak dapat dihapus" in answer.content.decode()
    # Also where a program does it: the kind of the day does not unload the year.
    actions.declare_holiday(date(2026, 12, 25), name="Natal", kind="local", decree="x", actor="a", now=NOW)
    term.refresh_from_db()
    assert term.due_on == due
    assert Holiday.objects.get(pk="2026-12-25").kind == "local"


def test_a_missing_year_is_told_from_september_on(staf_desa: Any) -> None:
    assert queries.missing_year(TODAY) is None
    Holiday.objects.filter(date__year=2027).delete()
    queries.forget()
    assert queries.missing_year(date(2026, 8, 31)) is None
    assert queries.missing_year(date(2026, 9, 1)) == 2027
    actions.start_term(
        "ppid:PI-1", "answer", received_on=date(2026, 12, 21), days=10, law="x", actor="a", now=NOW
    )
    page = browser(staf_desa, admin=True).get("/meja/kalender/?tahun=1999").content.decode()
    assert "Hari libur 2027 belum dimuat" in page
    assert "1 tenggat menunggu kalender" in page
