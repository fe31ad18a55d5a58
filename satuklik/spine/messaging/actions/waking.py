"""Wake the worker: something waits. PostgreSQL tells it when the transaction has ended."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from satuklik.base.postgres import queries as postgres

CHANNEL = "satuklik_messaging"


class _Worker(threading.local):
    busy = False


_worker = _Worker()


def wake() -> None:
    """Let the worker look at once. Inside the worker itself there is nobody to wake."""
    if not _worker.busy:
        postgres.rows("SELECT pg_notify(%s, '')", (CHANNEL,))


@contextmanager
def awake() -> Iterator[None]:
    """This thread looks again by itself until nothing waits."""
    before, _worker.busy = _worker.busy, True
    try:
        yield
    finally:
        _worker.busy = before
