"""Gives everybody a name of their people, a clan's name from the father, and names of father and mother."""

import numpy as np

from satuklik.kernel.fictive_names import GROUPS
from satuklik.spine.population.synthesis.dice import Bools, Dice, Ints, Texts

PEOPLES = tuple(GROUPS)
YOUNG = 40  # below this age nobody has a first word of their grandparents
OLD = 60  # from this age on some have but one word as their name
PEOPLES_WITH_ONE_WORD = tuple(PEOPLES.index(name) for name in ("jawa", "melayu"))


def full_names(peoples: Ints, women: Bools, clans: Ints, ages: Ints, dice: Dice) -> Texts:
    """A name for each: `peoples` are places in PEOPLES, `clans` are large numbers that choose a clan's name."""
    size = len(peoples)
    found = np.empty(size, dtype=object)
    first_draw, second_draw = dice.uniform(size), dice.uniform(size)
    shape = dice.uniform(size)
    for place, people in enumerate(PEOPLES):
        naming = GROUPS[people]
        for is_woman in (False, True):
            here = np.flatnonzero((peoples == place) & (women == is_woman))
            if not len(here):
                continue
            words = naming.women if is_woman else naming.men
            modern = tuple(word for word in words if word not in naming.old)
            is_young = ages[here] < YOUNG
            first = np.where(is_young, _pick(modern, first_draw[here]), _pick(words, first_draw[here]))
            second = _pick(naming.women_second if is_woman else naming.men_second, second_draw[here], first)
            name = first + " " + second
            if naming.clans:
                clan = np.array(naming.clans, dtype=object)[clans[here] % len(naming.clans)]
                # The young have longer names.
                short = shape[here] < np.where(ages[here] < 30, 0.4, 0.75)
                name = np.where(short, first, name) + " " + clan
            elif place in PEOPLES_WITH_ONE_WORD:
                name = np.where((ages[here] >= OLD) & (shape[here] < 0.3), first, name)
            found[here] = name
    return found


def _pick(words: tuple[str, ...], draw: "np.ndarray", besides: Texts | None = None) -> Texts:
    """A word for each draw, never the one in `besides`."""
    pool = np.array(words, dtype=object)
    place = (draw * len(words)).astype(np.int64)
    picked: Texts = pool[place]
    if besides is not None:
        same = picked == besides
        picked[same] = pool[(place[same] + 1) % len(words)]
    return picked
