"""Ways out of the house for messages: each registers under a name, the settings say which are on.

The inbox of the portal ("inapp") is no channel: every message is there already, whatever else happens.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

log = logging.getLogger(__name__)


class DuplicateChannel(RuntimeError):
    """Two rooms registered a channel under one name."""


class UnknownChannel(RuntimeError):
    """The settings name a channel that nobody registered."""


class DeliveryFailed(Exception):
    """The channel could not hand the message over now; it is tried again later."""


@dataclass(frozen=True)
class Letterbox:
    """One message on its way out."""

    address: str
    title: str
    body: str
    link: str


class Recipient(Protocol):
    """What a channel may know of the user it writes to."""

    phone: str | None
    phone_verified: bool
    email: str


@dataclass(frozen=True)
class Channel:
    """`address_of` gives where a user can be reached ("" when not); `send` raises DeliveryFailed."""

    name: str
    address_of: Callable[[Recipient], str]
    send: Callable[[Letterbox], None]


CHANNELS: dict[str, Channel] = {}
SENT_IN_DEMO: list[Letterbox] = []
MOST_KEPT = 200
_LONG_NUMBER = re.compile(r"\d{12,}")


def register_channel(channel: Channel) -> None:
    """Make a way out known. Raises DuplicateChannel."""
    if channel.name in CHANNELS:
        raise DuplicateChannel(channel.name)
    CHANNELS[channel.name] = channel


def switched_on() -> list[Channel]:
    """The channels named in `SATUKLIK_MESSAGE_CHANNELS`. Raises UnknownChannel."""
    names = settings.MESSAGE_CHANNELS
    missing = [name for name in names if name not in CHANNELS]
    if missing:
        raise UnknownChannel(f"No channel is called {', '.join(missing)}; known: {', '.join(CHANNELS)}.")
    return [CHANNELS[name] for name in names]


def _phone(user: Recipient) -> str:
    return user.phone or "" if user.phone_verified else ""


def _to_log(message: Letterbox) -> None:
    # A log is no place for identity numbers, whatever a message says.
    text = _LONG_NUMBER.sub("…", f"{message.title}: {message.body}")
    log.info("to …%s: %s %s", message.address[-3:], text, message.link)


def _to_demo(message: Letterbox) -> None:
    SENT_IN_DEMO.append(message)
    del SENT_IN_DEMO[:-MOST_KEPT]


register_channel(Channel("console", _phone, _to_log))
register_channel(Channel("demo", _phone, _to_demo))
