"""The dated table of algorithms: until when a proof made with each is counted on."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("data") / "algorithms.toml"
DIGEST = "SHA-256"


@cache
def retired() -> Mapping[str, date]:
    """By name ("RSA-2048", "EC-secp256r1", "SHA-256"): the last day."""
    with _TABLE.open("rb") as file:
        return {row["name"]: row["until"] for row in tomllib.load(file)["algorithm"]}
