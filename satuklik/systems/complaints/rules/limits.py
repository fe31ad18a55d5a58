"""Limits as dated rows: which one is in force on a day, with its source."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

VERIFY, FOLLOW_UP, REPLY, REPORTER, CONTEST = "verify", "follow_up", "reply", "reporter", "reopened"
# Levels of a complaint; the limit of its completion has the same name.
LIGHT, NORMATIVE, PLAIN, SUPERVISORY = "light", "normative", "non_supervisory", "supervisory"
LEVELS = (LIGHT, NORMATIVE, PLAIN, SUPERVISORY)


@dataclass(frozen=True)
class Limit:
    """A number of working days that holds from `valid_from` on."""

    name: str
    days: int
    valid_from: date
    source: str
    confirmed: bool
    """False: not compared with the primary source; pages say so."""


class NoLimit(LookupError):
    """No row of this name is in force on this day."""


def in_force(rows: Iterable[Limit], name: str, day: date) -> Limit:
    """The row of `name` that holds on `day`. Raises NoLimit."""
    found = [row for row in rows if row.name == name and row.valid_from <= day]
    if not found:
        raise NoLimit(f"{name} {day}")
    return max(found, key=lambda row: row.valid_from)
