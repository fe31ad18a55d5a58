"""What triage learns from: officers' decisions as training rows, and the models made of them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from satuklik.base.files.actions import store
from satuklik.spine.intake.models import Correction, Suggestion, TrainedModel
from satuklik.spine.intake.rules.reading import clean
from satuklik.spine.intake.rules.signals import without_numbers

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.intake.rules.classifier import Model

LONGEST = 2_000


def learn(suggestion: Suggestion, *, by: "Official", now: datetime, ticket: str = "") -> Correction | None:
    """Keep the words behind a decided suggestion as a training row; secret ones are left out. In the caller's
    transaction; once for each suggestion."""
    message = suggestion.message
    if message.conversation.desk.secret or not message.body.strip():
        return None
    piece = clean(message.whole)[suggestion.start : suggestion.end] or message.whole
    row, _made = Correction.objects.get_or_create(
        suggestion=suggestion,
        defaults={
            "text": without_numbers(piece)[:LONGEST], "kind": suggestion.decided_kind,
            "agency_code": suggestion.decided_agency, "person": f"c{message.conversation_id}", "ticket": ticket,
            "at": message.at, "by": by,
        },
    )  # fmt: skip
    return row


@transaction.atomic
def store_model(model: "Model", *, now: datetime, more: dict[str, Any] | None = None) -> TrainedModel:
    """Keep a trained model; it is not in force yet."""
    sha256 = store(model.to_bytes(), "application/octet-stream", at=now)
    row, _made = TrainedModel.objects.get_or_create(
        version=model.version,
        defaults={"sha256": sha256, "created_at": now, "about": {**model.about, **(more or {})}},
    )
    return row


@transaction.atomic
def activate(version: str) -> TrainedModel:
    """Put a model into force; the workers take it with the next message. Raises TrainedModel.DoesNotExist."""
    row = TrainedModel.objects.select_for_update().get(version=version)
    TrainedModel.objects.filter(active=True).exclude(pk=row.pk).update(active=False)
    row.active = True
    row.save(update_fields=["active"])
    return row
