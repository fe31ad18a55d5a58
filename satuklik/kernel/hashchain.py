"""A hash chain over events: what each link covers, and how a chain is checked."""

import hashlib
import json
from collections.abc import Mapping

ROOT = bytes(32)


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no spaces: the same value always gives the same bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link(previous: bytes, content: Mapping[str, object]) -> bytes:
    """The hash (32 bytes) of `content` that follows `previous`."""
    return hashlib.sha256(previous + canonical(content)).digest()
