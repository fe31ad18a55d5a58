"""The calendar: the golden dates with the loaded decrees, and no count past the last loaded year."""

from datetime import date

import pytest

from satuklik.base.calendar import actions, queries
from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.base.calendar.models import Holiday


@pytest.fixture(autouse=True)
def loaded(db):
    actions.load()
    yield
    queries.forget()


@pytest.mark.parametrize(
    ("received", "ten", "seventeen"),
    [
        ("2026-03-09", "2026-03-30", "2026-04-09"),
        ("2025-08-08", "2025-08-25", "2025-09-03"),
        ("2026-12-18", "2027-01-07", "2027-01-18"),
    ],
)
def test_golden_dates(received, ten, seventeen):
    calendar = queries.working_days()
    first = calendar.due(date.fromisoformat(received), 10)
    assert first == date.fromisoformat(ten)
    assert calendar.due(first, 7) == date.fromisoformat(seventeen)
    assert calendar.between(date.fromisoformat(received), first) == 10


@pytest.mark.parametrize(("year", "national", "joint"), [(2025, 17, 11), (2026, 17, 8), (2027, 18, 8)])
def test_number_of_days_of_each_decree(year, national, joint):
    days = Holiday.objects.filter(date__year=year)
    assert days.filter(kind="national").count() == national
    assert days.filter(kind="joint_leave").count() == joint


def test_2027_waits_for_somebody_to_compare_it_with_the_decree():
    assert queries.unconfirmed(2026) == []
    assert len(queries.unconfirmed(2027)) == 26
    assert queries.last_year() == 2027


def test_nothing_is_counted_past_the_last_year():
    calendar = queries.working_days()
    with pytest.raises(YearNotLoaded) as error:
        calendar.due(date(2027, 12, 20), 20)
    assert error.value.year == 2028
    assert "2028" in str(error.value)
    for count in (
        lambda: queries.holidays(date(2024, 12, 1), date(2025, 1, 1)),
        lambda: calendar.between(date(2027, 1, 1), date(2028, 1, 1)),
        lambda: calendar.is_workday(date(2030, 1, 1)),
        lambda: calendar.add(date(2025, 1, 2), -5),
    ):
        with pytest.raises(YearNotLoaded):
            count()


def test_an_empty_calendar_counts_nothing():
    Holiday.objects.all().delete()
    queries.forget()
    with pytest.raises(YearNotLoaded):
        queries.working_days().due(date(2026, 1, 1), 1)
    assert queries.last_year() is None


def test_loading_again_keeps_what_was_confirmed_or_added():
    Holiday.objects.filter(date="2027-03-10").update(confirmed=True, decree="SKB 1/2026")
    Holiday.objects.create(date=date(2026, 3, 15), name="Hari Jadi Asahan", kind="local", decree="Perda")
    actions.load()
    assert Holiday.objects.get(date="2027-03-10").decree == "SKB 1/2026"
    assert date(2026, 3, 15) in queries.holidays(date(2026, 3, 1), date(2026, 3, 31))


def test_joint_leave_can_be_left_out():
    span = (date(2026, 12, 1), date(2026, 12, 31))
    assert queries.holidays(*span) == {date(2026, 12, 24), date(2026, 12, 25)}
    assert queries.holidays(*span, joint_leave=False) == {date(2026, 12, 25)}
    assert queries.working_days(joint_leave=False).is_workday(date(2026, 12, 24))
    assert queries.working_days(six_day=True).due(date(2026, 11, 20), 1) == date(2026, 11, 21)


def test_the_table_is_read_once(django_assert_num_queries):
    queries.working_days()
    with django_assert_num_queries(0):
        queries.working_days().due(date(2026, 11, 24), 5)
