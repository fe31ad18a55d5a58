"""The log can be added to, and every other change shows."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from satuklik.base.audit.actions import Happening, close_block, record
from satuklik.base.audit.models import Event
from satuklik.base.audit.queries import verify

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)


def write(stream: str, count: int = 3) -> None:
    for number in range(count):
        record(stream, [Happening("test.made", "system", {"n": number, "teks": "é"})], at=NOON)


def tamper(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER append_only")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER append_only")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path


@pytest.mark.django_db(transaction=True)
def test_the_newest_block_cannot_vanish_unseen() -> None:
    write("a")
    close_block(at=NOON)
    write("b")
    close_block(at=NOON)
    assert verify().holds
    tamper("DELETE FROM audit_event WHERE stream = 'b'")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_block DISABLE TRIGGER append_only")
        cursor.execute("DELETE FROM audit_block WHERE id = (SELECT max(id) FROM audit_block)")
        cursor.execute("ALTER TABLE audit_block ENABLE TRIGGER append_only")
    assert ["the witness saw a block" in problem for problem in verify().problems] == [True]


@pytest.mark.django_db
def test_a_whole_log_holds() -> None:
    write("a")
    write("b", 2)
    block = close_block(at=NOON)
    write("a", 1)
    result = verify()
    assert block is not None
    assert block.events == 5
    assert (result.events, result.blocks, result.uncovered, result.problems) == (6, 1, 1, ())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            "UPDATE audit_event SET data = '{\"n\": 9}' WHERE stream = 'a' AND seq = 2",
            "event 2 (test.made) was changed",
        ),
        ("UPDATE audit_event SET actor = 'user:1' WHERE stream = 'a' AND seq = 1", "was changed"),
        ("UPDATE audit_event SET at = at + interval '1 second' WHERE stream = 'b'", "was changed"),
        ("DELETE FROM audit_event WHERE stream = 'a' AND seq = 2", "event 2 is missing"),
        ("DELETE FROM audit_event WHERE stream = 'b'", "covers 5 events, 3 are there"),
        ("DELETE FROM audit_event WHERE stream = 'a' AND seq = 3", "covers 5 events, 4 are there"),
    ],
)
def test_every_change_shows(sql: str, told: str) -> None:
    write("a")
    write("b", 2)
    close_block(at=NOON)
    tamper(sql)
    assert told in "\n".join(verify().problems)


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["UPDATE audit_event SET kind = 'x'", "DELETE FROM audit_event"])
def test_the_database_refuses(sql: str) -> None:
    write("a")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_blocks_have_no_holes_under_concurrent_writers() -> None:
    def worker(name: str) -> None:
        for _ in range(20):
            with transaction.atomic():
                write(name, 1)
        connection.close()

    threads = [threading.Thread(target=worker, args=(f"s{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        close_block(at=NOON)
    for thread in threads:
        thread.join()
    close_block(at=NOON)
    result = verify()
    assert Event.objects.count() == 80
    assert (result.holds, result.uncovered) == (True, 0)


@pytest.mark.django_db(transaction=True)
def test_a_missing_witness_is_told() -> None:
    from click.testing import CliRunner

    from satuklik.base.audit import commands, witness

    write("a")
    close_block(at=NOON)
    said = CliRunner().invoke(commands.audit, ["verify"])
    assert (said.exit_code, "no witness" in said.output) == (0, False)
    witness.path().unlink()
    said = CliRunner().invoke(commands.audit, ["verify"])
    assert (said.exit_code, "no witness" in said.output) == (0, True)
