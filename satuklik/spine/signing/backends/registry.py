"""The backends by name, and which of them signs for an office and a service."""

import time
from collections.abc import Sequence
from functools import cache
from importlib import import_module

from django.conf import settings

from satuklik.spine.signing import rules
from satuklik.spine.signing.backends.interface import Backend
from satuklik.spine.signing.models import BackendChoice

# What each needs is loaded when somebody signs with it: 30 MB a process that a regency with one of them is spared.
BACKENDS = {
    "local": "satuklik.spine.signing.backends.local:LocalBackend",
    "pkcs11": "satuklik.spine.signing.backends.pkcs11:TokenBackend",
    "bsre": "satuklik.spine.signing.backends.bsre:BsreBackend",
}


@cache
def backend(name: str) -> Backend:
    """The backend of this name. Raises KeyError: a name that no table and no setting may hold."""
    module, kind = BACKENDS[name].split(":")
    made: Backend = getattr(import_module(module), kind)()
    return made


class _Choices:
    """The rows that choose, read again every few seconds: they change by decree, a click comes every second."""

    RECHECK = 3.0

    def __init__(self) -> None:
        self._rows: Sequence[rules.Choice] = ()
        self._until = 0.0

    def rows(self) -> Sequence[rules.Choice]:
        if time.monotonic() > self._until:
            found = BackendChoice.objects.values_list("agency_id", "service", "kind", "backend")
            self._rows = tuple(rules.Choice(*row) for row in found)
            self._until = time.monotonic() + self.RECHECK
        return self._rows

    def forget(self) -> None:
        self._until = 0.0


CHOICES = _Choices()


def chosen(agency_id: int, service: str, kind: str) -> Backend:
    """The backend that signs for this office and service; `kind`: "official" or "seal"."""
    name = rules.chosen_backend(CHOICES.rows(), agency_id, service, kind, settings.SATUKLIK_SIGNING_BACKEND)
    return backend(name)
