"""Clocks as tables: golden dates, Lebaran, the year's end, extension, forwarding, clarification, a changed calendar."""

from datetime import date
from typing import Any

import pytest

from satuklik.base.agencies.queries import agency
from satuklik.base.calendar.actions import declare_holiday, withdraw_holiday
from satuklik.base.calendar.models import Term, TermEvent
from satuklik.systems.ppid import actions, parameters, rules
from satuklik.systems.ppid.errors import CannotExtend, PpidError, WrongState
from satuklik.systems.ppid.tests.conftest import Desk, fresh, wib

pytestmark = pytest.mark.django_db
# received → + 10 → + 7 more
GOLDEN = [
    ("2026-03-09", "2026-03-30", "2026-04-09"),  # Lebaran
    ("2025-08-08", "2025-08-25", "2025-09-03"),
    ("2026-12-18", "2027-01-07", "2027-01-18"),  # the year's end
]


def due(request: Any) -> str:
    return str(fresh(request).due_on)


@pytest.mark.parametrize(("received", "answer", "extended"), GOLDEN)
def test_golden_dates(desk: Desk, received: str, answer: str, extended: str) -> None:
    request = desk.register(wib(received))
    assert due(request) == answer
    desk.extend(request, wib(received))
    assert due(request) == extended


@pytest.mark.parametrize("hour", [0, 23])
def test_day_0_is_the_day_of_receipt_in_asahan(desk: Desk, hour: int) -> None:
    assert due(desk.register(wib("2026-03-09", hour))) == "2026-03-30"


def test_day_0_is_the_first_message_not_the_day_it_was_read(desk: Desk) -> None:
    request = desk.register(wib("2026-03-12"), received_at=wib("2026-03-09"))
    assert due(request) == "2026-03-30"


def test_two_clocks_and_the_earlier_one_alarms(desk: Desk) -> None:
    request = desk.register(wib("2026-03-09"))
    request = actions.declare_complete(request, by=desk.staf, now=wib("2026-03-11"))
    assert (str(request.term.due_on), str(request.term_complete.due_on)) == ("2026-03-30", "2026-04-01")
    assert due(request) == "2026-03-30"
    request = desk.extend(request, wib("2026-03-12"))
    assert (str(request.term.due_on), str(request.term_complete.due_on)) == ("2026-04-09", "2026-04-13")


def test_a_second_clock_that_starts_after_the_extension_is_extended_too(desk: Desk) -> None:
    request = desk.register(wib("2026-03-09"))
    request = desk.extend(request, wib("2026-03-10"))
    request = actions.declare_complete(request, by=desk.staf, now=wib("2026-03-11"))
    assert str(request.term_complete.due_on) == "2026-04-13"


EXTENSIONS = [
    # on which day, days, reason, what is wrong
    ("2026-03-09", 7, "Banyak.", ""),
    ("2026-03-30", 1, "Banyak.", ""),  # day 10, until it ends
    ("2026-03-31", 7, "Banyak.", "late"),
    ("2026-03-30", 8, "Banyak.", "days"),
    ("2026-03-30", 0, "Banyak.", "days"),
    ("2026-03-30", 7, "  ", "reason"),
]


@pytest.mark.parametrize(("day", "days", "reason", "fault"), EXTENSIONS)
def test_extension(desk: Desk, day: str, days: int, reason: str, fault: str) -> None:
    request = desk.register(wib("2026-03-09"))
    if not fault:
        assert desk.extend(request, wib(day, 23), days, reason).extended_on
        return
    with pytest.raises(CannotExtend) as error:
        actions.extend(request, days=days, reason=reason, by=desk.staf, now=wib(day))
    assert (error.value.code, due(request)) == (fault, "2026-03-30")


def test_extension_is_once_and_before_the_decision(desk: Desk) -> None:
    request = desk.in_process(wib("2026-03-09"))
    desk.extend(request, wib("2026-03-10"), 3)
    with pytest.raises(CannotExtend) as error:
        actions.extend(request, days=3, reason="Banyak.", by=desk.staf, now=wib("2026-03-10"))
    assert error.value.code == "twice"
    other = desk.in_process(wib("2026-03-09"))
    desk.decide(other, wib("2026-03-10"))
    with pytest.raises(CannotExtend) as error:
        actions.extend(other, days=3, reason="Banyak.", by=desk.staf, now=wib("2026-03-10"))
    assert error.value.code == "state"


def test_forwarding_never_resets_and_the_agency_answers_by_day_5(desk: Desk) -> None:
    request = desk.in_process(wib("2026-03-09"))
    referral = actions.refer(
        request, agency=agency("dinkes"), question="Berapa anggarannya?", by=desk.staf, now=wib("2026-03-10")
    )
    assert due(request) == "2026-03-30"
    assert str(referral.term.due_on) == "2026-03-16"  # five working days after receipt


def test_clarification_does_not_stop_the_clock(desk: Desk) -> None:
    request = desk.in_process(wib("2026-03-09"))
    actions.ask_clarification(request, question="Tahun berapa?", by=desk.staf, now=wib("2026-03-10"))
    request = actions.clarify(request, answer="2025", now=wib("2026-03-13"))
    assert (due(request), request.state) == ("2026-03-30", "in_process")


def test_where_the_setting_stops_it_the_waiting_days_are_added(
    desk: Desk, settings: Any, tmp_path: Any
) -> None:
    own = tmp_path / "parameters.toml"
    own.write_text(
        '[[parameter]]\nname = "clarification_stops_clock"\nvalue = true\nvalid_from = 2026-01-01\n'
        'source = "SOP PPID 2026"\nconfirmed = true\n'
    )
    settings.SATUKLIK_PPID_PARAMETERS = str(own)
    request = desk.in_process(wib("2026-03-09"))
    actions.ask_clarification(request, question="Tahun berapa?", by=desk.staf, now=wib("2026-03-10"))
    request = actions.clarify(request, answer="2025", now=wib("2026-03-13"))
    assert due(request) == "2026-04-02"  # three working days later
    assert TermEvent.objects.filter(term=request.term, reason="SOP PPID 2026").count() == 1


def test_a_calendar_that_changes_under_an_open_request(desk: Desk) -> None:
    at = wib("2026-10-01")
    request, ended = desk.register(at), desk.register(at)
    actions.withdraw(ended, reason="", now=at)
    before = request.due_on
    assert str(before) == "2026-10-15"
    declare_holiday(
        date(2026, 10, 12),
        name="Libur lokal",
        kind="local",
        decree="Keputusan Bupati 1",
        actor="admin",
        now=at,
    )
    assert (due(request), due(ended)) == ("2026-10-16", "2026-10-15")
    withdraw_holiday(date(2026, 10, 12), decree="Keputusan Bupati 2", actor="admin", now=at)
    assert due(request) == "2026-10-15"
    kinds = list(request.term.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["started", "recomputed", "recomputed"]


def test_an_undecreed_year_refuses_nothing(desk: Desk) -> None:
    request = desk.register(wib("2031-12-20"))
    assert (request.due_on, request.number) == (None, "0001/PPID/XII/2031")


def test_six_day_office(desk: Desk, settings: Any, tmp_path: Any) -> None:
    own = tmp_path / "parameters.toml"
    own.write_text(
        '[[parameter]]\nname = "six_day_agencies"\nvalue = ["diskominfo"]\nvalid_from = 2026-01-01\n'
        'source = "Perbup"\nconfirmed = true\n'
    )
    settings.SATUKLIK_PPID_PARAMETERS = str(own)
    assert due(desk.register(wib("2026-10-01"))) == "2026-10-13"  # two Saturdays count


def test_completeness_three_days_and_supplement_three(desk: Desk) -> None:
    request = desk.register(wib("2026-10-01"))
    assert str(request.term_check.due_on) == "2026-10-06"
    request = actions.declare_incomplete(request, missing="Surat kuasa", by=desk.staf, now=wib("2026-10-02"))
    assert str(request.term_supplement.due_on) == "2026-10-07"
    assert due(request) == "2026-10-15"  # the legal clock goes on
    request = actions.supplement(request, text="Ini.", now=wib("2026-10-05"))
    assert (request.state, fresh(request).term_supplement.closed_at) == ("completeness", wib("2026-10-05"))


def test_the_notice_stops_every_clock(desk: Desk) -> None:
    request = desk.delivered()
    assert not Term.objects.filter(subject=request.subject, closed_at=None).exists()


DAYS = [("answer_days", 10), ("extension_days", 7), ("completeness_days", 3), ("supplement_days", 3), ("agency_days", 5),
        ("objection_filing_days", 30), ("objection_answer_days", 30), ("dispute_days", 14)]  # fmt: skip


@pytest.mark.parametrize(("name", "days"), DAYS)
def test_parameters_have_a_source(name: str, days: int) -> None:
    row = parameters.row(name, date(2026, 11, 24))
    assert row.value == days
    assert row.source


def test_what_is_not_confirmed_says_so() -> None:
    names = {row.name for row in parameters.rows() if not row.confirmed}
    assert names == {"dispute_days", "second_clock", "clarification_stops_clock", "copy_sheet_cost"}


def test_a_newer_row_holds_from_its_day() -> None:
    old = rules.Parameter("answer_days", 10, date(2010, 4, 30), "UU", True)
    new = rules.Parameter("answer_days", 7, date(2027, 1, 1), "UU baru", True)
    assert rules.in_force([new, old], "answer_days", date(2026, 12, 31)).value == 10
    assert rules.in_force([new, old], "answer_days", date(2027, 1, 1)).value == 7
    with pytest.raises(rules.NoParameter):
        rules.in_force([new], "answer_days", date(2026, 12, 31))


def _checked(desk: Desk) -> Any:
    return actions.begin_check(desk.register(), by=desk.staf, now=LATER)


def _incomplete(desk: Desk) -> Any:
    return actions.declare_incomplete(desk.register(), missing="KTP", by=desk.staf, now=LATER)


def _referred(desk: Desk) -> Any:
    request = desk.in_process()
    actions.refer(request, agency=agency("dinkes"), question="Apa?", by=desk.staf, now=LATER)
    return request


def _asked(desk: Desk) -> Any:
    return actions.ask_clarification(desk.in_process(), question="Apa?", by=desk.staf, now=LATER)


def _testing(desk: Desk) -> Any:
    return actions.begin_test(desk.in_process(), by=desk.staf, now=LATER)


def _decided(desk: Desk) -> Any:
    request = desk.in_process()
    desk.decide(request)
    return request


def _withdrawn(desk: Desk) -> Any:
    return actions.withdraw(desk.register(), reason="", now=LATER)


LATER = wib("2026-11-24", 11)
STATES = {
    "registered": lambda desk: desk.register(), "completeness": _checked, "incomplete": _incomplete,
    "in_process": lambda desk: desk.in_process(), "with_pelaksana": _referred, "clarification": _asked,
    "consequence_test": _testing, "decided": _decided, "delivered": lambda desk: desk.delivered(),
    "closed": lambda desk: actions.close(desk.delivered(), by=desk.staf, now=LATER), "withdrawn": _withdrawn,
}  # fmt: skip
# What may be done in which state; everything else is refused and changes nothing.
ACTS: dict[str, tuple[Any, set[str]]] = {
    "begin_check": (lambda r, d: actions.begin_check(r, by=d.staf, now=LATER), {"registered", "incomplete"}),
    "declare_complete": (
        lambda r, d: actions.declare_complete(r, by=d.staf, now=LATER), {"registered", "completeness", "incomplete"},
    ),
    "declare_incomplete": (
        lambda r, d: actions.declare_incomplete(r, missing="KTP", by=d.staf, now=LATER), {"registered", "completeness"},
    ),
    "supplement": (lambda r, d: actions.supplement(r, text="Ini.", now=LATER), {"incomplete"}),
    "refer": (
        lambda r, d: actions.refer(r, agency=agency("dinkes"), question="?", by=d.staf, now=LATER),
        {"in_process", "with_pelaksana", "consequence_test", "clarification"},
    ),
    "ask": (
        lambda r, d: actions.ask_clarification(r, question="?", by=d.staf, now=LATER),
        {"in_process", "with_pelaksana", "consequence_test"},
    ),
    "clarify": (lambda r, d: actions.clarify(r, answer="2025", now=LATER), {"clarification"}),
    "begin_test": (lambda r, d: actions.begin_test(r, by=d.staf, now=LATER), {"in_process", "with_pelaksana"}),
    "take_over": (
        lambda r, d: actions.take_over(r, by=d.staf, now=LATER), {"in_process", "with_pelaksana", "consequence_test"},
    ),
    "decide": (
        lambda r, d: d.decide(r, LATER), {"in_process", "with_pelaksana", "consequence_test"},
    ),
    "take_back": (lambda r, d: actions.take_back(r, by=d.staf, now=LATER), {"decided"}),
    "withdraw": (
        lambda r, d: actions.withdraw(r, reason="", now=LATER),
        {"registered", "completeness", "incomplete", "in_process", "with_pelaksana", "clarification", "consequence_test"},
    ),
    "deliver": (lambda r, d: actions.deliver(r, how="loket", by=d.staf, now=LATER), set()),
    "close": (lambda r, d: actions.close(r, by=d.staf, now=LATER), {"delivered"}),
}  # fmt: skip


def test_the_table_names_every_state() -> None:
    assert set(STATES) == set(rules.NEXT)


@pytest.mark.parametrize("state", STATES)
def test_what_may_be_done_in_each_state(desk: Desk, state: str) -> None:
    from django.db import transaction

    request = STATES[state](desk)
    assert fresh(request).state == state
    for name, (act, allowed) in ACTS.items():
        refused = False
        try:
            with transaction.atomic():
                act(fresh(request), desk)
                transaction.set_rollback(True)
        except WrongState:
            refused = True
        except PpidError as error:
            pytest.fail(f"{name} in {state}: {error!r}")
        assert refused == (state not in allowed), (name, state)
        assert fresh(request).state == state


def test_lateness_is_after_the_last_day() -> None:
    days = [date(2026, 3, 30), None, date(2026, 3, 27)]
    assert rules.earlier(*days) == date(2026, 3, 27)
    assert rules.earlier(None, None) is None
