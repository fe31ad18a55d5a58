"""Set up the authority, issue and revoke keys, unlock, seal and sign."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing import certificates, keygen, pades, rules, vault
from satuklik.spine.signing.certificates import Addresses, Holder, Key
from satuklik.spine.signing.cms import CmsSigner
from satuklik.spine.signing.errors import (
    CannotSign,
    KeyLocked,
    NoAuthority,
    NoKey,
    NotOurLetter,
    WrongPassphrase,
)
from satuklik.spine.signing.keygen import Algorithm
from satuklik.spine.signing.keys import SEALS, Identity, Seal, UnlockedKey, memory_signer
from satuklik.spine.signing.models import Authority, SigningKey

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
"""Called with (done, total)."""
ROOT, ISSUING = "root", "issuing"
ISSUING_BITS = 3072
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


# -- the authority ---------------------------------------------------------------------------------


def set_up_demo_authority(*, now: datetime, progress: Progress | None = None) -> None:
    """Root, issuing authority and their revocation lists, once; nothing to do where they are there.

    Both are uncertified and say so in their names (PP 71/2019 ps. 60(2)). The root's key stays in this
    installation's vault: a demo has no offline safe.
    """
    if Authority.objects.filter(name=ISSUING).exists():
        return
    report = progress or _silent
    root_key = keygen.new_rsa(settings.SATUKLIK_ROOT_KEY_BITS)
    report(1, 2)
    issuing_key = keygen.new_rsa(min(ISSUING_BITS, settings.SATUKLIK_ROOT_KEY_BITS))
    root = certificates.root_certificate(root_key, now)
    issuing = certificates.issuing_certificate(
        issuing_key.public_key(), root, root_key, _addresses(ROOT), now
    )
    with transaction.atomic():
        above = _keep_authority(ROOT, root, root_key, None)
        _keep_authority(ISSUING, issuing, issuing_key, above)
        renew_crl(ROOT, now=now)
        renew_crl(ISSUING, now=now)
    report(2, 2)


def renew_crl(name: str, *, now: datetime, only_if_stale: bool = False) -> bytes:
    """A new revocation list (DER) of the authority `name`. Raises NoAuthority."""
    with transaction.atomic():
        authority = Authority.objects.select_for_update().filter(name=name).first()
        if authority is None or authority.wrapped_key is None:
            raise NoAuthority(f"There is no authority {name!r} whose key is here.")
        if only_if_stale and authority.crl is not None and not crl_stale(bytes(authority.crl), now):
            return bytes(authority.crl)
        key = vault.unwrap_by_secret(bytes(authority.wrapped_key), f"authority:{name}")
        authority.crl_number += 1
        life = rules.ROOT_CRL_LIFE if authority.parent_id is None else rules.CRL_LIFE
        revoked = [
            (int(serial, 16), at, x509.ReasonFlags(reason))
            for serial, at, reason in authority.issued.filter(revoked_at__isnull=False)
            .order_by("revoked_at")
            .values_list("serial", "revoked_at", "revocation_reason")
        ]
        certificate = x509.load_der_x509_certificate(bytes(authority.certificate))
        made = certificates.revocation_list(certificate, key, revoked, authority.crl_number, now, life)
        authority.crl = certificates.certificate_der(made)
        authority.save(update_fields=["crl", "crl_number"])
        return authority.crl


def crl_stale(crl: bytes, now: datetime) -> bool:
    """Whether more than half of the list's life is over."""
    made = x509.load_der_x509_crl(crl)
    following = made.next_update_utc
    return following is None or rules.crl_is_stale(made.last_update_utc, following, now)


# -- keys ------------------------------------------------------------------------------------------


@sensitive_variables("passphrase")
def issue_official_key(
    official: "Official", passphrase: str, now: datetime, *, algorithm: Algorithm = "RSA-2048"
) -> SigningKey:
    """A key for an official, opened only by `passphrase`, which is stored nowhere. The newest key is used."""
    return issue_official_keys([(official, passphrase)], now=now, algorithm=algorithm)[0]


@sensitive_variables()
def issue_official_keys(
    officials: Sequence[tuple["Official", str]],
    *,
    now: datetime,
    algorithm: Algorithm = "RSA-2048",
    progress: Progress | None = None,
) -> list[SigningKey]:
    """Keys for many officials, each with the passphrase beside it (0.3 s each; two run side by side)."""
    issuer = _Issuer.load()
    cost = vault.configured_cost()
    drafts = []
    for (official, _), private in zip(officials, keygen.many(algorithm, len(officials)), strict=True):
        agency = official.agency
        holder = Holder(agency=agency.name, name=official.name, position=official.position)
        drafts.append((issuer.draft(private, holder, now, official=official), private))
    with ThreadPoolExecutor(2) as pool:
        wrapped = pool.map(
            lambda one: vault.wrap_by_passphrase(one[0][1], one[1][1], one[0][0].serial, cost),
            zip(drafts, officials, strict=True),
        )
        for done, ((draft, _), blob) in enumerate(zip(drafts, wrapped, strict=True), 1):
            draft.wrapped_key = blob
            (progress or _silent)(done, len(officials))
    return SigningKey.objects.bulk_create([draft for draft, _ in drafts])


def issue_seal_key(agency: "Agency", now: datetime, *, algorithm: Algorithm = "RSA-2048") -> SigningKey:
    """A seal for an agency. The newest seal is used."""
    return issue_seal_keys([agency], now=now, algorithm=algorithm)[0]


def issue_seal_keys(
    agencies: Iterable["Agency"],
    *,
    now: datetime,
    algorithm: Algorithm = "RSA-2048",
    progress: Progress | None = None,
) -> list[SigningKey]:
    """Seals for many agencies, their keys made on all processors (230 take 7 s on two)."""
    issuer = _Issuer.load()
    agencies = list(agencies)
    made = []
    for agency, private in zip(agencies, keygen.many(algorithm, len(agencies)), strict=True):
        draft = issuer.draft(private, Holder(agency=agency.name), now, agency=agency)
        draft.wrapped_key = vault.wrap_by_secret(private, draft.serial)
        made.append(draft)
        (progress or _silent)(len(made), len(agencies))
    for agency in agencies:
        SEALS.forget(agency.pk)
    return SigningKey.objects.bulk_create(made)


def revoke(serial: str, reason: x509.ReasonFlags, *, now: datetime) -> None:
    """Take a certificate out of force and publish it in a new list at once. Raises NoKey."""
    with transaction.atomic():
        changed = SigningKey.objects.filter(serial=serial, revoked_at__isnull=True).update(
            revoked_at=now, revocation_reason=reason.value
        )
        if not changed:
            raise NoKey(f"There is no certificate {serial} in force.")
        renew_crl(ISSUING, now=now)


# -- signing ---------------------------------------------------------------------------------------


@sensitive_variables("passphrase")
def unlock(official: "Official", passphrase: str, now: datetime) -> UnlockedKey:
    """The official's key for one batch: use it in a `with` block. Raises WrongPassphrase(left),
    KeyLocked(until), NoKey. A failed attempt is counted even when the caller's transaction is undone."""
    stored = _newest(now, official=official, kind=SigningKey.Kind.OFFICIAL)
    if stored is None:
        raise NoKey(f"{official.name} has no signing key that is valid today.")
    with _apart(stored.pk) as database:
        counted = _begin_attempt(database, stored.pk, now)
        key = vault.unwrap_by_passphrase(bytes(stored.wrapped_key), passphrase, stored.serial)
        if key is None:
            if counted.locked_until is not None:
                log.warning("Signing key %s is locked: too many wrong passphrases.", stored.serial)
                raise KeyLocked(counted.locked_until)
            raise WrongPassphrase(rules.attempts_left(counted.failures))
        _forgive(database, stored.pk)
    agency = official.agency
    identity = Identity(
        "official", official.name, official.position, agency.name, agency.head_title, stored.serial
    )
    return UnlockedKey(identity, _signer(stored, key))


def sign(
    pdf: bytes, *, key: UnlockedKey, now: datetime, acting_as: str = "", head_title: str = ""
) -> SignedPdf:
    """Sign with an official's key. `acting_as`: "Plt", "Plh" or "Pj", for the office whose head is called
    `head_title` (else the head of the official's own office). Raises KeyClosed, CannotSign."""
    identity = key.identity
    position = rules.position_held(identity.position, head_title or identity.head_title, acting_as)
    return _signed(pdf, key.signer, identity, position, now)


def seal(pdf: bytes, *, agency_id: int, now: datetime) -> SignedPdf:
    """Sign with the agency's seal, without a person. Raises NoKey, CannotSign."""
    found = _seal_in_force(agency_id, now)
    return _signed(pdf, found.signer, found.identity, "", now)


# -- inside ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Issuer:
    """The issuing authority, opened."""

    row: Authority
    certificate: x509.Certificate
    key: Key

    @classmethod
    def load(cls) -> "_Issuer":
        row = Authority.objects.filter(name=ISSUING).first()
        if row is None or row.wrapped_key is None:
            raise NoAuthority("There is no authority yet: call set_up_demo_authority first.")
        key = vault.unwrap_by_secret(bytes(row.wrapped_key), f"authority:{ISSUING}")
        return cls(row, x509.load_der_x509_certificate(bytes(row.certificate)), key)

    @sensitive_variables("private")
    def draft(self, private: bytes, holder: Holder, now: datetime, **owner: object) -> SigningKey:
        """A row without its wrapped key. `owner`: official=… or agency=…"""
        public = load_der_private_key(private, None).public_key()
        made = certificates.leaf_certificate(
            public, holder, self.certificate, self.key, _addresses(ISSUING), now  # type: ignore[arg-type]
        )  # fmt: skip
        return SigningKey(
            kind=SigningKey.Kind.OFFICIAL if holder.name else SigningKey.Kind.SEAL,
            issuer=self.row,
            serial=certificates.serial_text(made),
            certificate=certificates.certificate_der(made),
            not_before=made.not_valid_before_utc,
            not_after=made.not_valid_after_utc,
            **owner,
        )


def _signed(pdf: bytes, signer: CmsSigner, identity: Identity, position: str, now: datetime) -> SignedPdf:
    sealing = identity.kind == "seal"
    who = f"{identity.signer}, {position}" if position else identity.signer
    words = pades.SignatureWords(
        field="Segel" if sealing else "Tandatangan",
        name=identity.signer,
        reason=f"{SEAL_REASON if sealing else OFFICIAL_REASON}: {who}",
        location=settings.REGENCY_NAME,
        label=f"{'Segel' if sealing else 'Tanda tangan'} elektronik: {who}",
        at=timezone.localtime(now),
    )
    try:
        signed = pades.sign_letter(pdf, signer, words)
    except NotOurLetter:
        # pyHanko takes 60 MB: a process that signs only our own letters never loads it.
        from satuklik.spine.signing import foreign

        signed = foreign.sign_foreign(pdf, signer, words)
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


def _keep_authority(name: str, made: x509.Certificate, key: Key, parent: Authority | None) -> Authority:
    wrapped = vault.wrap_by_secret(keygen.private_der(key), f"authority:{name}")
    return Authority.objects.create(
        name=name, certificate=certificates.certificate_der(made), wrapped_key=wrapped, parent=parent
    )


def _addresses(name: str) -> Addresses:
    return Addresses(f"{settings.PUBLIC_URL}/ca/{name}.cer", f"{settings.PUBLIC_URL}/crl/{name}.crl")


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


# -- attempts: counted apart from the caller's transaction --------------------------------------------


@contextmanager
def _apart(key_id: int) -> Iterator[BaseDatabaseWrapper]:
    """A connection whose writes stay when the caller's transaction is undone. A key that the caller itself has
    not committed yet is seen by nobody else: then the caller's own connection will do."""
    if not connection.in_atomic_block:
        yield connection
        return
    own = connection.copy()
    try:
        yield own if _attempts(own, key_id) is not None else connection
    finally:
        own.close()


def _attempts(database: BaseDatabaseWrapper, key_id: int) -> rules.Attempts | None:
    with database.cursor() as cursor:
        cursor.execute("select failures, locked_until from signing_signingkey where id = %s", [key_id])
        row = cursor.fetchone()
    return rules.Attempts(*row) if row else None


def _begin_attempt(database: BaseDatabaseWrapper, key_id: int, now: datetime) -> rules.Attempts:
    """Count one attempt before it is made, exactly, however many run side by side. Raises KeyLocked."""
    while True:
        before = _attempts(database, key_id)
        if before is None:
            raise NoKey("The key is gone.")
        after = rules.begin_attempt(before, now)
        if after is None:
            raise KeyLocked(before.locked_until or now)
        with database.cursor() as cursor:
            # Compare and swap: another attempt may have come between.
            cursor.execute(
                "update signing_signingkey set failures = %s, locked_until = %s"
                " where id = %s and failures = %s and locked_until is not distinct from %s",
                [after.failures, after.locked_until, key_id, before.failures, before.locked_until],
            )
            if cursor.rowcount:
                return after


def _forgive(database: BaseDatabaseWrapper, key_id: int) -> None:
    with database.cursor() as cursor:
        cursor.execute(
            "update signing_signingkey set failures = 0, locked_until = null where id = %s", [key_id]
        )
