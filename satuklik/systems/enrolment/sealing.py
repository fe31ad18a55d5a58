"""NIKs and scans of identity cards at rest: under AES-256-GCM with a key of this installation's vault secret."""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from satuklik.systems.enrolment.errors import SealBroken

VERSION, SALT_BYTES, NONCE_BYTES, KEY_BYTES = b"\x01", 16, 12, 32


def seal(content: bytes, owner: str) -> bytes:
    """`content` as it is stored. `owner` is bound to it: a blob that is copied to another row does not open."""
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    key = _key(_secrets()[0], salt, owner)
    return VERSION + salt + nonce + AESGCM(key).encrypt(nonce, content, owner.encode())


def unseal(stored: bytes, owner: str) -> bytes:
    """What was sealed, under today's secret or one that it replaces. Raises SealBroken."""
    stored = bytes(stored)
    salt, nonce = stored[1 : 1 + SALT_BYTES], stored[1 + SALT_BYTES : 1 + SALT_BYTES + NONCE_BYTES]
    ciphertext = stored[1 + SALT_BYTES + NONCE_BYTES :]
    if stored[:1] == VERSION and len(nonce) == NONCE_BYTES:
        for secret in _secrets():
            try:
                return AESGCM(_key(secret, salt, owner)).decrypt(nonce, ciphertext, owner.encode())
            except InvalidTag:
                continue
    raise SealBroken(f"What belongs to {owner} does not open: bring back the vault key that sealed it.")


def is_current(stored: bytes, owner: str) -> bool:
    """Whether today's secret opens it, not one that it replaces."""
    stored = bytes(stored)
    salt, rest = stored[1 : 1 + SALT_BYTES], stored[1 + SALT_BYTES :]
    try:
        AESGCM(_key(_secrets()[0], salt, owner)).decrypt(
            rest[:NONCE_BYTES], rest[NONCE_BYTES:], owner.encode()
        )
    except InvalidTag:
        return False
    return True


def mark(text: str) -> str:
    """A keyed digest (64 hexadecimal digits): equal texts are found, none is read."""
    key = _key(_secrets()[0], b"mark", "enrolment")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _secrets() -> list[str]:
    today = settings.SATUKLIK_VAULT_KEY or settings.SECRET_KEY
    return [today, *getattr(settings, "SATUKLIK_OLD_VAULT_KEYS", [])]


def _key(secret: str, salt: bytes, owner: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt, b"satuklik enrolment " + owner.encode()).derive(
        secret.encode()
    )
