"""What triage is worth by the officers' own decisions, and what it was trained on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q
from django.db.models.fields.json import KT

from satuklik.spine.intake.models import Correction, Suggestion, TrainedModel
from satuklik.spine.intake.rules.kinds import ANSWER
from satuklik.spine.intake.rules.measuring import Labelled
from satuklik.spine.intake.rules.triage import may_act_alone

MOST_CORRECTIONS = 4_000


@dataclass(frozen=True)
class KindMeasure:
    """Of one kind: how often triage was sure of it, and how often officers agreed."""

    kind: str
    decided: int
    right: int
    agency_decided: int
    agency_right: int

    @property
    def precision(self) -> float | None:
        """None where nothing was decided."""
        return self.right / self.decided if self.decided else None

    @property
    def alone(self) -> bool:
        """Whether the house may act on this kind without an officer (precision ≥ 0.97 over at least 100)."""
        return may_act_alone(self.right, self.decided)


def measured(since: datetime | None = None) -> list[KindMeasure]:
    """By kind, over the suggestions of which triage was sure and that an officer decided."""
    rows = Suggestion.objects.filter(decided_at__isnull=False, decided_by__isnull=False).exclude(kind="")
    rows = rows.exclude(decided_kind=ANSWER)
    if since is not None:
        rows = rows.filter(decided_at__gte=since)
    routed = ~Q(decided_agency="") & ~Q(routes=[])
    found = rows.values("kind").annotate(
        number=Count("pk"), right=Count("pk", filter=Q(decided_kind=F("kind"))),
        agency_number=Count("pk", filter=routed),
        agency_right=Count("pk", filter=routed & Q(decided_agency=KT("routes__0__0"))),
    )  # fmt: skip
    return [
        KindMeasure(row["kind"], row["number"], row["right"], row["agency_number"], row["agency_right"])
        for row in found.order_by("kind")
    ]


def correction_count() -> int:
    """How many corrections there are."""
    return Correction.objects.count()


def active_model() -> TrainedModel | None:
    """The model in force; None: triage works by its rules alone."""
    return TrainedModel.objects.filter(active=True).first()


def corrections(most: int = MOST_CORRECTIONS) -> Iterator[Labelled]:
    """The newest `most` corrections as training rows, the oldest of them first. Training takes memory with the square of
    its rows."""
    for row in reversed(Correction.objects.order_by("-at", "-pk")[:most]):
        yield Labelled(row.text, row.kind, row.agency_code, row.person, row.at.isoformat())
