"""References of ideas, and the key with which an author without account follows one (140 bits, kept as SHA-256)."""

import hashlib
import secrets

from satuklik.base.sealing import actions as sealing
from satuklik.kernel import codes

KEY_LETTERS, SHORTEST_NONCE = 28, 16


def new_nonce() -> str:
    """A random word for one form: sent twice it makes one idea."""
    return secrets.token_urlsafe(18)


def key_of(nonce: str) -> str:
    """The key that belongs to a form's nonce."""
    return codes.code(sealing.derived(nonce, purpose="ideas key", size=KEY_LETTERS))


def digest(key: str) -> str:
    """What is kept of a key, whatever way it was typed."""
    return hashlib.sha256(codes.tidy(key[:200]).encode()).hexdigest()


def new_reference() -> str:
    """ID-7F3K-9Q2M"""
    return f"ID-{codes.code(secrets.token_bytes(8))}"


def tidy_reference(typed: str) -> str:
    """A reference as somebody typed it; "" where it can be none."""
    bare = typed.strip().upper()[:40]
    tidied = codes.tidy(bare[2:]) if bare.startswith("ID") else ""
    return f"ID-{tidied}" if len(tidied) == 9 else ""
