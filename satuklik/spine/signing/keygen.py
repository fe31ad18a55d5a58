"""New private keys, many at once in parallel processes (each imports this file alone, no Django)."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Literal

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

Algorithm = Literal["RSA-2048", "P-256"]
PUBLIC_EXPONENT = 65537
# Below this a process pool costs more than it saves (an RSA-2048 key takes 50 ms, a pool 400 ms to start).
FEW = 12


def new_key(algorithm: Algorithm) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """One new private key."""
    if algorithm == "P-256":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(PUBLIC_EXPONENT, 2048)


def new_rsa(bits: int) -> rsa.RSAPrivateKey:
    """A new RSA key for an authority."""
    return rsa.generate_private_key(PUBLIC_EXPONENT, bits)


def private_der(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    """PKCS #8 in DER, not encrypted: for the vault only."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def new_private_der(algorithm: Algorithm) -> bytes:
    """A new key as PKCS #8."""
    return private_der(new_key(algorithm))


def many(algorithm: Algorithm, count: int) -> Iterator[bytes]:
    """`count` new keys as PKCS #8, made on all processors."""
    if count <= FEW or algorithm == "P-256":
        yield from (new_private_der(algorithm) for _ in range(count))
        return
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        yield from pool.map(new_private_der, [algorithm] * count, chunksize=4)
