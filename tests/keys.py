"""RSA keys that were made before: within a test all are different, the next test gets the same ones again.

They are real keys, only not new ones: making one takes 60 ms, and hundreds of tests set up an authority and its people.
"""

from collections import defaultdict
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

_KEPT: dict[tuple[int, int], list[rsa.RSAPrivateKey]] = defaultdict(list)
_make = rsa.generate_private_key


@pytest.fixture(autouse=True)
def keys_made_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand out the kept keys in the order in which they were made."""
    given: dict[tuple[int, int], int] = defaultdict(int)

    def generate(public_exponent: int, key_size: int, *backend: Any) -> rsa.RSAPrivateKey:
        kind = (public_exponent, key_size)
        if given[kind] == len(_KEPT[kind]):
            _KEPT[kind].append(_make(public_exponent, key_size, *backend))
        given[kind] += 1
        return _KEPT[kind][given[kind] - 1]

    monkeypatch.setattr(rsa, "generate_private_key", generate)
