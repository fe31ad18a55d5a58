"""Reads the tables of triage (slang, signals, tasks of the offices) from the data files, once a process."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from satuklik.base.regions import queries as regions
from satuklik.spine.intake.rules import triage
from satuklik.spine.intake.rules.classifier import Model
from satuklik.spine.intake.rules.routing import Place

DATA = Path(__file__).parent / "data"


@cache
def table(name: str) -> dict[str, Any]:
    """One data file. Not to be changed."""
    with (DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def slang() -> dict[str, str]:
    """Word → the plain words it stands for."""
    return {word: plain for group in table("slang").values() for word, plain in group.items()}


def emergency_numbers() -> list[tuple[str, str]]:
    """(whom one reaches, number), the general one first."""
    return [(row["name"], row["number"]) for row in table("emergency")["number"]]


def places() -> list[Place]:
    """The kecamatan, desa and kelurahan with the offices that serve them."""
    found = [Place(one.name, f"kec-{one.code}", True) for one in regions.districts()]
    return found + [
        Place(one.name, f"{'kel' if one.kind == 'kelurahan' else 'desa'}-{one.code}", False)
        for one in regions.villages()
    ]


def pipeline(
    model: Model | None = None, tickets: Sequence[tuple[str, str, str]] = (), *, with_places: bool = True
) -> triage.Triage:
    """The pipeline of the data files. Without `with_places` no database is asked."""
    known = places() if with_places else []
    return triage.build(table("signals"), table("tasks"), slang(), known, model=model, tickets=tickets)
