"""Whether a report has been made before: likeness of texts (character n-grams, TF-IDF, cosine), distance, days."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DAYS = timedelta(days=14)
SHORTEST, LONGEST = 3, 5  # characters of a piece
ALIKE = 0.45  # as texts alone
ALIKE_NEARBY = 0.22  # in the same place one describes the same thing in other words
ALIKE_FAR = 0.8  # kilometres away only a copy of the text is the same report
NEARBY_METRES, FAR_METRES = 400.0, 2_000.0
COMPARED = 1_000  # characters; more says nothing new, and costs
EARTH_METRES = 6_371_000.0


@dataclass(frozen=True)
class Described:
    """A report as it is compared. `village` is a code or ""; the point may be missing."""

    key: int
    text: str
    village: str
    category: str
    at: datetime
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Like:
    """An earlier report that may be the same. `score` 0–1; `metres` where both have a point."""

    key: int
    score: float
    metres: float | None


def similar(
    new: Described, earlier: Sequence[Described], *, most: int = 5, days: timedelta = DAYS
) -> list[Like]:
    """The earlier reports that are probably about the same, the likest first. Reports older than `days` are left out,
    closed ones are not: what is done may have come back."""
    near = [one for one in earlier if abs(new.at - one.at) <= days]
    vectors = _vectors([new.text, *(one.text for one in near)])
    found = []
    for one, vector in zip(near, vectors[1:], strict=True):
        score, metres = _cosine(vectors[0], vector), distance(new, one)
        if score >= _enough(new, one, metres):
            found.append(Like(one.key, round(score, 3), metres))
    return sorted(found, key=lambda like: (-like.score, like.key))[:most]


def distance(one: Described, other: Described) -> float | None:
    """Metres between two reports; None where one has no point."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    return metres_between(one.latitude, one.longitude, other.latitude, other.longitude)  # type: ignore[arg-type]


def metres_between(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The great-circle distance (haversine)."""
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_METRES * math.asin(math.sqrt(min(1.0, half)))


def _enough(new: Described, one: Described, metres: float | None) -> float:
    """How alike two texts must be, where they are."""
    if metres is not None:
        return ALIKE_NEARBY if metres <= NEARBY_METRES else ALIKE_FAR if metres > FAR_METRES else ALIKE
    same = bool(new.village) and new.village == one.village and new.category == one.category
    return ALIKE_NEARBY if same else ALIKE


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()[:COMPARED]
    return " " + " ".join(re.findall(r"[a-z0-9]+", text)) + " "


def _pieces(text: str) -> Counter[str]:
    plain = _plain(text)
    return Counter(
        plain[start : start + size]
        for size in range(SHORTEST, LONGEST + 1)
        for start in range(len(plain) - size + 1)
        if plain[start : start + size].strip()
    )


def _vectors(texts: Sequence[str]) -> list[dict[str, float]]:
    counts = [_pieces(text) for text in texts]
    documents = Counter(piece for count in counts for piece in count)
    vectors = []
    for count in counts:
        vector = {
            piece: (1 + math.log(times)) * (math.log((1 + len(texts)) / (1 + documents[piece])) + 1)
            for piece, times in count.items()
        }
        length = math.sqrt(sum(value * value for value in vector.values()))
        vectors.append({piece: value / length for piece, value in vector.items()} if length else {})
    return vectors


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(value * other.get(piece, 0.0) for piece, value in one.items())
