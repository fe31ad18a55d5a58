"""Checks the numbers of the population register: NIK of a person, KK of a family card."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WOMAN = 40  # is added to the day of a woman's birth date
LENGTH = 16
CENTURIES = (1900, 2000)

# The 38 provinces by Kemendagri's code.
PROVINCES = frozenset(
    str(code)
    for codes in (range(11, 20), (21,), range(31, 37), range(51, 54), range(61, 66), range(71, 77), (81, 82))
    for code in (*codes, *range(91, 97))
)


class Problem(StrEnum):
    """What makes a number impossible: it is refused."""

    FORMAT = "format"  # not 16 digits
    DATE = "date"  # no such day in either century
    SERIAL = "serial"  # 0000


class Doubt(StrEnum):
    """What is odd but lawful. A NIK is permanent even where it was issued wrongly (PP 40/2019),
    so none of these may ever refuse a person."""

    UNKNOWN_REGION = "unknown_region"
    OTHER_REGION = "other_region"
    OTHER_BIRTH_DATE = "other_birth_date"
    OTHER_SEX = "other_sex"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a number says. `region` has points (12.09.20); `dates` are its possible dates, oldest first;
    `sex` is L or P for a NIK, empty for a KK."""

    region: str
    dates: tuple[date, ...]
    sex: str
    serial: int


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome: `parts` is None where there are problems."""

    problems: tuple[Problem, ...]
    doubts: tuple[Doubt, ...]
    parts: Parts | None

    @property
    def valid(self) -> bool:
        """True when nothing makes the number impossible (doubts do not count)."""
        return not self.problems


def check_nik(
    number: str,
    *,
    birth_date: date | None = None,
    sex: str = "",
    region: str = "",
    provinces: Container[str] = PROVINCES,
) -> Check:
    """Check a NIK: six digits of the region of *first issue*, DDMMYY of birth (a woman's day + 40), a serial.

    Where they are given, `birth_date`, `sex` (L, P) and `region` (12.09.20) are compared: a difference is a
    doubt, never a problem.
    """
    day, is_woman = 0, False
    if _is_number(number):
        day = int(number[6:8])
        is_woman = day > WOMAN
    check = _check(number, day - WOMAN if is_woman else day, "P" if is_woman else "L", provinces)
    if check.parts is None:
        return check
    doubts = list(check.doubts)
    if region and region != check.parts.region:
        doubts.append(Doubt.OTHER_REGION)
    if birth_date is not None and birth_date not in check.parts.dates:
        doubts.append(Doubt.OTHER_BIRTH_DATE)
    if sex and sex != check.parts.sex:
        doubts.append(Doubt.OTHER_SEX)
    return Check((), tuple(doubts), check.parts)


def check_kk(number: str, *, region: str = "", provinces: Container[str] = PROVINCES) -> Check:
    """Check a family card's number: six digits of the region, DDMMYY of its recording, a serial."""
    check = _check(number, int(number[6:8]) if _is_number(number) else 0, "", provinces)
    if check.parts is not None and region and region != check.parts.region:
        return Check((), (*check.doubts, Doubt.OTHER_REGION), check.parts)
    return check


def compose_nik(region: str, birth_date: date, sex: str, serial: int) -> str:
    """The NIK of these parts; `region` with points (12.09.20), `sex` L or P, `serial` 1–9999."""
    day = birth_date.day + (WOMAN if sex == "P" else 0)
    return f"{region.replace('.', '')}{day:02}{birth_date:%m%y}{_serial(serial):04}"


def compose_kk(region: str, recorded_on: date, serial: int) -> str:
    """The family card's number of these parts."""
    return f"{region.replace('.', '')}{recorded_on:%d%m%y}{_serial(serial):04}"


def mask(number: str) -> str:
    """The number as strangers may see it: region and the last two digits stay (`120920********01`)."""
    if len(number) != LENGTH:
        return "*" * len(number)
    return f"{number[:6]}{'*' * 8}{number[-2:]}"


def _is_number(number: str) -> bool:
    return len(number) == LENGTH and number.isascii() and number.isdigit()


def _check(number: str, day: int, sex: str, provinces: Container[str]) -> Check:
    if not _is_number(number):
        return Check((Problem.FORMAT,), (), None)
    dates = _dates(day, int(number[8:10]), int(number[10:12]))
    problems = []
    if not dates:
        problems.append(Problem.DATE)
    if number[12:] == "0000":
        problems.append(Problem.SERIAL)
    if problems:
        return Check(tuple(problems), (), None)
    region = f"{number[:2]}.{number[2:4]}.{number[4:6]}"
    doubts = () if number[:2] in provinces else (Doubt.UNKNOWN_REGION,)
    return Check((), doubts, Parts(region, dates, sex, int(number[12:])))


def _dates(day: int, month: int, year: int) -> tuple[date, ...]:
    found = []
    for century in CENTURIES:
        try:
            found.append(date(century + year, month, day))
        except ValueError:
            continue
    return tuple(found)


def _serial(serial: int) -> int:
    if not 1 <= serial <= 9999:
        raise ValueError(f"A serial lies between 1 and 9999, not {serial}.")
    return serial
