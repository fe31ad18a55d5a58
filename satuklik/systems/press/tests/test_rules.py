"""The clock as a table, typed deadlines, states, slugs, links."""

from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from satuklik.systems.press import policies, rules

WIB = ZoneInfo("Asia/Jakarta")
POLICY = policies._of_file()[0]
DAYS_OFF = {date(2026, 3, day) for day in (18, 19, 20, 23, 24)} | {date(2026, 12, 25), date(2027, 1, 1)}


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in DAYS_OFF


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


URGENT = [
    ("2026-11-24 10:00", "2026-11-24 12:00"),
    ("2026-11-28 15:00", "2026-11-28 17:00"),  # a Saturday: newsrooms work
    ("2026-03-20 09:00", "2026-03-20 11:00"),  # Lebaran too
    ("2026-11-24 20:00", "2026-11-25 08:00"),  # one hour in the evening, one in the morning
    ("2026-11-24 22:30", "2026-11-25 09:00"),
    ("2026-11-24 05:00", "2026-11-24 09:00"),
    ("2026-11-24 19:00", "2026-11-24 21:00"),
]
NORMAL = [
    ("2026-11-24 10:00", "2026-11-24 16:00"),
    ("2026-11-24 14:00", "2026-11-24 16:00"),
    ("2026-11-24 14:01", "2026-11-25 12:00"),
    ("2026-11-27 15:00", "2026-11-30 12:00"),  # Friday afternoon → Monday noon
    ("2026-11-28 09:00", "2026-11-30 12:00"),
    ("2026-03-17 15:00", "2026-03-25 12:00"),  # over Lebaran
    ("2026-12-31 15:00", "2027-01-04 12:00"),  # over New Year and the weekend
]


@pytest.mark.parametrize(("received", "due"), URGENT)
def test_two_hours_of_the_press_day(received: str, due: str) -> None:
    assert rules.due_at(POLICY, at(received), urgent=True, deadline=None, is_workday=works) == at(due)


@pytest.mark.parametrize(("received", "due"), NORMAL)
def test_the_same_day(received: str, due: str) -> None:
    assert rules.due_at(POLICY, at(received), urgent=False, deadline=None, is_workday=works) == at(due)


def test_an_earlier_deadline_counts_a_later_one_gives_no_time() -> None:
    asked = at("2026-11-24 10:00")
    early, later, past = at("2026-11-24 11:15"), at("2026-11-25 10:00"), at("2026-11-24 09:00")
    assert rules.due_at(POLICY, asked, urgent=True, deadline=early, is_workday=works) == early
    assert rules.due_at(POLICY, asked, urgent=True, deadline=later, is_workday=works) == at(
        "2026-11-24 12:00"
    )
    assert rules.due_at(POLICY, asked, urgent=True, deadline=past, is_workday=works) == at("2026-11-24 12:00")


@pytest.mark.parametrize(
    ("deadline", "urgent"), [("2026-11-24 13:59", True), ("2026-11-24 14:01", False), ("", False)]
)
def test_a_near_deadline_makes_it_urgent(deadline: str, urgent: bool) -> None:
    ends = at(deadline) if deadline else None
    assert rules.is_urgent(POLICY, at("2026-11-24 10:00"), ends, marked=False) is urgent


def test_agencies_get_their_share_of_what_is_left() -> None:
    assert rules.facts_until(POLICY, at("2026-11-24 10:20"), at("2026-11-24 12:00")) == at("2026-11-24 11:20")
    assert rules.facts_until(POLICY, at("2026-11-24 13:00"), at("2026-11-24 12:00")) == at("2026-11-24 13:15")


TYPED = [
    ("15.00", "2026-11-24 15:00"),
    ("jam 3 sore ya pak", "2026-11-24 15:00"),
    ("pukul 20", "2026-11-24 20:00"),
    ("08.30", "2026-11-25 08:30"),  # has passed today
    ("besok 09:00", "2026-11-25 09:00"),
    ("lusa jam 7 malam", "2026-11-26 19:00"),
    ("25/11 09.00", "2026-11-25 09:00"),
    ("3-12-2026 pukul 10", "2026-12-03 10:00"),
    ("2026-11-25T09:00", "2026-11-25 09:00"),
    ("secepatnya", None),
    ("31/02 09.00", None),
    ("25:99", None),
    ("", None),
    ("\u202e" * 1000, None),
]


@pytest.mark.parametrize(("typed", "means"), TYPED)
def test_what_a_typed_deadline_means(typed: str, means: str | None) -> None:
    assert rules.deadline_of(typed, at("2026-11-24 10:00")) == (at(means) if means else None)


@pytest.mark.parametrize(
    ("typed", "means"),
    [("2/1 09.00", "2027-01-02 09:00"), ("31/12 20.00", "2026-12-31 20:00"), ("besok 08.00", "2027-01-01 08:00"),
     ("jam 12 malam", "2026-12-31 23:59"), ("lusa jam 9", "2027-01-02 09:00")],
)  # fmt: skip
def test_a_deadline_typed_on_the_last_day_of_the_year(typed: str, means: str) -> None:
    assert rules.deadline_of(typed, at("2026-12-31 18:00")) == at(means)


PATH = ["asked", "assigned", "facts_requested", "draft", "approved", "sent", "published"]


def test_the_states_of_the_issue() -> None:
    for here, there in pairwise(PATH):
        assert there in rules.NEXT[here]
    assert rules.NEXT["published"] == {"balanced", "hak_jawab"}
    assert rules.NEXT["hak_jawab"] == {"sent_to_outlet"}
    assert rules.NEXT["sent_to_outlet"] == {"run", "refused"}
    assert "dewan_pers" in rules.NEXT["refused"]
    assert "sent" not in rules.NEXT["draft"]  # nothing leaves without approval
    assert set().union(*rules.NEXT.values()) <= set(rules.NEXT)


LINKS = [
    ("https://harian.example/banjir?id=1", True),
    ("http://harian.example", True),
    ("javascript:alert(1)", False),
    ("https://a b.example/", False),
    ("https://user@evil.example/x", False),
    ("ftp://harian.example", False),
    ("https://harian.example/" + "x" * 600, False),
    ("//harian.example", False),
]


@pytest.mark.parametrize(("text", "good"), LINKS)
def test_links(text: str, good: bool) -> None:
    assert rules.is_link(text) is good


def test_slugs() -> None:
    assert (
        rules.slug_of("Jembatan Baru, Sungai Lama!", date(2026, 11, 24))
        == "2026-11-24-jembatan-baru-sungai-lama"
    )
    assert rules.slug_of("😀 ‮", date(2026, 11, 24)) == "2026-11-24-siaran"
    assert len(rules.slug_of("x" * 300, date(2026, 11, 24))) <= 80


def test_a_clock_that_cannot_be_kept_is_refused() -> None:
    from dataclasses import replace
    from datetime import time

    assert rules.faults_of(POLICY) == []
    assert rules.faults_of(replace(POLICY, urgent_minutes=0)) == ["urgent"]
    assert rules.faults_of(replace(POLICY, press_closes=time(6))) == ["press_day"]
    assert rules.faults_of(replace(POLICY, normal_cutoff=time(18))) == ["normal_day"]
    assert rules.faults_of(replace(POLICY, facts_percent=99)) == ["percent"]
