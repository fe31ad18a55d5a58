"""How good triage is on labelled chats: figures over decisions, and splits apart by person and time."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

TEST_SHARE = 0.3
FEWEST_TEST = 20
FEWEST_SURE = 40  # persons by whom a threshold is chosen
MARGIN = 0.674  # standard errors: the quarter of a normal distribution
WANTED = 0.95  # of the kinds of which triage is sure, so many shall be right
ALWAYS_ABSTAIN = 0.99
BINS = 5


@dataclass(frozen=True)
class Labelled:
    """One chat with what an officer made of it. `agency` "" where no office is concerned; `person`, `at` as written."""

    text: str
    kind: str
    agency: str = ""
    person: str = ""
    at: str = ""
    made: bool = False
    """Made from a pattern: it teaches, but says little of how sure one may be of people's own words."""


@dataclass(frozen=True)
class Decided:
    """What triage said of a chat, beside what is right."""

    right: Labelled
    kind: str
    probability: float
    sure: bool
    agencies: tuple[str, ...]


@dataclass(frozen=True)
class KindFigures:
    """Of one kind: how many there are, how many of those named so are so, how many of those that are so were named."""

    kind: str
    size: int
    precision: float | None
    recall: float | None
    f1: float


@dataclass(frozen=True)
class Figures:
    """Figures over one set of decisions; None where nothing was measured."""

    size: int
    macro_f1: float
    accuracy: float
    kinds: tuple[KindFigures, ...]
    agency_size: int
    top1: float | None
    top3: float | None
    coverage: float
    """Share of chats of which triage is sure."""
    sure_size: int
    sure_precision: float | None
    """Of those, the share whose kind is right."""
    calibration_error: float
    """Mean gap between probability and truth (ECE over five bins)."""
    bins: tuple[tuple[float, float, int], ...]
    """(mean probability, share right, size) of each bin."""


def split(rows: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled], str]:
    """(learn from, measure on, how). The newest chats are measured, of persons of whom nothing was learned.

    A row without a person is a person of its own; rows without a time are in the order of the file.
    """
    order = sorted(range(len(rows)), key=lambda place: (rows[place].at, place))
    cut = len(order) - max(1, round(len(order) * TEST_SHARE))
    persons = {rows[place].person for place in order[:cut] if rows[place].person}
    learn = [rows[place] for place in order[:cut]]
    test = [
        rows[place] for place in order[cut:] if rows[place].person not in persons or not rows[place].person
    ]
    if len(test) >= min(FEWEST_TEST, len(rows) // 10):
        return learn, test, "newest chats, of persons not seen before"
    newest = list(dict.fromkeys(rows[place].person or f"\0{place}" for place in reversed(order)))
    held = set(newest[: max(1, round(len(newest) * TEST_SHARE))])
    learn = [row for place, row in enumerate(rows) if (row.person or f"\0{place}") not in held]
    test = [row for place, row in enumerate(rows) if (row.person or f"\0{place}") in held]
    return learn, test, "persons apart (their times overlap)"


def figures(decisions: Sequence[Decided]) -> Figures:
    """All figures. An empty set gives a size of 0."""
    size = len(decisions)
    routed = [one for one in decisions if one.right.agency]
    sure = [one for one in decisions if one.sure]
    bins = _bins(decisions)
    kinds = _kinds(decisions)
    return Figures(
        size, _mean(one.f1 for one in kinds), _share(one.kind == one.right.kind for one in decisions) or 0.0, kinds,
        len(routed),
        _share(one.right.agency in one.agencies[:1] for one in routed),
        _share(one.right.agency in one.agencies[:3] for one in routed),
        _share(one.sure for one in decisions) or 0.0, len(sure),
        _share(one.kind == one.right.kind for one in sure),
        sum(abs(said - true) * many for said, true, many in bins) / size if size else 0.0,
        bins,
    )  # fmt: skip


def threshold(decisions: Sequence[Decided], wanted: float = WANTED) -> float:
    """The lowest probability from which on at least `wanted` of the kinds are right, with a margin: three times in four
    the true share is no lower. Persons count, not their chats: ten chats of one person say little more than one.
    ALWAYS_ABSTAIN where fewer than FEWEST_SURE persons say so."""
    ranked = sorted(decisions, key=lambda one: -one.probability)
    best, right = ALWAYS_ABSTAIN, 0
    persons: set[str] = set()
    for number, one in enumerate(ranked, 1):
        right += one.kind == one.right.kind
        persons.add(one.right.person or f"\0{number}")
        if number < len(ranked) and ranked[number].probability == one.probability:
            continue  # a threshold takes all of them or none
        if len(persons) >= FEWEST_SURE and share_range(right / number, len(persons), MARGIN)[0] >= wanted:
            best = one.probability
    return math.ceil(min(max(best, 0.4), ALWAYS_ABSTAIN) * 1000) / 1000


def report(title: str, found: Figures, say: Callable[[str], None]) -> None:
    """The figures in words, a line each."""
    say(f"{title}: {found.size} chats")
    say(f"  kind macro-F1 {found.macro_f1:.3f}   accuracy {found.accuracy:.3f}")
    say(
        f"  agency top-1 {_percent(found.top1)}   top-3 {_percent(found.top3)}   ({found.agency_size} with an office)"
    )
    say(
        f"  sure of {_percent(found.coverage)} (n={found.sure_size}), right in {_percent(found.sure_precision)} of those{_range(found)}   "
        f"ECE {found.calibration_error:.3f}"
    )
    for one in found.kinds:
        say(
            f"    {one.kind:<12} n={one.size:<4} precision {_percent(one.precision)}  recall {_percent(one.recall)}"
        )
    say("    reliability: says → right, with the range in which the true share lies 19 times in 20")
    for said, true, many in found.bins:
        low, high = likely_range(round(true * many), many)
        say(f"      {said:.2f} → {true:.2f}  [{low:.2f}–{high:.2f}]  n={many}")


def likely_range(right: int, size: int) -> tuple[float, float]:
    """The range in which the true share lies 19 times in 20."""
    return share_range(right / size, size, 1.96) if size else (0.0, 1.0)


def share_range(share: float, size: int, z: float) -> tuple[float, float]:
    """Wilson's interval of a share, `z` standard errors wide on each side."""
    middle = share + z * z / (2 * size)
    half = z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    whole = 1 + z * z / size
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def _range(found: Figures) -> str:
    if found.sure_precision is None:
        return ""
    low, high = likely_range(round(found.sure_precision * found.sure_size), found.sure_size)
    return f" [{100 * low:.0f}–{100 * high:.0f} %]"


def _kinds(decisions: Sequence[Decided]) -> tuple[KindFigures, ...]:
    real = Counter(one.right.kind for one in decisions)
    named = Counter(one.kind for one in decisions)
    right = Counter(one.kind for one in decisions if one.kind == one.right.kind)
    found = []
    for kind in sorted(real):
        precision = right[kind] / named[kind] if named[kind] else None
        recall = right[kind] / real[kind]
        f1 = 2 * right[kind] / (real[kind] + named[kind])
        found.append(KindFigures(kind, real[kind], precision, recall, f1))
    return tuple(found)


def _bins(decisions: Sequence[Decided]) -> tuple[tuple[float, float, int], ...]:
    held: dict[int, list[Decided]] = {}
    for one in decisions:
        held.setdefault(min(BINS - 1, int(one.probability * BINS)), []).append(one)
    return tuple(
        (_mean(one.probability for one in found), _share(one.kind == one.right.kind for one in found) or 0.0, len(found))
        for _, found in sorted(held.items())
    )  # fmt: skip


def _share(truths: Iterable[bool]) -> float | None:
    found = list(truths)
    return sum(found) / len(found) if found else None


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
