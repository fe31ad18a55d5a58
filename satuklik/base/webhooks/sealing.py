"""The secret that is shared with a receiver, encrypted under the secret of this installation."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from satuklik.base.webhooks.errors import NotDelivered

NONCE_BYTES = 12


@sensitive_variables()
def wrap(secret: str) -> bytes:
    """`secret` as it is stored."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_keys()[0]).encrypt(nonce, secret.encode(), b"webhook")


@sensitive_variables()
def unwrap(stored: bytes) -> str:
    """The secret. Raises NotDelivered when this installation's secret is another one than when it was stored."""
    for key in _keys():
        try:
            return AESGCM(key).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], b"webhook").decode()
        except InvalidTag:
            continue
    raise NotDelivered("The hook's secret does not open: SATUKLIK_VAULT_KEY or SATUKLIK_SECRET_KEY changed.")


@sensitive_variables()
def _keys() -> list[bytes]:
    secrets = [settings.SATUKLIK_VAULT_KEY or settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [
        HKDF(hashes.SHA256(), 32, b"", b"satuklik webhooks").derive(secret.encode()) for secret in secrets
    ]
