"""A secret in parts: of N custodians any K can bring it back, K - 1 know nothing of it (Shamir, PyCryptodome).

A part is read out, written down and typed: 32 letters of Crockford's alphabet in groups of four. It carries which
part it is, and a check over itself and the secret's owner, so that a slip of the pen is told with its place.
"""

import base64
import hashlib
import os

from Crypto.Protocol.SecretSharing import Shamir

from satuklik.kernel import codes
from satuklik.spine.signing.errors import BadShare

SECRET_BYTES = 16  # 128 bits of chance: nothing that anybody could guess
CHECK_BYTES = 3
_LETTERS = 32
MOST = 16
_RFC4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TO_CROCKFORD = str.maketrans(_RFC4648, codes.ALPHABET)
_FROM_CROCKFORD = str.maketrans(codes.ALPHABET, _RFC4648)


def new_secret() -> bytes:
    """A new secret."""
    return os.urandom(SECRET_BYTES)


def split(secret: bytes, *, threshold: int, count: int, owner: str) -> list[str]:
    """`count` parts of `secret`, any `threshold` of which bring it back. `owner`: what it opens (a fingerprint).
    Raises ValueError for numbers that make no sense."""
    if not 2 <= threshold <= count <= MOST:
        raise ValueError(
            f"Of at most {MOST} custodians at least 2 must be needed, not {threshold} of {count}."
        )
    return [_text(index, part, owner) for index, part in Shamir.split(threshold, count, secret)]


def combine(parts: list[str], *, threshold: int, owner: str) -> bytes:
    """The secret out of `threshold` parts as they were typed. Raises BadShare."""
    read: dict[int, bytes] = {}
    for place, typed in enumerate(parts, 1):
        index, part = check(typed, owner=owner, place=place)
        if index in read:
            raise BadShare(place, "twice")
        read[index] = part
    if len(read) < threshold:
        raise BadShare(len(read) + 1, "missing")
    secret: bytes = Shamir.combine(list(read.items())[:threshold])
    return secret


def check(typed: str, *, owner: str, place: int = 1) -> tuple[int, bytes]:
    """The number and the content of one part. Raises BadShare when it was not typed as it was written, or belongs
    to another owner."""
    letters = codes.tidy(typed).replace("-", "")
    if len(letters) != _LETTERS:
        raise BadShare(place, "length")
    raw = base64.b32decode(letters.translate(_FROM_CROCKFORD))
    index, part = raw[0], raw[1:-CHECK_BYTES]
    if _check(index, part, owner) != raw[-CHECK_BYTES:]:
        raise BadShare(place, "mistyped")
    return index, part


def _text(index: int, part: bytes, owner: str) -> str:
    raw = bytes([index]) + part + _check(index, part, owner)
    letters = base64.b32encode(raw).decode().translate(_TO_CROCKFORD)
    return "-".join(letters[n : n + 4] for n in range(0, len(letters), 4))


def _check(index: int, part: bytes, owner: str) -> bytes:
    return hashlib.sha256(owner.encode() + bytes([index]) + part).digest()[:CHECK_BYTES]
