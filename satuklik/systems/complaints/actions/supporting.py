"""Somebody has the same trouble: one person once, told when there is news."""

from datetime import datetime
from typing import Any

from django.db import transaction

from satuklik.base.sealing import actions as sealing
from satuklik.systems.complaints.actions.moving import locked
from satuklik.systems.complaints.errors import Missing, NotFound
from satuklik.systems.complaints.models import Supporter

PURPOSE = "complaints support"


@transaction.atomic
def support(complaint_id: int, *, user: Any = None, phone: str = "", email: str = "", now: datetime) -> bool:
    """Follow a released report. False where this person does already. Raises NotFound, Missing without a contact."""
    if user is None and not phone and not email:
        raise Missing(contact="missing")
    complaint = locked(complaint_id)
    if complaint.released_at is None:
        raise NotFound(complaint_id)
    who = (
        f"user:{user.pk}" if user is not None else f"phone:{phone}" if phone else f"email:{email.casefold()}"
    )
    _, made = Supporter.objects.get_or_create(
        complaint=complaint, mark=sealing.mark(who, purpose=PURPOSE),
        defaults={"user": user, "phone": phone, "email": email, "at": now},
    )  # fmt: skip
    if made:
        complaint.supports += 1
        complaint.save(update_fields=["supports"])
    return made
