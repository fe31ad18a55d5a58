"""Outlines that nobody has drawn: each kecamatan a square, its villages strips of it. For tests, and for nothing else."""

import tomllib
from pathlib import Path
from typing import Any

# As a path: whoever prepares an installation has no Django yet.
DATA = Path(__file__).resolve().parents[1] / "satuklik" / "base" / "regions" / "data" / "asahan.toml"
WEST, SOUTH, SIDE = 99.3, 2.6, 0.1
ROWS = 5


def made_up() -> dict[str, Any]:
    """A GeoJSON FeatureCollection with every kecamatan and village of the data file: Meranti at the lower left, then to
    the north."""
    features = []
    for number, district in enumerate(tomllib.loads(DATA.read_text())["district"]):
        west, south = WEST + SIDE * (number // ROWS), SOUTH + SIDE * (number % ROWS)
        features.append(_feature(district["code"], west, south, west + SIDE))
        width = SIDE / len(district["villages"])
        features += [
            _feature(code, west + width * place, south, west + width * (place + 1))
            for place, (code, _name) in enumerate(district["villages"])
        ]
    return {"type": "FeatureCollection", "features": features}


def middle_of(code: str) -> tuple[float, float]:
    """(longitude, latitude) of the middle of a made-up outline."""
    found = next(one for one in made_up()["features"] if one["properties"]["code"] == code)
    ring = found["geometry"]["coordinates"][0]
    return (ring[0][0] + ring[1][0]) / 2, (ring[0][1] + ring[2][1]) / 2


def _feature(code: str, west: float, south: float, east: float) -> dict[str, Any]:
    north = south + SIDE
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
