"""Reads what the synthetic population is made to look like (structure.toml) and where it lives."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "data" / "structure.toml"
ESTATE_SHARE = 0.35  # an estate's village (Perkebunan …) has fewer people than others
NAMESAKE_SHARE = 1.5  # the village that gives the kecamatan its name has more


@dataclass(frozen=True)
class Village:
    """Where families live; `weight` is its share of the regency in residents, `work` what people live on."""

    code: str
    name: str
    district: str
    is_town: bool
    postal_code: str
    work: str
    weight: float


@dataclass(frozen=True)
class Structure:
    """The target: residents by sex, per cent by groups of five years (men, women), and all the tables."""

    men: int
    women: int
    ages: tuple[Sequence[float], Sequence[float]]
    villages: tuple[Village, ...]
    peoples: Mapping[str, Mapping[str, float]]
    religions: Mapping[str, Mapping[str, float]]
    work: Mapping[str, Mapping[str, Mapping[str, float]]]
    elsewhere: Mapping[str, str]


def read(
    districts: Sequence[tuple[str, str, Sequence[tuple[str, str, str]]]], file: Path = DATA
) -> Structure:
    """The structure of `file` for these districts: (code, name, villages as (code, name, kind)).

    A district that the file lacks counts as a small farming one, so that another regency's regions work too.
    """
    with file.open("rb") as opened:
        data = tomllib.load(opened)
    villages = [village for district in districts for village in _villages(district, data["districts"])]
    return Structure(
        men=data["totals"]["men"],
        women=data["totals"]["women"],
        ages=(data["ages"]["men"], data["ages"]["women"]),
        villages=tuple(villages),
        peoples=data["peoples"],
        religions=data["religions"],
        work=data["work"],
        elsewhere=data["elsewhere"],
    )


def _villages(
    district: tuple[str, str, Sequence[tuple[str, str, str]]], known: Mapping[str, Any]
) -> list[Village]:
    code, name, rows = district
    facts = known.get(code, {"residents": 20_000, "postal_code": "00000", "work": "farm"})
    shares = {}
    for village, village_name, _ in rows:
        share = ESTATE_SHARE if village_name.startswith("Perkebunan") else 1.0
        shares[village] = share * (NAMESAKE_SHARE if village_name in name else 1.0)
    whole = sum(shares.values())
    return [
        Village(
            code=village,
            name=village_name,
            district=name,
            is_town=kind == "kelurahan",
            postal_code=facts["postal_code"],
            work="plantation" if village_name.startswith("Perkebunan") else facts["work"],
            weight=facts["residents"] * shares[village] / whole,
        )
        for village, village_name, kind in rows
    ]
