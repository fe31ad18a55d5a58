"""Turns families into rows of the register: numbers, addresses, schooling, work, and the rest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import numpy as np

from satuklik.kernel.nik import WOMAN
from satuklik.spine.population import rules
from satuklik.spine.population.synthesis import families
from satuklik.spine.population.synthesis.columns import HOUSEHOLD_COLUMNS as HOUSEHOLD_COLUMNS
from satuklik.spine.population.synthesis.columns import PERSON_COLUMNS
from satuklik.spine.population.synthesis.dice import Bools, Dice, Ints, Texts, running_number, steps
from satuklik.spine.population.synthesis.families import (
    HEAD,
    MARRIED,
    PARENT_IN_LAW,
    WIFE,
    YEAR,
    People,
    day_number,
)
from satuklik.spine.population.synthesis.naming import PEOPLES, full_names
from satuklik.spine.population.synthesis.structure import Structure
from satuklik.spine.population.synthesis.work import WORKS, education, occupation

RELATIONS = ("kepala_keluarga", "istri", "anak", "cucu", "orang_tua", "mertua", "famili_lain")
MARITALS = ("belum_kawin", "kawin", "cerai_hidup", "cerai_mati")
RELIGIONS = tuple(rules.RELIGION)
CHUNK = 20_000  # lines
EARLIEST_CARD = date(2006, 1, 1)
ELSEWHERE_SHARE = 0.06  # NIKs of another region of first issue
PHONE_SHARE = 0.75
# No operator of Indonesia has numbers that begin with 0840: they reach nobody.
FIRST_PHONE, PHONE_STEP = 84_010_000_000, 7
DTSEN_SHARE = 0.45
DTSEN_WEIGHTS = (14, 14, 13, 12, 11, 10, 8, 7, 6, 5)
STREETS = (
    "Cokroaminoto", "Imam Bonjol", "Diponegoro", "Sisingamangaraja", "Sudirman", "Ahmad Yani", "Wahidin",
    "Kartini", "Teuku Umar", "Panglima Polem", "Sutomo", "Setia Budi", "Budi Utomo", "Mawar", "Melati",
    "Kenanga", "Anggrek", "Cempaka", "Mahoni", "Akasia", "Tusam", "Turi", "Rambutan", "Durian", "Manggis",
    "Pelita", "Pembangunan", "Perjuangan", "Karya", "Bakti", "Wira Karya", "Sei Asahan", "Sei Silau", "Malik Ibrahim",
)  # fmt: skip
HAMLETS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass
class Register:
    """Everybody in the order of village and family, with what rows are made of."""

    people: People
    families: int
    place: Ints
    """Of each family: its place in the structure's villages."""
    structure: Structure
    seed: int

    def households(self) -> Iterator[str]:
        """Lines of COPY for the households, many at a time."""
        lines = _household_lines(self)
        while chunk := "".join(islice(lines, CHUNK)):
            yield chunk

    def persons(self) -> Iterator[str]:
        """Lines of COPY for the persons, many at a time."""
        return _person_lines(self)


def make(total: int, seed: int, structure: Structure) -> Register:
    """The register of `total` made-up residents."""
    people, number = families.make(total, seed, structure)
    family_order = Dice(seed, 10).order(number)
    sizes = np.bincount(people.family, minlength=number)
    # Families are dealt out to the villages one after another, each village until it is full.
    dealt = np.cumsum(sizes[family_order])
    borders = (steps([village.weight for village in structure.villages]) * total).astype(np.int64)
    place = np.searchsorted(borders, dealt - 1, side="right").astype(np.int64)
    rank = np.empty(number, dtype=np.int64)
    rank[family_order] = np.arange(number)
    family = rank[people.family]
    order = np.lexsort((people.born, people.relation, family))
    return Register(_reordered(people, family, order), number, place, structure, seed)


def _reordered(people: People, family: Ints, order: Ints) -> People:
    where = np.empty(len(order), dtype=np.int64)
    where[order] = np.arange(len(order))

    def moved(links: Ints) -> Ints:
        found = links[order]
        return np.where(found >= 0, where[found], -1)

    return People(
        women=people.women[order],
        born=people.born[order],
        marital=people.marital[order],
        family=family[order],
        relation=people.relation[order],
        father=moved(people.father),
        mother=moved(people.mother),
    )


def _household_lines(register: Register) -> Iterator[str]:
    people, structure = register.people, register.structure
    dice = Dice(register.seed, 20)
    size = register.families
    heads = np.flatnonzero(people.relation == HEAD)
    earliest = np.maximum(people.born[heads] + int(19 * YEAR), day_number(EARLIEST_CARD))
    as_of = day_number(rules.AS_OF)
    earliest = np.minimum(earliest, as_of - 1)
    issued = earliest + dice.below(as_of - earliest, size)
    villages = structure.villages
    prefix = np.array([_digits(village.code) for village in villages])[register.place]
    key = prefix * 1_000_000 + _ddmmyy(issued, np.zeros(size, dtype=bool))
    numbers = key * 10_000 + running_number(key)
    is_town = np.array([village.is_town for village in villages])[register.place]
    addresses = _addresses(is_town, dice)
    rt, rw = dice.below(9, size) + 1, dice.below(6, size) + 1
    columns = zip(
        range(1, size + 1),
        numbers.tolist(),
        _texts([village.code for village in villages], register.place),
        addresses.tolist(),
        _texts([f"{number:03}" for number in range(10)], rt),
        _texts([f"{number:03}" for number in range(10)], rw),
        _texts([village.postal_code for village in villages], register.place),
        _dates(issued),
        strict=True,
    )
    return ("\t".join(map(str, row)) + "\n" for row in columns)


def _addresses(is_town: Bools, dice: Dice) -> Texts:
    size = len(is_town)
    street = np.array(STREETS, dtype=object)[dice.below(len(STREETS), size)]
    house = np.array([str(number) for number in range(121)], dtype=object)[1 + dice.below(120, size)]
    hamlet = np.array(HAMLETS, dtype=object)[dice.below(len(HAMLETS), size)]
    in_town = "Jl. " + street + " No. " + house
    in_village = np.where(dice.chance(0.7, size), "Dusun " + hamlet, "Jl. " + street + " Dusun " + hamlet)
    found: Texts = np.where(is_town, in_town, in_village)
    return found


def _person_lines(register: Register) -> Iterator[str]:
    people, structure, seed = register.people, register.structure, register.seed
    size = len(people.born)
    villages = structure.villages
    place = register.place[people.family]
    age = people.age()
    works = np.array([WORKS.index(village.work) for village in villages])[place]
    numbers, birth_places = _niks(register, place, Dice(seed, 30))
    peoples, clans, religions = _origins(register, works, Dice(seed, 31))
    names, father_names, mother_names = _names(people, peoples, clans, age, Dice(seed, 32))
    schooling = education(age, people.born, Dice(seed, 33))
    jobs = occupation(
        age, people.women, schooling, works, people.marital == MARRIED, structure.work, Dice(seed, 34)
    )
    phones = _phones(age, Dice(seed, 35))
    deciles = _deciles(register, Dice(seed, 36))[people.family]
    dice = Dice(seed, 37)
    blood = dice.choice((9, 9, 3, 14, 65), size)
    as_of = day_number(rules.AS_OF)
    updated = as_of - dice.below(np.minimum(as_of - people.born + 1, int(5 * YEAR)), size)
    columns: list[Any] = [
        range(1, size + 1),
        numbers,
        people.family + 1,
        _texts([village.code for village in villages], place),
        names,
        _texts(["L", "P"], people.women.astype(np.int64)),
        birth_places,
        people.born,
        _texts(RELIGIONS, religions),
        _texts(["A", "B", "AB", "O", "-"], blood),
        _texts(MARITALS, people.marital),
        _texts(tuple(rules.EDUCATION), schooling),
        _texts(tuple(rules.OCCUPATION), jobs),
        _texts(RELATIONS, people.relation),
        np.full(size, "WNI", dtype=object),
        father_names,
        mother_names,
        phones,
        _texts(["\\N", *map(str, range(1, 11))], deciles),
        np.full(size, "alive", dtype=object),
        updated,
    ]  # fmt: skip
    dated = {PERSON_COLUMNS.index("birth_date"), PERSON_COLUMNS.index("updated_on")}
    for start in range(0, size, CHUNK):
        part = slice(start, min(start + CHUNK, size))
        cut = [
            _dates(column[part]) if place in dated else _list(column[part])
            for place, column in enumerate(columns)
        ]
        yield "".join(["\t".join(row) + "\n" for row in zip(*cut, strict=True)])


def _niks(register: Register, place: Ints, dice: Dice) -> tuple[Ints, Texts]:
    """Everybody's NIK and birth place. The first six digits are the region of *first issue*: mostly the
    kecamatan itself, sometimes a neighbour, sometimes far away, and then the birth place is there too."""
    people, structure = register.people, register.structure
    size = len(people.born)
    villages = structure.villages
    districts = np.array([_digits(village.code) for village in villages])
    here = districts[place]
    neighbour = districts[dice.below(len(districts), size)]
    prefix = np.where(dice.chance(0.08, size), neighbour, here)
    far = dice.chance(ELSEWHERE_SHARE, size)
    which = dice.below(len(structure.elsewhere), size)
    prefix = np.where(far, np.array([int(code) for code in structure.elsewhere])[which], prefix)
    key = prefix * 1_000_000 + _ddmmyy(people.born, people.women)
    numbers = key * 10_000 + running_number(key)
    draw = dice.uniform(size)
    district_names = np.array([village.district for village in villages], dtype=object)[place]
    birth_places = np.where(draw < 0.45, "Kisaran", np.where(draw < 0.7, "Asahan", district_names))
    far_places = np.array(list(structure.elsewhere.values()), dtype=object)[which]
    return numbers, np.where(far, far_places, birth_places)


def _origins(register: Register, works: Ints, dice: Dice) -> tuple[Ints, Ints, Ints]:
    """Everybody's people, clan (a number that chooses one) and religion. Children have the father's people and
    clan; a wife and her parents may be of another; a family has one religion."""
    people, structure = register.people, register.structure
    size, number = len(people.born), register.families
    heads = np.flatnonzero(people.relation == HEAD)
    of_family = np.zeros(number, dtype=np.int64)
    religion_of = np.zeros(number, dtype=np.int64)
    draw = dice.uniform(number)
    for work, name in enumerate(WORKS):
        chosen = np.flatnonzero(works[heads] == work)
        shares = structure.peoples[name]
        table = np.array([PEOPLES.index(people_name) for people_name in shares])
        of_family[chosen] = table[np.searchsorted(steps(list(shares.values())), draw[chosen], side="right")]
    draw = dice.uniform(number)
    for people_number, name in enumerate(PEOPLES):
        chosen = np.flatnonzero(of_family == people_number)
        shares = structure.religions[name]
        table = np.array([RELIGIONS.index(religion) for religion in shares])
        religion_of[chosen] = table[np.searchsorted(steps(list(shares.values())), draw[chosen], side="right")]
    peoples = of_family[people.family]
    clan_of_family = dice.below(1_000_000, number)
    clans = clan_of_family[people.family]
    # The wife's side: another clan, and one in five of another people that shares the religion.
    wife_clan = dice.below(1_000_000, number)
    is_muslim = religion_of == RELIGIONS.index("islam")
    mixed = dice.chance(0.2, number) & is_muslim & (of_family != PEOPLES.index("toba"))
    muslim_peoples = np.array([PEOPLES.index(name) for name in ("jawa", "mandailing", "melayu")])
    wife_people = np.where(mixed, muslim_peoples[dice.below(3, number)], of_family)
    wife_side = (people.relation == WIFE) | (people.relation == PARENT_IN_LAW)
    # The mother of a head without husband is of her own father's clan; relatives are of any.
    own = (people.relation == PARENT_IN_LAW) & people.women
    own |= people.women & (people.relation == families.PARENT)
    own |= people.relation == families.RELATIVE
    peoples = np.where(wife_side, wife_people[people.family], peoples)
    clans = np.where(wife_side, wife_clan[people.family], clans)
    clans = np.where(own, dice.below(1_000_000, size), clans)
    # Children of a widow who heads the family have their late father's clan.
    fatherless = (people.relation == families.CHILD) & (people.father < 0)
    clans = np.where(fatherless, clan_of_family[people.family] + 7, clans)
    return peoples, clans, religion_of[people.family]


def _names(people: People, peoples: Ints, clans: Ints, age: Ints, dice: Dice) -> tuple[Texts, Texts, Texts]:
    size = len(peoples)
    names = full_names(peoples, people.women, clans, age, dice)
    older = age + 30
    nobody, everybody = np.zeros(size, dtype=bool), np.ones(size, dtype=bool)
    fathers = full_names(peoples, nobody, clans, older, dice)
    mothers = full_names(peoples, everybody, dice.below(1_000_000, size), older, dice)
    known = people.father >= 0
    fathers[known] = names[people.father[known]]
    known = people.mother >= 0
    mothers[known] = names[people.mother[known]]
    # Brothers and sisters of a family without the other parent share that parent's name.
    for links, found, missing in (
        (people.father, mothers, people.mother), (people.mother, fathers, people.father),
    ):  # fmt: skip
        alone = np.flatnonzero((links >= 0) & (missing < 0) & (people.relation == families.CHILD))
        one, first = np.unique(links[alone], return_index=True)
        shared = found[alone[first]]
        found[alone] = shared[np.searchsorted(one, links[alone])]
    return names, fathers, mothers


def _phones(age: Ints, dice: Dice) -> Texts:
    has = np.flatnonzero((age >= rules.ADULT_AGE) & dice.chance(PHONE_SHARE, len(age)))
    numbers = FIRST_PHONE + PHONE_STEP * dice.order(len(has))
    found = np.full(len(age), "\\N", dtype=object)
    found[has] = [f"+62{number}" for number in numbers.tolist()]
    return found


def _deciles(register: Register, dice: Dice) -> Ints:
    """Of each family: its decile in the social register, 0 where it is not in it."""
    size = register.families
    return np.where(dice.chance(DTSEN_SHARE, size), 1 + dice.choice(DTSEN_WEIGHTS, size), 0)


def _ddmmyy(days: Ints, women: Bools) -> Ints:
    moments = days.astype("datetime64[D]")
    months = moments.astype("datetime64[M]")
    day = (moments - months).astype(np.int64) + 1 + WOMAN * women
    month = months.astype(np.int64) % 12 + 1
    year = (moments.astype("datetime64[Y]").astype(np.int64) + 1970) % 100
    return day * 10_000 + month * 100 + year


def _digits(village_code: str) -> int:
    return int(village_code[:8].replace(".", ""))


def _dates(days: Ints) -> list[str]:
    return np.datetime_as_string(days.astype("datetime64[D]")).tolist()


def _texts(words: Sequence[str] | Mapping[str, object], places: Ints) -> Texts:
    found: Texts = np.array(list(words), dtype=object)[places]
    return found


def _list(column: Any) -> list[str]:
    """The column as texts."""
    if isinstance(column, range):
        return list(map(str, column))
    if isinstance(column, np.ndarray) and column.dtype != object:
        return list(map(str, column.tolist()))
    return column.tolist()
