"""Accounts for imported officials: shown once, made once, by the admin only."""

import csv
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from satuklik.base.agencies import actions as agencies
from satuklik.base.audit.models import Event
from satuklik.systems.enrolment import actions, commands, queries
from satuklik.systems.enrolment.errors import HasLogin, MayNot
from satuklik.systems.enrolment.tests.conftest import Browser, enrol, hand_in, make_official, verify
from tests.people import NOW


@pytest.fixture
def nobody_yet(bu_kabid: Any) -> Any:
    """An enrolled official whose account is gone: as the import leaves her."""
    row = enrol(bu_kabid)
    bu_kabid.user = None
    bu_kabid.save()
    return row


def test_the_nip_is_the_name_and_the_password_opens(nobody_yet: Any, bu_admin: Any, client: Any) -> None:
    login = actions.open_login(nobody_yet.pk, by=bu_admin, now=NOW)
    nobody_yet.official.refresh_from_db()
    user = nobody_yet.official.user
    assert login.username == user.username == nobody_yet.official.nip
    assert user.check_password(login.password)
    assert user.must_change_password  # the admin has seen it
    assert len(login.password.split("-")) == 5
    assert login.password not in repr(login)
    assert not any(login.password in str(event.data) for event in Event.objects.all())
    assert [event.kind for event in queries.history(nobody_yet.pk)][-1] == "enrolment.login_opened"
    with pytest.raises(HasLogin):
        actions.open_login(nobody_yet.pk, by=bu_admin, now=NOW)


def test_without_a_nip_the_mailbox_and_never_somebody_elses_name(nobody_yet: Any, bu_admin: Any) -> None:
    official = nobody_yet.official
    official.refresh_from_db()
    official.nip, official.email = "", f"{bu_admin.user.username}@asahan.example"
    official.save()
    login = actions.open_login(nobody_yet.pk, by=bu_admin, now=NOW)
    assert login.username == f"{bu_admin.user.username}-{official.pk}"
    agencies.give_login(official, None)  # whoever lost it gets another one, under another name
    again = actions.open_login(nobody_yet.pk, by=bu_admin, now=NOW)
    assert again.username == f"{bu_admin.user.username}-{official.pk}-1"


def test_the_longest_mailbox_fits(nobody_yet: Any, bu_admin: Any) -> None:
    official = nobody_yet.official
    official.refresh_from_db()
    official.nip, official.email = "", f"{'x' * 64}@asahan.example"
    official.save()
    first = actions.open_login(nobody_yet.pk, by=bu_admin, now=NOW)
    agencies.give_login(official, None)
    second = actions.open_login(nobody_yet.pk, by=bu_admin, now=NOW)
    assert first.username != second.username


def test_nobody_but_the_admin_may(
    nobody_yet: Any, verifikator: Any, pak_lain: Any, browser: Browser, client: Client
) -> None:
    address = f"/meja/tte/pejabat/{nobody_yet.pk}/akun/"
    staff = make_official("diskominfo", "Rudi Staf", "Analis", 971)
    ppid = make_official("diskominfo", "Pe Pei De", "PPID", 972, role="ppid")
    for who in (verifikator, pak_lain, staff, ppid):
        assert browser(who).post(address).status_code == 403
        with pytest.raises(MayNot):
            actions.open_login(nobody_yet.pk, by=who, now=NOW)
    assert client.post(address).status_code == 302
    nobody_yet.official.refresh_from_db()
    assert nobody_yet.official.user is None


def test_the_page_shows_it_once(nobody_yet: Any, bu_admin: Any, verifikator: Any, browser: Browser) -> None:
    address = f"/meja/tte/pejabat/{nobody_yet.pk}/"
    assert "Buat akun masuk" not in browser(verifikator).get(address).content.decode()
    admin = browser(bu_admin)
    assert "Buat akun masuk" in admin.get(address).content.decode()
    made = admin.post(f"{address}akun/")
    nobody_yet.official.refresh_from_db()
    assert nobody_yet.official.user.username in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    again = admin.post(f"{address}akun/", follow=True).content.decode()
    assert "sudah mempunyai akun" in again
    assert "Kata sandi pertama" not in again
    assert "Buat akun masuk" not in again
    assert "Akun masuk dibuat" in again


def test_the_command_writes_a_file_for_its_owner_only(nobody_yet: Any, tmp_path: Path) -> None:
    out = tmp_path / "akun.csv"
    run = CliRunner().invoke
    assert (
        "0 accounts"
        in run(commands.officials, ["logins", "--agency", "setda", "--out", str(tmp_path / "x.csv")]).output
    )
    assert run(commands.officials, ["logins", "--out", str(out)]).exit_code == 0
    assert out.stat().st_mode & 0o777 == 0o600
    head, line = csv.reader(out.open())
    nobody_yet.official.refresh_from_db()
    assert line[1:3] == [nobody_yet.official.name, nobody_yet.official.user.username]
    assert nobody_yet.official.user.check_password(line[3])
    assert head[3] == "first password"
    refused = run(commands.officials, ["logins", "--out", str(out)])
    assert (refused.exit_code, "exists" in refused.output) == (1, True)


def test_the_command_asks_for_an_agency_that_there_is(nobody_yet: Any, tmp_path: Path) -> None:
    out = tmp_path / "akun.csv"
    told = CliRunner().invoke(commands.officials, ["logins", "--agency", "dinas-antah", "--out", str(out)])
    assert (told.exit_code, "dinas-antah" in told.output, out.exists()) == (1, True, False)


def test_a_line_that_cannot_be_written_leaves_no_account(
    nobody_yet: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    run = CliRunner().invoke(commands.officials, ["logins", "--out", str(tmp_path / "akun.csv")])
    assert isinstance(run.exception, OSError)
    nobody_yet.official.refresh_from_db()
    assert nobody_yet.official.user is None


def test_who_got_an_account_meanwhile_is_left_out(
    nobody_yet: Any, bu_admin: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = queries.without_login()
    actions.open_login(nobody_yet.pk, by=bu_admin, now=NOW)
    monkeypatch.setattr(queries, "without_login", lambda _agency: stale)
    run = CliRunner().invoke(commands.officials, ["logins", "--out", str(tmp_path / "akun.csv")])
    assert (run.exit_code, "0 accounts" in run.output) == (0, True)


def test_who_made_the_account_does_not_check_its_documents(
    nobody_yet: Any, bu_admin: Any, verifikator: Any, browser: Browser
) -> None:
    actions.open_login(nobody_yet.pk, by=bu_admin, now=NOW)
    nobody_yet.official.refresh_from_db()
    hand_in(nobody_yet.official)
    row = queries.enrolment(nobody_yet.pk)
    with pytest.raises(MayNot) as refused:
        verify(row, bu_admin)
    assert refused.value.why == "login"
    page = browser(bu_admin).get(f"/meja/tte/pejabat/{row.pk}/").content.decode()
    assert "Setujui berkas" not in page
    assert verify(row, verifikator).stage == "verified"
