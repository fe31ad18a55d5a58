"""What must not be readable in a dump: sealed with AES-256-GCM under keys of this installation's vault secret.

Every use has a purpose of its own ("complaints identity"), so that what one room sealed opens for no other.
"""

import hashlib
import hmac
import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from satuklik.base.sealing.errors import SealBroken

VERSION, SALT_BYTES, NONCE_BYTES, KEY_BYTES = b"\x01", 16, 12, 32


@sensitive_variables()
def seal(content: bytes, *, purpose: str, owner: str) -> bytes:
    """`content` as it is stored. `owner` (the row's name) is bound to it: copied to another row it does not open."""
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    key = _key(_secrets()[0], salt, purpose)
    return VERSION + salt + nonce + AESGCM(key).encrypt(nonce, content, owner.encode())


@sensitive_variables()
def unseal(stored: bytes, *, purpose: str, owner: str) -> bytes:
    """What was sealed, under today's secret or one that it replaces. Raises SealBroken."""
    opened = _open(stored, _secrets(), purpose, owner)
    if opened is None:
        raise SealBroken(purpose, owner)
    return opened


def is_current(stored: bytes, *, purpose: str, owner: str) -> bool:
    """Whether today's secret opens it, not one that it replaces."""
    return _open(stored, _secrets()[:1], purpose, owner) is not None


def mark(text: str, *, purpose: str) -> str:
    """A keyed digest (64 hexadecimal digits): equal texts are found, none is read. Changes with the secret."""
    return hmac.new(_key(_secrets()[0], b"mark", purpose), text.encode(), hashlib.sha256).hexdigest()


@sensitive_variables()
def marker(*, purpose: str) -> Callable[[str], list[str]]:
    """`mark` for many texts: of each its mark under today's secret, then under those that it replaces."""
    keys = [_key(secret, b"mark", purpose) for secret in _secrets()]
    return lambda text: [hmac.digest(key, text.encode(), "sha256").hex() for key in keys]


def derived(text: str, *, purpose: str, size: int) -> bytes:
    """`size` bytes (at most 32) that only this installation can compute from `text`."""
    return hmac.new(_key(_secrets()[0], b"derived", purpose), text.encode(), hashlib.sha256).digest()[:size]


def _open(stored: bytes, secrets: list[str], purpose: str, owner: str) -> bytes | None:
    stored = bytes(stored)
    salt, rest = stored[1 : 1 + SALT_BYTES], stored[1 + SALT_BYTES :]
    if stored[:1] != VERSION or len(rest) <= NONCE_BYTES:
        return None
    for secret in secrets:
        try:
            cipher = AESGCM(_key(secret, salt, purpose))
            return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], owner.encode())
        except InvalidTag:
            continue
    return None


def _secrets() -> list[str]:
    today = settings.SATUKLIK_VAULT_KEY or settings.SECRET_KEY
    # An installation that had no vault key yet sealed under the secret key.
    return [today, *settings.SATUKLIK_OLD_VAULT_KEYS, *settings.SECRET_KEY_FALLBACKS]


@sensitive_variables()
def _key(secret: str, salt: bytes, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt, b"satuklik " + purpose.encode()).derive(secret.encode())
