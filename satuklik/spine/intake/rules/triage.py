"""One message in, suggestions out: which legal objects it may become, for which office, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from satuklik.spine.intake.rules.classifier import Model
from satuklik.spine.intake.rules.kinds import (
    GREETING,
    INFORMATION,
    OBJECTION,
    RULES_THRESHOLD,
    SPAM,
    STATUS,
    Cues,
)
from satuklik.spine.intake.rules.reading import Reading, parts, read
from satuklik.spine.intake.rules.routing import Lexicon, Nearest, Place, Route, top
from satuklik.spine.intake.rules.signals import Signals, Watch

RULES_VERSION = "aturan-2"
WITHOUT_OFFICE = {GREETING, SPAM, STATUS}
ACTS_ALONE_FROM = 0.97  # the domain's condition for anything that happens without an officer
FEWEST_MEASURED = 100
MOST_REASONS = 6


@dataclass(frozen=True)
class Suggestion:
    """One object that the message, or the piece from `start` to `end` of its clean text, may become."""

    kind: str
    """"" where triage abstains: an officer decides."""
    likely: str
    """The likeliest kind, also where triage abstains."""
    probability: float
    """Of the kind, also where triage abstains."""
    second: str
    """The next likely kind."""
    routes: tuple[Route, ...]
    reasons: tuple[str, ...]
    """Names of rules and words of the message."""
    start: int
    end: int


@dataclass(frozen=True)
class Outcome:
    """What triage found in one message."""

    signals: Signals
    suggestions: tuple[Suggestion, ...]
    version: str


@dataclass(frozen=True)
class Triage:
    """The pipeline with its tables; build one and keep it."""

    slang: Mapping[str, str]
    watch: Watch
    cues: Cues
    lexicon: Lexicon
    openers: Sequence[str]
    model: Model | None = None
    nearest: Nearest | None = field(default=None)

    @property
    def version(self) -> str:
        """Of the rules and, where there is one, of the model."""
        return f"{RULES_VERSION}+{self.model.version}" if self.model else RULES_VERSION

    def read(self, text: str) -> Reading:
        """The message after the normaliser."""
        return read(text, self.slang)

    def look(self, text: str) -> Outcome:
        """Everything about one message. Never raises for any text."""
        whole = self.read(text)
        signals = self.watch.look(whole)
        if not whole.clean:  # a picture without a word: an officer looks at it
            return Outcome(signals, (Suggestion("", "", 0.0, "", (), (), 0, 0),), self.version)
        if signals.greeting or signals.spam == 2:
            return Outcome(signals, (self._one(whole, signals, 0, len(whole.clean)),), self.version)
        pieces = parts(whole.clean, self.openers)
        found = [self._piece(whole, signals, start, end) for start, end in pieces] if len(pieces) > 1 else []
        first = self._one(whole, signals, 0, len(whole.clean))
        return Outcome(signals, tuple(_several(first, found)), self.version)

    def decide(
        self, reading: Reading, signals: Signals
    ) -> tuple[dict[str, float], dict[str, float], list[str]]:
        """(kind → probability, office → probability of the model, reasons of the likeliest kind)."""
        rules, words = self.cues.decide(reading, signals)
        kinds = rules
        offices: dict[str, float] = {}
        if self.model is not None:
            kinds, offices = self.model.decide(reading, self.pseudo(signals, rules))
        best = max(kinds, key=lambda kind: kinds[kind], default="")
        return kinds, offices, words.get(best, [])

    def pseudo(self, signals: Signals, rules: Mapping[str, float]) -> list[str]:
        """What the classifier is told of the rules' findings."""
        likely = [f"§{kind}" for kind, probability in rules.items() if probability >= RULES_THRESHOLD]
        return [*signals.pseudo_words(), *likely]

    def routes(self, reading: Reading, offices: Mapping[str, float]) -> list[Route]:
        """The top offices."""
        nearest = self.nearest.find(reading) if self.nearest else []
        return top(self.lexicon.scores(reading), offices, nearest)

    def _piece(self, whole: Reading, signals: Signals, start: int, end: int) -> Suggestion:
        reading = self.read(whole.clean[start:end])
        return self._one(reading, self.watch.look(reading), start, end)

    def _one(self, reading: Reading, signals: Signals, start: int, end: int) -> Suggestion:
        kinds, offices, words = self.decide(reading, signals)
        order = sorted(kinds.items(), key=lambda one: (-one[1], one[0]))
        best, probability = order[0] if order else ("", 0.0)
        threshold = self.model.threshold if self.model else RULES_THRESHOLD
        kind = best if probability >= threshold else ""
        routes = () if best in WITHOUT_OFFICE else tuple(self.routes(reading, offices))
        return Suggestion(
            kind, best, round(probability, 3), order[1][0] if len(order) > 1 else "", routes,
            tuple([*_rules_behind(best, signals), *dict.fromkeys(words)][:MOST_REASONS]), start, end,
        )  # fmt: skip


def _rules_behind(kind: str, signals: Signals) -> list[str]:
    found = []
    if kind == OBJECTION and signals.objection == 2:
        found.append("§objection")
    if kind == STATUS and signals.tickets:
        found.append("§ticket")
    if kind == "press" and signals.press == 2:
        found.append("§press")
    if kind == "complaint":
        found += ["§emergency"] * bool(signals.emergency) + ["§corruption"] * bool(signals.corruption)
    return found


def _several(whole: Suggestion, pieces: Sequence[Suggestion]) -> list[Suggestion]:
    """The message as one matter, or as several where pieces are surely of different kinds or for different offices."""
    sure = [piece for piece in pieces if piece.kind and piece.kind not in (GREETING, SPAM)]
    if whole.kind in (OBJECTION, SPAM, "press"):
        # A journalist's or an objector's sentences belong together; only another kind beside it is a second matter.
        sure = [piece for piece in sure if piece.kind in (whole.kind, "idea", INFORMATION)]
    chosen: list[Suggestion] = []
    for piece in sure:
        same = [one for one in chosen if _same_matter(one, piece)]
        if not same:
            chosen.append(piece)
    return chosen if len(chosen) > 1 else [whole]


def _same_matter(one: Suggestion, other: Suggestion) -> bool:
    if one.kind != other.kind:
        return False
    mine, yours = (piece.routes[0].agency if piece.routes else "" for piece in (one, other))
    return not mine or not yours or mine == yours


def may_act_alone(right: int, decided: int) -> bool:
    """Whether officers have confirmed enough suggestions of one kind for the house to act without them."""
    return decided >= FEWEST_MEASURED and right / decided >= ACTS_ALONE_FROM


def build(
    tables: Mapping[str, Any],
    tasks: Mapping[str, Any],
    slang: Mapping[str, str],
    places: Sequence[Place],
    *,
    model: Model | None = None,
    tickets: Sequence[tuple[str, str, str]] = (),
) -> Triage:
    """The pipeline of these tables. `tickets`: (text, office, name) of the past."""
    nearest = Nearest(tickets, lambda text: read(text, slang)) if tickets else None
    return Triage(
        slang, Watch(tables, slang), Cues(tables, slang), Lexicon(tasks, places, slang), tables["split"]["words"],
        model, nearest,
    )  # fmt: skip
