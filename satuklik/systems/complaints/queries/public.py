"""What everybody may read: only what an official has released, in the words that he released."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from satuklik.systems.complaints.errors import NotFound
from satuklik.systems.complaints.models import Complaint, Photo
from satuklik.systems.complaints.rules import states


@dataclass(frozen=True)
class Asked:
    """How the public list is narrowed; empty fields narrow nothing."""

    category: str = ""
    district: str = ""
    status: str = ""
    """open or closed"""
    first: datetime | None = None
    last: datetime | None = None
    references: tuple[str, ...] = ()


def released(asked: Asked | None = None) -> QuerySet[Complaint]:
    """Released complaints, the newest first, with their public photos in `shown_photos`."""
    asked = asked or Asked()
    found = Complaint.objects.exclude(released_at=None).exclude(mode=Complaint.Mode.SECRET)
    if asked.category:
        found = found.filter(category__in=asked.category.split(","))
    if asked.district:
        found = found.filter(village__parent=asked.district)
    if asked.status == "open":
        found = found.filter(state__in=states.OPEN)
    elif asked.status == "closed":
        found = found.filter(state__in=states.ENDED)
    if asked.first is not None:
        found = found.filter(received_at__gte=asked.first)
    if asked.last is not None:
        found = found.filter(received_at__lte=asked.last)
    if asked.references:
        found = found.filter(reference__in=asked.references)
    photos = Photo.objects.filter(public=True, is_picture=True).order_by("pk")
    return (
        found.select_related("village__parent", "completion", "merged_into")
        .prefetch_related(Prefetch("photos", photos, to_attr="shown_photos"))
        .order_by("-received_at", "-pk")
    )


def released_one(reference: str) -> Complaint:
    """A released complaint. Raises NotFound."""
    found = released(Asked(references=(reference,))).first()
    if found is None:
        raise NotFound(reference)
    return found
