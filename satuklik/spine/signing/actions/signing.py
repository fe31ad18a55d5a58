"""Unlock an official's key, sign with it; seal with an agency's. Each use is noted."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing import pades, rules
from satuklik.spine.signing.actions import attempts, levels, uses
from satuklik.spine.signing.actions.bsre import learn_certificate
from satuklik.spine.signing.backends.interface import Backend, RemoteSigner
from satuklik.spine.signing.backends.registry import backend, chosen
from satuklik.spine.signing.cms import CmsSigner
from satuklik.spine.signing.errors import (
    BackendFailed,
    CannotSign,
    KeyLocked,
    NoAnswer,
    NoKey,
    OtherBackend,
    OutcomeUnknown,
    WrongPassphrase,
    WrongSecret,
)
from satuklik.spine.signing.keys import SEALS, Identity, Seal, UnlockedKey
from satuklik.spine.signing.models import KeyUse, SigningKey
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
    """"B-B", "B-T" or "B-LT": what was reached, not what was wanted."""
    algorithm: str
    backend: str = "local"
    certified: bool = False
    """Whether the certificate is one of an accredited authority (PP 71/2019 ps. 60(2))."""
    proof_until: datetime | None = None
    """Until when its time stamp can be checked; None without one."""

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
            "backend": self.backend,
            "certified": self.certified,
        }


@sensitive_variables("passphrase")
def unlock(official: "Official", passphrase: str, now: datetime, *, service: str = "") -> UnlockedKey:
    """The official's key for one batch: use it in a `with` block. `service`: for which documents, where offices or
    services choose different backends. Raises WrongPassphrase(left), KeyLocked(until), NoKey, BackendFailed. A failed
    attempt is counted even when the caller's transaction is undone.

    A remote backend learns only while signing whether the passphrase is right: then `sign` raises WrongPassphrase.
    """
    through = chosen(official.agency_id, service, "official")
    stored = _newest(now, official=official, kind=SigningKey.Kind.OFFICIAL, backend=through.name)
    if stored is None:
        raise NoKey(f"{official.name} has no signing key at {through.name!r} that is valid today.")
    agency = official.agency
    identity = _identity(
        through,
        stored,
        "official",
        official.name,
        official.position,
        agency.name,
        agency.head_title,
        agency.pk,
    )
    if through.remote:
        opened = through.open_official(stored, passphrase)
        if opened is None:
            raise NoKey(f"The key {stored.serial} does not open.")
        return UnlockedKey(identity, opened)
    with attempts.apart(stored.pk) as database:
        counted = attempts.begin(database, stored.pk, now)
        stored.failures = counted.failures
        try:
            opened = through.open_official(stored, passphrase)
        except BackendFailed:
            attempts.take_back(database, stored.pk)
            raise
        if opened is None:
            raise _refused(stored.serial, counted)
        attempts.forgive(database, stored.pk)
    return UnlockedKey(identity, opened)


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
    `head_title` (else the head of the official's own office). `purpose` (service or kind of document) and `reference`
    (case, letter or batch) stand in the note of this use. `placement`: where the signature shows on a foreign PDF;
    its QR code leads to `address` (else the page for uploads).

    Raises KeyClosed, CannotSign, CannotRead, NoKey (revoked meanwhile), OtherBackend; with a remote backend also WrongPassphrase,
    KeyLocked, BackendFailed, and OutcomeUnknown(use_id), whose note stays when the caller's transaction is undone.
    """
    identity, signer = key.identity, key.signer
    wanted = chosen(identity.agency_id, purpose, "official").name
    if wanted != identity.backend:
        raise OtherBackend(wanted, identity.backend)
    position = rules.position_held(identity.position, head_title or identity.head_title, acting_as)
    sha256 = hashlib.sha256(pdf).hexdigest()
    remote = not isinstance(signer, CmsSigner)
    task = _Task(pdf, _words(identity, position, now, address), placement, identity, position, now)

    def note() -> int:
        return uses.note_official(
            identity.key_id, purpose=purpose, reference=reference, sha256=sha256, remote=remote, now=now
        )

    if isinstance(signer, CmsSigner):
        return _noted(note(), lambda: _signed(task, signer))
    begun = uses.outside(
        identity.key_id, lambda: uses.begin_remote(identity.key_id, reference, purpose, sha256, note)
    )
    with attempts.apart(identity.key_id) as database:
        try:
            counted = attempts.begin(database, identity.key_id, now)
        except KeyLocked:
            _finish(identity.key_id, begun, KeyUse.Outcome.FAILED, "The key is locked.")
            raise
        try:
            signed = _signed_remotely(task, signer, begun)
        except WrongSecret:
            key.close()  # 200 letters with one wrong passphrase are one wrong passphrase
            raise _refused(identity.serial, counted) from None
        except (BackendFailed, CannotSign):
            attempts.take_back(database, identity.key_id)
            raise
        attempts.forgive(database, identity.key_id)
    return signed


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
    """Sign with the agency's seal, without a person. `purpose`: the service, which a permission must cover;
    `placement` and `address` as in `sign`. Raises NoKey, CannotSign, CannotRead, MayNotSeal(service, quota); with a remote backend also BackendFailed and OutcomeUnknown."""
    through = chosen(agency_id, purpose, "seal")
    found = _seal_in_force(agency_id, through, now)
    signer, identity = found.opened.signer, found.identity
    sha256 = hashlib.sha256(pdf).hexdigest()
    task = _Task(pdf, _words(identity, "", now, address), placement, identity, "", now)

    def note() -> int:
        return uses.note_seal(
            identity.key_id, agency_id, purpose=purpose, reference=reference, sha256=sha256,
            remote=through.remote, now=now,
        )  # fmt: skip

    if isinstance(signer, CmsSigner):
        return _noted(note(), lambda: _signed(task, signer))
    begun = uses.outside(
        identity.key_id, lambda: uses.begin_remote(identity.key_id, reference, purpose, sha256, note)
    )
    try:
        return _signed_remotely(task, signer, begun)
    except WrongSecret as error:
        raise BackendFailed("totp", str(error), retry=False) from error


def _refused(serial: str, counted: rules.Attempts) -> WrongPassphrase | KeyLocked:
    if counted.locked_until is not None:
        log.warning("Signing key %s is locked: too many wrong passphrases.", serial)
        return KeyLocked(counted.locked_until)
    return WrongPassphrase(rules.attempts_left(counted.failures))


def _noted(use_id: int, work: Callable[[], SignedPdf]) -> SignedPdf:
    try:
        return work()
    except (CannotSign, BackendFailed) as error:
        uses.finish(use_id, KeyUse.Outcome.FAILED, str(error))
        raise


@dataclass(frozen=True)
class _Task:
    """What is to be signed, by whom, and what the signature says."""

    pdf: bytes
    words: pades.SignatureWords
    placement: Placement | None
    identity: Identity
    position: str
    now: datetime

    def made(self, pdf: bytes, *, serial: str, level: str, algorithm: str, certified: bool) -> SignedPdf:
        """The signed file with its facts."""
        who = self.identity
        return SignedPdf(
            pdf=pdf,
            sha256=hashlib.sha256(pdf).hexdigest(),
            kind=who.kind,
            signer=who.signer,
            position=self.position,
            agency=who.agency,
            serial=serial,
            signed_at=self.now,
            level=level,
            algorithm=algorithm,
            backend=who.backend,
            certified=certified,
        )


def _signed_remotely(task: _Task, signer: RemoteSigner, begun: int) -> SignedPdf:
    """One attempt, whose outcome is written down whatever happens to the caller's transaction."""
    key_id = task.identity.key_id
    try:
        made = signer.sign_pdf(task.pdf, task.words, task.placement, task.now)
    except NoAnswer as error:
        _finish(key_id, begun, KeyUse.Outcome.UNKNOWN, str(error))
        raise OutcomeUnknown(begun) from error
    except (BackendFailed, CannotSign, WrongSecret) as error:
        _finish(key_id, begun, KeyUse.Outcome.FAILED, str(error))
        raise

    def write() -> int:
        uses.finish(begun, KeyUse.Outcome.DONE)
        learn_certificate(key_id, made.certificate)
        return begun

    uses.outside(key_id, write)
    return task.made(
        made.pdf, serial=made.serial, level=made.level, algorithm=made.algorithm, certified=made.certified
    )


def _finish(key_id: int, use_id: int, outcome: str, error: str) -> None:
    def write() -> int:
        uses.finish(use_id, outcome, error)
        return use_id

    uses.outside(key_id, write)


def _words(identity: Identity, position: str, now: datetime, address: str) -> pades.SignatureWords:
    sealing = identity.kind == "seal"
    who = f"{identity.signer}, {position}" if position else identity.signer
    return pades.SignatureWords(
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


def _signed(task: _Task, signer: CmsSigner) -> SignedPdf:
    made = levels.sign_pdf(task.pdf, signer, task.words, now=task.now, placement=task.placement)
    signed = task.made(
        made.pdf,
        serial=task.identity.serial,
        level=made.level,
        algorithm=signer.algorithm,
        certified=task.identity.certified,
    )
    return replace(signed, proof_until=made.proof_until)


def _seal_in_force(agency_id: int, through: Backend, now: datetime) -> Seal:
    """The agency's seal: from memory where it was confirmed a moment ago, else confirmed or loaded now."""
    found = SEALS.fresh(agency_id, through.name)
    if found is None:
        newest = _newest(now, agency_id=agency_id, kind=SigningKey.Kind.SEAL, backend=through.name)
        if newest is None:
            SEALS.forget(agency_id)
            raise NoKey(f"The agency {agency_id} has no seal at {through.name!r} that is valid today.")
        found = SEALS.stale(agency_id, through.name)
        if found is None or found.identity.key_id != newest.pk:
            found = _loaded_seal(newest)
        SEALS.keep(agency_id, found)
    if not found.not_before <= now <= found.not_after:
        SEALS.forget(agency_id)
        raise NoKey(f"The seal {found.identity.serial} is not valid today.")
    return found


def _loaded_seal(stored: SigningKey) -> Seal:
    agency = stored.agency
    if agency is None:
        raise NoKey(f"The seal {stored.serial} belongs to no agency.")
    through = backend(stored.backend)
    opened = through.open_seal(stored)
    identity = _identity(through, stored, "seal", agency.name, "", agency.name, agency.head_title, agency.pk)
    return Seal(identity, opened, stored.not_before, stored.not_after)


def _identity(
    through: Backend, stored: SigningKey, kind: str, name: str, position: str, agency: str, head_title: str,
    agency_id: int,
) -> Identity:  # fmt: skip
    return Identity(
        kind, name, position, agency, head_title, stored.serial, stored.pk, agency_id, through.name,
        through.claims.certified,
    )  # fmt: skip


def _newest(now: datetime, **owner: object) -> SigningKey | None:
    return (
        SigningKey.objects.filter(revoked_at__isnull=True, not_before__lte=now, not_after__gte=now, **owner)
        .select_related("issuer", "agency")
        .order_by("-not_before", "-pk")
        .first()
    )
