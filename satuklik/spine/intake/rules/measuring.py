"""How good triage is on labelled chats: figures over decisions, and splits apart by person and time."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

TEST_SHARE = 0.3
FEWEST_TEST = 20
BINS = 5


@dataclass(frozen=True)
class Labelled:
    """One chat with what an officer made of it. `agency` "" where no office is concerned; `person`, `at` as written."""

    text: str
    kind: str
    agency: str = ""
    person: str = ""
    at: str = ""


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
        _share(one.sure for one in decisions) or 0.0,
        _share(one.kind == one.right.kind for one in sure),
        sum(abs(said - true) * many for said, true, many in bins) / size if size else 0.0,
        bins,
    )  # fmt: skip


def threshold(decisions: Sequence[Decided], wanted: float = 0.95) -> float:
    """The lowest probability above which at least `wanted` of the kinds are right; 0.95 where there is none."""
    ranked = sorted(decisions, key=lambda one: -one.probability)
    best, right = 0.95, 0
    for number, one in enumerate(ranked, 1):
        right += one.kind == one.right.kind
        if right / number >= wanted and number >= FEWEST_TEST:
            best = one.probability
    return round(min(max(best, 0.4), 0.95), 3)


def report(title: str, found: Figures, say: Callable[[str], None]) -> None:
    """The figures in words, a line each."""
    say(f"{title}: {found.size} chats")
    say(f"  kind macro-F1 {found.macro_f1:.3f}   accuracy {found.accuracy:.3f}")
    say(
        f"  agency top-1 {_percent(found.top1)}   top-3 {_percent(found.top3)}   ({found.agency_size} with an office)"
    )
    say(
        f"  sure of {_percent(found.coverage)}, right in {_percent(found.sure_precision)} of those   ECE {found.calibration_error:.3f}"
    )
    for one in found.kinds:
        say(
            f"    {one.kind:<12} n={one.size:<4} precision {_percent(one.precision)}  recall {_percent(one.recall)}"
        )
    for said, true, many in found.bins:
        say(f"    says {said:.2f} → right {true:.2f}  (n={many})")


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
