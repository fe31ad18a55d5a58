"""What officials see: the list by what is due, one complaint, the counts of the rail."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from satuklik.kernel.maps import Block
from satuklik.systems.complaints.errors import NotFound
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.queries.public import inside
from satuklik.systems.complaints.rules import states
from satuklik.systems.complaints.scope import Scope

RELATED = ("term", "completion", "quiet", "village__parent", "merged_into")
FAR = date(9999, 12, 31)


@dataclass(frozen=True)
class Filter:
    """How the list is narrowed. Empty fields narrow nothing."""

    state: str = ""
    """A state, or «open» (the default of the page), «ours», «late», «all»."""
    category: str = ""
    district: str = ""
    agency: str = ""
    words: str = ""
    block: Block | None = None
    """Only those with a point in it."""


def listed(scope: Scope, asked: Filter, now: datetime) -> QuerySet[Complaint]:
    """The complaints that this official may see, what is due first; what has no date comes last, newest first."""
    return matching(scope, asked, now).select_related(*RELATED).order_by("due", "-received_at", "pk")


def matching(scope: Scope, asked: Filter, now: datetime) -> QuerySet[Complaint]:
    """The complaints that this official may see, in no order, with `due` and `late`."""
    found = with_due(Complaint.objects.filter(scope.visible()), now)
    found = found.filter(_state(asked.state, now))
    if asked.category:
        found = found.filter(category=asked.category)
    if asked.district:
        found = found.filter(village__parent=asked.district)
    if asked.agency:
        found = found.filter(dispatches__agency__code=asked.agency).distinct()
    if asked.words:
        found = found.filter(
            Q(title__icontains=asked.words) | Q(text__icontains=asked.words) | Q(place__icontains=asked.words)
            | Q(reference__icontains=asked.words) | Q(external_number__iexact=asked.words)
        )  # fmt: skip
    if asked.block is not None:
        found = found.filter(inside(asked.block.box))
    return found


def with_due(found: QuerySet[Complaint], now: datetime) -> QuerySet[Complaint]:
    """Each with `due`: the earlier of the next step's and the whole matter's date, while the office owes something;
    and `late`."""
    whole = Case(
        When(completion__closed_at=None, then=F("completion__due_on")),
        default=Value(None),
        output_field=DateField(),
    )
    found = found.annotate(
        due=Coalesce(Least(F("term__due_on"), whole), Value(FAR), output_field=DateField())
    )
    return found.annotate(late=Case(When(due__lt=timezone.localdate(now), then=True), default=False))


def _state(asked: str, now: datetime) -> Q:
    if asked in states.NEXT:
        return Q(state=asked)
    if asked == "all":
        return Q()
    if asked == "ours":
        return Q(state__in=states.OURS)
    if asked == "late":
        return Q(due__lt=timezone.localdate(now))
    if asked == "unsettled":
        return Q(state=states.CLOSED) & ~(Q(fixed=True) | (Q(fixed=None) & Q(result=states.DONE)))
    return Q(state__in=states.OPEN)


def one(scope: Scope, reference: str) -> Complaint:
    """A complaint that this official may see. Raises NotFound, also for one that he may not."""
    found = Complaint.objects.filter(scope.visible(), reference=reference).select_related(*RELATED).first()
    if found is None:
        raise NotFound(reference)
    return found


def counts(scope: Scope, now: datetime) -> tuple[int, int]:
    """(how many wait for us, how many of them are late): for the rail."""
    found = with_due(Complaint.objects.filter(scope.visible(), state__in=states.OPEN), now)
    counted = found.aggregate(
        waiting=Count("pk", filter=Q(state__in=states.OURS)),
        late=Count("pk", filter=Q(due__lt=timezone.localdate(now))),
    )
    return counted["waiting"], counted["late"]
