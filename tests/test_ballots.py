"""A whole dump, and what PostgreSQL itself notes of rows, connect no voter with a ballot: not in a round, not after it."""

import itertools
import json
import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from satuklik.run.embedded import wheel_programs
from satuklik.systems.ideas import actions
from satuklik.systems.ideas.models import Ballot, Voter
from satuklik.systems.ideas.tests.conftest import make_people, make_round
from tests.people import NOW

VOTERS = 40
# Of 40 voters in random order one stands at his own ballot on average; ten or more, once in ten million times.
MOST_AT_HOME = 9


def rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def tables() -> list[str]:
    found = rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [name for (name,) in found]


def dump() -> str:
    """The whole database as pg_dump writes it, in plain text."""
    params = connection.get_connection_params()
    given = {
        "host": params.get("host"), "port": params.get("port"), "username": params.get("user"), "dbname": params["dbname"],
    }  # fmt: skip
    options = [f"--{name}={value}" for name, value in given.items() if value]
    made = subprocess.run(
        [wheel_programs() / "pg_dump", *options], check=True, capture_output=True, text=True
    )
    return made.stdout


def copied(text: str, table: str) -> list[dict[str, str]]:
    """The rows of a table in the order of the dump."""
    found = re.search(rf"COPY public\.{table} \(([^)]*)\) FROM stdin;\n(.*?)\\\.\n", text, re.DOTALL)
    assert found, table
    names = [name.strip(' "') for name in found[1].split(",")]
    return [dict(zip(names, line.split("\t"), strict=True)) for line in found[2].splitlines()]


def at_home(people: Sequence[int], ballots: Sequence[list[int]], chosen: dict[int, list[int]]) -> int:
    """How many voters stand, in these two orders, at the place of their own ballot."""
    assert len(people) == len(ballots) == VOTERS
    return sum(chosen[person] == ballot for person, ballot in zip(people, ballots, strict=True))


def orders(table: str, columns: Sequence[str], what: str) -> Iterator[list[Any]]:
    """The rows of a table by each of these columns, forth and back."""
    for column, way in itertools.product(columns, ("", " DESC")):
        yield [value for (value,) in rows(f"SELECT {what} FROM {table} ORDER BY {column}{way}, ctid")]


@pytest.mark.django_db(transaction=True)
def test_nothing_aligns_voters_and_ballots(settings: Any, tmp_path: Path) -> None:
    from satuklik.base.agencies.actions import load as load_agencies
    from satuklik.base.calendar.actions import load as load_calendar
    from satuklik.base.regions.actions import load as load_regions

    settings.FILES_ROOT = tmp_path / "files"
    load_regions()
    load_agencies()
    load_calendar()
    petugas = make_people()["petugas"]
    made, ideas = make_round(petugas, costs=(1,) * 6)
    dice = random.Random(31)
    subsets = [
        sorted(one.pk for one in some) for size in range(1, 7) for some in itertools.combinations(ideas, size)
    ]
    chosen = dict(
        zip(range(1_001, 1_001 + VOTERS), dice.sample(subsets, VOTERS), strict=True)
    )  # no two the same
    for person, choices in chosen.items():
        actions.vote(made.pk, person_id=person, level=2, choices=choices, now=NOW)

    # Within the round: no ballot outside of an envelope, and nothing else that the votes' transactions have written.
    assert not Ballot.objects.exists()
    votes = {xmin for (xmin,) in rows("SELECT xmin::text FROM ideas_voter")}
    assert len(votes) == VOTERS
    for table in tables():
        others = {xmin for (xmin,) in rows(f'SELECT DISTINCT xmin::text FROM "{table}"')}
        assert table == "ideas_voter" or not votes & others, table
    text = dump()
    assert {int(one["person_id"]) for one in copied(text, "ideas_voter")} == set(chosen)
    # A choice of several ideas is a text of its own, which would stand there in plain words or as bytes.
    written = [json.dumps(choices) for choices in chosen.values() if len(choices) > 1]
    assert [one for one in written if one in text or one.encode().hex() in text] == []

    # After the count: by whatever both are sorted, voters stand at their own ballots as by chance.
    actions.count(made.pk, by=petugas, now=NOW + timedelta(days=8))
    assert {json.dumps(one) for one in Ballot.objects.values_list("choices", flat=True)} == {
        json.dumps(one) for one in chosen.values()
    }
    assert (
        len(
            {
                xmin
                for (xmin,) in rows(
                    "SELECT xmin::text FROM ideas_ballot UNION SELECT xmin::text FROM ideas_voter"
                )
            }
        )
        == 1
    )
    assert not Voter.objects.exclude(envelope=None).exists()
    by_voter = list(orders("ideas_voter", ("ctid", "id", "xmin::text::bigint", "person_id"), "person_id"))
    by_ballot = [
        [json.loads(one) for one in order]
        for order in orders("ideas_ballot", ("ctid", "id", "xmin::text::bigint"), "choices::text")
    ]
    text = dump()
    by_voter.append([int(one["person_id"]) for one in copied(text, "ideas_voter")])
    by_ballot.append([json.loads(one["choices"]) for one in copied(text, "ideas_ballot")])
    found = [at_home(people, ballots, chosen) for people in by_voter for ballots in by_ballot]
    assert max(found) <= MOST_AT_HOME, found
