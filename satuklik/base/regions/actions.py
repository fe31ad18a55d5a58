"""Writes the regions: loaded from the data file of the regency."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from satuklik.base.regions import queries
from satuklik.base.regions.models import Region
from satuklik.base.regions.rules import village_kind

DATA = Path(__file__).parent / "data" / "asahan.toml"


@transaction.atomic
def load(file: Path = DATA) -> int:
    """Make or update the regions of `file`; loading again changes nothing. How many the file names."""
    with file.open("rb") as opened:
        data = tomllib.load(opened)
    levels = _levels(data)
    for rows in levels:
        Region.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["code"], update_fields=["name", "kind", "parent"]
        )
    queries.forget()
    transaction.on_commit(queries.forget)
    return sum(len(rows) for rows in levels)


def _levels(data: dict[str, Any]) -> list[list[Region]]:
    """The rows of each level, the upper ones first: a region needs its parent."""
    province, regency = data["province"], data["regency"]
    districts = [
        Region(code=row["code"], name=row["name"], kind=Region.Kind.DISTRICT, parent_id=regency["code"])
        for row in data["district"]
    ]
    villages = [
        Region(code=code, name=name, kind=village_kind(code), parent_id=row["code"])
        for row in data["district"]
        for code, name in row["villages"]
    ]
    return [
        [Region(code=province["code"], name=province["name"], kind=Region.Kind.PROVINCE)],
        [
            Region(
                code=regency["code"],
                name=regency["name"],
                kind=Region.Kind.REGENCY,
                parent_id=province["code"],
            )
        ],
        districts,
        villages,
    ]
