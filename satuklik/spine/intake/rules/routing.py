"""Which office a message is for: the offices' tasks in people's words, place names, and the nearest tickets of the past."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from satuklik.spine.intake.rules.reading import Reading, Terms

NAME_WEIGHT = 4.0  # an office that is called by its name
TASK_WEIGHT = 1.0
PLACE_WEIGHT = 3.0
MOST_REASONS = 4
TOP = 3
NEAREST = 8
NEAR_ENOUGH = 0.18
VILLAGE, DISTRICT = "_village", "_district"


@dataclass(frozen=True)
class Route:
    """One office that the message may be for. `share` is 0–1 among all; reasons are words of the message."""

    agency: str
    share: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A kecamatan, desa or kelurahan of the regency with the office that serves it."""

    name: str
    agency: str
    district: bool


class Lexicon:
    """The offices' tasks, compiled once."""

    def __init__(self, tasks: Mapping[str, Any], places: Sequence[Place], slang: Mapping[str, str]) -> None:
        # "\0" keeps apart an office and the way in which a term belongs to it.
        pairs = [(term, f"{code}\0{group}") for code, found in tasks.items() for group in ("names", "terms")
                 for term in found[group]]  # fmt: skip
        self._terms = Terms(pairs, slang)
        self._places = Terms(((place.name, f"{place.agency}\0{place.district}") for place in places), slang)
        self._offices = len(tasks)
        shared: dict[str, set[str]] = defaultdict(set)
        for term, meaning in pairs:
            shared[term].add(meaning.partition("\0")[0])
        self._known = self._terms.words()

    def scores(self, reading: Reading) -> dict[str, tuple[float, tuple[str, ...]]]:
        """Office → (score, the words that speak for it)."""
        found: dict[str, float] = defaultdict(float)
        words_of: dict[str, list[str]] = defaultdict(list)
        said: set[tuple[str, tuple[str, ...]]] = set()
        for words, meanings in self._terms.find(reading):
            offices = {meaning.partition("\0")[0] for meaning in meanings}
            for meaning in meanings:
                office, _, group = meaning.partition("\0")
                if (office, words) in said:
                    continue
                said.add((office, words))
                # A longer term says more; one that many offices share says less.
                rare = 1 / len(offices)
                weight = (
                    (NAME_WEIGHT if group == "names" else TASK_WEIGHT) * rare * (1 + 0.6 * (len(words) - 1))
                )
                found[office] += weight
                words_of[office].append(" ".join(words))
        self._place(reading, found, words_of)
        return {office: (score, tuple(words_of[office][:MOST_REASONS])) for office, score in found.items()}

    def masked(self, reading: Reading) -> Reading:
        """The reading without any word of any office."""
        return self._terms.masked(reading, "instansi")

    def _place(self, reading: Reading, found: dict[str, float], words_of: dict[str, list[str]]) -> None:
        """Words of the village's or kecamatan's own office go to the one that is named, else nowhere."""
        village, district = found.pop(VILLAGE, 0.0), found.pop(DISTRICT, 0.0)
        reasons = {True: words_of.pop(DISTRICT, []), False: words_of.pop(VILLAGE, [])}
        if not village and not district:
            return
        for words, meanings in self._places.find(reading):
            for meaning in meanings:
                office, _, kind = meaning.partition("\0")
                is_district = kind == "True"
                score = district if is_district else village
                if score:
                    found[office] += PLACE_WEIGHT + score / len(meanings)
                    words_of[office] += [" ".join(words), *reasons[is_district]]


def top(
    lexicon: Mapping[str, tuple[float, tuple[str, ...]]],
    learned: Mapping[str, float],
    nearest: Iterable[tuple[float, str, str]],
    most: int = TOP,
) -> list[Route]:
    """The likeliest offices. `learned`: probabilities of a trained model (may be empty); `nearest`: (likeness, office,
    ticket) of past tickets."""
    votes: dict[str, float] = defaultdict(float)
    tickets: dict[str, str] = {}
    for likeness, office, ticket in nearest:
        if likeness >= NEAR_ENOUGH:
            votes[office] += likeness
            tickets.setdefault(office, ticket)
    shares = [(0.45, _shares({office: score for office, (score, _) in lexicon.items()}))]
    shares += [(0.4, dict(learned)), (0.3, _shares(votes, sharp=False))]
    total: dict[str, float] = defaultdict(float)
    weights = sum(weight for weight, found in shares if found)
    for weight, found in shares:
        for office, share in found.items():
            total[office] += weight * share / weights
    routes = []
    for office, share in sorted(total.items(), key=lambda one: (-one[1], one[0]))[:most]:
        reasons = list(lexicon.get(office, (0.0, ()))[1])
        if tickets.get(office):
            reasons.append(f"≈ {tickets[office]}")
        routes.append(Route(office, round(share, 3), tuple(reasons)))
    return routes


class Nearest:
    """The nearest past tickets by the cosine of their rare words."""

    def __init__(self, tickets: Sequence[tuple[str, str, str]], slang_read: Any) -> None:
        """`tickets`: (text, office, name of the ticket); `slang_read(text)` gives a Reading."""
        documents = [frozenset(_long(slang_read(text))) for text, _, _ in tickets]
        seen: dict[str, int] = defaultdict(int)
        for words in documents:
            for word in words:
                seen[word] += 1
        most_common = max(3, len(documents) // 5)
        self._idf = {
            word: math.log(1 + len(documents) / count) for word, count in seen.items() if count <= most_common
        }
        self._tickets = [(office, name) for _, office, name in tickets]
        self._where: dict[str, list[int]] = defaultdict(list)
        self._norm = []
        for number, words in enumerate(documents):
            self._norm.append(math.sqrt(sum(self._idf.get(word, 0.0) ** 2 for word in words)))
            for word in words & self._idf.keys():
                self._where[word].append(number)

    def find(self, reading: Reading) -> list[tuple[float, str, str]]:
        """(likeness 0–1, office, ticket), the nearest first."""
        words = set(_long(reading))
        norm = math.sqrt(sum(self._idf.get(word, 0.0) ** 2 for word in words))
        if not norm:
            return []
        dots: dict[int, float] = defaultdict(float)
        for word in words & self._idf.keys():
            square = self._idf[word] ** 2
            for number in self._where[word]:
                dots[number] += square
        best = sorted(dots.items(), key=lambda one: (-one[1] / self._norm[one[0]], one[0]))[:NEAREST]
        return [(round(dot / (norm * self._norm[number]), 3), *self._tickets[number]) for number, dot in best]


def _long(reading: Reading) -> list[str]:
    return [word for word in reading.bare if len(word) > 2 and not word.isdigit()]


def _shares(scores: Mapping[str, float], *, sharp: bool = True) -> dict[str, float]:
    if not scores:
        return {}
    raised = {office: score**1.5 if sharp else score for office, score in scores.items()}
    whole = sum(raised.values())
    return {office: score / whole for office, score in raised.items()}
