"""Pure decisions of a case: what its rules say, which answers fit, which state may follow which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from satuklik.spine.cases.definition import Definition, Question, Rule
from satuklik.spine.cases.expressions import CannotTell, compiled

World = Mapping[str, object]
Outcome = Literal["issue", "examine", "blocked", "hand_off"]

NEXT: dict[str, frozenset[str]] = {
    "submitted": frozenset({"issued", "in_review", "granted", "handed_off"}),
    "in_review": frozenset({"granted", "issued", "returned", "refused", "withdrawn"}),
    "granted": frozenset({"issued", "returned", "refused"}),
    "returned": frozenset({"in_review", "withdrawn"}),
    "handed_off": frozenset({"completed", "refused", "withdrawn"}),
    "issued": frozenset(),
    "refused": frozenset(),
    "completed": frozenset(),
    "withdrawn": frozenset(),
}
CLOSED = frozenset(state for state, following in NEXT.items() if not following)


@dataclass(frozen=True)
class RuleResult:
    """What one rule said: True, False, or None where it could not tell."""

    rule: Rule
    holds: bool | None
    inputs: Mapping[str, object]


@dataclass(frozen=True)
class Evaluation:
    """What all rules said and what follows from it."""

    results: tuple[RuleResult, ...]
    outcome: Outcome
    fee: int

    @property
    def failures(self) -> tuple[RuleResult, ...]:
        """The rules that stand in the way, in their order."""
        return tuple(r for r in self.results if r.rule.effect == "require" and r.holds is not True)

    @property
    def doubts(self) -> tuple[RuleResult, ...]:
        """The rules that leave something to an official."""
        return tuple(r for r in self.results if r.rule.effect == "examine" and r.holds is not True)


def evaluate(definition: Definition, world: World) -> Evaluation:
    """Hold every rule against `world` ({"person": {…}, "answer": {…}, "today": "2026-11-24", …})."""
    results = tuple(_result(rule, world) for rule in definition.rule)
    blocked = any(r.rule.effect == "require" and r.holds is not True for r in results)
    doubtful = any(r.rule.effect == "examine" and r.holds is not True for r in results)
    outcome: Outcome
    if blocked:
        outcome = "blocked"
    elif definition.kind == "handoff":
        outcome = "hand_off"
    elif definition.kind == "decision" or doubtful:
        outcome = "examine"
    else:
        outcome = "issue"
    return Evaluation(results, outcome, fee_of(definition, world))


def _result(rule: Rule, world: World) -> RuleResult:
    expression = compiled(rule.when)
    try:
        holds = expression.value(world)
    except CannotTell:
        return RuleResult(rule, None, expression.inputs(world))
    return RuleResult(rule, holds if isinstance(holds, bool) else None, expression.inputs(world))


def fee_of(definition: Definition, world: World) -> int:
    """The fee in rupiah. Raises CannotTell where its expression needs an answer that is missing."""
    if isinstance(definition.fee.amount, int):
        return definition.fee.amount
    amount = compiled(definition.fee.amount).value(world)
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 0:
        raise CannotTell(f"the fee {definition.fee.amount!r} gave {amount!r}")
    return amount


def is_asked(question: Question, world: World) -> bool:
    """Whether `question` is asked, given the answers so far."""
    if question.when is None:
        return True
    try:
        return compiled(question.when).value(world) is True
    except CannotTell:
        return False


@dataclass(frozen=True)
class AnswerError:
    """What is wrong with one answer: a code and its numbers, put into words by the face."""

    question: str
    code: Literal["missing", "too_long", "too_small", "too_large", "not_a_choice", "not_a_date", "not_a_number",
                  "not_readable", "unknown"]  # fmt: skip
    limit: int | None = None


def read_answers(
    questions: Sequence[Question],
    raw: Mapping[str, object],
    world: World,
    files: frozenset[str] = frozenset(),
) -> tuple[dict[str, object], list[AnswerError]]:
    """Turn what was typed into values, and tell what is wrong.

    `raw` holds texts (from a form) or JSON values (from the API); `files` the ids of file questions that
    have a file. Every question has a value in the result: None where it was not asked or not answered.
    """
    answers: dict[str, object] = {question.id: None for question in questions}
    errors = [AnswerError(name, "unknown") for name in raw if name not in answers]
    for question in questions:
        here = {**world, "answer": answers}
        if not is_asked(question, here):
            continue
        if question.type == "file":
            if question.id in files:
                answers[question.id] = "attached"
            elif question.required:
                errors.append(AnswerError(question.id, "missing"))
            continue
        value, error = _read(question, raw.get(question.id))
        answers[question.id] = value
        if error is not None:
            errors.append(error)
    return answers, errors


def _read(question: Question, raw: object) -> tuple[object, AnswerError | None]:
    if isinstance(raw, str):
        raw = raw.strip()
        if question.type in ("text", "choice", "date", "integer", "money"):
            raw = " ".join(raw.split())
    if raw is None or raw == "":
        missing = question.required
        value = False if question.type == "boolean" else None
        return value, AnswerError(question.id, "missing") if missing else None
    return _READERS[question.type](question, raw)


def _read_text(question: Question, raw: object) -> tuple[object, AnswerError | None]:
    if not isinstance(raw, str):
        return None, AnswerError(question.id, "not_readable")
    if any(ord(c) < 32 and c not in "\r\n\t" for c in raw) or any(0xD800 <= ord(c) < 0xE000 for c in raw):
        return None, AnswerError(question.id, "not_readable")
    most = question.max or (2000 if question.type == "long_text" else 200)
    if len(raw) > most:
        return raw, AnswerError(question.id, "too_long", most)
    if question.min and len(raw) < question.min:
        return raw, AnswerError(question.id, "too_small", question.min)
    return raw.replace("\r\n", "\n"), None


def _read_choice(question: Question, raw: object) -> tuple[object, AnswerError | None]:
    if isinstance(raw, str) and raw in {choice.value for choice in question.choices}:
        return raw, None
    return None, AnswerError(question.id, "not_a_choice")


def _read_boolean(question: Question, raw: object) -> tuple[object, AnswerError | None]:
    if raw in (True, "true", "on", "ya", "1"):
        return True, None
    if raw in (False, "false", "off", "tidak", "0"):
        return False, None
    return None, AnswerError(question.id, "not_readable")


def _read_date(question: Question, raw: object) -> tuple[object, AnswerError | None]:
    try:
        text = str(raw)
        if "/" in text:  # 24/11/2026, as people write it
            day, month, year = (int(part) for part in text.split("/"))
            return date(year, month, day).isoformat(), None
        return date.fromisoformat(text).isoformat(), None
    except (ValueError, OverflowError):  # OverflowError: a year of twenty digits
        return None, AnswerError(question.id, "not_a_date")


def _read_number(question: Question, raw: object) -> tuple[object, AnswerError | None]:
    if isinstance(raw, str):
        text = raw.removeprefix("Rp").replace(" ", "")
        if question.type == "money":  # Rp1.500.000
            text = text.removesuffix(",00").removesuffix(",-").replace(".", "")
        # int() also takes underscores and other scripts' digits: neither is a number on a form.
        raw = (
            int(text)
            if text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and len(text) < 19
            else None
        )
    if not isinstance(raw, int) or isinstance(raw, bool):
        return None, AnswerError(question.id, "not_a_number")
    least = question.min if question.min is not None else 0
    if raw < least:
        return raw, AnswerError(question.id, "too_small", least)
    most = question.max if question.max is not None else 10**15
    if raw > most:
        return raw, AnswerError(question.id, "too_large", most)
    return raw, None


_READERS = {
    "text": _read_text,
    "long_text": _read_text,
    "choice": _read_choice,
    "boolean": _read_boolean,
    "date": _read_date,
    "integer": _read_number,
    "money": _read_number,
}


def may_follow(state: str, following: str) -> bool:
    """Whether a case in `state` may go to `following`."""
    return following in NEXT[state]
