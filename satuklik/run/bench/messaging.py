"""The webhook under load: 200 new messages a second for a minute, some of them twice, none in order, while a worker
is killed and PostgreSQL is restarted. Every message must end in exactly one conversation."""

import asyncio
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil

from satuklik.run.bench import site
from satuklik.run.bench.client import Answer, Link

RATE = 200  # new messages a second
SECONDS = 60
TWICE = 0.2  # of them come once more
LATE = 400  # how far the order is shuffled, in messages
PEOPLE = 1_500
LINKS = 48
KILL_AT, RESTART_AT = 20.0, 40.0
MOST_TRIES = 60  # Meta repeats for hours; we for a minute
DRAIN_SECONDS = 180
Row = dict[str, object]


@dataclass
class Told:
    """What the calls got."""

    seconds: list[float] = field(default_factory=list)
    repeated: int = 0
    lost: int = 0
    statuses: dict[int, int] = field(default_factory=dict)


def measure(progress: Callable[..., None]) -> list[Row]:
    """The webhook's measure of issue 4, and how long the worker needs for what waited."""
    with site.served() as (port, supervisor):
        from satuklik.spine.messaging import queries

        _rest_sending()
        progress("a minute of messages")
        run = f"{int(time.time())}"
        calls = _calls(run)
        begin = time.monotonic()
        told, elapsed = asyncio.run(_send(port, calls, supervisor))
        progress("what still waits is handled")
        drained = _drain(queries.waiting_events)
        found = _verify(run)
        behind = time.monotonic() - begin - elapsed if drained else float(DRAIN_SECONDS)
    p95 = statistics.quantiles(told.seconds, n=100)[94]
    exact = found["stored"] == RATE * SECONDS and found["torn"] == 0 and found["twice"] == 0 and drained
    return [
        _row("webhook_p95", p95 * 1000, "ms", "≤ 30", holds=p95 <= 0.030 and told.lost == 0),
        _row("webhook_p50", statistics.median(told.seconds) * 1000, "ms"),
        _row("webhook_p99", statistics.quantiles(told.seconds, n=100)[98] * 1000, "ms"),
        _row("webhook_rate", len(told.seconds) / elapsed, "1/s", f"≥ {RATE}", holds=len(told.seconds) / elapsed >= RATE),
        _row("webhook_repeated_calls", told.repeated, "calls"),
        _row("messages_in_one_conversation", found["stored"], "messages", f"= {RATE * SECONDS}", holds=exact),
        _row("messages_in_two_conversations", found["torn"], "people", "= 0", holds=found["torn"] == 0),
        _row("messages_worker_behind", behind, "s"),
    ]  # fmt: skip


def _rest_sending() -> None:
    """What the house answers by itself waits: the demo's Meta is this very web server, and would be measured too."""
    from datetime import timedelta

    from django.utils import timezone

    from satuklik.spine.messaging.models import ChannelState

    until = timezone.now() + timedelta(hours=1)
    ChannelState.objects.update_or_create(channel="whatsapp", account="", defaults={"paused_until": until})


def _calls(run: str) -> list[bytes]:
    """The bodies in the order in which they arrive: repeated and shuffled."""
    from datetime import UTC, datetime

    from django.conf import settings

    from satuklik.spine.messaging.twins import meta

    dice = random.Random(4)  # noqa: S311 - the same minute every time
    now = datetime.now(UTC)
    placed: list[tuple[float, bytes]] = []
    for number in range(RATE * SECONDS):
        person = dice.randrange(PEOPLE)
        value = meta.text_value(
            f"62840{int(run) % 10_000:04d}{person:05d}", f"Warga {person}", f"Pesan {number}", now,
            wamid=f"wamid.{run}.{number}", user_id=f"ID.{run}{person:05d}" if person % 2 else "",
        )  # fmt: skip
        body = meta.call(settings.WHATSAPP_PHONE_NUMBER_ID, value)
        placed.append((number + dice.uniform(0, LATE), body))
        if dice.random() < TWICE:
            placed.append((number + dice.uniform(0, LATE), body))
    return [body for _place, body in sorted(placed, key=lambda one: one[0])]


async def _send(port: int, calls: list[bytes], supervisor: psutil.Process) -> tuple[Told, float]:
    """Each call at its time, whether or not the ones before have been answered."""
    told = Told()
    free: asyncio.Queue[Link] = asyncio.Queue()
    for _number in range(LINKS):
        free.put_nowait(Link(port))
    begin = time.perf_counter()
    harm = asyncio.create_task(_harm(begin, supervisor))
    running: set[asyncio.Task[None]] = set()
    for number, body in enumerate(calls):
        wait = begin + number * SECONDS / len(calls) - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(_deliver(free, body, told))
        running.add(task)
        task.add_done_callback(running.discard)
    elapsed = time.perf_counter() - begin
    await asyncio.gather(*running, harm)
    return told, elapsed


async def _deliver(free: "asyncio.Queue[Link]", body: bytes, told: Told) -> None:
    """One call, repeated until it is answered with 200, as Meta does."""
    from satuklik.spine.messaging.adapters import whatsapp

    header = f"{whatsapp.SIGNATURE}: {whatsapp.signature(_secret(), body)}"
    for attempt in range(MOST_TRIES):
        if attempt:
            told.repeated += 1
            await asyncio.sleep(1)
        link = await free.get()
        begin = time.perf_counter()
        try:
            answer: Answer | None = await link.ask(
                "POST", "/hooks/whatsapp", body, "application/json", [header]
            )
        except (OSError, EOFError):
            link.close()
            answer = None
        taken = time.perf_counter() - begin
        free.put_nowait(link)
        if answer is not None:
            told.statuses[answer.status] = told.statuses.get(answer.status, 0) + 1
            if answer.status == 200:
                told.seconds.append(taken)
                return
    told.lost += 1


def _secret() -> str:
    from django.conf import settings

    return str(settings.WHATSAPP_APP_SECRET)


async def _harm(begin: float, supervisor: psutil.Process) -> None:
    """Kill the worker, later restart PostgreSQL; the supervisor brings both back."""
    from satuklik.run.embedded import EmbeddedPostgres

    await asyncio.sleep(max(0.0, begin + KILL_AT - time.perf_counter()))
    for child in supervisor.children():
        if "worker" in child.cmdline():
            child.kill()
    await asyncio.sleep(max(0.0, begin + RESTART_AT - time.perf_counter()))
    await asyncio.to_thread(EmbeddedPostgres().stop, "fast")


def _drain(waiting: Callable[[], int]) -> bool:
    from django.db import InterfaceError, OperationalError, connection

    end = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < end:
        try:
            if waiting() == 0:
                return True
        except (OperationalError, InterfaceError):
            connection.close()
        time.sleep(0.25)
    return False


def _verify(run: str) -> dict[str, int]:
    """How many of the messages are there, twice, or torn over two conversations of one person."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(DISTINCT external_id), count(*) - count(DISTINCT external_id)
            FROM messaging_message WHERE external_id LIKE %s""",
            [f"wamid.{run}.%"],
        )
        stored, twice = cursor.fetchone()
        cursor.execute(
            """
            SELECT count(*) FROM (
              SELECT i.address FROM messaging_message m JOIN messaging_identity i ON i.id = m.identity_id
              WHERE m.external_id LIKE %s GROUP BY i.address HAVING count(DISTINCT m.conversation_id) > 1
            ) AS torn""",
            [f"wamid.{run}.%"],
        )
        (torn,) = cursor.fetchone()
    return {"stored": stored, "twice": twice, "torn": torn}


def _row(name: str, value: float, unit: str, target: str | None = None, *, holds: bool = True) -> Row:
    return {
        "id": name, "issue": 4, "value": round(value, 3), "unit": unit, "target": target, "holds": holds,
    }  # fmt: skip
