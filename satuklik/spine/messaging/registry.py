"""What other rooms register with messages: who listens to what comes in, and who may open an attachment."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from satuklik.spine.messaging.models import Attachment, Message

Listener = Callable[["Message", datetime], None]
"""(the stored message, now); runs in the worker, in a transaction of its own, again when it failed"""
Reader = Callable[[HttpRequest, "Attachment"], bool]
"""Whether whoever asks may open the attachment (the signed-in official has been found already)"""

LISTENERS: dict[str, Listener] = {}
READERS: dict[str, Reader] = {}


class DuplicateName(RuntimeError):
    """Two rooms registered one name."""


def register_incoming(name: str, listener: Listener) -> None:
    """Call `listener` once for every message that came in. It is called again when it raised, so it must bear
    being called twice. Raises DuplicateName."""
    if name in LISTENERS:
        raise DuplicateName(name)
    LISTENERS[name] = listener


def register_reader(name: str, reader: Reader) -> None:
    """Let `reader` open attachments to more people than the room does itself. Raises DuplicateName."""
    if name in READERS:
        raise DuplicateName(name)
    READERS[name] = reader
