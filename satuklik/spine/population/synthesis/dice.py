"""Chance from a seed. Only raw bits and plain arithmetic, so that every machine and version draws the same."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Texts = NDArray[Any]  # of str objects


class Dice:
    """Draws of one purpose; another purpose takes another `stream`, so that one can change without the other."""

    def __init__(self, seed: int, stream: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, stream]))

    def uniform(self, size: int) -> Floats:
        """`size` numbers from 0 to below 1, by the 53 upper bits of each word."""
        raw: NDArray[np.uint64] = self._bits.random_raw(size)
        return (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def below(self, end: Ints | int, size: int) -> Ints:
        """`size` whole numbers from 0 to below `end` (one bound, or one for each)."""
        return (self.uniform(size) * end).astype(np.int64)

    def chance(self, share: Floats | float, size: int) -> Bools:
        """True with the probability `share` (one, or one for each)."""
        return self.uniform(size) < share

    def hill(self, size: int) -> Floats:
        """`size` numbers from 0 to below 1, most of them near the middle."""
        return (self.uniform(size) + self.uniform(size) + self.uniform(size)) / 3.0

    def order(self, size: int) -> Ints:
        """A permutation of 0 … `size` - 1."""
        return np.argsort(self.uniform(size), kind="stable").astype(np.int64)

    def choice(self, weights: Sequence[float], size: int) -> Ints:
        """`size` places in `weights`, each as often as its weight says."""
        return np.searchsorted(steps(weights), self.uniform(size), side="right").astype(np.int64)


def steps(weights: Sequence[float]) -> Floats:
    """The running shares of `weights`; the last one is left out, so that no draw can pass it."""
    total = float(sum(weights))
    running, found = 0.0, []
    for weight in weights[:-1]:
        running += weight
        found.append(running / total)
    return np.array(found)


def quotas(weights: Sequence[float], total: int) -> list[int]:
    """`total` split as the weights say, to the unit (largest remainders)."""
    whole = float(sum(weights))
    exact = [weight / whole * total for weight in weights]
    floors = [int(share) for share in exact]
    rest = sorted(range(len(weights)), key=lambda place: (floors[place] - exact[place], place))
    for place in rest[: total - sum(floors)]:
        floors[place] += 1
    return floors


def by_age(anchors: Sequence[tuple[int, float]], last: int = 130) -> Floats:
    """A value for every age from 0 to `last`: straight lines between the anchors (age, value)."""
    found = []
    for age in range(last + 1):
        before = max((anchor for anchor in anchors if anchor[0] <= age), default=anchors[0])
        after = min((anchor for anchor in anchors if anchor[0] >= age), default=anchors[-1])
        width = after[0] - before[0]
        found.append(
            before[1] if width <= 0 else before[1] + (after[1] - before[1]) * (age - before[0]) / width
        )
    return np.array(found)


def running_number(keys: Ints) -> Ints:
    """1, 2, 3 … for each among those with the same key, in the order given."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.ones(len(keys), dtype=bool)
    starts[1:] = ordered[1:] != ordered[:-1]
    first = np.maximum.accumulate(np.where(starts, np.arange(len(keys)), 0))
    found = np.empty(len(keys), dtype=np.int64)
    found[order] = np.arange(len(keys)) - first + 1
    return found
