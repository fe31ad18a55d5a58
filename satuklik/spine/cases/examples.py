"""The examples of a service folder are its tests: outcome, failing rules, fee, deadline, words of the letter."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from django.utils import timezone
from pydantic import BaseModel, ConfigDict, ValidationError

from satuklik.spine.cases import clocks, facts, letters
from satuklik.spine.cases.expressions import CannotTell, years
from satuklik.spine.cases.loader import EXAMPLES, Loaded, Problem, line_of
from satuklik.spine.cases.registry import Published
from satuklik.spine.cases.rules import evaluate, read_answers
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents.errors import LetterBroken, NotPrintable

OUTCOMES = {"issue": "issued", "examine": "examine", "blocked": "refused_before", "hand_off": "handed_off"}
_GROUPS = ("person", "household", "village", "district", "regency")


class Example(BaseModel):
    """One example of examples.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    outcome: Literal["issued", "examine", "refused_before", "handed_off", "answers_wrong"]
    today: date
    person: dict[str, object] = {}
    household: dict[str, object] = {}
    village: dict[str, object] = {}
    district: dict[str, object] = {}
    regency: dict[str, object] = {}
    answers: dict[str, object] = {}
    failing: list[str] = []
    fee: int | None = None
    due: date | None = None
    letter_says: list[str] = []
    letter_silent: list[str] = []
    """Words that the letter must not say."""


@dataclass(frozen=True)
class Checked:
    """An example and what did not come out as it says."""

    name: str
    problems: tuple[Problem, ...]


def failures_of(loaded: Loaded) -> list[Problem]:
    """Everything that does not come out as the examples state."""
    return [problem for checked in run(loaded) for problem in checked.problems]


def run(loaded: Loaded) -> list[Checked]:
    """Run every example of a folder."""
    return [_run(loaded, number, raw) for number, raw in enumerate(loaded.examples)]


def example_world(loaded: Loaded, example: Example) -> tuple[dict[str, object], list[str]]:
    """The values of an example as rules and letters see them, and which answers are wrong."""
    values = {}
    for fact in loaded.definition.fact:
        root, _sep, member = fact.name.partition(".")
        group: Mapping[str, object] = getattr(example, root)
        values[fact.name] = _plain(group.get(member, facts.known()[fact.name].example))
    born = _plain(example.person.get("birth_date", facts.known()["person.birth_date"].example))
    if "person.age" in values and "age" not in example.person:
        values["person.age"] = years(str(born), example.today.isoformat())
    before = facts.world(values, {}, example.today)
    raw = {name: _plain(value) for name, value in example.answers.items()}
    asked = loaded.definition.question
    given = frozenset(q.id for q in asked if q.type == "file" and raw.get(q.id))
    answers, errors = read_answers(asked, raw, before, given)
    wrong = [f"{error.question} ({error.code})" for error in errors]
    return facts.world(values, answers, example.today), wrong


def specimen_data(loaded: Loaded) -> dict[str, object]:
    """What a specimen of the letter is filled with: the first example that ends in a letter."""
    for raw in loaded.examples:
        example = Example.model_validate(raw)
        if example.outcome in ("issued", "examine"):
            world, _wrong = example_world(loaded, example)
            return letters.letter_data(as_published(loaded), world)
    return {}


def letter_text(loaded: Loaded, world: Mapping[str, object], today: date) -> str:
    """The words of the letter that comes out for these values."""
    from pypdf import PdfReader

    published = as_published(loaded)
    pdf = documents.specimen(
        letter=letters.template_of(published),
        data=letters.letter_data(published, world),
        now=timezone.make_aware(datetime.combine(today, time(9))),
        signed=loaded.definition.letter is not None and loaded.definition.letter.signer == "head",
        issuer=loaded.definition.issuer,
    )
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.split())


def as_published(loaded: Loaded) -> Published:
    """A folder that is not published yet, in the shape of one that is."""
    return Published(0, loaded.slug, 0, loaded.sha256, loaded.definition, loaded.letter)


def _run(loaded: Loaded, number: int, raw: Mapping[str, object]) -> Checked:
    line = line_of(loaded.files[EXAMPLES], ("example", number))
    name = str(raw.get("name", number + 1))

    def told(messages: list[str]) -> Checked:
        return Checked(name, tuple(Problem(EXAMPLES, line, f"«{name}»: {message}") for message in messages))

    try:
        example = Example.model_validate(raw)
    except ValidationError as error:
        return told([f"{'.'.join(map(str, d['loc']))}: {d['msg']}" for d in error.errors()])
    messages = [
        f"{root}.{member}: no such fact"
        for root in _GROUPS
        for member in getattr(example, root)
        if f"{root}.{member}" not in facts.known()
    ]
    if messages:
        return told(messages)
    world, wrong = example_world(loaded, example)
    if wrong or example.outcome == "answers_wrong":
        if example.outcome != "answers_wrong" or not wrong:
            messages.append(f"wrong answers: {', '.join(wrong) or 'none'}, stated: {example.outcome}")
        return told(messages)
    return told(_compare(loaded, example, world))


def _compare(loaded: Loaded, example: Example, world: dict[str, object]) -> list[str]:
    messages = []
    try:
        evaluation = evaluate(loaded.definition, world)
    except CannotTell as error:
        return [f"the fee cannot be computed: {error}"]
    outcome = OUTCOMES[evaluation.outcome]
    failing = [result.rule.id for result in (*evaluation.failures, *evaluation.doubts)]
    if outcome != example.outcome:
        messages.append(
            f"the outcome is {outcome} (failing: {failing or 'nothing'}), stated: {example.outcome}"
        )
    if sorted(failing) != sorted(example.failing):
        messages.append(f"failing rules are {failing}, stated: {example.failing}")
    if example.fee is not None and evaluation.fee != example.fee:
        messages.append(f"the fee is {evaluation.fee}, stated: {example.fee}")
    if example.due is not None:
        due = clocks.due(example.today, loaded.definition.deadline.days)
        if due != example.due:
            messages.append(f"it is due on {due}, stated: {example.due}")
    if loaded.definition.letter is not None and evaluation.outcome in ("issue", "examine"):
        messages += _letter_messages(loaded, example, world)
    return messages


def _letter_messages(loaded: Loaded, example: Example, world: dict[str, object]) -> list[str]:
    try:
        text = letter_text(loaded, world, example.today)
    except (LetterBroken, NotPrintable) as error:
        return [f"the letter does not compile: {error}"]
    missing = [f"the letter does not say {words!r}" for words in example.letter_says if words not in text]
    return missing + [f"the letter says {words!r}" for words in example.letter_silent if words in text]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
