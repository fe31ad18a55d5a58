"""Two workers at once, one that dies, and a database that goes away: nothing is lost, nothing is doubled."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from satuklik.spine.messaging import queries, running
from satuklik.spine.messaging.actions import handling, replying, working
from satuklik.spine.messaging.actions.handling import store_event
from satuklik.spine.messaging.models import Conversation, Message, RawEvent
from satuklik.spine.messaging.tests.clock import NOW
from satuklik.spine.messaging.twins.meta import call, text_value
from tests.meta import PHONE_ID

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, EACH = 12, 10


def fill() -> None:
    """Everybody writes, each message twice, the people mixed."""
    for number in range(EACH):
        for person in range(PEOPLE):
            for twice in range(2):
                value = text_value(
                    f"62840000{person:05d}", f"Warga {person}", f"Pesan {number}", NOW, wamid=f"wamid.{person}.{number}",
                    user_id=f"ID.84{person:05d}" if (number + twice) % 2 else "",
                )  # fmt: skip
                store_event(
                    "whatsapp", PHONE_ID, call(PHONE_ID, value), now=NOW, key=f"{person}.{number}.{twice}"
                )


def side_by_side(work, workers=2) -> None:
    problems = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told below
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _worker in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []


def test_two_workers_make_one_conversation_a_person(monkeypatch):
    monkeypatch.setattr(handling, "AT_ONCE", 7)
    fill()

    def work() -> None:
        while queries.waiting_events():
            working.work(NOW)

    side_by_side(work, workers=3)
    assert Message.objects.count() == PEOPLE * EACH
    live = Conversation.objects.filter(joined_into=None)
    assert sorted(c.messages.count() for c in live) == [EACH] * PEOPLE
    assert queries.quarantined() == 0


def test_what_a_dead_worker_had_taken_is_taken_by_the_next(monkeypatch):
    fill()

    class Killed(BaseException):
        pass

    calls = iter(range(1000))

    def die(*_a, **_k):
        if next(calls) == 20:
            raise Killed
        return handle(*_a, **_k)

    handle = handling._handle
    with monkeypatch.context() as dying:
        dying.setattr(handling, "_handle", die)
        with pytest.raises(Killed):
            handling.handle_waiting(NOW)
    assert RawEvent.objects.exclude(handled_at=None).count() == 0
    while handling.handle_waiting(NOW):
        pass
    assert Message.objects.count() == PEOPLE * EACH


def test_two_senders_send_once(meta):
    fill()
    while handling.handle_waiting(NOW):
        pass
    meta.clock = NOW
    for conversation in Conversation.objects.filter(joined_into=None):
        meta.memory.written[conversation.phone[1:]] = NOW
        replying.reply(conversation, "Jawaban", now=NOW)

    def work() -> None:
        while working.work(NOW):
            pass

    side_by_side(work)
    assert len(meta.memory.taken) == PEOPLE


def test_joining_while_a_message_comes_in_leaves_none_behind():
    from satuklik.spine.messaging import actions

    first = actions.open_conversation(name="Siti", now=NOW)
    actions.receive(channel="telegram", address="7", name="Siti", text="0", external_id="0", at=NOW, now=NOW)
    other = Message.objects.get().conversation

    def write() -> None:
        for number in range(1, 30):
            actions.receive(
                channel="telegram",
                address="7",
                name="Siti",
                text=str(number),
                external_id=str(number),
                at=NOW,
                now=NOW,
            )

    thread = threading.Thread(target=lambda: (write(), connection.close()))
    thread.start()
    actions.join(first, other, now=NOW)
    thread.join(30)
    assert first.messages.count() == 30
    assert other.messages.count() == 0


def test_two_officers_take_one_conversation(regency):
    from satuklik.base.agencies.queries import demo_official
    from satuklik.spine.messaging import actions

    officials = [demo_official("ppid"), demo_official("admin")]
    conversation = actions.open_conversation(name="Siti", now=NOW)
    taken = []
    for official in officials:
        taken.append(actions.assign(conversation, official, by=official, now=NOW))
        taken.append(actions.assign(conversation, official, by=official, now=NOW))
    assert taken == [True, False, True, False]
    assert [e.kind for e in queries.events(conversation.pk)] == ["assigned", "assigned"]


def test_the_threads_wake_up_and_bear_a_lost_connection(monkeypatch, settings):
    monkeypatch.setattr(running, "IDLE_SECONDS", 600.0)  # only the wake-up can be in time
    now = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        begun = cursor.fetchone()[0]
    with running.running():
        _until(lambda: _listening(begun) == 2)
        for number in range(2):
            value = text_value("6284000000001", "Siti", f"Pesan {number}", now, wamid=f"wamid.{number}")
            store_event("whatsapp", "", call("", value), now=now)
            _until(lambda number=number: Message.objects.count() == number + 1)
            if number == 0:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
                    )
                _until(lambda: _listening(begun) == 2)
    assert Conversation.objects.count() == 1


def _listening(begun: datetime) -> int:
    """Lines of the two threads; earlier tests' lines may still be open."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
            " AND state = 'idle' AND backend_start BETWEEN %s AND now() - interval '0.3 seconds'",
            [begun],
        )
        return int(cursor.fetchone()[0])


def _until(true) -> None:
    end = datetime.now(UTC).timestamp() + 120
    while not true():
        assert datetime.now(UTC).timestamp() < end, "it took too long"
        threading.Event().wait(0.05)
