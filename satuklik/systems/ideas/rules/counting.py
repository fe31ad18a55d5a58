"""Votes within a budget: what a ballot may hold, and which ideas win.

How a round is counted: every ballot gives one vote to each idea that it names. The ideas are taken in the order of
their votes; of equal votes the cheaper one first, then the one that was submitted earlier. Each is adopted where its
cost still fits into what is left of the budget, and is passed over where it does not (the next ones may still fit).
An idea without any vote is never adopted.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """An idea in a round. `order`: the earlier submitted, the smaller."""

    key: int
    cost: int
    """Rupiah"""
    order: int


@dataclass(frozen=True)
class Outcome:
    """What became of a candidate. `why`: adopted, votes (nobody chose it), budget (what was left did not suffice)."""

    key: int
    votes: int
    adopted: bool
    why: str


class BadBallot(ValueError):
    """A ballot that cannot count. `code`: empty, unknown, budget; `over`: by how many rupiah."""

    def __init__(self, code: str, over: int = 0) -> None:
        super().__init__(f"{code} {over}")
        self.code, self.over = code, over


def check(choices: Collection[int], candidates: Mapping[int, Candidate], cap: int) -> None:
    """Raises BadBallot where the choices are none, are no candidates, or cost more than `cap` together."""
    if not choices:
        raise BadBallot("empty")
    if not set(choices) <= set(candidates):
        raise BadBallot("unknown")
    cost = sum(candidates[key].cost for key in set(choices))
    if cost > cap:
        raise BadBallot("budget", cost - cap)


def count(ballots: Iterable[Collection[int]], candidates: Collection[Candidate], cap: int) -> list[Outcome]:
    """The outcome of every candidate, in the order in which they were taken."""
    votes = Counter(key for ballot in ballots for key in set(ballot))
    left, found = cap, []
    for one in sorted(candidates, key=lambda one: (-votes[one.key], one.cost, one.order)):
        number = votes[one.key]
        fits = one.cost <= left
        adopted = number > 0 and fits
        if adopted:
            left -= one.cost
        found.append(
            Outcome(one.key, number, adopted, "adopted" if adopted else "budget" if number else "votes")
        )
    return found
