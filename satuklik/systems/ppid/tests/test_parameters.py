"""Parameters at the desk: dated, with their source, by PPID Utama, and agreed to by a second person before they hold."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from satuklik.base.audit.models import Event as AuditEvent
from satuklik.systems.ppid import actions, parameters, rules, words
from satuklik.systems.ppid.errors import BadInput, NotYours, OwnWork, WrongState
from satuklik.systems.ppid.models import ParameterRow
from satuklik.systems.ppid.tests.conftest import Desk, wib
from tests.people import NOW

pytestmark = pytest.mark.django_db
FROM = date(2026, 12, 1)


def proposed(by: Any, name: str = "answer_days", typed: str = "7", day: date = FROM) -> ParameterRow:
    return actions.propose_parameter(
        name, typed, valid_from=day, source="Perbup 12/2026", confirmed=True, by=by, now=NOW
    )


def test_a_new_value_holds_from_its_day_on_and_only_with_four_eyes(desk: Desk) -> None:
    row = proposed(desk.ppid)
    assert proposed(desk.ppid) == row  # a double click
    assert parameters.value("answer_days", FROM) == 10
    with pytest.raises(OwnWork):
        actions.agree_to_parameter(row, by=desk.ppid, now=NOW)
    for nobody in (desk.staf, desk.ppid_dinkes, desk.kadinkes, desk.sekda, desk.admin):
        with pytest.raises(NotYours):
            actions.agree_to_parameter(row, by=nobody, now=NOW)
        with pytest.raises(NotYours):
            proposed(nobody)
    actions.agree_to_parameter(row, by=desk.kadis, now=NOW)
    found = parameters.row("answer_days", FROM)
    assert (found.value, found.source, found.confirmed) == (7, "Perbup 12/2026", True)
    assert parameters.value("answer_days", date(2026, 11, 30)) == 10
    before, after = desk.register(wib("2026-11-30")), desk.register(wib("2026-12-01"))
    assert (before.term.days, after.term.days, after.term.law) == (10, 7, "Perbup 12/2026")  # type: ignore[union-attr]
    with pytest.raises(WrongState):
        actions.agree_to_parameter(row, by=desk.kadis, now=NOW)
    kinds = list(
        AuditEvent.objects.filter(stream="ppid-parameters").order_by("pk").values_list("kind", flat=True)
    )
    assert kinds == ["ppid.parameter_proposed", "ppid.parameter_agreed"]


def test_nothing_holds_before_it_was_agreed_to(desk: Desk) -> None:
    row = proposed(desk.kadis, day=NOW.date())
    with pytest.raises(BadInput):  # what came in since would get another date
        actions.agree_to_parameter(row, by=desk.ppid, now=wib("2026-11-25"))
    with pytest.raises(BadInput):
        proposed(desk.ppid, day=date(2026, 11, 23))
    actions.drop_parameter(row, by=desk.ppid, now=NOW)
    assert parameters.value("answer_days", FROM) == 10


TYPED = [
    ("answer_days", "10", 10), ("answer_days", "0", None), ("answer_days", "61", None), ("answer_days", "٣", None),
    ("answer_days", "-1", None), ("second_clock", "Tidak", False), ("second_clock", "1", None),
    ("copy_sheet_cost", "500", 500), ("copy_sheet_cost", "5.000", None), ("six_day_agencies", "rsud, dinkes", ["dinkes", "rsud"]),
    ("six_day_agencies", "", []), ("six_day_agencies", "<b>", None), ("nothing", "1", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "typed", "value"), TYPED)
def test_what_is_typed(name: str, typed: str, value: Any) -> None:
    if value is None:
        with pytest.raises(ValueError, match=name):
            rules.parameter_of(name, typed)
        return
    assert rules.parameter_of(name, typed) == value


def test_every_parameter_has_a_row_and_a_name() -> None:
    assert set(rules.KINDS) == set(words.PARAMETERS) == {row.name for row in parameters.rows()}


def test_the_page(desk: Desk, client: Client) -> None:
    def as_(who: Any) -> Client:
        client.force_login(who.user)
        return client

    here = "/meja/ppid/aturan/"
    assert as_(desk.kadinkes).get(here).status_code == 404
    page = as_(desk.staf).get(here)
    assert ("UU 14/2008 ps. 22(7)" in page.text, "Usulkan nilai baru" in page.text) == (True, False)
    given = {
        "name": "copy_sheet_cost",
        "value": "500",
        "valid_from": timezone.localdate().isoformat(),
        "source": "Perbup 3/2026",
    }
    assert as_(desk.staf).post(here, given).status_code == 404
    assert as_(desk.ppid).post(here, given | {"value": "lima"}).status_code == 422
    assert as_(desk.ppid).post(here, given).status_code == 302
    row = ParameterRow.objects.get()
    assert as_(desk.ppid).post(f"{here}{row.pk}/setuju/").status_code == 409
    assert as_(desk.staf).post(f"{here}{row.pk}/setuju/").status_code == 404
    assert as_(desk.kadis).post(f"{here}{row.pk}/setuju/").status_code == 302
    assert "Perbup 3/2026" in as_(desk.ppid).get(here).text
    request = desk.in_process()
    assert "Rp500 tiap lembar" in as_(desk.staf).get(f"/meja/ppid/permohonan/{request.reference}/").text
