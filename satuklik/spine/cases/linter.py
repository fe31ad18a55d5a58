"""What a service folder must keep beyond its types: every field has a use, every rule can be computed."""

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

from satuklik.spine.cases.definition import Definition
from satuklik.spine.cases.expressions import ExpressionBroken, compiled
from satuklik.spine.cases.facts import known
from satuklik.spine.cases.loader import EXAMPLES, LETTER, SERVICE, Loaded, Problem, line_of

_USE = re.compile(r"\bd\.(person|household|village|district|regency|answer|choice)\.([a-z_][a-z0-9_]*)")
_QUOTED = re.compile(r"\"(person|household|village|district|regency|answer)\.([a-z_][a-z0-9_]*)\"")
_ALIAS = re.compile(r"let ([a-z][a-z0-9-]*) = d\.(person|household|village|district|regency|answer)\b(?!\.)")
_NAMED = re.compile(r"\b(?:jawab|ada)\(\s*\"([a-z_][a-z0-9_]*)\"")
_WORD = re.compile(r"[a-z][a-z0-9-]*(?=\(|\b)")
_LET = re.compile(r"^#let ([a-z_][a-z0-9-]*)", re.MULTILINE)


def lint(loaded: Loaded, library: str) -> list[Problem]:
    """Everything wrong in a loaded folder; `library` is the text of surat.typ."""
    return sorted({*_Linter(loaded, library).problems()})


def letter_uses(letter: str, library: str) -> frozenset[str]:
    """The values ("person.name", "answer.purpose") that a letter and the library functions it calls show."""
    uses = _direct(letter)
    needs = library_needs(library)
    for word in set(_WORD.findall(letter)):
        uses |= needs.get(word, frozenset())
    return frozenset(uses)


@lru_cache(maxsize=8)
def library_needs(library: str) -> dict[str, frozenset[str]]:
    """For each function of the letter library: the values that it shows, also through others it calls."""
    starts = [(match[1], match.start()) for match in _LET.finditer(library)]
    bodies = {
        name: library[start : starts[n + 1][1] if n + 1 < len(starts) else len(library)]
        for n, (name, start) in enumerate(starts)
    }
    needs = {name: _direct(body) for name, body in bodies.items()}
    for _round in range(4):  # functions call each other at most a few levels deep
        for name, body in bodies.items():
            for called in set(_WORD.findall(body)) & bodies.keys() - {name}:
                needs[name] |= needs[called]
    return {name: frozenset(found) for name, found in needs.items()}


def library_of(roots: list[Path]) -> str:
    """The text of surat.typ in the first root that has one."""
    return next((file.read_text() for root in roots if (file := root / "surat.typ").exists()), "")


def _direct(text: str) -> set[str]:
    text = re.sub(r"(?m)//.*$", "", text)
    found = {(root, name) for root, name in _USE.findall(text)}
    found |= {(root, name) for root, name in _QUOTED.findall(text)}
    for alias, root in _ALIAS.findall(text):
        found |= {(root, name) for name in re.findall(rf"\b{re.escape(alias)}\.([a-z_][a-z0-9_]*)", text)}
    named = {f"{'answer' if root == 'choice' else root}.{name}" for root, name in found if name != "at"}
    return named | {f"answer.{name}" for name in _NAMED.findall(text)}


class _Linter:
    def __init__(self, loaded: Loaded, library: str) -> None:
        self.loaded, self.d = loaded, loaded.definition
        self.text = loaded.files[SERVICE]
        self.facts = {fact.name for fact in self.d.fact}
        self.questions = {question.id for question in self.d.question}
        self.letter_uses = letter_uses(loaded.letter, library) if loaded.letter else frozenset()
        self.used: set[str] = set(self.letter_uses)
        self.found: list[Problem] = []

    def problems(self) -> list[Problem]:
        self.check_unique()
        self.check_kind()
        self.check_questions()
        self.check_rules()
        self.check_letter()
        self.check_uses()
        self.check_examples()
        return self.found

    def say(self, message: str, *place: str | int) -> None:
        self.found.append(Problem(SERVICE, line_of(self.text, place), message))

    def check_unique(self) -> None:
        named = {
            "fact": [fact.name for fact in self.d.fact],
            "question": [question.id for question in self.d.question],
            "rule": [rule.id for rule in self.d.rule],
        }
        for table, names in named.items():
            for name, count in Counter(names).items():
                if count > 1:
                    last = len(names) - 1 - names[::-1].index(name)
                    self.say(f"{table} {name!r} is there {count} times", table, last)

    def check_kind(self) -> None:
        d: Definition = self.d
        needed = {
            "straight": {"letter", "legal_mode"},
            "decision": {"letter", "step"},
            "handoff": {"handoff"},
        }[d.kind]
        for part in ("letter", "legal_mode", "step", "handoff"):
            there = bool(getattr(d, part))
            if part in needed and not there:
                self.say(f"a service of kind {d.kind!r} needs [{part}]", "kind")
            allowed = part in needed or (part == "step" and d.kind == "straight")
            if there and not allowed:
                self.say(f"a service of kind {d.kind!r} has no [{part}]", part, 0)
        doubts = [rule for rule in d.rule if rule.effect == "examine"]
        if d.kind == "straight" and doubts and not d.step:
            self.say("a rule leaves something to an official, but no [[step]] says to whom", "kind")
        if d.kind == "straight" and d.step and not doubts:
            self.say("no rule ever leads to this step", "step", 0)
        names = [step.name for step in d.step]
        if names and (names[-1] != "sign" or names.count("sign") != 1):
            self.say("the last step, and only the last, must be 'sign'", "step", len(names) - 1)
        for n, step in enumerate(d.step):
            if step.name == "sign" and step.roles != ("head",):
                self.say("only the role 'head' signs", "step", n, "roles")
        if d.kind == "decision" and d.letter and d.letter.signer == "seal":
            self.say("a decided letter is signed by the head, not sealed", "letter", "signer")
        days = sum(step.days for step in d.step)
        if days > d.deadline.days:
            self.say(f"the steps take {days} days, the deadline is {d.deadline.days}", "deadline", "days")

    def check_questions(self) -> None:
        for n, question in enumerate(self.d.question):
            if (question.type == "choice") != bool(question.choices):
                self.say("a choice needs choices, and nothing else has them", "question", n, "type")
            if (question.type == "file") != bool(question.accept):
                self.say(
                    "a file question says which kinds it accepts, and nothing else does",
                    "question",
                    n,
                    "type",
                )
            values = [choice.value for choice in question.choices]
            if len(set(values)) != len(values):
                self.say("two choices have the same value", "question", n, "choices")
            if question.min is not None and question.max is not None and question.min > question.max:
                self.say("min is larger than max", "question", n, "min")
            if question.when is not None:
                earlier = {q.id for q in self.d.question[:n]}
                self.check_expression(question.when, earlier, "question", n, "when")

    def check_rules(self) -> None:
        for n, rule in enumerate(self.d.rule):
            self.check_expression(rule.when, self.questions, "rule", n, "when")
        if isinstance(self.d.fee.amount, str):
            self.check_expression(self.d.fee.amount, self.questions, "fee", "amount")
        elif self.d.fee.amount < 0:
            self.say("a fee is never negative", "fee", "amount")

    def check_expression(self, source: str, questions: set[str], *place: str | int) -> None:
        try:
            expression = compiled(source)
        except ExpressionBroken as error:
            self.say(f"does not compile: {error}", *place)
            return
        self.used |= expression.uses
        if not expression.uses:
            self.say("uses no value, so it always says the same", *place)
        for name in sorted(expression.uses - {"today"}):
            root, _, member = name.partition(".")
            if root == "answer" and member not in questions:
                self.say(f"{name}: there is no such question (before it)", *place)
            elif root != "answer" and name not in self.facts:
                self.say(f"{name}: no [[fact]] declares it", *place)

    def check_letter(self) -> None:
        if self.d.kind == "handoff":
            if self.loaded.letter:
                self.found.append(Problem(LETTER, 1, "a hand-off has no letter of ours"))
            return
        if not self.loaded.letter.strip():
            self.found.append(Problem(LETTER, 1, "the file is missing or empty"))
            return
        direct = _direct(self.loaded.letter)
        for name in sorted(direct):
            root, _, member = name.partition(".")
            if (root == "answer" and member not in self.questions) or (
                root != "answer" and name not in self.facts
            ):
                self.found.append(
                    Problem(LETTER, self._letter_line(name), f"{name}: service.toml does not declare it")
                )
        for name in self.d.letter.shows if self.d.letter else ():
            root, _, member = name.partition(".")
            if (root == "answer" and member not in self.questions) or (
                root != "answer" and name not in self.facts
            ):
                self.say(f"{name}: neither a fact nor a question", "letter", "shows")
            elif name not in self.letter_uses:
                self.say(f"{name}: the letter does not say this, so it cannot be shown", "letter", "shows")

    def check_uses(self) -> None:
        for n, fact in enumerate(self.d.fact):
            if fact.name not in known():
                self.say(f"{fact.name}: no register gives this fact", "fact", n, "name")
            elif fact.name not in self.used and not fact.law and self.d.kind != "handoff":
                self.say(f"{fact.name}: feeds no rule, no letter and no cited law", "fact", n, "name")
        for n, question in enumerate(self.d.question):
            if f"answer.{question.id}" not in self.used and not question.law:
                self.say(f"{question.id}: feeds no rule, no letter and no cited law", "question", n, "id")

    def check_examples(self) -> None:
        if not self.loaded.examples:
            self.found.append(Problem(EXAMPLES, 1, "there is no [[example]]"))

    def _letter_line(self, name: str) -> int:
        root, _, member = name.partition(".")
        for number, line in enumerate(self.loaded.letter.split("\n"), 1):
            if re.search(rf"d\.{root}\.{member}\b", line) or f'"{member}"' in line:
                return number
        return 1
