"""Tables: stages, echelons, addresses, passphrases, reminders, expiry, the funnel."""

from datetime import date, timedelta
from itertools import product

import pytest

from satuklik.systems.enrolment import rules
from satuklik.systems.enrolment.rules import ACTIVE, DOCUMENTS, ENDED, ISSUED, REGISTERED, VERIFIED

ALLOWED = {
    (REGISTERED, DOCUMENTS), (DOCUMENTS, REGISTERED), (DOCUMENTS, VERIFIED), (VERIFIED, ISSUED), (VERIFIED, DOCUMENTS),
    (ISSUED, ACTIVE), (ISSUED, DOCUMENTS), (ACTIVE, DOCUMENTS), (ENDED, REGISTERED),
    *((stage, ENDED) for stage in rules.FUNNEL),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), list(product((*rules.FUNNEL, ENDED), repeat=2)))
def test_every_pair_of_stages(before: str, after: str) -> None:
    assert rules.may_move(before, after) is ((before, after) in ALLOWED)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("II.a", "II.a"), ("ii/b", "II.b"), ("IIIa", "III.a"), ("Eselon IV.b", "IV.b"), ("iii - b", "III.b"), ("", ""),
     ("-", ""), ("Non Eselon", "")],
)  # fmt: skip
def test_echelons_are_read_as_they_are_typed(typed: str, read: str) -> None:
    assert rules.read_echelon(typed) == read


@pytest.mark.parametrize("typed", ["V.a", "II", "II.c", "3a", "IIII.a", "=1+1"])
def test_what_is_no_echelon(typed: str) -> None:
    with pytest.raises(ValueError):
        rules.read_echelon(typed)


@pytest.mark.parametrize(
    ("position", "echelon"),
    [("Sekretaris Daerah", "II.a"), ("Kepala Dinas Kesehatan", "II.b"), ("Asisten Administrasi Umum", "II.b"),
     ("Inspektur", "II.b"), ("Inspektur Pembantu I", "III.a"), ("Camat Air Joman", "III.a"),
     ("Sekretaris Dinas Sosial", "III.a"), ("Kepala Bidang Aptika", "III.b"), ("Sekretaris Kecamatan", "III.b"),
     ("Lurah Kisaran Naga", "IV.a"), ("Sekretaris Lurah", "IV.b"), ("Kepala Seksi Trantib Kelurahan Mekar", "IV.b"),
     ("Kepala Seksi Pemerintahan", "IV.a"), ("Pranata Komputer", "")],
)  # fmt: skip
def test_positions_have_their_echelon(position: str, echelon: str) -> None:
    assert rules.echelon_of_position(position, rules.posts()) == echelon


def test_head_first() -> None:
    given = ["", "IV.b", "III.a", "II.b", "IV.a", "II.a", "III.b"]
    assert sorted(given, key=rules.order_of) == ["II.a", "II.b", "III.a", "III.b", "IV.a", "IV.b", ""]


@pytest.mark.parametrize(
    ("address", "fits"),
    [("a@asahan.example", True), ("A.B@Dinkes.Asahan.Example", True), ("a@notasahan.example", False),
     ("a@asahan.example.evil.example", False), ("asahan.example", False), ("@asahan.example", False),
     ("a b@asahan.example", False), ("a@gmail.example", False), ("", False)],
)  # fmt: skip
def test_official_addresses(address: str, fits: bool) -> None:
    assert rules.is_official_email(address, ["asahan.example"]) is fits


ME = [
    "Melati Harahap, S.Kom",
    "198008012005012901",
    "melati@asahan.example",
    "Kepala Bidang Aptika",
    "melati",
]


@pytest.mark.parametrize(
    ("passphrase", "problems"),
    [("kelapa bakau senja rantau", []), ("pendek sekali"[:11], ["short"]), ("aaaaaaaaaaaaaaa", ["repeated"]),
     ("123456789012", ["sequence"]), ("abcdefghijklmn", ["sequence"]), ("melati harahap 1", ["personal"]),
     ("198008012005012901", ["personal"]), ("x" * 10 + "abcdefg" * 40, ["long"]), ("kelapa\tbakau senja", ["controls"]),
     ("melati tumbuh di tepi rawa luas", []), ("", ["short"])],
)  # fmt: skip
def test_passphrases(passphrase: str, problems: list[str]) -> None:
    found = rules.passphrase_problems(passphrase, ME)
    assert set(problems) <= set(found)
    assert bool(found) is bool(problems)


REMINDERS = [
    # stage, working days there, told how many working days ago, who is told today
    (REGISTERED, 2, {}, []),
    (REGISTERED, 3, {}, ["official"]),
    (REGISTERED, 4, {"official": 1}, []),
    (REGISTERED, 6, {"official": 3}, ["official", "verifier"]),
    (REGISTERED, 9, {"official": 3, "verifier": 3}, ["official", "verifier", "head"]),
    (REGISTERED, 10, {"official": 1, "verifier": 1, "head": 1}, []),
    (REGISTERED, 40, {}, ["official", "verifier", "head"]),
    (DOCUMENTS, 3, {}, ["verifier"]),
    (DOCUMENTS, 6, {"verifier": 3}, ["verifier", "head"]),
    (DOCUMENTS, 9, {"verifier": 0, "head": 0}, ["admin"]),
    (VERIFIED, 3, {"official": 2}, []),
    (ISSUED, 3, {}, ["official"]),
    (ACTIVE, 99, {}, []),
    (ENDED, 99, {}, []),
]


@pytest.mark.parametrize(("stage", "days", "ago", "told"), REMINDERS)
def test_who_is_told(stage: str, days: int, ago: dict[rules.Actor, int], told: list[str]) -> None:
    assert rules.to_remind(stage, days, rules.Sent(ago), 3) == told


@pytest.mark.parametrize(
    ("left", "told", "mark"),
    [(91, [], None), (90, [], 90), (89, [90], None), (60, [], 90), (30, [90], 30), (29, [90, 30], None), (7, [90, 30], 7),
     (5, [], 7), (5, [90, 30, 7], None), (0, [90], 7), (-1, [], None)],
)  # fmt: skip
def test_marks_before_the_end(left: int, told: list[int], mark: int | None) -> None:
    today = date(2026, 11, 24)
    assert rules.expiry_mark(today + timedelta(days=left), today, told) == mark


@pytest.mark.parametrize(("left", "may"), [(91, False), (90, True), (0, True)])
def test_renewal_begins_90_days_before(left: int, may: bool) -> None:
    today = date(2026, 11, 24)
    assert rules.may_renew(today + timedelta(days=left), today) is may


@pytest.mark.parametrize(
    ("last", "left"), [(None, False), (date(2026, 11, 24), False), (date(2026, 11, 23), True)]
)
def test_the_last_day_still_counts(last: date | None, left: bool) -> None:
    assert rules.has_left(last, date(2026, 11, 24)) is left


def test_a_funnel_counts_whoever_came_so_far() -> None:
    bars = rules.funnel([(REGISTERED, 9), (REGISTERED, 4), (DOCUMENTS, 1), (ACTIVE, 80), (ENDED, 3)])
    assert [(bar.reached, bar.here, bar.longest) for bar in bars] == [
        (4, 2, 9), (2, 1, 1), (1, 0, 0), (1, 0, 0), (1, 1, 80),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("position", "role"),
    [("Kepala Dinas Kominfo", "head"), ("kepala  dinas kominfo", "head"), ("Sekretaris", "secretary"),
     ("Kepala Bidang Aptika", "staff")],
)  # fmt: skip
def test_roles_come_from_positions(position: str, role: str) -> None:
    assert rules.role_of(position, "Kepala Dinas Kominfo") == role
