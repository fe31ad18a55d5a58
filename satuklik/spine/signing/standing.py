"""Whether an official can sign: what applications ask before they send him something."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from satuklik.spine.signing.models import SigningKey

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

Standing = Literal["ready", "no_certificate", "expired", "suspended", "revoked", "locked", "not_registered"]
HOLD = "certificateHold"


@dataclass(frozen=True)
class KeyStanding:
    """How the newest key of an official stands, and until when its certificate holds (None without one)."""

    status: Standing
    not_after: datetime | None


def standing_of(official: "Official", now: datetime) -> KeyStanding:
    """How it stands. "not_registered": nobody ever gave this official a login here, so nothing can be sent to him."""
    newest = (
        SigningKey.objects.filter(official=official, kind=SigningKey.Kind.OFFICIAL)
        .order_by("-not_before", "-pk")
        .first()
    )
    if newest is None:
        return KeyStanding("no_certificate" if official.user_id else "not_registered", None)
    if newest.revoked_at is not None:
        status: Standing = "suspended" if newest.revocation_reason == HOLD else "revoked"
    elif newest.not_after < now:
        status = "expired"
    elif newest.locked_until is not None and newest.locked_until > now:
        status = "locked"
    else:
        status = "ready"
    return KeyStanding(status, newest.not_after)
