"""How an official stands where our own tables say it."""

from datetime import datetime
from typing import TYPE_CHECKING

from satuklik.spine.signing import rules
from satuklik.spine.signing.backends.interface import OfficialStatus
from satuklik.spine.signing.models import SigningKey

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


def status_of_row(backend: str, official: "Official", now: datetime) -> OfficialStatus:
    """By the newest key of the official at this backend."""
    row = (
        SigningKey.objects.filter(official=official, kind=SigningKey.Kind.OFFICIAL, backend=backend)
        .order_by("-not_before", "-pk")
        .first()
    )
    if row is None:
        return OfficialStatus(backend, "none")
    status = rules.key_status(
        not_before=row.not_before,
        not_after=row.not_after,
        revoked_at=row.revoked_at,
        reason=row.revocation_reason,
        now=now,
    )
    state = rules.state_of_key(status, row.locked_until, now)
    return OfficialStatus(backend, state, row.locked_until if state == "locked" else row.not_after)
