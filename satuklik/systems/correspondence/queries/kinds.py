"""Templates, classes of the archive, words of the regulation."""

from satuklik.systems.correspondence import catalogue
from satuklik.systems.correspondence.rules import Classification, Kind, Term


def kinds() -> list[Kind]:
    """Every template that can be drafted, by its name."""
    return sorted(catalogue.current().kinds.values(), key=lambda one: one.name["id"])


def kind(slug: str) -> Kind:
    """One template. Raises UnknownKind."""
    return catalogue.kind(slug)


def classifications(search: str = "") -> list[Classification]:
    """Classes whose code begins with `search` or whose name holds all its words; all of them for an empty one."""
    wanted = search.strip().lower()
    words = wanted.split()
    return [
        one
        for one in catalogue.current().classes.values()
        if one.code.startswith(wanted) or all(word in one.name.lower() for word in words)
    ]


def classification_name(code: str) -> str:
    """The name of a class; empty for an unknown code."""
    found = catalogue.current().classes.get(code)
    return found.name if found else ""


def urgencies() -> list[Term]:
    """biasa, segera, sangat_segera."""
    return list(catalogue.current().urgencies.values())


def secrecies() -> list[Term]:
    """biasa, terbatas, rahasia, sangat_rahasia."""
    return list(catalogue.current().secrecies.values())


def instructions() -> list[Term]:
    """The words of the disposition sheet."""
    return list(catalogue.current().instructions.values())
