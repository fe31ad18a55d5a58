"""The seed corpus of triage: chats made from hand-written patterns, with the typing habits of made-up persons."""

import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from satuklik.spine.intake.tables import slang, table

START = datetime(2026, 7, 1, tzinfo=UTC)
EACH = 5  # chats made of a pattern with places to fill; the others give up to three
SEED = 4
_NEIGHBOURS = {"a": "s", "e": "r", "i": "o", "o": "p", "u": "i", "n": "m", "t": "y", "k": "l", "g": "h"}
_MUTED = {
    "tidak",
    "saya",
    "pak",
    "ibu",
    "sekali",
}  # words with so many short forms that each text would have another


@dataclass(frozen=True)
class Row:
    """One labelled chat. `agency` is a code, "" for none."""

    text: str
    kind: str
    agency: str
    person: str
    at: str


def rows() -> list[Row]:
    """The whole corpus; the same each time."""
    dice = random.Random(SEED)  # noqa: S311 (no secret: a corpus that is the same everywhere)
    found: dict[str, Row] = {}
    for number, (text, kind, agency, pattern) in enumerate(_filled(dice)):
        typed = _typed(text, dice, habit=number % 4)
        # Chats of one pattern come from one person: whoever keeps persons apart keeps the patterns apart too.
        person = "w" + hashlib.sha256(pattern.encode()).hexdigest()[:8]
        at = START + timedelta(hours=number * 2 + dice.random())
        found.setdefault(typed.lower(), Row(typed, kind, agency, person, at.isoformat(timespec="minutes")))
    return list(found.values())


def _filled(dice: random.Random) -> Iterator[tuple[str, str, str, str]]:
    data = table("seed")
    fill = data["fill"]
    made = []
    for kind, offices in data.items():
        if kind == "fill":
            continue
        for agency, patterns in offices.items():
            for pattern in patterns:
                light = kind in ("greeting", "spam")
                for _ in range(EACH if "{" in pattern else 2 if light else 3):
                    text = re.sub(r"\{(\w+)\}", lambda match: dice.choice(fill[match[1]]), pattern)
                    if not light:
                        text = dice.choice(fill["sapa"]) + text + dice.choice(fill["tutup"])
                    made.append((text, kind, "" if agency == "-" else agency, pattern))
    dice.shuffle(made)
    return iter(made)


def _typed(text: str, dice: random.Random, habit: int) -> str:
    """As somebody types it: neatly, in short forms, with slips of the finger, without capitals."""
    if habit == 0:
        return text[:1].upper() + text[1:]
    short: dict[str, list[str]] = {}
    for word, plain in slang().items():
        short.setdefault(plain, []).append(word)
    words = []
    for word in text.split(" "):
        forms = short.get(word.lower(), [])
        if habit >= 2 and forms and dice.random() < (0.35 if word in _MUTED else 0.6):
            word = dice.choice(forms[:6])
        elif habit == 3 and len(word) > 5 and word.isalpha() and dice.random() < 0.12:
            place = dice.randrange(1, len(word) - 1)
            letter = word[place]
            slip = dice.choice(["", letter * 2, _NEIGHBOURS.get(letter, letter)])
            word = word[:place] + slip + word[place + 1 :]
        words.append(word)
    typed = " ".join(words)
    return typed.lower() if habit != 1 else typed
