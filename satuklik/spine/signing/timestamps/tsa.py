"""Our own time-stamping authority: one key that signs nothing but tokens (RFC 3161 §2.1)."""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime

from cryptography.x509 import ObjectIdentifier

from satuklik.spine.signing.cms import DIGEST_BYTES, CmsSigner
from satuklik.spine.signing.timestamps import messages
from satuklik.spine.signing.timestamps.messages import Imprint, Query

SERIAL_BYTES = 16


@dataclass(frozen=True)
class Token:
    """A token (DER), the SHA-256 of what its key signed, and its serial number."""

    der: bytes
    sha256: str
    serial: int


class Tsa:
    """Makes tokens. `signer` is a CmsSigner over TST_INFO."""

    def __init__(self, signer: CmsSigner, policy: str) -> None:
        self._signer = signer
        self.policy = ObjectIdentifier(policy)
        statement = messages.statement(
            policy=self.policy,
            imprint=messages.sha256_imprint(bytes(DIGEST_BYTES)),
            serial=(1 << (8 * SERIAL_BYTES)) - 1,
            at=signer.certificate.not_valid_after_utc,
            nonce=None,
        )
        self.reserve = len(
            signer.encode(bytes(DIGEST_BYTES), bytes(signer.signature_bytes), content=statement)
        )
        """The greatest length of a token over a SHA-256 digest without a nonce."""

    def stamp(self, digest: bytes, *, now: datetime) -> Token:
        """A token over data whose SHA-256 is `digest`, with certificates and without a nonce: for this process
        itself."""
        return self._token(messages.sha256_imprint(digest), now, None, with_certificates=True)

    def answer(self, query: Query, *, now: datetime) -> Token:
        """The token that was asked for."""
        return self._token(query.imprint, now, query.nonce, with_certificates=query.with_certificates)

    def _token(self, imprint: Imprint, now: datetime, nonce: int | None, *, with_certificates: bool) -> Token:
        # Random, so that serial numbers are unique without a counter and tell nobody how many there are.
        serial = int.from_bytes(os.urandom(SERIAL_BYTES)) >> 1 or 1
        content = messages.statement(policy=self.policy, imprint=imprint, serial=serial, at=now, nonce=nonce)
        digest = hashlib.sha256(content)
        raw = self._signer.signature(digest.digest())
        der = self._signer.encode(digest.digest(), raw, content=content, with_certificates=with_certificates)
        return Token(der, digest.hexdigest(), serial)
