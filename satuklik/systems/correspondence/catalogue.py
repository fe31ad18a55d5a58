"""The templates as this process knows them: read once, and again after `forget`."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from satuklik.systems.correspondence.errors import UnknownKind
from satuklik.systems.correspondence.loader import Catalogue, Sheet, load
from satuklik.systems.correspondence.rules import Kind


def current() -> Catalogue:
    """What stands in the configured folder. Raises TemplatesBroken."""
    return _read(Path(settings.NASKAH))


def kind(slug: str) -> Kind:
    """One template. Raises UnknownKind."""
    found = current().kinds.get(slug)
    if found is None:
        raise UnknownKind(slug)
    return found


def sheet(slug: str) -> Sheet:
    """A sheet that is drawn from the register. Raises UnknownKind."""
    found = current().sheets.get(slug)
    if found is None:
        raise UnknownKind(slug)
    return found


def forget() -> None:
    """Read the folder again at the next need."""
    _read.cache_clear()


@lru_cache(maxsize=4)
def _read(root: Path) -> Catalogue:
    return load(root)
