"""The full picture of one naskah, of one incoming letter."""

from datetime import datetime
from typing import TYPE_CHECKING

from satuklik.systems.correspondence.queries.views import IncomingView, NaskahView

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


def naskah_for(reference: str, official: "Official", now: datetime) -> NaskahView:
    """All that a page shows of a naskah. A read of a secret one is an event of the log. Raises NaskahNotFound, also
    when this official may not know of it."""
    raise NotImplementedError


def incoming_for(incoming_id: int, official: "Official", now: datetime) -> IncomingView:
    """All that a page shows of an incoming letter; reading it is noted by `actions.read`. A read of a secret one is
    an event of the log. Raises NaskahNotFound, also when this official may not know of it."""
    raise NotImplementedError
