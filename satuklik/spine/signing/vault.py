"""Private keys at rest: wrapped by an official's passphrase or by the secret of this installation."""

import os
import threading
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing.certificates import Key
from satuklik.spine.signing.errors import VaultFailed

SALT_BYTES, NONCE_BYTES, TAG_BYTES, KEY_BYTES = 16, 12, 16, 32
LANES = 1
# Each unlocking takes 64 MiB for 0.2 s: more of them at once only take memory from each other.
_UNLOCKING = threading.BoundedSemaphore(2)


@asn1.sequence
class WrappedByPassphrase:
    """A private key (PKCS #8, DER) under AES-256-GCM; the key for that is Argon2id of the passphrase."""

    version: int
    memory_kib: int
    passes: int
    lanes: int
    salt: bytes
    nonce: bytes
    ciphertext: bytes


@asn1.sequence
class WrappedBySecret:
    """A private key (PKCS #8, DER) under AES-256-GCM; the key for that is HKDF of the installation's secret."""

    version: int
    salt: bytes
    nonce: bytes
    ciphertext: bytes


@dataclass(frozen=True)
class Cost:
    """What one guess of a passphrase costs: memory in KiB, and passes over it."""

    memory_kib: int
    passes: int


def configured_cost() -> Cost:
    """The cost for keys that are wrapped from now on (64 MiB and 3 passes: 0.2 s on a small server)."""
    return Cost(settings.SATUKLIK_PASSPHRASE_KIB, settings.SATUKLIK_PASSPHRASE_PASSES)


@sensitive_variables()
def wrap_by_passphrase(private: bytes, passphrase: str, owner: str, cost: Cost) -> bytes:
    """`private` (PKCS #8) as it is stored. `owner` (the serial number) is bound to it: a blob copied to another
    row does not open."""
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    wrapped = WrappedByPassphrase(
        version=1, memory_kib=cost.memory_kib, passes=cost.passes, lanes=LANES, salt=salt, nonce=nonce, ciphertext=b""
    )  # fmt: skip
    wrapped.ciphertext = AESGCM(_passphrase_key(passphrase, wrapped)).encrypt(nonce, private, owner.encode())
    return asn1.encode_der(wrapped)


@sensitive_variables()
def unwrap_by_passphrase(stored: bytes, passphrase: str, owner: str) -> Key | None:
    """The private key; None when the passphrase is another one."""
    wrapped = asn1.decode_der(WrappedByPassphrase, stored)
    return _opened(_passphrase_key(passphrase, wrapped), wrapped.nonce, wrapped.ciphertext, owner)


@sensitive_variables()
def wrap_by_secret(private: bytes, owner: str) -> bytes:
    """`private` (PKCS #8) as it is stored, to be opened by this installation without a person."""
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    ciphertext = AESGCM(_secret_key(salt, owner)).encrypt(nonce, private, owner.encode())
    return asn1.encode_der(WrappedBySecret(version=1, salt=salt, nonce=nonce, ciphertext=ciphertext))


@sensitive_variables()
def unwrap_by_secret(stored: bytes, owner: str) -> Key:
    """The private key. Raises VaultFailed when it was wrapped under another secret or for another owner."""
    wrapped = asn1.decode_der(WrappedBySecret, stored)
    key = _opened(_secret_key(wrapped.salt, owner), wrapped.nonce, wrapped.ciphertext, owner)
    if key is None:
        raise VaultFailed(
            f"The key {owner} does not open: SATUKLIK_VAULT_KEY (or SATUKLIK_SECRET_KEY) has changed."
        )
    return key


@sensitive_variables()
def _passphrase_key(passphrase: str, wrapped: WrappedByPassphrase) -> bytes:
    with _UNLOCKING:
        return hash_secret_raw(
            passphrase.encode(),
            wrapped.salt,
            time_cost=wrapped.passes,
            memory_cost=wrapped.memory_kib,
            parallelism=wrapped.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )


@sensitive_variables()
def _secret_key(salt: bytes, owner: str) -> bytes:
    secret = settings.SATUKLIK_VAULT_KEY or settings.SECRET_KEY
    return HKDF(hashes.SHA256(), KEY_BYTES, salt, b"satuklik vault " + owner.encode()).derive(secret.encode())


@sensitive_variables()
def _opened(key: bytes, nonce: bytes, ciphertext: bytes, owner: str) -> Key | None:
    plain = bytearray(len(ciphertext) - TAG_BYTES)
    try:
        AESGCM(key).decrypt_into(nonce, ciphertext, owner.encode(), plain)
        return load_der_private_key(plain, None)  # type: ignore[return-value]
    except InvalidTag:
        return None
    finally:
        plain[:] = bytes(len(plain))
