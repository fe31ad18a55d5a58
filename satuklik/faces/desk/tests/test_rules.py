"""Deadlines, places in the list and visits: pure decisions."""

from datetime import UTC, date, datetime, timedelta

import pytest

from satuklik.faces.desk.rules import Deadline, Place, deadline, place, visit_open

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        (None, Deadline(0, "none")),
        (date(2026, 11, 24), Deadline(0, "today")),
        (date(2026, 11, 25), Deadline(1, "soon")),
        (date(2026, 11, 27), Deadline(2, "soon")),  # Thursday is a holiday here
        (date(2026, 12, 1), Deadline(4, "calm")),
        (date(2026, 11, 23), Deadline(-1, "late")),
        (date(2026, 11, 20), Deadline(-2, "late")),  # a Friday: the weekend does not count
    ],
)
def test_deadlines_in_working_days(due_on: date | None, expected: Deadline) -> None:
    assert deadline(due_on, TUESDAY, {date(2026, 11, 26)}) == expected


def test_a_term_that_ended_on_friday_is_late_on_saturday() -> None:
    assert deadline(date(2026, 11, 20), date(2026, 11, 21), set()) == Deadline(0, "late")


@pytest.mark.parametrize(
    "at", [None, date(2026, 11, 24), datetime(2026, 11, 24, 3, 4, 5, 678, tzinfo=UTC)]
)  # fmt: skip
def test_a_place_survives_its_address(at: date | datetime | None) -> None:
    assert place(Place(at, "SK-7F3K-9Q2M").text()) == Place(at, "SK-7F3K-9Q2M")


@pytest.mark.parametrize(
    "text", ["", "x", "%", "WzFd", "bnVsbA", "WyIyMDI2LTEzLTAxIiwgIngiXQ", "é" * 9, "W" * 4000, "W1sxXSwyXQ"]
)
def test_what_is_no_place_is_none(text: str) -> None:
    assert place(text) is None


def test_a_visit_ends_by_itself() -> None:
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert visit_open(now - timedelta(minutes=59), None, now)
    assert not visit_open(now - timedelta(minutes=61), None, now)
    assert not visit_open(now, now, now)
