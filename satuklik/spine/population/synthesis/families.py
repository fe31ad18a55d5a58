"""Puts people into families: who is born when, who marries whom, whose children they are, who lives with whom."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from satuklik.spine.population.rules import AS_OF, LEAST_MARRIAGE_AGE
from satuklik.spine.population.synthesis.dice import Bools, Dice, Floats, Ints, by_age, quotas
from satuklik.spine.population.synthesis.structure import Structure

YEAR = 365.25
NEVER, MARRIED, DIVORCED, WIDOWED = range(4)
HEAD, WIFE, CHILD, GRANDCHILD, PARENT, PARENT_IN_LAW, RELATIVE = range(7)
OLDEST_GROUP_YEARS = 20  # 75–94
YOUNGEST_MOTHER, OLDEST_MOTHER, YOUNGEST_FATHER = 18, 46, 19
BETWEEN_BIRTHS = 300  # days
MOST_CHILDREN = 9
TRIES = 8

EVER_MARRIED = {
    "men": by_age(
        [(18, 0), (19, 0.02), (22, 0.16), (27, 0.55), (32, 0.82), (37, 0.91), (45, 0.96), (60, 0.98)]
    ),
    "women": by_age(
        [(18, 0), (19, 0.1), (22, 0.42), (27, 0.78), (32, 0.91), (37, 0.94), (45, 0.97), (60, 0.98)]
    ),
}
WIDOWED_SHARE = {
    "men": by_age([(35, 0), (50, 0.02), (60, 0.06), (70, 0.14), (80, 0.3), (95, 0.55)]),
    "women": by_age([(30, 0), (40, 0.03), (50, 0.1), (60, 0.24), (70, 0.46), (80, 0.68), (95, 0.9)]),
}
DIVORCED_SHARE = by_age([(20, 0), (25, 0.015), (45, 0.03), (70, 0.02), (90, 0.01)])
ALONE_SHARE = {  # who heads a family without being married
    NEVER: by_age([(20, 0), (25, 0.06), (35, 0.25), (50, 0.6), (90, 0.6)]),
    DIVORCED: by_age([(20, 0.45), (40, 0.75), (90, 0.6)]),
    WIDOWED: by_age([(20, 0.6), (60, 0.85), (75, 0.65), (90, 0.4)]),
}


@dataclass
class People:
    """Everybody, one place each: `born` in days since 1970, `father` and `mother` as places (-1: not among us)."""

    women: Bools
    born: Ints
    marital: Ints
    family: Ints
    relation: Ints
    father: Ints
    mother: Ints

    def age(self) -> Ints:
        """Completed years at the register's date, to a day's accuracy."""
        return ((day_number(AS_OF) - self.born) / YEAR).astype(np.int64)


def day_number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def make(total: int, seed: int, structure: Structure) -> tuple[People, int]:
    """`total` people in families numbered from 0, and the number of families."""
    women, born = _births(total, Dice(seed, 1), structure)
    people = People(
        women=women,
        born=born,
        marital=np.zeros(total, dtype=np.int64),
        family=np.full(total, -1, dtype=np.int64),
        relation=np.full(total, RELATIVE, dtype=np.int64),
        father=np.full(total, -1, dtype=np.int64),
        mother=np.full(total, -1, dtype=np.int64),
    )
    _marry_off(people, Dice(seed, 2))
    couples = _couples(people, Dice(seed, 3))
    families = _heads(people, couples, Dice(seed, 4))
    _children(people, couples, Dice(seed, 5))
    _elders(people, couples, Dice(seed, 6))
    _others(people, families, Dice(seed, 7))
    return people, families


def _births(total: int, dice: Dice, structure: Structure) -> tuple[Bools, Ints]:
    """Sex and birth of everybody: exactly the target's numbers of each sex and group of five years."""
    of_sex = quotas([structure.men, structure.women], total)
    women, born = [], []
    for is_woman, number, shares in zip((False, True), of_sex, structure.ages, strict=True):
        groups = quotas(shares, number)
        for group, size in enumerate(groups):
            newest = day_number(AS_OF.replace(year=AS_OF.year - 5 * group))
            spread = dice.uniform(size)
            if group == len(groups) - 1:
                oldest = newest - int(OLDEST_GROUP_YEARS * YEAR)
                spread = spread * spread
            else:
                oldest = day_number(AS_OF.replace(year=AS_OF.year - 5 * (group + 1)))
            born.append(newest - (spread * (newest - oldest)).astype(np.int64))
            women.append(np.full(size, is_woman))
    return np.concatenate(women), np.concatenate(born)


def _marry_off(people: People, dice: Dice) -> None:
    """Give everybody a marital state that fits sex and age; as many husbands as wives."""
    age = people.age()
    size = len(age)
    for is_woman, key in ((False, "men"), (True, "women")):
        here = people.women == is_woman
        ever = dice.chance(EVER_MARRIED[key][age], size) & (age >= LEAST_MARRIAGE_AGE) & here
        draw = dice.uniform(size)
        widowed = ever & (draw < WIDOWED_SHARE[key][age])
        divorced = ever & ~widowed & (draw < WIDOWED_SHARE[key][age] + DIVORCED_SHARE[age])
        people.marital[ever] = MARRIED
        people.marital[widowed] = WIDOWED
        people.marital[divorced] = DIVORCED
    husbands = np.flatnonzero((people.marital == MARRIED) & ~people.women)
    wives = np.flatnonzero((people.marital == MARRIED) & people.women)
    more, less = (husbands, wives) if len(husbands) > len(wives) else (wives, husbands)
    over = more[dice.order(len(more))][: len(more) - len(less)]
    people.marital[over] = np.where(age[over] < 40, NEVER, WIDOWED)


def _couples(people: People, dice: Dice) -> Ints:
    """Rows (husband, wife). Both are lined up by age, with some disorder: husbands are some years older."""
    lines = []
    for is_woman in (False, True):
        line = np.flatnonzero((people.marital == MARRIED) & (people.women == is_woman))
        disorder = (dice.hill(len(line)) - 0.5) * 9.0 * YEAR
        lines.append(line[np.argsort(people.born[line] + disorder, kind="stable")])
    return np.stack(lines, axis=1)


def _heads(people: People, couples: Ints, dice: Dice) -> int:
    """Number the families: one for each couple, one for each single person who heads one."""
    age = people.age()
    number = len(couples)
    people.family[couples[:, 0]] = people.family[couples[:, 1]] = np.arange(number)
    people.relation[couples[:, 0]] = HEAD
    people.relation[couples[:, 1]] = WIFE
    alone = np.zeros(len(age), dtype=bool)
    for state, share in ALONE_SHARE.items():
        alone |= (people.marital == state) & dice.chance(share[age], len(age)) & (age >= LEAST_MARRIAGE_AGE)
    singles = np.flatnonzero(alone)
    if not number and not len(singles):
        singles = np.array([int(np.argmin(people.born))])  # a hamlet of a few people still has a head
    people.family[singles] = number + np.arange(len(singles))
    people.relation[singles] = HEAD
    return number + len(singles)


def _children(people: People, couples: Ints, dice: Dice) -> None:
    """Give those who never married to parents of a fitting age; brothers and sisters are born apart."""
    mothers, fathers = _parents(people, couples, dice)
    if not len(mothers):
        return
    # Where only one parent lives there, the other one's age is unknown: the reference is that one's own.
    reference = np.where(mothers >= 0, people.born[mothers], people.born[fathers] + int(3 * YEAR))
    line = np.argsort(reference, kind="stable")
    mothers, fathers, reference = mothers[line], fathers[line], reference[line]
    children = np.flatnonzero((people.family < 0) & (people.marital == NEVER))
    born = people.born[children]
    parents = np.full(len(children), -1, dtype=np.int64)
    seeking = np.arange(len(children))
    for _ in range(TRIES):
        parents[seeking] = _near(reference, born[seeking] - _mothers_age(dice, len(seeking)), dice)
        seeking = np.flatnonzero(_unfit(people, mothers, fathers, reference, parents, born))
        if not len(seeking):
            break
    parents[seeking] = -1
    found = parents >= 0
    children, parents = children[found], parents[found]
    people.mother[children], people.father[children] = mothers[parents], fathers[parents]
    one = np.where(fathers >= 0, fathers, mothers)
    people.family[children] = people.family[one[parents]]
    people.relation[children] = CHILD


def _parents(people: People, couples: Ints, dice: Dice) -> tuple[Ints, Ints]:
    """Who may have children at home: (mothers, fathers), -1 where one is missing."""
    husbands, wives = couples[:, 0], couples[:, 1]
    fitting = people.born[husbands] - people.born[wives] < int(2 * YEAR)
    once = np.isin(people.marital, (DIVORCED, WIDOWED)) & (people.relation == HEAD)
    singles = np.flatnonzero(once & (dice.chance(0.6, len(once)) | (people.age() < 50)))
    is_woman = people.women[singles]
    mothers = np.concatenate([wives[fitting], np.where(is_woman, singles, -1)])
    fathers = np.concatenate([husbands[fitting], np.where(is_woman, -1, singles)])
    return mothers, fathers


def _mothers_age(dice: Dice, size: int) -> Ints:
    """A mother's age at a birth, in days: most often 23–32."""
    share = 0.6 * dice.hill(size) + 0.4 * dice.uniform(size) * dice.uniform(size)
    return ((YOUNGEST_MOTHER + 26.0 * share) * YEAR).astype(np.int64)


def _near(ordered: Ints, wanted: Ints, dice: Dice) -> Ints:
    """A place in `ordered` where each of `wanted` belongs: one by chance among those of the same day."""
    first = np.searchsorted(ordered, wanted, side="left")
    many = np.searchsorted(ordered, wanted, side="right") - first
    return np.minimum(first + dice.below(np.maximum(many, 1), len(wanted)), len(ordered) - 1)


def _unfit(people: People, mothers: Ints, fathers: Ints, reference: Ints, parents: Ints, born: Ints) -> Bools:
    """Which children need other parents: too young or too old ones, too many siblings, or too near in age."""
    at_birth = (born - reference[parents]) / YEAR
    unfit = (at_birth < YOUNGEST_MOTHER) | (at_birth > OLDEST_MOTHER)
    father = fathers[parents]
    unfit |= (father >= 0) & ((born - people.born[father]) / YEAR < YOUNGEST_FATHER)
    order = np.lexsort((born, parents))
    same = parents[order][1:] == parents[order][:-1]
    gap = born[order][1:] - born[order][:-1]
    unfit[order[1:][same & (gap < BETWEEN_BIRTHS)]] = True
    # Counting in the order of birth, the youngest of a very large family look for others.
    first = np.maximum.accumulate(np.where(np.concatenate([[True], ~same]), np.arange(len(order)), 0))
    unfit[order[np.arange(len(order)) - first >= MOST_CHILDREN]] = True
    return unfit


def _elders(people: People, couples: Ints, dice: Dice) -> None:
    """Give the widowed and divorced who head no family a home with a married child."""
    elders = np.flatnonzero((people.family < 0) & np.isin(people.marital, (DIVORCED, WIDOWED)))
    if not len(elders) or not len(couples):
        return
    years = (20.0 + 20.0 * dice.hill(len(elders))) * YEAR
    wanted = people.born[elders] + years.astype(np.int64)
    of_wife = dice.chance(0.4, len(elders))
    for is_wife, relation in ((False, PARENT), (True, PARENT_IN_LAW)):
        one = couples[:, int(is_wife)]
        line = one[np.argsort(people.born[one], kind="stable")]
        here = of_wife == is_wife
        child = line[_near(people.born[line], wanted[here], dice)]
        elder = elders[here]
        fits = people.born[child] - people.born[elder] >= int(YOUNGEST_FATHER * YEAR)
        # A child has one father and one mother: the second who asks goes elsewhere.
        known = np.where(people.women[elder], people.mother[child], people.father[child])
        key = child * 2 + people.women[elder]
        _, first = np.unique(key, return_index=True)
        only = np.zeros(len(elder), dtype=bool)
        only[first] = True
        fits &= (known < 0) & only
        elder, child = elder[fits], child[fits]
        people.family[elder] = people.family[child]
        people.relation[elder] = relation
        is_woman = people.women[elder]
        people.mother[child[is_woman]] = elder[is_woman]
        people.father[child[~is_woman]] = elder[~is_woman]


def _others(people: People, families: int, dice: Dice) -> None:
    """Who is left lives with some family as a relative."""
    left = np.flatnonzero(people.family < 0)
    people.family[left] = dice.below(families, len(left))
    people.relation[left] = RELATIVE
    heads = np.flatnonzero(people.relation == HEAD)
    head_born = np.zeros(families, dtype=np.int64)
    head_born[people.family[heads]] = people.born[heads]
    much_younger: Floats = (people.born[left] - head_born[people.family[left]]) / YEAR
    people.relation[left[(much_younger > 40) & (people.marital[left] == NEVER)]] = GRANDCHILD
