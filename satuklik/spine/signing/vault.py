"""Private keys at rest: wrapped by an official's passphrase or by the secret of this installation."""

import os
import threading
from dataclasses import dataclass

from argon2.low_level import ARGON2_VERSION, Type, core, error_to_str, ffi, lib
from cryptography.exceptions import InvalidTag
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from satuklik.kernel import secrecy
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
def plain_by_passphrase(stored: bytes, passphrase: str, owner: str) -> bytearray | None:
    """What was wrapped, for the caller to overwrite after use; None when the passphrase is another one."""
    wrapped = asn1.decode_der(WrappedByPassphrase, stored)
    return _decrypted(_passphrase_key(passphrase, wrapped), wrapped.nonce, wrapped.ciphertext, owner)


@sensitive_variables()
def wrap_by_secret(private: bytes, owner: str) -> bytes:
    """`private` (PKCS #8) as it is stored, to be opened by this installation without a person."""
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    ciphertext = AESGCM(_secret_key(secrets()[0], salt, owner)).encrypt(nonce, private, owner.encode())
    return asn1.encode_der(WrappedBySecret(version=1, salt=salt, nonce=nonce, ciphertext=ciphertext))


@sensitive_variables()
def unwrap_by_secret(stored: bytes, owner: str) -> Key:
    """The private key. Raises VaultFailed when it was wrapped under another secret or for another owner."""
    return _loaded(plain_by_secret(stored, owner))


@sensitive_variables()
def plain_by_secret(stored: bytes, owner: str) -> bytearray:
    """What was wrapped, for the caller to overwrite after use; opened by today's secret or by one that it replaces
    (SATUKLIK_OLD_VAULT_KEYS). Raises VaultFailed."""
    for secret in secrets():
        plain = _plain_under(secret, stored, owner)
        if plain is not None:
            return plain
    raise VaultFailed(
        f"The key {owner} does not open: SATUKLIK_VAULT_KEY (or SATUKLIK_SECRET_KEY) has changed. Put the old one "
        "into SATUKLIK_OLD_VAULT_KEYS."
    )


@sensitive_variables()
def rewrapped(stored: bytes, owner: str) -> bytes | None:
    """The same content under today's secret, read back before it is given; None where it is under it already.
    Raises VaultFailed."""
    if is_current(stored, owner):
        return None
    plain = plain_by_secret(stored, owner)
    made = wrap_by_secret(bytes(plain), owner)
    again = _plain_under(secrets()[0], made, owner)
    if again != plain:
        raise VaultFailed(
            f"The key {owner} could not be read back under the new secret: nothing was changed."
        )
    plain[:] = again[:] = bytes(len(plain))
    return made


@sensitive_variables()
def is_current(stored: bytes, owner: str) -> bool:
    """Whether today's secret opens it (not one that it replaces)."""
    plain = _plain_under(secrets()[0], stored, owner)
    if plain is None:
        return False
    plain[:] = bytes(len(plain))
    return True


@sensitive_variables()
def secrets() -> list[str]:
    """Today's secret of this installation, and those that it replaces."""
    return [settings.SATUKLIK_VAULT_KEY or settings.SECRET_KEY, *settings.SATUKLIK_OLD_VAULT_KEYS]


@sensitive_variables()
def _passphrase_key(passphrase: str, wrapped: WrappedByPassphrase) -> bytes:
    """Argon2id (RFC 9106). The passphrase, or the word that stands for it, is spelled out here alone, in a buffer
    that the reference implementation reads in place and that is wiped. (Measured: `hash_secret_raw` leaves its copy of
    the passphrase in freed memory, and so does OpenSSL's Argon2 in the state of its first hash.)"""
    typed, made, salt = secrecy.reveal(passphrase), bytearray(KEY_BYTES), bytearray(wrapped.salt)
    views = [ffi.from_buffer("uint8_t[]", buffer) for buffer in (made, typed, salt)]
    try:
        context = ffi.new(
            "argon2_context *",
            {
                "version": ARGON2_VERSION,
                "out": views[0],
                "outlen": len(made),
                "pwd": views[1],
                "pwdlen": len(typed),
                "salt": views[2],
                "saltlen": len(salt),
                "secret": ffi.NULL,
                "secretlen": 0,
                "ad": ffi.NULL,
                "adlen": 0,
                "t_cost": wrapped.passes,
                "m_cost": wrapped.memory_kib,
                "lanes": wrapped.lanes,
                "threads": wrapped.lanes,
                "allocate_cbk": ffi.NULL,
                "free_cbk": ffi.NULL,
                "flags": lib.ARGON2_DEFAULT_FLAGS,
            },
        )
        with _UNLOCKING:
            failed = core(context, Type.ID.value)
        if failed:
            raise VaultFailed(f"The passphrase could not be stretched: {error_to_str(failed)}.")
        return bytes(made)
    finally:
        secrecy.wipe(typed)
        secrecy.wipe(made)


@sensitive_variables()
def _secret_key(secret: str, salt: bytes, owner: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt, b"satuklik vault " + owner.encode()).derive(secret.encode())


@sensitive_variables()
def _plain_under(secret: str, stored: bytes, owner: str) -> bytearray | None:
    wrapped = asn1.decode_der(WrappedBySecret, stored)
    key = _secret_key(secret, wrapped.salt, owner)
    return _decrypted(key, wrapped.nonce, wrapped.ciphertext, owner)


@sensitive_variables()
def _opened(key: bytes, nonce: bytes, ciphertext: bytes, owner: str) -> Key | None:
    plain = _decrypted(key, nonce, ciphertext, owner)
    return None if plain is None else _loaded(plain)


@sensitive_variables()
def _loaded(plain: bytearray) -> Key:
    """The key out of its PKCS #8, which is wiped."""
    try:
        # GCM's tag has proven that these are the bytes of a key that we made: testing its primes again would take
        # 36 ms of each signature with RSA-2048, and 110 ms with RSA-3072.
        return load_der_private_key(plain, None, unsafe_skip_rsa_key_validation=True)  # type: ignore[return-value]
    finally:
        plain[:] = bytes(len(plain))


@sensitive_variables()
def _decrypted(key: bytes, nonce: bytes, ciphertext: bytes, owner: str) -> bytearray | None:
    plain = bytearray(len(ciphertext) - TAG_BYTES)
    try:
        AESGCM(key).decrypt_into(nonce, ciphertext, owner.encode(), plain)
    except InvalidTag:
        plain[:] = bytes(len(plain))
        return None
    return plain
