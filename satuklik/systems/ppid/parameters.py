"""The dated parameters and the grounds of the law, read from their files once per process."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from satuklik.systems.ppid.models import ParameterRow
from satuklik.systems.ppid.rules import Parameter, in_force

DATA = Path(__file__).parent / "data"


@cache
def _rows(path: Path) -> tuple[Parameter, ...]:
    with path.open("rb") as file:
        rows = tomllib.load(file)["parameter"]
    return tuple(Parameter(**row) for row in rows)


def rows() -> tuple[Parameter, ...]:
    """All rows: of the installation's own file where the settings name one, and then of ours for what it leaves out."""
    ours = _rows(DATA / "parameters.toml")
    if not settings.SATUKLIK_PPID_PARAMETERS:
        return ours
    theirs = _rows(Path(settings.SATUKLIK_PPID_PARAMETERS))
    named = {row.name for row in theirs}
    return (*theirs, *(row for row in ours if row.name not in named))


def value(name: str, day: date) -> Any:
    """The parameter's value on `day`. Raises NoParameter."""
    return row(name, day).value


def row(name: str, day: date) -> Parameter:
    """The parameter's row on `day`, with its source: those that were set at the desk and agreed to stand above the
    file's from their day on. Raises NoParameter."""
    agreed = ParameterRow.objects.filter(name=name, agreed_at__isnull=False, valid_from__lte=day).order_by(
        "-pk"
    )
    set_here = [Parameter(one.name, one.value, one.valid_from, one.source, one.confirmed) for one in agreed]
    return in_force([*set_here, *rows()], name, day)


@cache
def _law() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    with (DATA / "law.toml").open("rb") as file:
        return tomllib.load(file)


def exceptions(language: str = "") -> dict[str, str]:
    """The grounds of UU 14/2008 ps. 17 by letter, in the language of the page."""
    return _texts("exception", language)


def objections(language: str = "") -> dict[str, str]:
    """The grounds of UU 14/2008 ps. 35(1) by letter, in the language of the page."""
    return _texts("objection", language)


def _texts(table: str, language: str) -> dict[str, str]:
    wanted = language or (get_language() or "id")[:2]
    return {letter: text.get(wanted, text["id"]) for letter, text in _law()[table].items()}
