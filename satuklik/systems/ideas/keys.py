"""References of ideas, and the key with which an author without account follows one (140 bits, kept as SHA-256)."""

import hashlib
import secrets

from satuklik.kernel import codes

PURPOSE = "ideas key"


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
