"""The published services as this process knows them: compiled once, fresh within two seconds."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from satuklik.spine.cases.definition import Definition
from satuklik.spine.cases.errors import ServiceNotFound
from satuklik.spine.cases.loader import LETTER, load
from satuklik.spine.cases.models import ServiceVersion

FRESH_SECONDS = 2.0


@dataclass(frozen=True)
class Published:
    """One version of a service, ready to be used."""

    version_id: int
    slug: str
    version: int
    sha256: str
    definition: Definition
    letter: str

    @property
    def fact_names(self) -> tuple[str, ...]:
        """The facts that the service uses."""
        return tuple(fact.name for fact in self.definition.fact)


class _Current:
    """What is offered now. The database is asked for its stamp at most every two seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamp: tuple[object, ...] | None = None
        self._read_at = 0.0
        self._services: Mapping[str, Published] = {}

    def services(self) -> Mapping[str, Published]:
        if time.monotonic() - self._read_at > FRESH_SECONDS:
            with self._lock:
                self._refresh()
        return self._services

    def forget(self) -> None:
        self._read_at, self._stamp = 0.0, None

    def _refresh(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), max(id), max(retired_at) FROM cases_serviceversion")
            stamp = cursor.fetchone()
        if stamp != self._stamp:
            rows = ServiceVersion.objects.filter(retired_at=None).values_list("id", "slug").order_by("slug")
            self._services = {slug: pinned(version_id) for version_id, slug in rows}
            self._stamp = stamp
        self._read_at = time.monotonic()


_current = _Current()


def current() -> Mapping[str, Published]:
    """Every service that is offered now, by slug, in the slugs' order."""
    return _current.services()


def service(slug: str) -> Published:
    """The service that is offered now under `slug`. Raises ServiceNotFound."""
    try:
        return current()[slug]
    except KeyError as error:
        raise ServiceNotFound(slug) from error


@lru_cache(maxsize=500)
def pinned(version_id: int) -> Published:
    """The version with this id, also when it is no longer offered: versions never change."""
    row = ServiceVersion.objects.get(pk=version_id)
    loaded = load(row.slug, row.files)
    return Published(row.pk, row.slug, row.version, row.sha256, loaded.definition, row.files.get(LETTER, ""))


def forget() -> None:
    """Ask the database again at the next look (after publishing, and between tests)."""
    _current.forget()
