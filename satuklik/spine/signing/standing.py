"""Whether an official can sign: what applications ask before they send him something."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from satuklik.spine.signing.keybook import keys_of

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

Standing = Literal["ready", "no_certificate", "expired", "suspended", "revoked", "locked", "not_registered"]
_ENDED: dict[str, Standing] = {
    "not_yet": "no_certificate",
    "expired": "expired",
    "suspended": "suspended",
    "revoked": "revoked",
}


@dataclass(frozen=True)
class KeyStanding:
    """How the newest key of an official stands, and until when its certificate holds (None without one)."""

    status: Standing
    not_after: datetime | None


def standing_of(official: "Official", now: datetime) -> KeyStanding:
    """How it stands. "not_registered": nobody ever gave this official a login here, so nothing can be sent to him."""
    keys = keys_of(official, now)
    if not keys:
        return KeyStanding("no_certificate" if official.user_id else "not_registered", None)
    # One that holds counts before a newer one that was revoked.
    best = next((key for key in keys if key.status == "valid"), keys[0])
    if best.status == "valid":
        return KeyStanding("locked" if best.locked_until else "ready", best.not_after)
    return KeyStanding(_ENDED[best.status], best.not_after)
