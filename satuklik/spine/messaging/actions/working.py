"""One round of everything that waits, as the worker does it again and again."""

import logging
from collections.abc import Callable
from datetime import datetime

from satuklik.spine.messaging.actions import handling, receiving, sending, waking
from satuklik.spine.messaging.models import Message

log = logging.getLogger(__name__)


def work(now: datetime) -> int:
    """Handle raw events, fetch files, tell listeners, send what is due. How much was done; 0: nothing waits."""
    with waking.awake():
        return sum(part(now) for part in PARTS)


def _announce(now: datetime) -> int:
    return receiving.announce(now, failed=_say)


def _say(message: Message, problem: str) -> None:
    # The number of the message, never its text.
    log.warning("A listener did not take message %s: %s", message.pk, problem[:200])


PARTS: tuple[Callable[[datetime], int], ...] = (
    handling.handle_waiting, sending.fetch_files, _announce, sending.send_waiting,
)  # fmt: skip
