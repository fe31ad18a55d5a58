"""Writes of the hot paths: rows go in by statements that the server has already parsed and planned."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from django.db import connection
from django.db.models import AutoField, Field, Model

from satuklik.base.postgres import queries


class _Waiting(threading.local):
    """The rows of an open `together` block of this thread, with the cursors that will bring their keys."""

    rows: list[tuple[Model, "psycopg.Cursor[Any]"]] | None = None


_waiting = _Waiting()


def insert(row: Model) -> None:
    """Write a new row in the caller's transaction and give it its key, as `row.save(force_insert=True)` does.

    Measured: 0.15 ms, by the ORM 0.5 ms. Sends no signals. Raises Django's database errors.
    """
    statement, fields = _insertion(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    if _waiting.rows is not None:
        _waiting.rows.append((row, queries.send(statement, values)))
        return
    ((row.pk,),) = queries.rows(statement, values)
    row._state.adding, row._state.db = False, connection.alias


@contextmanager
def together() -> Iterator[None]:
    """Rows that are inserted in this block go to the server without waiting for each other's answer.

    They have their keys only after the block. An error of any of them is raised at its end.
    """
    with connection.cursor():
        pass  # opens the connection where it is not open yet
    _waiting.rows = []
    try:
        with connection.wrap_database_errors, connection.connection.pipeline():
            yield
            sent = _waiting.rows
        for row, cursor in sent:
            found = cursor.fetchone()
            row.pk = found[0] if found else None
            row._state.adding, row._state.db = False, connection.alias
            cursor.close()
    finally:
        _waiting.rows = None


def insert_unless_there(row: Model) -> bool:
    """Write a row unless one with its key is there already. True when it was written."""
    statement, fields = _insertion(type(row), "ON CONFLICT DO NOTHING")
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    return bool(queries.rows(statement, values))


@lru_cache(maxsize=200)
def _insertion(model: type[Model], conflict: str = "") -> tuple[str, tuple[Field, ...]]:  # type: ignore[type-arg]
    meta = model._meta
    fields = tuple(field for field in meta.concrete_fields if not isinstance(field, AutoField))
    name = connection.ops.quote_name
    columns = ", ".join(name(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {name(meta.db_table)} ({columns}) VALUES ({places}) {conflict}"  # noqa: S608 (our own names)
    return f"{statement} RETURNING {name(meta.pk.column)}", fields
