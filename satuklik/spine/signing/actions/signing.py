"""Unlock an official's key, sign with it; seal with an agency's."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cryptography import x509
from django.conf import settings
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing import foreign, pades, rules, vault
from satuklik.spine.signing.actions import attempts
from satuklik.spine.signing.certificates import Key
from satuklik.spine.signing.cms import CmsSigner
from satuklik.spine.signing.errors import CannotSign, KeyLocked, NoKey, NotOurLetter, WrongPassphrase
from satuklik.spine.signing.keys import SEALS, Identity, Seal, UnlockedKey, memory_signer
from satuklik.spine.signing.models import SigningKey
from satuklik.spine.signing.placement import Placement

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

log = logging.getLogger(__name__)
SEAL_REASON, OFFICIAL_REASON = "Segel elektronik instansi", "Ditandatangani secara elektronik"


@dataclass(frozen=True)
class SignedPdf:
    """A signed file and the facts of its signature."""

    pdf: bytes
    sha256: str
    kind: str
    """"seal" or "official"."""
    signer: str
    position: str
    agency: str
    serial: str
    signed_at: datetime
    level: str
    algorithm: str

    def facts(self) -> dict[str, Any]:
        """Everything but the bytes, as JSON can hold it."""
        return {
            "sha256": self.sha256,
            "kind": self.kind,
            "signer": self.signer,
            "position": self.position,
            "agency": self.agency,
            "serial": self.serial,
            "signed_at": self.signed_at.isoformat(),
            "level": self.level,
            "algorithm": self.algorithm,
        }


@sensitive_variables("passphrase")
def unlock(official: "Official", passphrase: str, now: datetime) -> UnlockedKey:
    """The official's key for one batch: use it in a `with` block. Raises WrongPassphrase(left),
    KeyLocked(until), NoKey. A failed attempt is counted even when the caller's transaction is undone."""
    stored = _newest(now, official=official, kind=SigningKey.Kind.OFFICIAL)
    if stored is None:
        raise NoKey(f"{official.name} has no signing key that is valid today.")
    with attempts.apart(stored.pk) as database:
        counted = attempts.begin(database, stored.pk, now)
        key = vault.unwrap_by_passphrase(bytes(stored.wrapped_key), passphrase, stored.serial)
        if key is None:
            if counted.locked_until is not None:
                log.warning("Signing key %s is locked: too many wrong passphrases.", stored.serial)
                raise KeyLocked(counted.locked_until)
            raise WrongPassphrase(rules.attempts_left(counted.failures))
        attempts.forgive(database, stored.pk)
    agency = official.agency
    identity = Identity(
        "official", official.name, official.position, agency.name, agency.head_title, stored.serial
    )
    return UnlockedKey(identity, _signer(stored, key))


def sign(
    pdf: bytes,
    *,
    key: UnlockedKey,
    now: datetime,
    acting_as: str = "",
    head_title: str = "",
    purpose: str = "",
    reference: str = "",
    placement: Placement | None = None,
    address: str = "",
) -> SignedPdf:
    """Sign with an official's key. `acting_as`: "Plt", "Plh" or "Pj", for the office whose head is called
    `head_title` (else the head of the official's own office). `placement`: where the signature shows on a foreign
    PDF; its QR code leads to `address` (else the page for uploads). Raises KeyClosed, CannotSign, CannotRead."""
    identity = key.identity
    position = rules.position_held(identity.position, head_title or identity.head_title, acting_as)
    return _signed(pdf, key.signer, identity, position, now, placement, address)


def seal(
    pdf: bytes,
    *,
    agency_id: int,
    now: datetime,
    purpose: str = "",
    reference: str = "",
    placement: Placement | None = None,
    address: str = "",
) -> SignedPdf:
    """Sign with the agency's seal, without a person; `placement` and `address` as in `sign`. Raises NoKey,
    CannotSign, CannotRead."""
    found = _seal_in_force(agency_id, now)
    return _signed(pdf, found.signer, found.identity, "", now, placement, address)


def _signed(
    pdf: bytes,
    signer: CmsSigner,
    identity: Identity,
    position: str,
    now: datetime,
    placement: Placement | None = None,
    address: str = "",
) -> SignedPdf:
    sealing = identity.kind == "seal"
    who = f"{identity.signer}, {position}" if position else identity.signer
    words = pades.SignatureWords(
        field="Segel" if sealing else "Tandatangan",
        name=identity.signer,
        reason=f"{SEAL_REASON if sealing else OFFICIAL_REASON}: {who}",
        location=settings.REGENCY_NAME,
        label=f"{'Segel' if sealing else 'Tanda tangan'} elektronik: {who}",
        at=timezone.localtime(now),
        position=position,
        address=address or f"{settings.PUBLIC_URL}/verifikasi/",
        seal=sealing,
    )
    signed = (
        foreign.sign_foreign(pdf, signer, words, placement)
        if placement
        else _signed_plain(pdf, signer, words)
    )
    if not signed:
        raise CannotSign("The signed file is empty.")
    return SignedPdf(
        pdf=signed,
        sha256=hashlib.sha256(signed).hexdigest(),
        kind=identity.kind,
        signer=identity.signer,
        position=position,
        agency=identity.agency,
        serial=identity.serial,
        signed_at=now,
        level="B-B",
        algorithm=signer.algorithm,
    )


def _signed_plain(pdf: bytes, signer: CmsSigner, words: pades.SignatureWords) -> bytes:
    try:
        return pades.sign_letter(pdf, signer, words)
    except NotOurLetter:
        return foreign.sign_foreign(pdf, signer, words)


def _seal_in_force(agency_id: int, now: datetime) -> Seal:
    """The agency's seal: from memory where it was confirmed a moment ago, else confirmed or loaded now."""
    found = SEALS.fresh(agency_id)
    if found is None:
        newest = _newest(now, agency_id=agency_id, kind=SigningKey.Kind.SEAL)
        if newest is None:
            SEALS.forget(agency_id)
            raise NoKey(f"The agency {agency_id} has no seal that is valid today.")
        found = SEALS.stale(agency_id)
        if found is None or found.key_id != newest.pk:
            found = _loaded_seal(newest)
        SEALS.keep(agency_id, found)
    if not found.not_before <= now <= found.not_after:
        SEALS.forget(agency_id)
        raise NoKey(f"The seal {found.identity.serial} is not valid today.")
    return found


def _loaded_seal(stored: SigningKey) -> Seal:
    key = vault.unwrap_by_secret(bytes(stored.wrapped_key), stored.serial)
    agency = stored.agency
    if agency is None:
        raise NoKey(f"The seal {stored.serial} belongs to no agency.")
    identity = Identity("seal", agency.name, "", agency.name, agency.head_title, stored.serial)
    return Seal(stored.pk, identity, _signer(stored, key), stored.not_before, stored.not_after)


def _signer(stored: SigningKey, key: Key) -> CmsSigner:
    issuing = x509.load_der_x509_certificate(bytes(stored.issuer.certificate))
    return memory_signer(key, x509.load_der_x509_certificate(bytes(stored.certificate)), (issuing,))


def _newest(now: datetime, **owner: object) -> SigningKey | None:
    return (
        SigningKey.objects.filter(revoked_at__isnull=True, not_before__lte=now, not_after__gte=now, **owner)
        .select_related("issuer", "agency")
        .order_by("-not_before", "-pk")
        .first()
    )
