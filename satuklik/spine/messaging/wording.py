"""The prepared templates: their texts are data, approved at Meta under the same names."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from satuklik.spine.messaging.errors import NoSuchTemplate

FILE = Path(__file__).parent / "data" / "templates.toml"
LONGEST_VARIABLE = 300
_PLACE = re.compile(r"\{\{(\d+)\}\}")


@dataclass(frozen=True)
class Template:
    """One template: its places in order, and its text by language."""

    name: str
    category: str
    variables: tuple[str, ...]
    texts: Mapping[str, str]

    def language(self, wanted: str) -> str:
        """The language that there is a text for."""
        return wanted if wanted in self.texts else "id"

    def fill(self, values: Sequence[str], language: str) -> str:
        """The text with its places filled."""
        return _PLACE.sub(lambda place: values[int(place[1]) - 1], self.texts[self.language(language)])

    def complete(self, given: Sequence[str], link: str) -> list[str]:
        """One value for each place: those given in order, the link last, "-" for what nobody gave. Meta takes
        neither line breaks nor an empty value."""
        wanted = len(self.variables)
        values = [*(" ".join(str(value).split())[:LONGEST_VARIABLE] for value in given)][:wanted]
        if len(values) < wanted and self.variables[-1] == "link":
            values += [""] * (wanted - 1 - len(values)) + [link]
        values += [""] * (wanted - len(values))
        return [value or "-" for value in values]


@cache
def templates() -> dict[str, Template]:
    """All prepared templates by name."""
    with FILE.open("rb") as file:
        rows = tomllib.load(file)
    return {
        name: Template(name, row["category"], tuple(row["variables"]), {"id": row["id"], "en": row["en"]})
        for name, row in rows.items()
    }


def template(name: str) -> Template:
    """Raises NoSuchTemplate."""
    try:
        return templates()[name]
    except KeyError:
        raise NoSuchTemplate(f"{name}; known: {', '.join(templates())}") from None
