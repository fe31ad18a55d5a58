"""One round of everything that waits, as the worker does it again and again."""

import logging
from datetime import datetime

from satuklik.spine.messaging.actions import handling, receiving, sending, waking
from satuklik.spine.messaging.models import Message

log = logging.getLogger(__name__)


def work(now: datetime) -> int:
    """Handle raw events, fetch files, tell listeners, send what is due. How much was done; 0: nothing waits."""
    with waking.awake():
        return sum(part(now) for part in (take, send))


def take(now: datetime) -> int:
    """One round of what comes in. Events first: a listener that thinks for long keeps no message out of its
    conversation, and what it has not heard yet it hears when no event waits. How much was done."""
    with waking.awake():
        done = handling.handle_waiting(now) or receiving.announce(now, failed=_say)
    if done:
        waking.wake()  # the thread that sends: words of the house may wait now
    return done


def send(now: datetime) -> int:
    """One round of what goes out or is fetched: it waits for far sides, so it has a thread of its own."""
    return sending.fetch_files(now) + sending.send_waiting(now)


def _say(message: Message, problem: str) -> None:
    # The number of the message, never its text.
    log.warning("A listener did not take message %s: %s", message.pk, problem[:200])
