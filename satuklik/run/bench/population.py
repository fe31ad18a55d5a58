"""Measures the population: making, loading and indexing all of it, and looking somebody up in it.

It works in a database of its own, made beside the installation's and dropped afterwards.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from satuklik.run.embedded import EmbeddedPostgres
from satuklik.run.places import database_url
from satuklik.spine.population import queries

RESIDENTS = 799_451  # Kabupaten Asahan, December 2024
DATABASE = "satuklik_bench_population"
LOOK_UPS = 1_500
MOST_SECONDS, MOST_BY_NIK, MOST_BY_NAME = 60.0, 3.0, 6.0
LETTERS = 4  # of the name that an official types
Progress = Callable[[str], None]


def measure(progress: Progress, residents: int = RESIDENTS) -> list[dict[str, Any]]:
    """The three measures of issue 2 about the population, each {"id","issue","value","unit","target","holds"}.

    `progress` is told what happens now. Ratios are medians against `select 1` on the same connection, the
    three kinds of statement taking turns.
    """
    with _database() as url:
        progress("schema")
        _run(url, "django", "migrate", "--verbosity", "0")
        _run(url, "regions", "load")
        progress(f"{residents:,} residents")
        began = time.perf_counter()
        _run(url, "population", "generate", "--residents", str(residents))
        seconds = time.perf_counter() - began
        progress("look-ups")
        by_nik, by_name = _ratios(url)
    return [
        _measure("population_load", seconds, "s", MOST_SECONDS),
        _measure("population_by_nik", by_nik, "× select 1", MOST_BY_NIK),
        _measure("population_by_name", by_name, "× select 1", MOST_BY_NAME),
    ]


def _measure(name: str, value: float, unit: str, most: float) -> dict[str, Any]:
    return {
        "id": name,
        "issue": 2,
        "value": round(value, 2),
        "unit": unit,
        "target": f"≤ {most:g}",
        "holds": value <= most,
    }


@contextmanager
def _database() -> Iterator[str]:
    """The address of an empty database; the embedded cluster is started where it is the one in use."""
    cluster = None if os.environ.get("DATABASE_URL") else EmbeddedPostgres()
    started = cluster.start() if cluster else False
    name = sql.Identifier(DATABASE)
    drop = sql.SQL("drop database if exists {} with (force)").format(name)
    try:
        with psycopg.connect(database_url(), dbname="postgres", autocommit=True) as connection:
            connection.execute(drop)
            connection.execute(sql.SQL("create database {} template template0").format(name))
            try:
                yield make_conninfo(database_url(), dbname=DATABASE)
            finally:
                connection.execute(drop)
    finally:
        if cluster and started:
            cluster.stop()


def _run(url: str, *arguments: str) -> None:
    """One of our commands, with the bench's database. Its words are shown only when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "satuklik.cli", *arguments],
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"satuklik {' '.join(arguments)} failed: {done.stderr[-1000:]}")


def _ratios(url: str) -> tuple[float, float]:
    """How many times as long as `select 1` a look-up by NIK and one by village and name take."""
    with psycopg.connect(url, autocommit=True) as connection:
        people = connection.execute(
            "select nik, village_id, name from population_person where id %% 503 = 7 order by nik limit %s",
            [LOOK_UPS],
        ).fetchall()
        floor: list[float] = []
        by_nik: list[float] = []
        by_name: list[float] = []
        for nik, village, name in people:
            prefix = name[:LETTERS]
            floor.append(_time(connection, "select 1", []))
            by_nik.append(_time(connection, queries.BY_NIK, [nik]))
            bounds = [village, prefix, prefix + queries.LAST_CHARACTER, 20]
            by_name.append(_time(connection, queries.BY_NAME, bounds))
    return median(by_nik) / median(floor), median(by_name) / median(floor)


def _time(connection: "psycopg.Connection[Any]", statement: str, values: list[Any]) -> float:
    began = time.perf_counter()
    connection.execute(statement, values).fetchall()
    return time.perf_counter() - began
