"""Loads a whole register with COPY: constraints and indexes away, rows in, everything back, in one transaction."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from satuklik.spine.population.errors import NotEmpty
from satuklik.spine.population.synthesis.columns import HOUSEHOLD_COLUMNS, PERSON_COLUMNS

HOUSEHOLD, PERSON = "population_household", "population_person"
TABLES = [HOUSEHOLD, PERSON]
# For this transaction only: larger sorts make the indexes in one pass.
MEMORY = ("set local maintenance_work_mem = '256MB'", "set local max_parallel_maintenance_workers = 1")
CONSTRAINTS = """
select conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid)
from pg_constraint
where contype in ('p', 'u', 'f') and (conrelid = any(%s::regclass[]) or confrelid = any(%s::regclass[]))
order by contype = 'f', conrelid::regclass::text, conname"""
INDEXES = """
select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
from pg_index i
where i.indrelid = any(%s::regclass[])
and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u'))
order by 1"""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint as PostgreSQL describes it; `is_foreign` ones go first and come back last."""

    table: str
    name: str
    is_foreign: bool
    definition: str


@transaction.atomic
def load(households: Iterable[str], persons: Iterable[str], *, replace: bool, progress: Progress) -> None:
    """Put the lines (of COPY's text form) of a new register into the database; the old one goes.

    Until the end everything is as before for others: a failure leaves the tables, their constraints and indexes
    as they were. Raises `NotEmpty` where there are persons and `replace` is False, or where rows of other tables
    refer to them. `progress` is told (what, how many more, of how many in all).
    """
    connection.check_constraints()  # what this transaction wrote before is judged now: no table waits to be altered
    with connection.cursor() as cursor:
        for setting in MEMORY:
            cursor.execute(setting)
        cursor.execute(f"lock table {HOUSEHOLD}, {PERSON} in access exclusive mode")
        constraints, indexes = _structure(cursor)
        _refuse_if_in_use(cursor, constraints, replace)
        for one in reversed(constraints):
            cursor.execute(_text("alter table {} drop constraint {}", one.table, one.name))
        for name, _ in indexes:
            cursor.execute(_text("drop index {}", name))
        cursor.execute(f"truncate {HOUSEHOLD}, {PERSON}")
        _copy(cursor, HOUSEHOLD, HOUSEHOLD_COLUMNS, households, progress)
        _copy(cursor, PERSON, PERSON_COLUMNS, persons, progress)
        steps = len(constraints) + len(indexes) + 1
        own = [one for one in constraints if not one.is_foreign]
        foreign = [one for one in constraints if one.is_foreign]
        for one in own:
            _add(cursor, one)
            progress("indexes", 1, steps)
        for _, definition in indexes:
            cursor.execute(definition)
            progress("indexes", 1, steps)
        for one in foreign:
            _add(cursor, one)
            progress("indexes", 1, steps)
        for table in TABLES:
            cursor.execute(
                "select setval(pg_get_serial_sequence(%s, 'id'), coalesce((select max(id) from "  # noqa: S608
                f"{table}), 0) + 1, false)",
                [table],
            )
            cursor.execute(f"analyze {table}")
        progress("indexes", 1, steps)


def _structure(cursor: Any) -> tuple[list[Constraint], list[tuple[str, str]]]:
    cursor.execute(CONSTRAINTS, [TABLES, TABLES])
    constraints = [
        Constraint(table, name, kind == "f", definition)
        for table, name, kind, definition in cursor.fetchall()
    ]
    cursor.execute(INDEXES, [TABLES])
    return constraints, list(cursor.fetchall())


def _refuse_if_in_use(cursor: Any, constraints: list[Constraint], replace: bool) -> None:
    cursor.execute(f"select count(*) from {PERSON}")  # noqa: S608
    (persons,) = cursor.fetchone()
    if persons and not replace:
        raise NotEmpty(persons)
    referring = []
    for one in constraints:
        if one.is_foreign and one.table not in TABLES:
            column = one.definition.removeprefix("FOREIGN KEY (").split(")", 1)[0]
            cursor.execute(
                f"select exists (select 1 from {one.table} where {column} is not null)"  # noqa: S608
            )
            if cursor.fetchone()[0]:
                referring.append(one.table)
    if referring:
        raise NotEmpty(persons, sorted(set(referring)))


def _copy(
    cursor: Any, table: str, columns: tuple[str, ...], chunks: Iterable[str], progress: Progress
) -> None:
    with cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin (freeze)") as copy:
        for chunk in chunks:
            copy.write(chunk)
            progress(table, chunk.count("\n"), 0)


def _add(cursor: Any, one: Constraint) -> None:
    cursor.execute(
        sql.SQL("alter table {} add constraint {} {}").format(
            sql.Identifier(one.table), sql.Identifier(one.name), sql.SQL(one.definition)
        )
    )


def _text(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*(sql.Identifier(name.strip('"')) for name in names))
