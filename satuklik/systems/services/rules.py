"""The satisfaction index (SKM): nine elements, scores 1 to 4. PermenPANRB 14/2017."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ELEMENTS = ("U1", "U2", "U3", "U4", "U5", "U6", "U7", "U8", "U9")
SCORES = (1, 2, 3, 4)
_SCORES = {str(score): score for score in SCORES}
# The regulation rounds the weight to 0.111, which makes nine of them 0.999: four stars everywhere would give
# 99.9. We take 1/9 (PermenPANRB 14/2017, Lampiran, says "bobot nilai rata-rata tertimbang = 1/x").
WEIGHT = Decimal(1) / len(ELEMENTS)
# PermenPANRB 14/2017, Lampiran, table of the values of performance.
GRADES = ((Decimal("88.31"), "A"), (Decimal("76.61"), "B"), (Decimal("65.00"), "C"), (Decimal("25.00"), "D"))


class ScoreInvalid(ValueError):
    """An element or a score that does not exist."""


@dataclass(frozen=True)
class Skm:
    """The figures of a service or an office."""

    respondents: int
    means: Mapping[str, Decimal]
    """Mean score of each element that somebody answered, two decimals."""
    index: Decimal | None
    """25–100, two decimals; None before anybody answered."""
    grade: str
    complete: bool
    """Whether all nine elements were answered; else the index rests on those that were."""


def checked(scores: Mapping[str, object]) -> dict[str, int]:
    """Scores as they may be kept. Raises ScoreInvalid."""
    kept = {}
    for element, score in scores.items():
        if element not in ELEMENTS or str(score) not in _SCORES:
            raise ScoreInvalid(element)
        kept[element] = _SCORES[str(score)]
    return kept


def skm(responses: Iterable[Mapping[str, int]]) -> Skm:
    """Index = Σ(mean of an element × weight) × 25.

    The short survey asks two of nine elements, so the weight of those that nobody answered is shared by the
    others; `complete` tells the reader which of the two it is.
    """
    sums: dict[str, list[int]] = {}
    respondents = 0
    for scores in responses:
        respondents += 1
        for element, score in scores.items():
            sums.setdefault(element, []).append(score)
    means = {e: Decimal(sum(sums[e])) / len(sums[e]) for e in ELEMENTS if e in sums}
    shown = {element: _two(mean) for element, mean in means.items()}
    if not means:
        return Skm(respondents, shown, None, "", complete=False)
    weight = Decimal(1) / len(means)
    index = _two(sum((mean * weight for mean in means.values()), Decimal(0)) * 25)
    return Skm(respondents, shown, index, grade(index), complete=len(means) == len(ELEMENTS))


def grade(index: Decimal) -> str:
    """A to D."""
    return next((name for least, name in GRADES if index >= least), "D")


def _two(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
