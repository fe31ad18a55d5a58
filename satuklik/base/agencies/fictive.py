"""Makes the officials of every office up: always the same ones, nobody real."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from satuklik.base.agencies.rules import RANKS, compose_nip
from satuklik.kernel.fictive_names import GROUPS

T = TypeVar("T")
SEED = "asahan-1"
IN_OFFICE_SINCE = date(2025, 1, 2)
# The groups' shares among officials, roughly those of the regency.
SHARES = ("jawa",) * 10 + ("mandailing",) * 5 + ("toba",) * 3 + ("melayu",) * 3 + ("minang",)
DEGREES = {
    "head": ("S.Sos", "S.STP, M.AP", "S.E, M.M", "S.H, M.Si", "S.IP", "S.Pd, M.Pd"),
    "secretary": ("S.Sos", "S.E", "S.AP", "S.IP, M.Si"),
    "staff": ("S.AP", "S.Kom", "A.Md", "S.E", "S.Sos"),
    "counter": ("A.Md", "S.Kom", ""),
}
GRADES: dict[str, dict[str, tuple[str, ...]]] = {
    "opd": {"head": ("IV/b", "IV/c"), "secretary": ("IV/a", "IV/b"), "staff": ("III/b", "III/c", "III/d")},
    "kecamatan": {"head": ("IV/a", "IV/b"), "secretary": ("III/d", "IV/a"), "staff": ("III/a", "III/b")},
    "kelurahan": {"head": ("III/c", "III/d"), "secretary": ("III/b", "III/c"), "staff": ("II/d", "III/a")},
}


@dataclass(frozen=True, slots=True)
class Made:
    """An official who does not exist."""

    name: str  # as printed, with titles
    nip: str
    rank: str


class Dice:
    """Draws that depend on nothing but a word: the same everywhere, for ever."""

    def __init__(self, word: str) -> None:
        self._word = word
        self._count = 0

    def below(self, end: int) -> int:
        """A number from 0 to `end` - 1."""
        self._count += 1
        digest = hashlib.sha256(f"{SEED}/{self._word}/{self._count}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % end

    def pick(self, among: Sequence[T]) -> T:
        """One of `among`."""
        return among[self.below(len(among))]


def official(
    kind: str,
    role: str,
    word: str,
    serial: int,
    *,
    name: str = "",
    sex: str = "",
    titles: Sequence[str] | None = None,
) -> Made:
    """An official of an agency of this `kind` in this `role`. `word` decides everything that is not given;
    `serial` keeps NIPs apart. Villages' officials are no civil servants: no NIP, no rank (UU 6/2014)."""
    dice = Dice(word)
    sex = sex or dice.pick(("L", "L", "P"))
    name = name or _name(dice, sex)
    grades = GRADES.get(kind, {})
    civil_servant = role in grades or (kind in GRADES and role in ("ppid", "admin"))
    if titles is None:
        degree = dice.pick(DEGREES.get(role, ("",))) if civil_servant or role == "counter" else ""
        titles = ("", degree)
    printed = f"{titles[0]} {name}".strip() + (f", {titles[1]}" if titles[1] else "")
    if not civil_servant:
        return Made(printed, "", "")
    age = 28 + dice.below(12) + (12 if role in ("head", "secretary") else 0)
    birth_date = date(2025 - age, 1, 1) + timedelta(days=dice.below(365))
    in_service = date(birth_date.year + 22 + dice.below(5), 1 + 2 * dice.below(6), 1)
    grade = dice.pick(grades.get(role, grades["staff"]))
    return Made(printed, compose_nip(birth_date, in_service, sex, 1 + serial % 999), RANKS[grade])


def _name(dice: Dice, sex: str) -> str:
    naming = GROUPS[dice.pick(SHARES)]
    first = dice.pick(naming.men if sex == "L" else naming.women)
    second = dice.pick(naming.men_second if sex == "L" else naming.women_second)
    if naming.clans:
        return f"{first} {dice.pick(naming.clans)}"
    return f"{first} {second if second != first else naming.men_second[0]}"
