"""How a one-time code reaches a telephone. `SATUKLIK_OTP_CHANNEL` names one of these or another class."""

import logging
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


class Channel(Protocol):
    """Sends a code. `on_screen`: the code is shown on the page too (never outside of a demo)."""

    on_screen: bool

    def send(self, phone: str, code: str, minutes: int) -> None:
        """Send `code`, valid for `minutes`, to `phone` (E.164). It runs outside of the request."""

    def check_config(self) -> list[str]:
        """What is wrong with the settings, in words; empty when all is well."""


class DemoChannel:
    """Sends nothing: the demo shows the code on the page, in the picture of a telephone."""

    on_screen = True

    def send(self, phone: str, code: str, minutes: int) -> None:
        """Nothing to do: the page shows it."""

    def check_config(self) -> list[str]:
        return [] if settings.DEMO else ["The demo's channel sends no codes: set SATUKLIK_OTP_CHANNEL."]


class ConsoleChannel:
    """Writes the code into the server's log: for development."""

    on_screen = False

    def send(self, phone: str, code: str, minutes: int) -> None:
        logger.warning("Kode masuk untuk %s: %s (%s menit)", phone, code, minutes)

    def check_config(self) -> list[str]:
        return []


@cache
def _load(path: str) -> Channel:
    made: Channel = import_string(path)()
    return made


def channel() -> Channel:
    """The channel of this installation."""
    return _load(settings.OTP_CHANNEL)


def shows_code() -> bool:
    """Whether the code page shows the code: only in a demo, and only with the demo's channel."""
    return bool(settings.DEMO) and channel().on_screen
