"""An official's boxes: what waits for him, what he wrote, what came in."""

from datetime import datetime
from typing import TYPE_CHECKING

from satuklik.systems.correspondence.queries.views import Box, BoxName

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


def box(
    official: "Official",
    name: BoxName,
    *,
    now: datetime,
    text: str = "",
    after: str | None = None,
    limit: int = 50,
) -> Box:
    """A page of one box, what is due first where something waits for the official, else the newest first.

    `text` searches (Indonesian stems) in subject and content; `after` as the page before gave it.
    """
    raise NotImplementedError


def counts(official: "Official", now: datetime) -> dict[str, tuple[int, int]]:
    """How much lies in each box, and how much of it is late: {"paraf": (3, 1), …}."""
    raise NotImplementedError
