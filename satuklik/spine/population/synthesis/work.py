"""What people have learnt and what they do, by age, sex, birth year and place."""

from collections.abc import Mapping

import numpy as np

from satuklik.spine.population.rules import EDUCATION, OCCUPATION
from satuklik.spine.population.synthesis.dice import Bools, Dice, Floats, Ints, steps

LEVELS, JOBS = tuple(EDUCATION), tuple(OCCUPATION)
WORKS = ("town", "coast", "plantation", "farm")
# Highest schooling of grown people, in parts of a hundred, by year of birth: from this year on.
COHORTS: tuple[tuple[int, Mapping[str, int]], ...] = (
    (1900, {"tidak_sekolah": 16, "belum_tamat_sd": 30, "sd": 34, "smp": 10, "sma": 8, "s1": 2}),
    (1955, {"tidak_sekolah": 6, "belum_tamat_sd": 18, "sd": 34, "smp": 18, "sma": 18, "d2": 1, "d3": 1, "s1": 4}),
    (1970, {"tidak_sekolah": 2, "belum_tamat_sd": 8, "sd": 26, "smp": 24, "sma": 30, "d2": 1, "d3": 2, "s1": 6, "s2": 1}),
    (1985, {"tidak_sekolah": 1, "belum_tamat_sd": 3, "sd": 14, "smp": 24, "sma": 44, "d2": 1, "d3": 3, "s1": 9, "s2": 1}),
    (1995, {"tidak_sekolah": 1, "belum_tamat_sd": 1, "sd": 7, "smp": 18, "sma": 56, "d3": 3, "s1": 14}),
)  # fmt: skip
GROWN = 23  # from this age on schooling is finished
# The least schooling that a profession asks for.
ASKS_FOR = {"guru": "s1", "dokter": "s1", "perawat": "d3", "bidan": "d3", "pns": "sma", "tni": "sma", "polri": "sma",
            "honorer": "sma", "karyawan_bumn": "smp", "perangkat_desa": "sma"}  # fmt: skip
OLDEST_AT = {"pns": 58, "tni": 53, "polri": 58, "karyawan_bumn": 56, "honorer": 57, "guru": 60}
GRADUATES_SHARE = 0.65
OLD = 65
TRIES = 6


def education(age: Ints, born: Ints, dice: Dice) -> Ints:
    """The highest schooling of each, as a place in EDUCATION; pupils have the school before."""
    size = len(age)
    draw = dice.uniform(size)
    birth_year = born // 365 + 1970
    found: Ints = np.zeros(size, dtype=np.int64)
    for first, shares in COHORTS:
        here = np.flatnonzero(birth_year >= first)
        table = np.array([LEVELS.index(level) for level in shares])
        found[here] = table[np.searchsorted(steps(list(shares.values())), draw[here], side="right")]
    for youngest, level in (
        (0, "tidak_sekolah"),
        (7, "belum_tamat_sd"),
        (13, "sd"),
        (16, "smp"),
        (19, "sma"),
    ):
        most = LEVELS.index(level)
        pupils = (age >= youngest) & (age < GROWN)
        found[pupils] = np.minimum(found[pupils], most) if youngest >= 16 else most
    return found


def pupils_of(age: Ints, draw: Floats) -> Bools:
    """Who still goes to school or university; `draw` (0 to 1) decides for those above 15."""
    found: Bools = (age >= 6) & ((age < 16) | ((age < 19) & (draw < 0.85)) | ((age < GROWN) & (draw < 0.25)))
    return found


def occupation(
    age: Ints,
    women: Bools,
    schooling: Ints,
    works: Ints,
    married: Bools,
    tables: Mapping[str, Mapping[str, Mapping[str, float]]],
    dice: Dice,
) -> Ints:
    """What each does, as a place in OCCUPATION; `works` are places in WORKS, `tables` is the structure's.
    `schooling` is raised where somebody goes to a school that asks for more."""
    size = len(age)
    found = np.full(size, JOBS.index("belum_bekerja"))
    draw = dice.uniform(size)
    at_school = pupils_of(age, draw)
    found[at_school] = JOBS.index("pelajar")
    # Whoever goes to the next school has finished the one before.
    for youngest, level in ((16, "smp"), (19, "sma")):
        here = at_school & (age >= youngest)
        schooling[here] = np.maximum(schooling[here], LEVELS.index(level))
    rest = ~at_school & (age >= 16)
    share: Floats = np.where(women, np.where(married, 0.4, 0.6), np.where(age < 22, 0.7, 0.95))
    share = np.where(age >= OLD, share * np.where(age >= 75, 0.2, 0.55), share)
    busy = rest & dice.chance(share, size)
    idle = rest & ~busy
    found[idle & women & (married | (age >= 30)) & (age < 75)] = JOBS.index("rumah_tangga")
    found[idle & (age >= 58) & (schooling >= LEVELS.index("sma"))] = JOBS.index("pensiunan")
    seeking = np.flatnonzero(busy)
    for _ in range(TRIES):
        _draw_jobs(found, seeking, women, works, schooling, tables, dice)
        seeking = seeking[_unfit(found[seeking], age[seeking], schooling[seeking])]
        if not len(seeking):
            break
    found[seeking] = JOBS.index("wiraswasta")
    return found


def _draw_jobs(
    found: Ints,
    seeking: Ints,
    women: Bools,
    works: Ints,
    schooling: Ints,
    tables: Mapping[str, Mapping[str, Mapping[str, float]]],
    dice: Dice,
) -> None:
    draw = dice.uniform(len(seeking))
    graduate = (schooling[seeking] >= LEVELS.index("d3")) & dice.chance(GRADUATES_SHARE, len(seeking))
    table_of = np.where(graduate, len(WORKS), works[seeking])
    for work, name in enumerate((*WORKS, "graduates")):
        for is_woman, sex in ((False, "men"), (True, "women")):
            shares = tables[name][sex]
            here = (table_of == work) & (women[seeking] == is_woman)
            table = np.array([JOBS.index(job) for job in shares])
            places = np.searchsorted(steps(list(shares.values())), draw[here], side="right")
            found[seeking[here]] = table[places]


def _unfit(jobs: Ints, age: Ints, schooling: Ints) -> Bools:
    """Which of these jobs ask for more schooling, or end at an earlier age."""
    least = np.zeros(len(JOBS), dtype=np.int64)
    oldest = np.full(len(JOBS), 200, dtype=np.int64)
    for job, level in ASKS_FOR.items():
        least[JOBS.index(job)] = LEVELS.index(level)
    for job, years in OLDEST_AT.items():
        oldest[JOBS.index(job)] = years
    unfit: Bools = (schooling < least[jobs]) | (age > oldest[jobs])
    return unfit
