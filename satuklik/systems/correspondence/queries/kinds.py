"""Templates, classes of the archive, words of the regulation."""

from satuklik.systems.correspondence.rules import Classification, Kind, Term


def kinds() -> list[Kind]:
    """Every template that can be drafted, by its name."""
    raise NotImplementedError


def kind(slug: str) -> Kind:
    """One template. Raises UnknownKind."""
    raise NotImplementedError


def classifications(search: str = "") -> list[Classification]:
    """Classes whose code begins with `search` or whose name holds all its words; all of them for an empty one."""
    raise NotImplementedError


def classification_name(code: str) -> str:
    """The name of a class; empty for an unknown code."""
    raise NotImplementedError


def urgencies() -> list[Term]:
    """biasa, segera, sangat_segera."""
    raise NotImplementedError


def secrecies() -> list[Term]:
    """biasa, terbatas, rahasia, sangat_rahasia."""
    raise NotImplementedError


def instructions() -> list[Term]:
    """The words of the disposition sheet."""
    raise NotImplementedError
