"""Sign a PDF up to the level that is set: B-B, B-T or B-LT. Without a time stamp it is B-B, and never an error."""

import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from satuklik.spine.signing import algorithms, foreign, pades, rules
from satuklik.spine.signing.actions.services import SERVICES, OwnTsa
from satuklik.spine.signing.certificates import certificate_der
from satuklik.spine.signing.cms import CmsSigner
from satuklik.spine.signing.errors import CannotSign, NotOurLetter, TimestampUnavailable
from satuklik.spine.signing.evidence import Evidence
from satuklik.spine.signing.models import Authority
from satuklik.spine.signing.placement import Placement
from satuklik.spine.signing.timestamps.client import RemoteTsa, Stamp, Stamper

log = logging.getLogger(__name__)
LOCAL = "local"
AT_SIGNING = ("B-B", "B-T", "B-LT")
# An unsigned attribute around a token: tags, lengths and its identifier.
_ATTRIBUTE_BYTES = 48
_KEEP_SECONDS = 60.0


@dataclass(frozen=True)
class Made:
    """A signed file, how far it goes, and until when its newest time stamp can be checked."""

    pdf: bytes
    level: str
    proof_until: datetime | None


@dataclass(frozen=True)
class LocalStamper:
    """Our own authority at one moment."""

    own: OwnTsa
    now: datetime

    @property
    def reserve(self) -> int:
        """The greatest length of its tokens."""
        return self.own.tsa.reserve

    def stamp(self, digest: bytes) -> Stamp:
        """A token over data whose SHA-256 is `digest`."""
        token = self.own.stamp(digest, self.now)
        return Stamp(token.der, self.own.not_after, self.own.algorithm, self.now)


class KeylessStamper:
    """Our own authority while it has no key in force: room for a token is left, the nightly pass fills it."""

    reserve = 4000

    def stamp(self, _digest: bytes) -> Stamp:
        """Raises TimestampUnavailable."""
        raise TimestampUnavailable(LOCAL, "our authority has no key in force; the hourly task issues one.")


class StampedSigner:
    """One signature with a time stamp over it, where one is to be had. `stamp` tells afterwards."""

    def __init__(self, signer: CmsSigner, stamper: Stamper) -> None:
        self._signer = signer
        self._stamper = stamper
        self.reserve = signer.reserve + stamper.reserve + _ATTRIBUTE_BYTES
        self.stamp: Stamp | None = None

    def sign(self, digest: bytes) -> bytes:
        """The CMS (DER) over a file whose SHA-256 is `digest`."""
        signature = self._signer.signature(digest)
        try:
            stamp = self._stamper.stamp(hashlib.sha256(signature).digest())
        except TimestampUnavailable as outage:
            log.warning("Signed without a time stamp: %s", outage)
            return self._signer.encode(digest, signature)
        if len(stamp.token) > self._stamper.reserve:
            log.warning("Signed without a time stamp: a token of %d bytes is too long.", len(stamp.token))
            return self._signer.encode(digest, signature)
        self.stamp = stamp
        return self._signer.encode(digest, signature, token=stamp.token)


def sign_pdf(
    pdf: bytes,
    signer: CmsSigner,
    words: pades.SignatureWords,
    *,
    now: datetime,
    placement: Placement | None = None,
) -> Made:
    """`pdf` with one more signature, at the level of settings.SATUKLIK_SIGNATURE_LEVEL or below where no time stamp
    can be had; visible at `placement`. Raises CannotSign."""
    wanted = level_wanted()
    stamper = stamper_at(now) if wanted != "B-B" else None
    stamped = StampedSigner(signer, stamper) if stamper is not None else None
    # What proves another authority's certificates is gathered by the nightly pass.
    complete = wanted == "B-LT" and isinstance(stamper, LocalStamper)
    evidence = own_evidence(signer, stamper.own) if complete else None  # type: ignore[union-attr]
    writing = stamped or signer
    try:
        if placement is not None:
            raise NotOurLetter("A visible signature.")
        signed = pades.sign_letter(pdf, writing, words, evidence)
    except NotOurLetter:
        signed = foreign.sign_foreign(pdf, writing, words, placement)
        if evidence is not None:
            from satuklik.spine.signing.actions import proofs

            signed = proofs.with_store(signed, evidence)
    if not signed:
        raise CannotSign("The signed file is empty.")
    if stamped is None or stamped.stamp is None:
        return Made(signed, "B-B", None)
    return Made(signed, "B-LT" if evidence is not None else "B-T", proven_until(stamped.stamp))


def proven_until(stamp: Stamp) -> datetime:
    """Until when a time stamp proves something."""
    return rules.proof_until(stamp.not_after, [stamp.algorithm, algorithms.DIGEST], algorithms.retired())


def level_wanted() -> str:
    """The level that is set. Raises ImproperlyConfigured for one that no signature can have when it is made."""
    wanted: str = settings.SATUKLIK_SIGNATURE_LEVEL
    if wanted not in AT_SIGNING:
        raise ImproperlyConfigured(
            f"SATUKLIK_SIGNATURE_LEVEL is {wanted!r}; it must be one of {', '.join(AT_SIGNING)}. "
            "B-LTA is reached by the nightly pass."
        )
    return wanted


def stamper_at(now: datetime) -> Stamper | None:
    """Who stamps now; None where nobody is set."""
    where: str = settings.SATUKLIK_TSA
    if not where:
        return None
    if where == LOCAL:
        own = SERVICES.tsa(now)
        return LocalStamper(own, now) if own is not None else KeylessStamper()
    if not where.startswith(("https://", "http://")):
        raise ImproperlyConfigured(
            f"SATUKLIK_TSA is {where!r}; it must be local, an http(s) address or empty."
        )
    return RemoteTsa(
        where, settings.SATUKLIK_TSA_USER, settings.SATUKLIK_TSA_PASSWORD, settings.SATUKLIK_TSA_SECONDS
    )


def own_evidence(signer: CmsSigner, own: OwnTsa) -> Evidence | None:
    """Certificates and revocation lists above a signer and our time-stamping key, read once a minute; None where
    another authority issued one of them, or a list is missing."""
    issuers = {certificate_der(one) for one in (*signer.chain[:1], own.issuer)}
    name = frozenset(issuers)
    kept = _kept.get(name)
    if kept is not None and kept[1] > time.monotonic():
        return kept[0]
    rows = list(Authority.objects.filter(certificate__in=issuers).select_related("parent"))
    above = {row.pk: row for row in rows} | {
        row.parent.pk: row.parent for row in rows if row.parent is not None
    }
    if len(rows) != len(issuers) or any(row.crl is None for row in above.values()):
        return None
    certificates = (*(bytes(row.certificate) for row in above.values()), certificate_der(own.certificate))
    found = Evidence(certificates, tuple(bytes(row.crl) for row in above.values() if row.crl is not None))
    _kept.clear()
    _kept[name] = (found, time.monotonic() + _KEEP_SECONDS)
    return found


_kept: dict[frozenset[bytes], tuple[Evidence, float]] = {}
