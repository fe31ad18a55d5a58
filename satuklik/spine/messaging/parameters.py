"""The dated parameters of messages, read from their file once per process."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

FILE = Path(__file__).parent / "data" / "parameters.toml"


@dataclass(frozen=True)
class Parameter:
    """A number that the law or the house sets, since when, and who says so."""

    name: str
    value: int
    valid_from: date
    source: str
    confirmed: bool


class NoParameter(LookupError):
    """No row of this parameter holds on this day."""


def in_force(name: str, day: date) -> Parameter:
    """The row that holds on `day`: of the installation's own file where the settings name one and it has such rows,
    else of ours. Raises NoParameter."""
    for path in filter(None, (settings.SATUKLIK_MESSAGING_PARAMETERS, str(FILE))):
        mine = [row for row in _rows(path) if row.name == name]
        found = [row for row in mine if row.valid_from <= day]
        if found:
            return max(found, key=lambda row: row.valid_from)
        if mine:
            break
    raise NoParameter(f"{name} has no value on {day}.")


@cache
def _rows(path: str) -> tuple[Parameter, ...]:
    with Path(path).open("rb") as file:
        return tuple(Parameter(**row) for row in tomllib.load(file)["parameter"])
