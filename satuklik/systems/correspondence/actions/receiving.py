"""Letters that come in: registered at the counter, read."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from satuklik.systems.correspondence.models import Incoming

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official


def register_incoming(
    *,
    agency: "Agency",
    by: "Official",
    now: datetime,
    number: str,
    dated: date,
    correspondent: str,
    subject: str,
    classification: str,
    secrecy: str,
    urgency: str,
    scan: bytes | None,
) -> Incoming:
    """A letter from outside, with its next number in the agenda masuk. `scan`: PDF, PNG or JPEG. Raises BadContent,
    BadUpload, NotYours."""
    raise NotImplementedError


def read(incoming: Incoming, *, by: "Official", now: datetime) -> Incoming:
    """Note the first reading (the sender sees when), and of a disposition's taker that he has read it."""
    raise NotImplementedError
