"""The threads of messages inside the worker: one takes in, one sends, one polls each channel that must be asked.

They live in the worker's process and end with it; what they had begun is in the database and goes on elsewhere.
"""

import contextlib
import logging
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils import timezone

from satuklik.base.postgres import queries as postgres
from satuklik.spine.messaging.actions.handling import listen
from satuklik.spine.messaging.actions.working import send, take
from satuklik.spine.messaging.adapters import mail, telegram
from satuklik.spine.messaging.errors import SendFailed

log = logging.getLogger(__name__)
IDLE_SECONDS = 5.0  # a wake-up that was lost costs no more than this
SLICE_SECONDS = 0.5  # how long the end of the worker may wait for this thread
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0
MAIL_SECONDS = 20.0
OWN_SERVER_SECONDS = 60.0
# One poller of a channel at a time in the whole installation: a lock of the session, free again when it dies.
LOCKS = {"telegram": 7_401, "email": 7_402}


@contextmanager
def running() -> Iterator[None]:
    """Take in, send and poll in the background until the block ends."""
    stopping = threading.Event()
    threads = [
        threading.Thread(
            target=_rounds, args=(part, stopping), name=f"messaging-{part.__name__}", daemon=True
        )
        for part in (take, send)
    ]
    if telegram.is_on():
        threads.append(
            _poller("telegram", telegram.poll, 0.0 if settings.TELEGRAM_POLL_SECONDS else 1.0, stopping)
        )
    if mail.reads():
        threads.append(_poller("email", mail.poll, MAIL_SECONDS, stopping))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join(3)


def _wait_for_own_server(stopping: threading.Event) -> None:
    """In a demo Meta and Telegram are twins in our own web server, which starts beside the worker: until it listens,
    nothing is asked of it."""
    own = f"http://127.0.0.1:{settings.PORT}/"  # as run/twins.py writes it
    if not any(url.startswith(own) for url in (settings.WHATSAPP_URL, settings.TELEGRAM_URL)):
        return
    end = time.monotonic() + OWN_SERVER_SECONDS
    while time.monotonic() < end and not stopping.is_set():
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", settings.PORT), 1):
            return
        stopping.wait(0.2)


def _rounds(part: Callable[[datetime], int], stopping: threading.Event) -> None:
    """Do `part` again and again; rest when nothing waits until something is stored."""
    pause = FIRST_PAUSE
    if part is send:
        _wait_for_own_server(stopping)
    while not stopping.is_set():
        try:
            listen()
            while not stopping.is_set():
                if not part(timezone.now()):
                    _wait(stopping)
                pause = FIRST_PAUSE
        except (OperationalError, InterfaceError, psycopg.Error) as error:
            pause = _away(error, pause, stopping)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not stop all messages for ever
            _tell(f"Messages: {part.__name__}", error)
            pause = _rest(pause, stopping)
    connection.close()


def _wait(stopping: threading.Event) -> None:
    """Until something is stored, or a while has passed (what was to be tried again may be due)."""
    database = postgres.ready()
    end = time.monotonic() + IDLE_SECONDS
    while time.monotonic() < end and not stopping.is_set():
        for _notice in database.connection.notifies(timeout=SLICE_SECONDS, stop_after=1):
            return


def _poller(
    name: str, poll: Callable[[datetime], int], every: float, stopping: threading.Event
) -> threading.Thread:
    return threading.Thread(
        target=_polling, args=(name, poll, every, stopping), name=f"messaging-{name}", daemon=True
    )


def _polling(name: str, poll: Callable[[datetime], int], every: float, stopping: threading.Event) -> None:
    pause = FIRST_PAUSE
    if name == telegram.NAME:
        _wait_for_own_server(stopping)
    while not stopping.is_set():
        try:
            if not _mine(name):
                stopping.wait(IDLE_SECONDS)
                continue
            while not stopping.is_set():
                new = poll(timezone.now())
                pause = FIRST_PAUSE
                if not new:
                    stopping.wait(every)
        except SendFailed as failure:
            if pause in (FIRST_PAUSE, LONGEST_PAUSE):  # not each try of a series
                log.warning("%s does not answer: %s %s", name, failure.code, failure.detail)
            pause = _rest(pause, stopping)
        except (DatabaseError, InterfaceError, psycopg.Error) as error:
            pause = _away(error, pause, stopping)
        except Exception as error:  # noqa: BLE001 - as above
            _tell(f"Reading {name}", error)
            pause = _rest(pause, stopping)
    connection.close()


def _mine(name: str) -> bool:
    return bool(postgres.rows("SELECT pg_try_advisory_lock(%s)", (LOCKS[name],))[0][0])


def _tell(what: str, error: Exception) -> None:
    """Where it failed, without the error's own words: they may quote what a person wrote."""
    where = "".join(traceback.format_tb(error.__traceback__)[-3:])
    log.error("%s failed: %s\n%s", what, type(error).__name__, where)


def _away(error: Exception, pause: float, stopping: threading.Event) -> float:
    log.warning("Messages wait for the database: %s", type(error).__name__)
    connection.close()
    return _rest(pause, stopping)


def _rest(pause: float, stopping: threading.Event) -> float:
    stopping.wait(pause)
    return min(pause * 2, LONGEST_PAUSE)
