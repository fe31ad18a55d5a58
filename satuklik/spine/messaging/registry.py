"""What other rooms register with messages: who listens to what comes in."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from satuklik.spine.messaging.models import Message

Listener = Callable[["Message", datetime], None]
"""(the stored message, now); runs in the worker, in a transaction of its own, again when it failed"""

LISTENERS: dict[str, Listener] = {}


class DuplicateName(RuntimeError):
    """Two rooms registered one name."""


def register_incoming(name: str, listener: Listener) -> None:
    """Call `listener` once for every message that came in, and again when its writer edited it (`edited_at`). It is
    called again when it raised, so it must bear being called twice. Raises DuplicateName."""
    if name in LISTENERS:
        raise DuplicateName(name)
    LISTENERS[name] = listener
