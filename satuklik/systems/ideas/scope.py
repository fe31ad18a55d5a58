"""Who at the desk sees which idea."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from satuklik.base.agencies import queries as agencies
from satuklik.systems.ideas.models import Idea

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

HANDLERS = frozenset({"head", "secretary", "staff", "ppid"})


@dataclass(frozen=True)
class Scope:
    """What one official may see and do."""

    official: "Official"
    coordinates: bool
    """Moderates, merges, makes rounds: the agency that handles ideas."""
    offices: tuple[int, ...]
    """Ids of the agencies whose ideas this official reviews and carries out."""

    @property
    def any(self) -> bool:
        """Whether ideas are any of this official's business."""
        return self.coordinates or bool(self.offices)

    def visible(self) -> Q:
        """The ideas that this official may see at the desk."""
        return Q() if self.coordinates else Q(agency__in=self.offices)

    def works_on(self, idea: Idea) -> bool:
        """Whether this official may review it and report on it."""
        return self.coordinates or idea.agency_id in self.offices


def scope_of(official: "Official", now: datetime) -> Scope:
    """What this official may see and do now."""
    handles = official.role in HANDLERS
    coordinates = handles and official.agency.code == settings.SATUKLIK_IDEAS_AGENCY
    return Scope(official, coordinates, tuple(agencies.offices_of(official, now)) if handles else ())
