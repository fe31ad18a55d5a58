"""The board as a picture: a bar of working days for each ranked agency. The table beside it says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from satuklik.spine.referrals.queries import AgencyRow

WIDTH, ROW, LABEL = 280, 44, 16
MOST = 15


@dataclass(frozen=True)
class Bar:
    """One agency with its place in an SVG of 280 units."""

    name: str
    days: float
    y: int
    label_y: int
    width: int


@dataclass(frozen=True)
class Picture:
    """The whole picture; without bars there is nothing to draw yet."""

    height: int
    bars: Sequence[Bar]


def picture(rows: Sequence[AgencyRow]) -> Picture:
    """The ranked agencies that have answered, at most 15, the quickest at the top."""
    shown = [row for row in rows if row.rank is not None and row.days_to_answer is not None][:MOST]
    most = max((row.days_to_answer or 0 for row in shown), default=0)
    bars = [
        Bar(
            row.name,
            row.days_to_answer or 0,
            place * ROW + LABEL + 4,
            place * ROW + LABEL - 2,
            # An answer on the same day is a bar too.
            max(round(WIDTH * (row.days_to_answer or 0) / most) if most else 0, 3),
        )
        for place, row in enumerate(shown)
    ]
    return Picture(ROW * len(bars), bars)
