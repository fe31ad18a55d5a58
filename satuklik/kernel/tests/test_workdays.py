"""Working days: the golden dates around Lebaran, independence day and the turn of the year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuklik.kernel.workdays import add, between, due, is_workday

HOLIDAYS = frozenset(
    {date(2025, 8, 17), date(2025, 8, 18), date(2025, 9, 5), date(2026, 4, 3), date(2026, 12, 24)}
    | {date(2026, 12, 25), date(2027, 1, 1), date(2027, 1, 5)}
    | {date(2026, 3, day) for day in range(18, 25)}
)
GOLDEN = [
    ("2026-03-09", "2026-03-30", "2026-04-09"),
    ("2025-08-08", "2025-08-25", "2025-09-03"),
    ("2026-12-18", "2027-01-07", "2027-01-18"),
]


@pytest.mark.parametrize(("received", "ten", "seventeen"), GOLDEN)
def test_golden_dates(received, ten, seventeen):
    first = due(date.fromisoformat(received), 10, HOLIDAYS)
    assert first == date.fromisoformat(ten)
    assert due(first, 7, HOLIDAYS) == date.fromisoformat(seventeen)


@pytest.mark.parametrize(
    ("received", "days", "six_day", "expected"),
    [
        ("2026-11-20", 1, False, "2026-11-23"),  # Friday → Monday
        ("2026-11-20", 1, True, "2026-11-21"),
        ("2026-11-21", 1, False, "2026-11-23"),
        ("2026-11-22", 0, False, "2026-11-22"),
        ("2026-12-23", 1, True, "2026-12-26"),
        ("2026-12-23", 1, False, "2026-12-28"),
    ],
)
def test_due(received, days, six_day, expected):
    assert due(date.fromisoformat(received), days, HOLIDAYS, six_day=six_day) == date.fromisoformat(expected)


def test_a_term_is_not_negative():
    with pytest.raises(ValueError, match="negative"):
        due(date(2026, 1, 1), -1, HOLIDAYS)


DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
SETS = st.frozensets(DAYS, max_size=60)


@given(DAYS, st.integers(1, 60), SETS, st.booleans())
def test_add_lands_on_a_workday_and_between_counts_back(start, days, holidays, six_day):
    end = add(start, days, holidays, six_day=six_day)
    assert is_workday(end, holidays, six_day=six_day)
    assert between(start, end, holidays, six_day=six_day) == days
    assert add(end, -days, holidays, six_day=six_day) <= start + timedelta(days=0) or not is_workday(
        start, holidays, six_day=six_day
    )


@given(DAYS, DAYS, SETS)
def test_between_is_antisymmetric(first, last, holidays):
    assert between(first, last, holidays) == -between(last, first, holidays)


@given(DAYS, st.integers(0, 40), SETS)
def test_more_holidays_are_never_sooner(start, days, holidays):
    assert due(start, days, holidays) >= due(start, days, frozenset())
