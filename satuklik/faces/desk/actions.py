"""Visits at the counter: begin, check the identity, end."""

from datetime import datetime

from satuklik.base.agencies import queries as agencies
from satuklik.faces.desk.models import Visit


def begin(official: agencies.Official, person_id: int, reason: str, *, now: datetime) -> Visit:
    """A neighbour comes to the counter. The look-up that found the person has left its own trace."""
    return Visit.objects.create(official=official, person_id=person_id, reason=reason, opened_at=now)


def identity_checked(visit: Visit, *, now: datetime) -> None:
    """The official has compared the KTP with the data and with the face."""
    visit.identity_checked_at = now
    visit.save(update_fields=["identity_checked_at"])


def end(visit: Visit, *, now: datetime) -> None:
    """The neighbour goes; nothing more can be done in this visit."""
    visit.ended_at = now
    visit.save(update_fields=["ended_at"])
