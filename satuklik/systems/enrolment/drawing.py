"""The funnel as a picture: where each bar stands in an SVG of 280 units. The table beside it says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from satuklik.systems.enrolment import wording
from satuklik.systems.enrolment.rules import Bar

WIDTH, ROW, LABEL = 280, 50, 18


@dataclass(frozen=True)
class Drawn:
    """One bar with its place."""

    bar: Bar
    name: Promise
    y: int
    label_y: int
    width: int
    percent: int


@dataclass(frozen=True)
class Picture:
    """The whole funnel."""

    height: int
    rows: Sequence[Drawn]


def picture(bars: Sequence[Bar]) -> Picture:
    """The bars below one another, the first one as wide as the picture."""
    most = max((bar.reached for bar in bars), default=0)
    rows = []
    for place, bar in enumerate(bars):
        share = bar.reached / most if most else 0
        width = round(WIDTH * share)
        rows.append(
            Drawn(
                bar,
                wording.STAGES[bar.stage],
                place * ROW + LABEL + 4,
                place * ROW + LABEL - 4,
                # Somebody who is there is seen, however few they are.
                max(width, 2 if bar.reached else 0),
                round(100 * share),
            )
        )
    return Picture(ROW * len(rows), rows)
