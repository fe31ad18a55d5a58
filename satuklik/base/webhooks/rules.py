"""What is told, when it is told again, and where a message may go: pure decisions."""

import hashlib
import hmac
import ipaddress
from collections.abc import Collection
from datetime import timedelta
from urllib.parse import urlsplit

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
LONGEST_URL = 500

# Networks that Python calls global, and that lead inside by translation all the same (RFC 6052, RFC 8215, RFC 3056,
# RFC 3879).
_TRANSLATED = [
    ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "fec0::/10")
]


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts that failed; None: no further one."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """The value of the header Satuklik-Signature: "t=<Unix time>,v1=<hex HMAC-SHA256 of '<t>.' + body>"."""
    mac = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={mac}"


def problem_of_url(url: str, *, private: bool) -> str:
    """Why no message may go to this address; "" when it may. `private`: networks inside, and plain http, are
    allowed."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "not_a_url"
    if len(url) > LONGEST_URL or not parts.hostname or not url.isascii() or not url.isprintable():
        return "not_a_url"
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        return "not_https"
    if parts.username is not None or parts.password is not None or parts.fragment or port == 0:
        return "not_a_url"
    return ""


def is_public(address: str) -> bool:
    """Whether an IP address lies in the open Internet: not in a network inside, on this machine, or in a range that
    leads to one by translation."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in net for net in _TRANSLATED):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def unknown_events(events: Collection[str]) -> list[str]:
    """Those names that are no event of ours."""
    return sorted(set(events) - set(EVENTS))
