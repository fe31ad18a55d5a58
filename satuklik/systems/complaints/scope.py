"""Who at the desk sees which complaint, and who may open a sealed identity."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from satuklik.base.agencies import queries as agencies
from satuklik.systems.complaints.models import Complaint, Dispatch

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

HANDLERS = frozenset({"head", "secretary", "staff", "ppid"})  # never the admin of the installation


@dataclass(frozen=True)
class Scope:
    """What one official may see and do."""

    official: "Official"
    coordinates: bool
    """Verifies, dispatches, answers, releases: the agency that handles complaints."""
    reveals: bool
    offices: tuple[int, ...]
    """Ids of the agencies that this official handles matters for."""

    @property
    def any(self) -> bool:
        """Whether complaints are any of this official's business."""
        return self.coordinates or self.reveals or bool(self.offices)

    def visible(self) -> Q:
        """The complaints that this official may see, as a filter. Those of an agency: what was sent to it, never a
        secret report, of which it gets only the question."""
        asked = Q(pk__in=Dispatch.objects.filter(agency__in=self.offices).values("complaint"))
        secret = Q(mode=Complaint.Mode.SECRET)
        found = asked & ~secret
        if self.coordinates:
            return Q()
        return found | secret if self.reveals else found


def scope_of(official: "Official", now: datetime) -> Scope:
    """What this official may see and do now."""
    handles = official.role in HANDLERS
    coordinates = handles and official.agency.code == settings.SATUKLIK_COMPLAINTS_AGENCY
    reveals = agencies.may_reveal(official)
    return Scope(official, coordinates, reveals, tuple(agencies.offices_of(official, now)) if handles else ())
