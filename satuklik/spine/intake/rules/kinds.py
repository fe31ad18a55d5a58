"""The kinds that triage knows, and how a message sounds to the rules before anybody has trained anything."""

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from satuklik.spine.intake.rules.reading import Reading, Terms
from satuklik.spine.intake.rules.signals import Signals

INFORMATION, OBJECTION, COMPLAINT, PRESS, IDEA = "information", "objection", "complaint", "press", "idea"
SERVICE, STATUS, GREETING, SPAM = "service", "status", "greeting", "spam"
KINDS = (INFORMATION, OBJECTION, COMPLAINT, PRESS, IDEA, SERVICE, STATUS, GREETING, SPAM)
ANSWER = (
    "answer"  # what officers took as the answer to a question of ours: no kind, and triage never suggests it
)
SHARPNESS = 0.75
PRIOR = 1.5  # what "nothing of all this" scores: a text without cues leaves every kind unlikely
RULES_THRESHOLD = 0.6


class Cues:
    """Weighted terms by kind, compiled once."""

    def __init__(self, tables: Mapping[str, Any], slang: Mapping[str, str]) -> None:
        self._weights = {
            (kind, term): float(weight)
            for kind, found in tables["cues"].items()
            for term, weight in found["terms"].items()
        }
        self._terms = Terms(
            ((term, f"{kind}\0{weight}") for (kind, term), weight in self._weights.items()), slang
        )

    def decide(self, reading: Reading, signals: Signals) -> tuple[dict[str, float], dict[str, list[str]]]:
        """Probabilities (not calibrated) that need not reach 1 together, and the words behind each."""
        scores: dict[str, float] = defaultdict(float)
        words: dict[str, list[str]] = defaultdict(list)
        for term, meanings in self._terms.find(reading):
            for meaning in meanings:
                kind, _, weight = meaning.partition("\0")
                scores[kind] += float(weight)
                words[kind].append(" ".join(term))
        for kind, more in strong(signals).items():
            scores[kind] += more
        raised = {kind: math.exp(SHARPNESS * score) for kind, score in scores.items()}
        whole = sum(raised.values()) + math.exp(SHARPNESS * PRIOR)
        return {kind: value / whole for kind, value in raised.items()}, words


def strong(signals: Signals) -> dict[str, float]:
    """What the findings of the rules add to each kind's score."""
    found: dict[str, float] = {}
    if signals.greeting:
        found[GREETING] = 8
    if signals.spam:
        found[SPAM] = 5 * signals.spam
    if signals.press:
        found[PRESS] = 3 * signals.press
    if signals.objection == 2:
        found[OBJECTION] = 5
    if signals.tickets:
        found[STATUS] = 3
    if signals.emergency or signals.corruption:
        found[COMPLAINT] = 3.5
    return found
