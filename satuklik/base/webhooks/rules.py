"""What is told, when it is told again, and how it is signed: pure decisions."""

import hashlib
import hmac
from collections.abc import Collection
from datetime import timedelta

EVENTS = (
    "signing.completed",
    "signing.refused",
    "document.annulled",
    "document.replaced",
    "certificate.revoked",
    "naskah.dispatched",
)
TEST = "webhook.test"
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""How long to wait after each attempt that failed; after the last one the message is parked."""
LEASE = timedelta(minutes=2)
"""How long an attempt may take until another process tries: longer than every time-out together."""
REPLAY_SECONDS = 300
"""Receivers refuse what is older: docs/operations.md tells them."""


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts that failed; None: no further one."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """The value of the header Satuklik-Signature: "t=<Unix time>,v1=<hex HMAC-SHA256 of '<t>.' + body>"."""
    mac = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={mac}"


def unknown_events(events: Collection[str]) -> list[str]:
    """Those names that are no event of ours."""
    return sorted(set(events) - set(EVENTS))
