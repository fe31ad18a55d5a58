"""The days off that come with the program, before they are loaded into the table."""

import tomllib
from pathlib import Path

from satuklik.base.calendar.models import Holiday

DATA = Path(__file__).parent / "data" / "holidays.toml"


def shipped(file: Path = DATA) -> list[Holiday]:
    """The days of `file` as rows that nobody has saved, each date once; where two years name one, the later wins."""
    with file.open("rb") as opened:
        years = tomllib.load(opened)["year"]
    given = {
        day["date"]: Holiday(
            date=day["date"],
            name=day["name"],
            kind=day["kind"],
            decree=day.get("decree", year["decree"]),
            confirmed=year["confirmed"],
        )
        for year in years
        for day in year["days"]
    }
    return list(given.values())
