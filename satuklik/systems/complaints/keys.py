"""The key with which a reporter follows a complaint without login: 140 bits, kept only as its SHA-256."""

import hashlib
import secrets

from satuklik.base.sealing import actions as sealing
from satuklik.kernel import codes

PURPOSE = "complaints key"


def digest(key: str) -> str:
    """What is kept of a key, whatever way it was typed."""
    return hashlib.sha256(codes.tidy(key[:200]).encode()).hexdigest()


def seal(key: str, reference: str) -> bytes:
    """A key that the office may write into its answers."""
    return sealing.seal(key.encode(), purpose=PURPOSE, owner=reference)


def unseal(stored: bytes, reference: str) -> str:
    """The key again. Raises SealBroken."""
    return sealing.unseal(stored, purpose=PURPOSE, owner=reference).decode()


def new_reference() -> str:
    """PD-7F3K-9Q2M: to be read out, opens nothing."""
    return f"PD-{codes.code(secrets.token_bytes(8))}"


def tidy_reference(typed: str) -> str:
    """A reference as somebody typed it: "pd 7f3k 9q2m" → "PD-7F3K-9Q2M"; "" where it can be none."""
    bare = typed.strip().upper().replace("\u2013", "-")[:40]
    if not bare.startswith("PD"):
        return ""
    tidied = codes.tidy(bare[2:])
    return f"PD-{tidied}" if len(tidied) == 9 else ""


def tidy(key: str) -> str:
    """A key as we write it."""
    return codes.tidy(key[:200])
