"""Ballots in their envelopes: AES-256-GCM under the key of a round, all of one length, each bound to its voter.

Equal choices look different, a changed choice looks like the first one, and an envelope opens in no other voter's row.
"""

import json
import os
from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.views.decorators.debug import sensitive_variables

from satuklik.systems.ideas.errors import EnvelopeBroken

KEY_BYTES, NONCE_BYTES, STEP = 32, 12, 64


def new_key() -> bytes:
    """The key of a round."""
    return os.urandom(KEY_BYTES)


def room_for(candidates: Iterable[int]) -> int:
    """How many bytes a ballot of these candidates takes in its envelope, whatever is chosen."""
    longest = len(json.dumps(sorted(candidates)))
    return -(-longest // STEP) * STEP


@sensitive_variables()
def close(key: bytes, choices: Sequence[int], *, round_id: int, person_id: int, room: int) -> bytes:
    """The ballot in its envelope."""
    nonce = os.urandom(NONCE_BYTES)
    ballot = json.dumps(list(choices)).ljust(room).encode()
    return nonce + AESGCM(key).encrypt(nonce, ballot, _name(round_id, person_id))


@sensitive_variables()
def open_envelope(key: bytes, envelope: bytes, *, round_id: int, person_id: int) -> list[int]:
    """What was chosen. Raises EnvelopeBroken."""
    if len(envelope) <= NONCE_BYTES:
        raise EnvelopeBroken(round_id)
    try:
        ballot = AESGCM(key).decrypt(
            envelope[:NONCE_BYTES], envelope[NONCE_BYTES:], _name(round_id, person_id)
        )
    except InvalidTag:
        raise EnvelopeBroken(round_id) from None
    return [int(one) for one in json.loads(ballot)]


def _name(round_id: int, person_id: int) -> bytes:
    return f"round:{round_id}:person:{person_id}".encode()
