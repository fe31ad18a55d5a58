"""Terms: dates from the law, extensions, the calendar changed under an open term, and why a date is what it is."""

from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner

from satuklik.base.calendar import actions, commands, queries, terms
from satuklik.base.calendar.errors import TermClosed
from satuklik.base.calendar.models import Holiday, Term, TermEvent

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def loaded(db):
    actions.load()
    yield
    queries.forget()


def start(received, days=10, **more):
    given = {"law": "UU 14/2008 ps. 22(7)", "actor": "official:1", "now": NOW} | more
    return actions.start_term(
        "ppid:PI-1", "answer", received_on=date.fromisoformat(received), days=days, **given
    )


@pytest.mark.parametrize(
    ("received", "ten", "seventeen"),
    [
        ("2026-03-09", "2026-03-30", "2026-04-09"),  # Lebaran
        ("2025-08-08", "2025-08-25", "2025-09-03"),
        ("2026-12-18", "2027-01-07", "2027-01-18"),  # year's end
    ],
)
def test_golden_dates_and_the_extension(received, ten, seventeen):
    term = start(received)
    assert term.due_on == date.fromisoformat(ten)
    term = actions.extend_term(term, 7, reason="Data di lima dinas", actor="official:1", now=NOW)
    assert term.due_on == date.fromisoformat(seventeen)
    assert [event.kind for event in term.events.order_by("pk")] == ["started", "extended"]


def test_a_new_holiday_moves_open_terms_and_leaves_closed_ones():
    term = start("2026-03-09")
    closed = actions.start_term(
        "ppid:PI-2", "answer", received_on=date(2026, 3, 9), days=10, law="x", actor="a", now=NOW
    )
    actions.close_term(closed, actor="a", now=NOW)
    day = {
        "name": "Hari Jadi Asahan",
        "kind": "local",
        "decree": "Perbup 5/2026",
        "actor": "admin",
        "now": NOW,
    }
    assert actions.declare_holiday(date(2026, 3, 11), **day) == 1
    term.refresh_from_db()
    closed.refresh_from_db()
    assert (term.due_on, closed.due_on) == (date(2026, 3, 31), date(2026, 3, 30))
    event = TermEvent.objects.filter(term=term).latest("pk")
    assert (event.kind, event.due_before, event.due_after) == (
        "recomputed",
        date(2026, 3, 30),
        date(2026, 3, 31),
    )
    assert "Perbup 5/2026" in event.reason
    assert actions.withdraw_holiday(date(2026, 3, 11), decree="Perbup 6/2026", actor="admin", now=NOW) == 1
    term.refresh_from_db()
    assert term.due_on == date(2026, 3, 30)


def test_past_the_last_year_nothing_is_refused_and_nothing_is_guessed():
    term = start("2027-12-20")
    assert term.due_on is None
    assert terms.why(term).days == ()
    assert terms.left(term, NOW) is None
    local = {"name": "Hari Jadi Asahan", "kind": "local", "decree": "Perbup", "actor": "admin", "now": NOW}
    assert actions.declare_holiday(date(2028, 3, 15), **local) == 0  # one day by hand is no decree of a year
    assert queries.last_year() == 2027
    assert queries.missing_year(date(2028, 1, 2)) == 2028
    for day in (date(2028, 1, 1), date(2028, 12, 25)):
        Holiday.objects.create(date=day, name="Libur", kind="national", decree="SKB")
    assert actions.recompute(actor="console", reason="SKB 2028", now=NOW) == 1
    term.refresh_from_db()
    assert term.due_on == date(2028, 1, 4)  # 24 and 27 December are off too


def test_why_names_each_day():
    term = start("2026-03-09")
    found = terms.why(term)
    assert (found.days[0].number, found.days[0].date) == (0, date(2026, 3, 9))
    assert (found.days[-1].number, found.days[-1].date) == (10, date(2026, 3, 30))
    off = {day.date: day.reason for day in found.days if day.number is None}
    assert off[date(2026, 3, 14)] == terms.WEEKEND
    assert "Idul Fitri" in off[date(2026, 3, 23)]
    assert [day.number for day in found.days if day.number is not None] == list(range(11))


def test_six_day_offices_and_joint_leave(settings):
    assert start("2026-11-20", 1, six_day=True).due_on == date(2026, 11, 21)
    settings.SATUKLIK_JOINT_LEAVE_COUNTS_AS_OFF = False
    term = actions.start_term(
        "x:1", "answer", received_on=date(2026, 12, 23), days=1, law="x", actor="a", now=NOW
    )
    assert term.due_on == date(2026, 12, 24)


def test_closed_terms_are_not_extended_but_can_be_reopened():
    term = actions.close_term(start("2026-03-09"), actor="a", now=NOW)
    with pytest.raises(TermClosed):
        actions.extend_term(term, 7, reason="", actor="a", now=NOW)
    assert actions.close_term(term, actor="a", now=NOW).events.count() == 2
    term = actions.reopen_term(term, actor="a", reason="Pelapor membalas", now=NOW)
    assert term.closed_at is None
    assert actions.extend_term(term, 7, reason="", actor="a", now=NOW).extra_days == 7


def test_days_left():
    term = start("2026-03-09")
    assert terms.left(term, NOW) == 10
    assert terms.left(term, datetime(2026, 3, 31, 2, tzinfo=UTC)) == -1
    # What is late when a year begins whose decree is not there: nobody can count, and the page must open.
    assert terms.left(term, datetime(2028, 1, 3, 2, tzinfo=UTC)) is None


def test_what_another_process_counted_by_the_old_calendar_is_mended_at_night():
    from satuklik.base.calendar import tasks

    term = start("2026-03-09")
    Term.objects.filter(pk=term.pk).update(due_on=date(2026, 3, 27))  # as if a new day off had not been seen
    tasks.recount(0)
    term.refresh_from_db()
    assert term.due_on == date(2026, 3, 30)
    assert [event.kind for event in term.events.order_by("pk")] == ["started", "recomputed"]
    tasks.recount(0)
    assert term.events.count() == 2


def test_rooms_with_dates_of_their_own_are_asked():
    seen = []
    terms.register_recount("probe", lambda now: len(seen) + 3 if not seen.append(now) else 0)
    try:
        assert actions.recompute(actor="a", reason="b", now=NOW) == 4
        with pytest.raises(terms.DuplicateRecount):
            terms.register_recount("probe", lambda now: 0)
    finally:
        del terms.RECOUNTS["probe"]
    assert seen == [NOW]


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        (["due", "2026-03-09", "10"], "2026-03-30\n"),
        (["due", "2026-12-18", "10"], "2027-01-07\n"),
        (["due", "2026-11-20", "1", "--six-day"], "2026-11-21\n"),
    ],
)
def test_the_command(given, printed):
    assert CliRunner().invoke(commands.workdays, given).output == printed


def test_the_command_refuses_what_it_cannot_know():
    done = CliRunner().invoke(commands.workdays, ["due", "2027-12-20", "20"])
    assert done.exit_code == 1
    assert "2028" in done.output
    assert CliRunner().invoke(commands.workdays, ["due", "20-12-2027", "20"]).exit_code == 2
    for days in ("-1", "99999999999"):
        assert CliRunner().invoke(commands.workdays, ["due", "2027-12-20", days]).exit_code == 2
