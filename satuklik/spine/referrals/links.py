"""One-tap links: unguessable, kept as a hash only, each for one hop and its official."""

import hashlib
import secrets

from django.conf import settings
from django.urls import reverse

BYTES = 18  # 144 bits: nobody guesses them, however often they try


def new() -> str:
    """A fresh token, as it stands in the address."""
    return secrets.token_urlsafe(BYTES)


def digest(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def address(token: str) -> str:
    """The whole address of the link."""
    return f"{settings.PUBLIC_URL}{reverse('referrals:link', args=[token])}"
