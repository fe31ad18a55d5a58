"""Read batches: how far one is, what became of each document. Any process can tell; only the rows are asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from satuklik.spine.signing import rules
from satuklik.spine.signing.models import Batch, BatchItem

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


@dataclass(frozen=True)
class Progress:
    """How far a batch is."""

    batch: Batch
    state: rules.BatchState
    items: Sequence[BatchItem]

    def count(self, state: str) -> int:
        """How many documents are in this state (waiting, signed, failed, unknown)."""
        return sum(item.state == state for item in self.items)

    @property
    def total(self) -> int:
        """All documents of the batch."""
        return len(self.items)

    @property
    def waiting(self) -> int:
        """What has no result yet."""
        return self.count("waiting")

    @property
    def signed(self) -> int:
        """What is signed."""
        return self.count("signed")

    @property
    def failed(self) -> int:
        """What could not be signed."""
        return self.count("failed")

    @property
    def unknown(self) -> int:
        """What a remote backend has not answered yet."""
        return self.count("unknown")

    @property
    def done(self) -> int:
        """What has a result."""
        return self.total - self.waiting


def batch_of(batch_id: UUID, official: "Official", now: datetime) -> Progress | None:
    """The official's own batch; None for everybody else's."""
    batch = Batch.objects.filter(pk=batch_id, official=official).select_related("official__agency").first()
    return _progress(batch, now) if batch is not None else None


def batches_of(official: "Official", now: datetime, limit: int = 5) -> list[Progress]:
    """The official's last batches, the newest first."""
    rows = Batch.objects.filter(official=official).order_by("-created_at")[:limit]
    return [_progress(batch, now) for batch in rows]


def _progress(batch: Batch, now: datetime) -> Progress:
    state = rules.batch_state(batch.seen_alive_at, batch.finished_at, now)
    return Progress(batch, state, list(batch.items.order_by("position")))
