"""Raw events: stored in one statement, handled in the worker, put into quarantine where they make no sense."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from satuklik.base.postgres import queries as postgres
from satuklik.spine.messaging import rules
from satuklik.spine.messaging.actions.waking import CHANNEL
from satuklik.spine.messaging.adapters.registry import ADAPTERS
from satuklik.spine.messaging.errors import NotYet, Unreadable
from satuklik.spine.messaging.models import RawEvent

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

AT_ONCE = 50

_STORE = """
WITH stored AS (
  INSERT INTO messaging_rawevent (channel, account, key, body, received_at, tries, problem, reason)
  VALUES (%s, %s, %s, %s, %s, 0, %s, %s)
  ON CONFLICT DO NOTHING RETURNING id
)
SELECT id, pg_notify(%s, '') FROM stored
"""


def store_event(
    channel: str,
    account: str,
    body: bytes,
    *,
    now: datetime,
    key: str = "",
    problem: str = "",
    reason: str = "",
) -> bool:
    """Keep what a channel delivered and wake the worker: one statement. False when the same was kept before.

    `key` is what makes a repetition the same; without it, the bytes themselves are. `problem` puts it into
    quarantine at once.
    """
    mark = key or hashlib.sha256(body).hexdigest()
    return bool(postgres.rows(_STORE, (channel, account, mark, body, now, problem, reason, CHANNEL)))


_TAKE = """
SELECT id, channel, account, key, body, received_at, tries FROM messaging_rawevent
WHERE handled_at IS NULL AND problem = '' AND (retry_at IS NULL OR retry_at <= %s)
ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""


def handle_waiting(now: datetime) -> int:
    """Handle the oldest events that wait, each in a savepoint of its own. How many were looked at.

    Another worker takes others meanwhile; when this one is killed, its rows are free again at once. A deadlock
    between two workers takes back the whole round, which is then repeated.
    """
    try:
        with transaction.atomic():
            rows = postgres.rows(_TAKE, (now, AT_ONCE))
            done = []
            for row in rows:
                event = RawEvent(
                    id=row[0], channel=row[1], account=row[2], key=row[3], body=bytes(row[4]), received_at=row[5],
                    tries=row[6],
                )  # fmt: skip
                if _handle(event, now):
                    done.append(event.pk)
            if done:
                RawEvent.objects.filter(pk__in=done).update(handled_at=now)
    except OperationalError as error:
        if _is_deadlock(error):
            return 1
        raise
    return len(rows)


def _is_deadlock(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", "") in ("40P01", "40001")


def _handle(event: RawEvent, now: datetime) -> bool:
    adapter = ADAPTERS.get(event.channel)
    if adapter is None or adapter.handle is None:
        _quarantine(event, "not_for_us", f"no channel {event.channel}")
        return False
    try:
        with transaction.atomic():
            adapter.handle(event, event.received_at)
    except NotYet as reason:
        return _later(event, str(reason), now)
    except Unreadable as reason:
        _quarantine(event, reason.problem, str(reason))
        return False
    except (OperationalError, InterfaceError):
        raise  # the database is away, or two workers met: nothing is wrong with the event
    except DatabaseError as error:
        _quarantine(event, "poison", f"{type(error).__name__}: {error}")
        return False
    except Exception as error:  # noqa: BLE001 - whatever a hostile body makes of us, it goes to quarantine
        _quarantine(event, "poison", f"{type(error).__name__}: {error}")
        return False
    return True


def _later(event: RawEvent, reason: str, now: datetime) -> bool:
    """What it speaks of has not come yet. What it said otherwise was kept: each part counts only once."""
    if event.tries + 1 >= rules.MOST_EVENT_TRIES:
        _quarantine(event, "unknown_message", reason)
        return False
    RawEvent.objects.filter(pk=event.pk).update(
        tries=event.tries + 1, retry_at=now + rules.pause(event.tries + 1), reason=reason[:500]
    )
    return False


def _quarantine(event: RawEvent, problem: str, reason: str) -> None:
    RawEvent.objects.filter(pk=event.pk).update(problem=problem, reason=rules.clean(reason)[:500])


@transaction.atomic
def try_again(event: RawEvent, *, by: "Official | None", now: datetime) -> bool:
    """Let an event out of quarantine to be handled once more. False when it is not (or no longer) there."""
    return bool(
        RawEvent.objects.filter(pk=event.pk, settled_at=None)
        .exclude(problem="")
        .update(problem="", reason="", tries=0, retry_at=None, settled_by=by)
    )


@transaction.atomic
def settle(event: RawEvent, *, by: "Official | None", now: datetime) -> bool:
    """An officer looked at it and nothing is to be done; it stays stored. False when somebody was faster."""
    return bool(
        RawEvent.objects.filter(pk=event.pk, settled_at=None)
        .exclude(problem="")
        .update(settled_at=now, settled_by=by)
    )


def listen() -> None:
    """Let this connection hear when something is stored."""
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
