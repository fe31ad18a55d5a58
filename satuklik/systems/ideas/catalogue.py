"""The dated policy of this room: threshold, days, categories."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

DATA = Path(__file__).parent / "data" / "policy.toml"
OTHER = "lainnya"


@dataclass(frozen=True)
class Rule:
    """A number that holds from a day on."""

    name: str
    value: int
    valid_from: date
    source: str
    confirmed: bool


@dataclass(frozen=True)
class Category:
    """What an idea may be about, and which agency reviews it."""

    code: str
    name: str
    name_en: str
    agency: str

    def label(self) -> str:
        """Its name in the language of the page."""
        return self.name_en if get_language() == "en" else self.name


@cache
def _data() -> dict[str, Any]:
    with (Path(settings.SATUKLIK_IDEAS_POLICY) if settings.SATUKLIK_IDEAS_POLICY else DATA).open(
        "rb"
    ) as file:
        return tomllib.load(file)


@cache
def categories() -> dict[str, Category]:
    """Every category by its code, in the order of the form."""
    return {row["code"]: Category(**row) for row in _data()["category"]}


def category(code: str) -> Category:
    """The category with this code; «something else» for one that is no longer offered."""
    return categories().get(code) or categories()[OTHER]


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(Rule(**row) for row in _data()["rule"])


def rule(name: str, day: date) -> Rule:
    """The rule of `name` in force on `day`. Raises LookupError."""
    found = [row for row in _rules() if row.name == name and row.valid_from <= day]
    if not found:
        raise LookupError(f"{name} {day}")
    return max(found, key=lambda row: row.valid_from)
