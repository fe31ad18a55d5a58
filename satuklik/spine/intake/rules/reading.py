"""Reads a chat message: what is invisible goes, short and regional words become plain ones; nothing is stemmed."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

LONGEST = 4_000  # characters that triage reads; the message itself is kept whole
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_THRICE = re.compile(r"([aiueo])\1{2,}|([^\W\daiueo])\2{3,}")
_BREAK = re.compile(r"[.!?;\n]+(?=\s|$)|\n+")
_REDUPLICATED = re.compile(r"\b([a-z]{3,})2(?![\d])")


@dataclass(frozen=True)
class Reading:
    """One message as triage sees it."""

    clean: str
    """The person's words without invisible characters, at most LONGEST of them."""
    tokens: tuple[str, ...]
    """Plain lower-case words in their order."""

    @property
    def plain(self) -> str:
        """The tokens as one text."""
        return " ".join(self.tokens)

    @cached_property
    def bare(self) -> tuple[str, ...]:
        """The tokens without the possessive "-nya" (which is no stem: "datanya" is "data"), for lexicons only."""
        return tuple(
            token[:-3] if token.endswith("nya") and len(token) > 6 else token for token in self.tokens
        )


def clean(text: str) -> str:
    """Without controls, zero-width and direction marks (line breaks stay), in NFKC, at most LONGEST characters."""
    shown = "".join(
        char
        for char in text[: 2 * LONGEST]
        if char in "\n\t " or unicodedata.category(char) not in _INVISIBLE
    )
    return unicodedata.normalize("NFKC", shown)[:LONGEST].strip()


def read(text: str, slang: Mapping[str, str]) -> Reading:
    """`slang` maps a lower-case word to the plain words it stands for."""
    shown = clean(text)
    tokens: list[str] = []
    lower = _REDUPLICATED.sub(r"\1 \1", _THRICE.sub(lambda match: match[0][0], shown.lower()))
    for word in _WORD.findall(lower):
        for part in word.split("-"):
            tokens += slang.get(part, part).split()
    return Reading(shown, tuple(tokens))


class Terms:
    """Terms of one or several words that are looked for in a reading, each with what it stands for.

    A "*" at the end of a term takes any ending of its last word.
    """

    def __init__(self, terms: Iterable[tuple[str, str]], slang: Mapping[str, str]) -> None:
        self._whole: dict[tuple[str, ...], set[str]] = {}
        self._open: dict[tuple[str, ...], set[str]] = {}
        for term, meaning in terms:
            words = read(term.removesuffix("*"), slang).tokens
            if words:
                table = self._open if term.endswith("*") else self._whole
                table.setdefault(words, set()).add(meaning)
        self._longest = max((len(words) for words in (*self._whole, *self._open)), default=0)

    def find(
        self, reading: Reading, *, exactly: bool = False
    ) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
        """Each term in the reading with its meanings. `exactly`: only words as written, as legal rules want it."""
        seen: set[tuple[int, tuple[str, ...]]] = set()
        for tokens in (reading.tokens,) if exactly else (reading.tokens, reading.bare):
            for start in range(len(tokens)):
                for length in range(1, min(self._longest, len(tokens) - start) + 1):
                    words = tokens[start : start + length]
                    meanings = self._whole.get(words)
                    if meanings and (start, words) not in seen:
                        seen.add((start, words))
                        yield words, frozenset(meanings)
        for words, meanings in self._open.items():
            for start in range(len(reading.tokens) - len(words) + 1):
                here = reading.tokens[start : start + len(words)]
                if here[:-1] == words[:-1] and here[-1].startswith(words[-1]):
                    yield words, frozenset(meanings)

    def words(self) -> frozenset[tuple[str, ...]]:
        """All terms as tuples of words."""
        return frozenset(self._whole) | frozenset(self._open)

    def masked(self, reading: Reading, by: str) -> Reading:
        """The reading with every word of every term replaced by `by`: what is left when agency words are gone."""
        hidden: set[int] = set()
        for tokens in (reading.tokens, reading.bare):
            for start in range(len(tokens)):
                for length in range(1, min(self._longest, len(tokens) - start) + 1):
                    if tokens[start : start + length] in self._whole:
                        hidden.update(range(start, start + length))
        tokens = tuple(by if place in hidden else token for place, token in enumerate(reading.tokens))
        return Reading(" ".join(tokens), tokens)


def parts(
    text: str, openers: Iterable[str], *, fewest_words: int = 4, most: int = 5
) -> list[tuple[int, int]]:
    """Where the pieces of a message lie that may be matters of their own: (start, end) in `text`.

    A piece ends with a sentence or a line, or where an opener ("selain itu") begins; short pieces join the one before.
    """
    cuts = {0, len(text)} | {match.end() for match in _BREAK.finditer(text)}
    for opener in openers:
        pattern = r"\b" + r"\s+".join(map(re.escape, opener.split())) + r"\b"
        cuts |= {match.start() for match in re.finditer(pattern, text, re.IGNORECASE)}
    edges = sorted(cuts)
    found: list[tuple[int, int]] = []
    for start, end in pairwise(edges):
        if not text[start:end].strip():
            continue
        if (found and len(_WORD.findall(text[start:end])) < fewest_words) or (
            found and len(_WORD.findall(text[slice(*found[-1])])) < fewest_words
        ):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    if len(found) > most:
        found = [*found[: most - 1], (found[most - 1][0], found[-1][1])]
    return found
