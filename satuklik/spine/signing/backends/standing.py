"""How an official stands where our own tables say it."""

from datetime import datetime
from typing import TYPE_CHECKING

from satuklik.spine.signing import rules
from satuklik.spine.signing.backends.interface import KeyStatus
from satuklik.spine.signing.models import SigningKey

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


def status_of_row(backend: str, official: "Official", now: datetime) -> KeyStatus:
    """By the newest key of the official at this backend."""
    row = (
        SigningKey.objects.filter(official=official, kind=SigningKey.Kind.OFFICIAL, backend=backend)
        .order_by("-not_before", "-pk")
        .first()
    )
    if row is None:
        return KeyStatus(backend, "none")
    state = rules.key_state(
        not_before=row.not_before,
        not_after=row.not_after,
        revoked_for=row.revocation_reason or ("unspecified" if row.revoked_at else ""),
        locked_until=row.locked_until,
        now=now,
    )
    return KeyStatus(backend, state, row.locked_until if state == "locked" else row.not_after)
