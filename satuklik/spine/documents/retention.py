"""How long letters are kept, by their class (JRA): a table read once, then a look-up in a dictionary.

Nothing is ever destroyed by a program: a list says what is due, and people decide (UU 43/2009 ps. 51; minutes of
destruction, berita acara pemusnahan).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

TABLE = Path(__file__).with_name("retention.toml")
Fate = Literal["musnah", "permanen", "dinilai"]
FATES = ("musnah", "permanen", "dinilai")


class BadRetention(ValueError):
    """A row of the retention table cannot be used; names the class."""


@dataclass(frozen=True)
class Row:
    """One class of the JRA."""

    archive_class: str
    about: str
    active: int
    inactive: int
    fate: Fate
    source: str
    confirmed: bool
    """False: the archivist has not compared it with the regency's JRA yet."""


@dataclass(frozen=True)
class Retention:
    """What a letter is given when it is issued."""

    archive_class: str
    keep_until: date | None
    """The last day on which it must be kept; None: for ever, or nobody has decided."""
    fate: str


@cache
def table() -> Mapping[str, Row]:
    """All rows by class. Raises BadRetention."""
    with TABLE.open("rb") as file:
        rows = [_row(entry) for entry in tomllib.load(file)["row"]]
    found = {row.archive_class: row for row in rows}
    if len(found) != len(rows):
        raise BadRetention("A class has two rows.")
    return found


def row_of(archive_class: str) -> Row | None:
    """The row of a class, else of the nearest class above it: "400.12.2.2" → "400.12"."""
    rows, wanted = table(), archive_class
    while wanted:
        if wanted in rows:
            return rows[wanted]
        wanted = wanted.rpartition(".")[0]
    return None


@cache
def _years(archive_class: str) -> tuple[int | None, str]:
    row = row_of(archive_class)
    if row is None:
        return None, ""
    return (None if row.fate == "permanen" else row.active + row.inactive), row.fate


def of_letter(archive_class: str, issued: date, valid_until: date | None) -> Retention:
    """How long a letter is kept: its years count from the end of the year in which it ends."""
    years, fate = _years(archive_class)
    ends = max(issued, valid_until) if valid_until is not None else issued
    return Retention(archive_class, date(ends.year + years, 12, 31) if years is not None else None, fate)


def _row(entry: Mapping[str, object]) -> Row:
    name = str(entry.get("class", "?"))
    active, inactive, fate = entry.get("active"), entry.get("inactive"), entry.get("fate")
    if not (isinstance(active, int) and isinstance(inactive, int) and active >= 0 and inactive >= 0):
        raise BadRetention(f"{name}: active and inactive are years.")
    if fate not in FATES or not entry.get("source") or not isinstance(entry.get("confirmed"), bool):
        raise BadRetention(f"{name}: fate is one of {', '.join(FATES)}; source and confirmed must be there.")
    return Row(
        name,
        str(entry.get("about", "")),
        active,
        inactive,
        fate,  # type: ignore[arg-type]
        str(entry["source"]),
        bool(entry["confirmed"]),
    )
