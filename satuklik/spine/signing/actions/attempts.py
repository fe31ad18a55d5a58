"""Attempts to open a key: counted apart from the caller's transaction, so that none is forgiven by an error."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from satuklik.spine.signing import rules
from satuklik.spine.signing.errors import KeyLocked, NoKey


@contextmanager
def apart(key_id: int) -> Iterator[BaseDatabaseWrapper]:
    """A connection whose writes stay when the caller's transaction is undone. A key that the caller itself has
    not committed yet is seen by nobody else: then the caller's own connection will do."""
    if not connection.in_atomic_block:
        yield connections[DEFAULT_DB_ALIAS]
        return
    own = connection.copy()
    try:
        yield own if _attempts(own, key_id) is not None else connections[DEFAULT_DB_ALIAS]
    finally:
        own.close()


def begin(database: BaseDatabaseWrapper, key_id: int, now: datetime) -> rules.Attempts:
    """Count one attempt before it is made, exactly, however many run side by side. Raises KeyLocked."""
    while True:
        before = _attempts(database, key_id)
        if before is None:
            raise NoKey("The key is gone.")
        after = rules.begin_attempt(before, now)
        if after is None:
            raise KeyLocked(before.locked_until or now)
        with database.cursor() as cursor:
            # Compare and swap: another attempt may have come between.
            cursor.execute(
                "update signing_signingkey set failures = %s, locked_until = %s"
                " where id = %s and failures = %s and locked_until is not distinct from %s",
                [after.failures, after.locked_until, key_id, before.failures, before.locked_until],
            )
            if cursor.rowcount:
                return after


def forgive(database: BaseDatabaseWrapper, key_id: int) -> None:
    """The key was opened: what was counted before is forgotten."""
    with database.cursor() as cursor:
        cursor.execute(
            "update signing_signingkey set failures = 0, locked_until = null where id = %s", [key_id]
        )


def take_back(database: BaseDatabaseWrapper, key_id: int) -> None:
    """The attempt that was begun did not try the passphrase (the backend could not be reached): it does not count."""
    with database.cursor() as cursor:
        cursor.execute(
            "update signing_signingkey set failures = greatest(failures - 1, 0), locked_until = null where id = %s",
            [key_id],
        )


def _attempts(database: BaseDatabaseWrapper, key_id: int) -> rules.Attempts | None:
    with database.cursor() as cursor:
        cursor.execute("select failures, locked_until from signing_signingkey where id = %s", [key_id])
        row = cursor.fetchone()
    return rules.Attempts(*row) if row else None
