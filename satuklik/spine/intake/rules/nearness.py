"""Near-duplicates: fingerprints that find candidates in the database, and the cosine of character TF-IDF that judges them."""

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping

BANDS, ROWS = 12, 2
SHINGLE = 4
FEWEST = 24  # characters: "selamat pagi" is no duplicate of "selamat pagi"
MOST_SHINGLES = 400
ALIKE = 0.62
DAYS = 14
_MASK = (1 << 32) - 1
# Odd multipliers make permutations of 32 bits; any will do, as long as they never change.
_MIX = [(0x9E3779B1 * (2 * number + 1)) & _MASK | 1 for number in range(BANDS * ROWS)]
_ADD = [(0x85EBCA6B * (number + 7)) & _MASK for number in range(BANDS * ROWS)]


def prints(plain: str) -> list[int]:
    """Signed 32-bit numbers, one for each band of a MinHash: texts that share one may be alike. [] for short texts."""
    if len(plain) < FEWEST:
        return []
    hashes = [
        zlib.crc32(plain[at : at + SHINGLE].encode())
        for at in range(min(len(plain), MOST_SHINGLES) - SHINGLE + 1)
    ]
    hashes = list(set(hashes))
    least = [min([(one * mix + add) & _MASK for one in hashes]) for mix, add in zip(_MIX, _ADD, strict=True)]
    found = []
    for band in range(BANDS):
        rows = least[band * ROWS : (band + 1) * ROWS]
        number = zlib.crc32(repr((band, rows)).encode())
        found.append(number - (1 << 32) if number >= 1 << 31 else number)
    return found


def weights(plain: str, rarity: Mapping[str, float], usual: float = 3.0) -> dict[str, float]:
    """The text as a unit vector over its character trigrams and fourgrams, weighted by how rare they are."""
    counted: Counter[str] = Counter()
    padded = f" {plain} "
    for size in (3, 4):
        counted.update(padded[at : at + size] for at in range(len(padded) - size + 1))
    found = {gram: (1 + math.log(count)) * rarity.get(gram, usual) for gram, count in counted.items()}
    norm = math.sqrt(sum(value * value for value in found.values())) or 1.0
    return {gram: value / norm for gram, value in found.items()}


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """0 (nothing in common) – 1 (the same)."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return sum(value * large.get(gram, 0.0) for gram, value in small.items())


def rarity(texts: Iterable[str]) -> dict[str, float]:
    """How rare the trigrams and fourgrams of these texts are (inverse document frequency)."""
    seen: Counter[str] = Counter()
    number = 0
    for text in texts:
        number += 1
        padded = f" {text} "
        seen.update({padded[at : at + size] for size in (3, 4) for at in range(len(padded) - size + 1)})
    return {gram: math.log(1 + number / count) for gram, count in seen.items()}
