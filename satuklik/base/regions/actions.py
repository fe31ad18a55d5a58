"""Writes the regions: loaded from the data file of the regency."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from satuklik.base.regions import outlines, queries
from satuklik.base.regions.models import Boundary, Region
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


@transaction.atomic
def import_boundaries(document: object, *, source: str) -> int:
    """Take over the outlines of a GeoJSON FeatureCollection whose features carry our codes (`properties.code`). An
    outline that was there is replaced. How many; raises `outlines.BadOutline`, also for a code that nobody has."""
    known = set(Region.objects.values_list("code", flat=True))
    read = outlines.read(document)
    strange = sorted({one.code for one in read} - known)
    if strange:
        raise outlines.BadOutline(f"No region has the code {', '.join(strange[:5])}. Load the regions first.")
    rows = []
    for one in {outline.code: outline for outline in read}.values():
        west, south, east, north = one.box
        rows.append(
            Boundary(
                region_id=one.code,
                polygons=list(one.polygons),
                source=source[:200],
                west=west,
                south=south,
                east=east,
                north=north,
            )
        )
    Boundary.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["region"],
        update_fields=["polygons", "west", "south", "east", "north", "source"],
    )  # fmt: skip
    queries.forget()
    transaction.on_commit(queries.forget)
    return len(rows)


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
