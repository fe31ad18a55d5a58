"""Batches: one passphrase, many results; two tabs, a process that ends, a backend that does not answer."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone

from satuklik.base.accounts.models import User
from satuklik.spine.signing import actions, queries, rules
from satuklik.spine.signing.actions import batches
from satuklik.spine.signing.errors import (
    BatchRunning,
    KeyClosed,
    OutcomeUnknown,
    SigningError,
    WrongPassphrase,
)
from satuklik.spine.signing.models import Batch, BatchItem
from satuklik.spine.signing.registry import SIGNABLES, Signable, Signed, Waiting
from satuklik.spine.signing.tests.conftest import NOW, PASSPHRASE

pytestmark = pytest.mark.django_db(transaction=True)


class Shelf:
    """A room with documents: it remembers who signed what, in rows of its own table."""

    def __init__(self) -> None:
        self.behave: dict[str, Callable[[], None]] = {}
        self.key_seen: Any = None

    def sign(self, reference: str, seen: str, official: Any, key: Any, now: datetime) -> Signed:
        key.signer  # noqa: B018 - raises KeyClosed, as signing does
        self.key_seen = key
        self.behave.get(reference, lambda: None)()
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO shelf (reference, at) VALUES (%s, %s)", [reference, now])
        return Signed(f"No. {reference}", f"/surat/{reference}")

    def waiting(self, official: Any, references: Any, now: datetime) -> list[Waiting]:
        signed = self.signed()
        return [document(name) for name in references or [] if name not in signed]

    def done(self, reference: str, official: Any, since: datetime) -> Signed | None:
        return Signed(f"No. {reference}", f"/surat/{reference}") if reference in self.signed(since) else None

    def signed(self, since: datetime | None = None) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reference FROM shelf WHERE at > %s", [since or datetime(2000, 1, 1)])
            return [row[0] for row in cursor.fetchall()]


def document(reference: str) -> Waiting:
    return Waiting(reference, f"Surat {reference}", "Sari", "Kelurahan", "1", NOW, None, "/", "/")


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    found = Shelf()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE shelf (reference text, at timestamptz)")
    signable = Signable(
        "uji", "Uji", found.waiting, found.sign, (LookupError,), lambda e: f"Salah: {e}", found.done
    )
    monkeypatch.setitem(SIGNABLES, "uji", signable)
    yield found
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE shelf")


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create(username="lurah", name="Lurah", kind="official")


@pytest.fixture
def begin(pak_lurah: Any, authority: None, user: User, settings: Any) -> Callable[..., Any]:
    settings.SATUKLIK_PASSPHRASE_KIB, settings.SATUKLIK_PASSPHRASE_PASSES = 1024, 1
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW)

    def start(number: int, batch_id: uuid.UUID | None = None, passphrase: str = PASSPHRASE) -> Any:
        chosen = [actions.Chosen("uji", document(f"D{n:03}")) for n in range(number)]
        return actions.begin_batch(
            batch_id or uuid.uuid4(),
            chosen,
            official=pak_lurah,
            user=user,
            passphrase=passphrase,
            now=timezone.now(),
        )

    return start


def wait(batch: Batch, seconds: float = 20) -> queries.Progress:
    """Until no thread of this process works on it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not any(thread.name.endswith(str(batch.pk)) for thread in threading.enumerate()):
            found = queries.batch_of(batch.pk, batch.official, timezone.now())
            assert found is not None
            return found
        time.sleep(0.02)
    raise AssertionError("The batch did not end.")


def states(found: queries.Progress) -> list[str]:
    return [item.state for item in found.items]


@pytest.mark.parametrize("number", [3, 12], ids=["at once", "in a thread"])
def test_one_bad_document_stops_none(begin: Any, shelf: Shelf, number: int) -> None:
    def bad() -> None:
        raise LookupError("tidak ada")

    def broken() -> None:
        raise ZeroDivisionError

    shelf.behave = {"D000": bad, "D001": broken}
    found = wait(begin(number))
    assert (found.state, found.signed, found.failed) == ("finished", number - 2, 2)
    assert found.items[0].message == "Salah: tidak ada"
    assert "tercatat" in found.items[1].message
    assert (found.items[2].message, found.items[2].url) == ("No. D002", "/surat/D002")
    assert len(shelf.signed()) == number - 2
    with pytest.raises(KeyClosed):
        shelf.key_seen.signer  # noqa: B018
    assert not any(t.name.startswith("batch") for t in threading.enumerate())


def test_two_tabs_are_one_batch(begin: Any, shelf: Shelf) -> None:
    batch_id, results = uuid.uuid4(), []
    ready = threading.Barrier(4)

    def press() -> None:
        ready.wait()
        try:
            results.append(begin(8, batch_id))
        except BatchRunning as running:
            results.append(running.batch_id)
        finally:
            connections.close_all()

    tabs = [threading.Thread(target=press) for _ in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert sorted(type(result).__name__ for result in results) == ["Batch", "UUID", "UUID", "UUID"]
    found = wait(Batch.objects.get())
    assert (found.total, found.signed) == (8, 8)
    assert len(shelf.signed()) == 8


def test_a_wrong_passphrase_writes_nothing(begin: Any, shelf: Shelf) -> None:
    with pytest.raises(WrongPassphrase):
        begin(8, passphrase="bukan")
    assert not Batch.objects.exists()


def test_a_process_that_ended_leaves_a_batch_that_goes_on(begin: Any, shelf: Shelf, pak_lurah: Any) -> None:
    """As after kill -9: the third document was signed, its result was not written."""

    def dies() -> None:
        raise SystemExit

    shelf.behave = {"D003": dies}
    threading.excepthook, kept = (lambda _arguments: None), threading.excepthook
    try:
        batch = begin(7)
        found = wait(batch)
    finally:
        threading.excepthook = kept
    assert states(found) == ["signed"] * 3 + ["waiting"] * 4
    BatchItem.objects.filter(batch=batch, reference="D002").update(state="waiting", message="")
    now = timezone.now()
    assert found.state == "running"
    with pytest.raises(BatchRunning):
        actions.resume_batch(batch.pk, official=pak_lurah, passphrase=PASSPHRASE, now=now)
    Batch.objects.update(seen_alive_at=now - rules.SILENT_FOR - timedelta(seconds=1))
    found = queries.batch_of(batch.pk, pak_lurah, now)
    assert found is not None
    assert found.state == "stopped"
    with pytest.raises(WrongPassphrase):
        actions.resume_batch(batch.pk, official=pak_lurah, passphrase="bukan", now=now)
    shelf.behave = {}
    found = wait(actions.resume_batch(batch.pk, official=pak_lurah, passphrase=PASSPHRASE, now=now))
    assert (found.state, states(found)) == ("finished", ["signed"] * 7)
    assert sorted(shelf.signed()) == [f"D{n:03}" for n in range(7)]  # none twice
    with pytest.raises(BatchRunning):
        actions.resume_batch(batch.pk, official=pak_lurah, passphrase=PASSPHRASE, now=timezone.now())


def test_two_tabs_go_on_once(begin: Any, shelf: Shelf, pak_lurah: Any) -> None:
    batch = wait(begin(3)).batch
    BatchItem.objects.update(state="waiting")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM shelf")
    Batch.objects.update(finished_at=None, seen_alive_at=None)
    shelf.behave = {"D000": lambda: time.sleep(0.3)}
    results = []

    def press() -> None:
        try:
            actions.resume_batch(batch.pk, official=pak_lurah, passphrase=PASSPHRASE, now=timezone.now())
            results.append("won")
        except BatchRunning:
            results.append("lost")
        finally:
            connections.close_all()

    tabs = [threading.Thread(target=press) for _ in range(3)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert sorted(results) == ["lost", "lost", "won"]
    assert len(shelf.signed()) == 3


def test_a_run_that_was_overtaken_stops(begin: Any, shelf: Shelf) -> None:
    """A process that slept while another one went on finds that the batch is no longer its own."""

    def overtaken() -> None:
        Batch.objects.update(started_at=timezone.now() + timedelta(seconds=1))

    shelf.behave = {"D001": overtaken}
    found = wait(begin(5))
    assert states(found) == ["signed", "signed", "waiting", "waiting", "waiting"]


@pytest.mark.parametrize("number", [4, 8])
def test_a_process_that_is_told_to_end_finishes_one_and_leaves(
    begin: Any, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    class Ended:
        def is_alive(self) -> bool:
            return False

    shelf.behave = {"D001": lambda: monkeypatch.setattr(batches.threading, "main_thread", Ended)}
    found = wait(begin(number))
    monkeypatch.undo()
    assert (found.state, found.signed) == ("stopped", 2)
    assert not any(t.name.startswith("batch") for t in threading.enumerate())


def test_the_database_goes_away_in_the_middle(begin: Any, shelf: Shelf) -> None:
    def gone() -> None:
        raise OperationalError("server closed the connection unexpectedly")

    shelf.behave = {"D002": gone}
    found = wait(begin(4))
    assert states(found) == ["signed", "signed", "waiting", "waiting"]


def test_what_a_backend_left_open_is_settled_later(begin: Any, shelf: Shelf, pak_lurah: Any) -> None:
    def silent() -> None:
        raise OutcomeUnknown(7)

    shelf.behave = {"D000": silent, "D001": silent}
    found = wait(begin(3))
    assert (found.state, states(found)) == ("finished", ["unknown", "unknown", "signed"])
    assert "jangan menandatangani ulang" in found.items[0].message
    later = timezone.now() + timedelta(minutes=5)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO shelf VALUES ('D000', %s)", [later])
    actions.settle_batch(found.batch, later)
    found = queries.batch_of(found.batch.pk, pak_lurah, later)
    assert found is not None
    assert states(found) == ["signed", "failed", "signed"]
    assert "tandatangani lagi" in found.items[1].message


def test_a_remote_backend_that_refuses_the_passphrase_is_not_asked_again(
    begin: Any, shelf: Shelf, pak_lurah: Any
) -> None:
    asked = []

    def refused() -> None:
        asked.append(1)
        raise WrongPassphrase(4)

    shelf.behave = {f"D{n:03}": refused for n in range(9)}
    found = wait(begin(9))
    assert (len(asked), found.state, found.waiting) == (1, "stopped", 9)
    assert "Sisa 4" in found.items[0].message


def test_a_key_that_closed_stops_the_batch(begin: Any, shelf: Shelf) -> None:
    shelf.behave = {"D001": lambda: shelf.key_seen.close()}
    found = wait(begin(4))
    assert (found.state, states(found)) == ("stopped", ["signed", "signed", "waiting", "waiting"])


def test_errors_of_signing_are_told_in_words(begin: Any, shelf: Shelf) -> None:
    def fails() -> None:
        raise SigningError("x")

    shelf.behave = {"D000": fails}
    found = wait(begin(2))
    assert found.items[0].message.startswith("Tanda tangan tidak dapat dibuat")


def test_it_says_that_it_is_alive_while_one_document_takes_long(
    begin: Any, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SAYS_ALIVE_EVERY", timedelta(milliseconds=50))
    seen = []

    def slow() -> None:
        for _ in range(4):
            seen.append(Batch.objects.get().seen_alive_at)
            time.sleep(0.12)

    shelf.behave = {"D000": slow}
    wait(begin(6))
    assert len(set(seen)) >= 3


def test_a_batch_is_its_officials_alone(begin: Any, shelf: Shelf, kelurahan: Any) -> None:
    from datetime import date

    from satuklik.base.agencies.models import Official

    other = Official.objects.create(
        agency=kelurahan,
        role="secretary",
        name="Sekretaris",
        position="Sekretaris",
        active_from=date(2024, 1, 1),
    )
    batch = begin(2)
    assert queries.batch_of(batch.pk, other, timezone.now()) is None
    assert queries.batches_of(other, timezone.now()) == []
