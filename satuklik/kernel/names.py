"""Checks how a person's name may be written in the register (Permendagri 73/2022)."""

import re
from enum import StrEnum

FEWEST_WORDS = 2  # Permendagri 73/2022 ps. 4(2)c
MOST_CHARACTERS = 60  # Permendagri 73/2022 ps. 4(2)b: spaces count
DIGIT = re.compile(r"\d")
LATIN = re.compile(r"[A-Za-z]")


class NameProblem(StrEnum):
    """Why a new name cannot be recorded."""

    EMPTY = "empty"
    ONE_WORD = "one_word"
    TOO_LONG = "too_long"
    DIGITS = "digits"
    PUNCTUATION = "punctuation"
    NOT_LATIN = "not_latin"


def check_new_name(name: str) -> tuple[NameProblem, ...]:
    """What forbids to record `name` for a new person or as a new name; empty when nothing does."""
    words = name.split()
    if not words:
        return (NameProblem.EMPTY,)
    found = []
    if len(words) < FEWEST_WORDS:
        found.append(NameProblem.ONE_WORD)
    if len(name) > MOST_CHARACTERS:
        found.append(NameProblem.TOO_LONG)
    if DIGIT.search(name):
        found.append(NameProblem.DIGITS)  # ps. 5(3)b
    if any(not (letter.isalnum() or letter.isspace()) for letter in name):
        found.append(NameProblem.PUNCTUATION)  # ps. 5(3)b
    if any(letter.isalpha() and not LATIN.match(letter) for letter in name):
        found.append(NameProblem.NOT_LATIN)  # ps. 5(1)a
    return tuple(found)


def check_existing_name(name: str) -> tuple[NameProblem, ...]:
    """What is wrong with a name recorded before the regulation: only an empty one, since names
    recorded earlier stay valid (its transitional rule)."""
    return () if name.split() else (NameProblem.EMPTY,)


def tidy(name: str) -> str:
    """A name as the register keeps it: single spaces, every word with a capital ("SARI  ramadhani" → "Sari
    Ramadhani"). Words of roman numerals keep their capitals."""
    return " ".join(_tidy_word(word) for word in name.split())


def _tidy_word(word: str) -> str:
    if word.isupper() and word in ROMAN:
        return word
    return word[:1].upper() + word[1:].lower()


ROMAN = frozenset({"II", "III", "IV", "VI", "VII", "VIII", "IX"})
