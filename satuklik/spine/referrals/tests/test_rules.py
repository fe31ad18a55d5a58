"""The silence rule as a table of days: ordinary weeks, weekends, Lebaran, the year's end, urgent questions."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from satuklik.spine.referrals import policies, rules

WIB = ZoneInfo("Asia/Jakarta")
POLICY = policies._of_file()[0]
# Idul Fitri 1447 H with its joint leave, as the decree of 2026 has it; and Christmas with New Year.
DAYS_OFF = {
    *(date(2026, 3, day) for day in (18, 19, 20, 23, 24)),
    date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1),
}  # fmt: skip


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in DAYS_OFF


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def chain(
    asked: str, *, lag: timedelta = timedelta(), urgent: str = "", skipped: set[int] = frozenset()
) -> list[str]:
    """When each hop is made if nobody ever answers and each is made `lag` after it is due."""
    made: list[rules.Made] = []
    found = []
    while True:
        due = rules.next_hop_at(
            POLICY, made, asked_at=at(asked), urgent_until=at(urgent) if urgent else None, resume_at=None,
            is_workday=works,
        )  # fmt: skip
        if due is None:
            return found
        moment = due + (lag if made else timedelta())
        made.append(rules.Made(moment, len(made) in skipped))
        found.append(f"{moment:%Y-%m-%d %H:%M}")


SILENCE = [
    # asked, contact, deputy, head, board
    ("2026-11-24 10:00", ["2026-11-24 10:00", "2026-11-25 10:00", "2026-11-26 10:00", "2026-11-27 10:00"]),
    # over a weekend: Friday afternoon → Monday, Tuesday, Wednesday
    ("2026-11-27 15:30", ["2026-11-27 15:30", "2026-11-30 15:30", "2026-12-01 15:30", "2026-12-02 15:30"]),
    # asked at night: the contact's message waits for him, the clock begins when the office opens
    ("2026-11-24 21:00", ["2026-11-24 21:00", "2026-11-26 08:00", "2026-11-27 08:00", "2026-11-30 08:00"]),
    # before the office opens
    ("2026-11-24 05:00", ["2026-11-24 05:00", "2026-11-25 08:00", "2026-11-26 08:00", "2026-11-27 08:00"]),
    # on a Saturday: day 0 is Monday
    ("2026-11-28 09:00", ["2026-11-28 09:00", "2026-12-01 08:00", "2026-12-02 08:00", "2026-12-03 08:00"]),
    # the day before Lebaran: the deputy is asked when offices work again
    ("2026-03-17 14:00", ["2026-03-17 14:00", "2026-03-25 14:00", "2026-03-26 14:00", "2026-03-27 14:00"]),
    # Christmas and New Year
    ("2026-12-23 09:00", ["2026-12-23 09:00", "2026-12-28 09:00", "2026-12-29 09:00", "2026-12-30 09:00"]),
]


@pytest.mark.parametrize(("asked", "hops"), SILENCE)
def test_the_silence_rule_day_by_day(asked: str, hops: list[str]) -> None:
    assert chain(asked) == hops


def test_a_worker_that_stood_still_gives_everybody_the_whole_day() -> None:
    made = [
        rules.Made(at("2026-11-24 10:00")),
        rules.Made(at("2026-11-27 11:00")),
    ]  # the deputy two days late
    due = rules.next_hop_at(
        POLICY, made, asked_at=at("2026-11-24 10:00"), urgent_until=None, resume_at=None, is_workday=works
    )
    assert due == at("2026-11-30 10:30")


def test_the_workers_quarters_of_an_hour_add_up_to_nothing() -> None:
    assert chain("2026-11-24 15:50", lag=timedelta(minutes=14))[1:] == [
        "2026-11-25 16:04", "2026-11-26 16:04", "2026-11-27 16:04",
    ]  # fmt: skip


EMPTY_POSTS = [
    ({0}, ["2026-11-24 10:00", "2026-11-24 10:00", "2026-11-26 10:00", "2026-11-27 10:00"]),  # no contact
    ({1}, ["2026-11-24 10:00", "2026-11-25 10:00", "2026-11-25 10:00", "2026-11-27 10:00"]),  # no deputy
    ({2}, ["2026-11-24 10:00", "2026-11-25 10:00", "2026-11-26 10:00", "2026-11-26 10:00"]),  # no head
    ({0, 1, 2}, ["2026-11-24 10:00"] * 4),
]


@pytest.mark.parametrize(("skipped", "hops"), EMPTY_POSTS)
def test_an_empty_post_passes_the_turn_on_at_once(skipped: set[int], hops: list[str]) -> None:
    found = chain("2026-11-24 10:00", skipped=skipped)
    # Whoever follows a post that was passed over is asked at that very moment; the others on their day.
    assert found[: len(hops)][0] == hops[0]
    assert [found[n + 1] for n in skipped if n + 1 < 4] == [found[n] for n in skipped if n + 1 < 4]


def test_an_urgent_question_takes_quarters_of_its_time_at_any_hour() -> None:
    assert chain("2026-11-28 19:00", urgent="2026-11-28 21:00") == [
        "2026-11-28 19:00", "2026-11-28 19:30", "2026-11-28 20:00", "2026-11-28 20:30",
    ]  # fmt: skip


def test_whoever_acknowledged_is_left_in_peace_until_the_date() -> None:
    made = [rules.Made(at("2026-11-24 10:00"))]
    due = rules.next_hop_at(
        POLICY, made, asked_at=at("2026-11-24 10:00"), urgent_until=None,
        resume_at=at("2026-12-02 08:00"), is_workday=works,
    )  # fmt: skip
    assert due == at("2026-12-02 08:00")


HOURS = [
    ("2026-11-24 10:00", "2026-11-24 12:30", 2.5),
    ("2026-11-24 15:00", "2026-11-25 09:00", 2.0),
    ("2026-11-27 15:00", "2026-11-30 09:00", 2.0),  # the weekend counts nothing
    ("2026-11-28 09:00", "2026-11-29 09:00", 0.0),
    ("2026-11-25 09:00", "2026-11-24 09:00", 0.0),
    ("2026-03-17 15:00", "2026-03-25 09:00", 2.0),  # Lebaran counts nothing
]


@pytest.mark.parametrize(("first", "last", "hours"), HOURS)
def test_office_hours(first: str, last: str, hours: float) -> None:
    assert rules.working_hours(at(first), at(last), POLICY, works) == hours


COVERED = [
    ("NIK 1209200101900001 milik warga", "NIK ••• milik warga"),
    ("telepon 0812-0000-0001 ya", "telepon ••• ya"),
    ("telepon +62 812 0000 0001.", "telepon •••."),
    ("surel sari@contoh.example saja", "surel ••• saja"),
    ("anggaran 2026 untuk 24 puskesmas", "anggaran 2026 untuk 24 puskesmas"),
    ("Rp1.500.000 per bulan", "Rp1.500.000 per bulan"),
]


@pytest.mark.parametrize(("text", "shown"), COVERED)
def test_numbers_and_addresses_are_covered(text: str, shown: str) -> None:
    assert rules.without_personal_data(text) == shown


PREVIEWS = [
    ("WhatsApp/2.24.1 A", True),
    ("TelegramBot (like TwitterBot)", True),
    ("facebookexternalhit/1.1", True),
    ("", True),
    ("Mozilla/5.0 (Linux; Android 10; SM-A107F) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36", False),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1", False),
]


@pytest.mark.parametrize(("agent", "preview"), PREVIEWS)
def test_previews_are_no_persons(agent: str, preview: bool) -> None:
    assert rules.is_preview(agent) is preview


def test_states_are_a_table() -> None:
    assert rules.NEXT[rules.OPEN] == {"acknowledged", "answered", "given_back", "recalled"}
    assert all(not rules.NEXT[state] for state in rules.NEXT if state not in rules.WAITING)


BAD = [
    ({"answer_days": 0}, "days"),
    ({"shortest_days": 9}, "shortest"),
    ({"closes": time(7)}, "hours"),
    ({"hops": ()}, "hops"),
    ({"hops": (POLICY.hops[0], POLICY.hops[2], POLICY.hops[1])}, "order"),
]


@pytest.mark.parametrize(("change", "fault"), BAD)
def test_a_rule_that_cannot_be_kept_is_refused(change: dict[str, object], fault: str) -> None:
    from dataclasses import replace

    assert rules.faults_of(POLICY) == []
    assert fault in rules.faults_of(replace(POLICY, **change))


def test_the_middle() -> None:
    assert rules.median([]) is None
    assert rules.median([3, 1, 2]) == 2
    assert rules.median([4, 1, 2, 3]) == 2.5
