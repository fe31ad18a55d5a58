"""Rules in CEL: a small adapter, with the few functions that our rules need.

Dates are ISO strings (they compare as dates do); money is integer rupiah. Beyond CEL's own functions:
`years(from, to)` and `days(from, to)` count whole years and days, `plus_days(date, n)` moves a date,
`words(text)` counts words.
"""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import ModuleType
from typing import Any

# The package loads its own command line with it, and that a terminal's worth of libraries: 27 MB a process.
sys.modules.setdefault("cel.cli", ModuleType("cel.cli"))
import cel  # noqa: E402

ROOTS = ("person", "household", "village", "district", "regency", "answer")
_STRINGS = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_MEMBER = re.compile(r"(?<![\w.])([a-z_]+)\.([a-z_][a-z0-9_]*)(?!\s*\()")


class ExpressionBroken(ValueError):
    """The text is no CEL, or uses a function or variable that does not exist."""


class CannotTell(ValueError):
    """The expression has no answer for these values (something it needs is missing)."""


def years(start: str, end: str) -> int:
    """Whole years from `start` to `end`: an age. Born on 29 February, a person turns on 1 March."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def days(start: str, end: str) -> int:
    """Days from `start` to `end`; negative when `end` is earlier."""
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


def plus_days(day: str, count: int) -> str:
    """The date `count` days after `day`."""
    return (date.fromisoformat(day) + timedelta(days=count)).isoformat()


def words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "years": years,
    "days": days,
    "plus_days": plus_days,
    "words": words,
}
_BUILT_IN = {
    "size", "contains", "startsWith", "endsWith", "matches", "has", "all", "exists", "exists_one",
    "map", "filter", "int", "string", "double", "bool",
}  # fmt: skip


@dataclass(frozen=True)
class Expression:
    """A compiled CEL expression and the values it uses ("person.age")."""

    source: str
    uses: frozenset[str]
    program: cel.Program
    roots: frozenset[str]
    """The groups of values that it needs ("person", "today")."""
    calls: bool
    """Whether it calls one of our functions."""

    def value(self, world: Mapping[str, object]) -> object:
        """Its value in `world`. Raises CannotTell where something that it needs is missing."""
        try:
            needed = {root: world[root] for root in self.roots}
            return self.program.execute(cel.Context(needed, FUNCTIONS if self.calls else None))
        except (TypeError, KeyError, ValueError, RuntimeError) as error:
            raise CannotTell(f"{self.source}: {error}") from error

    def inputs(self, world: Mapping[str, object]) -> dict[str, object]:
        """The values that it used, by name: the evidence of a decision."""
        found = {}
        for name in sorted(self.uses):
            root, _, member = name.partition(".")
            group = world.get(root)
            found[name] = group.get(member) if isinstance(group, Mapping) else group
        return found


@lru_cache(maxsize=2000)
def compiled(source: str) -> Expression:
    """Compile `source` once per process. Raises ExpressionBroken with CEL's own reason."""
    try:
        program = cel.compile(source)
    except ValueError as error:
        raise ExpressionBroken(str(error).split("\n", 1)[0]) from error
    references = program.references()
    known = set(ROOTS) | {"today"}
    for name in references["variables"]:
        if name not in known:
            raise ExpressionBroken(f"unknown name '{name}' (known: {', '.join(sorted(known))})")
    for name in references["functions"]:
        if name[0].isalpha() and name not in FUNCTIONS and name not in _BUILT_IN:
            raise ExpressionBroken(
                f"unknown function '{name}' (ours: {', '.join(sorted(FUNCTIONS))}, and CEL's own)"
            )
    bare = _STRINGS.sub("''", source)
    uses = {f"{root}.{member}" for root, member in _MEMBER.findall(bare) if root in ROOTS}
    if "today" in references["variables"]:
        uses.add("today")
    calls = any(name in FUNCTIONS for name in references["functions"])
    return Expression(source, frozenset(uses), program, frozenset(references["variables"]), calls)
