"""What everybody may read: only what an official has released, in the words that he released."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from satuklik.kernel.maps import Block, Box, Point, coarse
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
    block: Block | None = None
    """Only those with a public point in it."""


def released_matching(asked: Asked) -> QuerySet[Complaint]:
    """Released complaints, in no order."""
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
    if asked.block is not None:
        # Whoever may not see a point must not find it by asking block after block.
        found = found.filter(inside(asked.block.box), public_point=True)
    return found


def inside(box: Box) -> Q:
    """The complaints of a box; its west and south edges belong to it."""
    west, south, east, north = box
    return Q(longitude__gte=west, longitude__lt=east, latitude__gte=south, latitude__lt=north)


def public_point(complaint: Complaint) -> Point | None:
    """Where everybody may know it to be: the middle of its block of some 430 m (`kernel.maps.CELL`)."""
    if not complaint.public_point or complaint.latitude is None or complaint.longitude is None:
        return None
    return coarse((complaint.longitude, complaint.latitude))


def released(asked: Asked | None = None) -> QuerySet[Complaint]:
    """Released complaints, the newest first, with their public photos in `shown_photos`."""
    photos = Photo.objects.filter(public=True, is_picture=True).order_by("pk")
    return (
        released_matching(asked or Asked())
        .select_related("village__parent", "completion", "merged_into")
        .prefetch_related(Prefetch("photos", photos, to_attr="shown_photos"))
        .order_by("-received_at", "-pk")
    )


def released_one(reference: str) -> Complaint:
    """A released complaint. Raises NotFound."""
    found = released(Asked(references=(reference,))).first()
    if found is None:
        raise NotFound(reference)
    return found
