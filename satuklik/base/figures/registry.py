"""Figures that systems give to the statistics page, the API and the command centre."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


class DuplicateFigures(RuntimeError):
    """Two rooms registered figures under one name."""


@dataclass(frozen=True)
class Figure:
    """One figure. `value` is a number; None where nothing was measured (then it is said, never shown as 0)."""

    name: str
    """"ppid.requests": the system, a point, what is counted."""
    label: Any
    value: int | float | None
    unit: Any = ""
    """"" (a count), "%", "days", "hours", "minutes" or a text."""
    alarm: bool = False
    """True where somebody must look at it now."""
    url: str = ""


@dataclass(frozen=True)
class Source:
    """Where figures come from. `figures(first, last, now)`: over the matters that came in from `first` to `last`."""

    name: str
    label: Any
    order: int
    figures: Callable[[date, date, datetime], Iterable[Figure]]
    public: bool = True


SOURCES: dict[str, Source] = {}


def register_figures(source: Source) -> None:
    """Give figures. Raises DuplicateFigures."""
    if source.name in SOURCES:
        raise DuplicateFigures(source.name)
    SOURCES[source.name] = source


def figures(
    first: date, last: date, now: datetime, *, public: bool = True
) -> list[tuple[Source, list[Figure]]]:
    """Every source with its figures, in the sources' order; with `public` only those that everybody may see."""
    asked = sorted(
        (source for source in SOURCES.values() if source.public or not public), key=lambda one: one.order
    )
    return [(source, list(source.figures(first, last, now))) for source in asked]
