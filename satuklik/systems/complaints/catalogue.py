"""The dated and editable data of this room: limits, categories, emergency numbers, the words of SP4N-LAPOR!."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from satuklik.systems.complaints.rules import limits
from satuklik.systems.complaints.rules.limits import Limit

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Category:
    """What a complaint may be about. Its code is Open311's service_code."""

    code: str
    name: str
    name_en: str
    about: str
    about_en: str
    agency: str
    level: str

    def label(self) -> str:
        """Its name in the language of the page."""
        return self.name_en if get_language() == "en" else self.name

    def description(self) -> str:
        """What belongs to it, in the language of the page."""
        return self.about_en if get_language() == "en" else self.about


@dataclass(frozen=True)
class Emergency:
    """A number to call instead of writing."""

    number: str
    name: str
    name_en: str

    def label(self) -> str:
        """Whom one reaches."""
        return self.name_en if get_language() == "en" else self.name


OTHER = "lainnya"


def _read(name: str) -> dict[str, Any]:
    """A file of SATUKLIK_COMPLAINTS_DATA (a regency's own), else ours."""
    own = Path(settings.SATUKLIK_COMPLAINTS_DATA) / name if settings.SATUKLIK_COMPLAINTS_DATA else None
    with (own if own and own.exists() else DATA / name).open("rb") as file:
        return tomllib.load(file)


@cache
def categories() -> dict[str, Category]:
    """Every category by its code, in the order of the form."""
    return {row["code"]: Category(**row) for row in _read("categories.toml")["category"]}


@cache
def emergency_numbers() -> tuple[Emergency, ...]:
    """Whom to call, the general number first."""
    return tuple(Emergency(**row) for row in _read("categories.toml")["emergency"])


@cache
def _limits() -> tuple[Limit, ...]:
    return tuple(Limit(**row) for row in _read("limits.toml")["limit"])


def limit(name: str, day: date) -> Limit:
    """The limit of `name` that is in force on `day`, with its source. Raises NoLimit."""
    return limits.in_force(_limits(), name, day)


@cache
def sp4n() -> dict[str, Any]:
    """Headings and words of the files of SP4N-LAPOR!."""
    return _read("sp4n.toml")


def category(code: str) -> Category:
    """The category with this code; «something else» for one that is no longer offered."""
    return categories().get(code) or categories()[OTHER]
