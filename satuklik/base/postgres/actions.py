"""Writes of the hot paths: rows go in by statements that the server has already parsed and planned."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import (
    AutoField,
    BooleanField,
    CharField,
    DateField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    TextField,
)

from satuklik.base.postgres import queries


class _Waiting(threading.local):
    """The rows of an open `together` block of this thread, with the cursors that will bring their keys."""

    rows: list[tuple[Model, "psycopg.Cursor[Any]"]] | None = None


_waiting = _Waiting()


def insert(row: Model) -> None:
    """Write a new row in the caller's transaction and give it its key, as `row.save(force_insert=True)` does.

    Measured: 0.15 ms, by the ORM 0.5 ms. Sends no signals. Raises Django's database errors.
    """
    insertion = _insertion(row.__class__)  # type: ignore[arg-type]
    if _waiting.rows is not None:
        _waiting.rows.append((row, queries.send(insertion.statement, insertion.values(row))))
        return
    ((row.pk,),) = queries.rows(insertion.statement, insertion.values(row))
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@contextmanager
def together() -> Iterator[None]:
    """Rows that are inserted in this block go to the server without waiting for each other's answer.

    They have their keys only after the block. An error of any of them is raised at its end.
    """
    database = queries.ready()
    sent: list[tuple[Model, psycopg.Cursor[Any]]] = []
    _waiting.rows = sent
    try:
        with database.wrap_database_errors, database.connection.pipeline():
            yield
        for row, cursor in sent:
            found = cursor.fetchone()
            row.pk = found[0] if found else None
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
            cursor.close()
    finally:
        _waiting.rows = None


def insert_unless_there(row: Model) -> bool:
    """Write a row unless one with its key is there already. True when it was written."""
    insertion = _insertion(row.__class__, "ON CONFLICT DO NOTHING")
    return bool(queries.rows(insertion.statement, insertion.values(row)))


@dataclass(frozen=True)
class _Insertion:
    """How rows of one table are written."""

    statement: str
    plain: tuple[str, ...]
    """Attributes whose values psycopg takes as they are: numbers, texts, dates."""
    others: tuple[Field, ...]  # type: ignore[type-arg]
    """Fields that turn their value into something else first: JSON, bytes, times that are set by themselves."""

    def values(self, row: Model) -> list[Any]:
        database = connections[DEFAULT_DB_ALIAS]
        made = [getattr(row, name) for name in self.plain]
        return made + [
            field.get_db_prep_save(field.pre_save(row, add=True), database) for field in self.others
        ]


PLAIN = (CharField, TextField, IntegerField, BooleanField, DateField, ForeignKey)


@lru_cache(maxsize=200)
def _insertion(model: type[Model], conflict: str = "") -> _Insertion:
    meta = model._meta
    fields = [field for field in meta.concrete_fields if not isinstance(field, AutoField)]
    plain = [
        field for field in fields if isinstance(field, PLAIN) and not getattr(field, "auto_now_add", False)
    ]
    others = [field for field in fields if field not in plain]
    name = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = ", ".join(name(field.column) for field in (*plain, *others))
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {name(meta.db_table)} ({columns}) VALUES ({places}) {conflict}"  # noqa: S608 (our own names)
    return _Insertion(
        f"{statement} RETURNING {name(meta.pk.column)}",
        tuple(field.attname for field in plain),
        tuple(others),
    )
