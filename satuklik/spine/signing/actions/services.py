"""Keys of our services: the time-stamping authority's and the responders'. They renew themselves."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cryptography import x509
from django.conf import settings
from django.db import transaction

from satuklik.base.postgres.actions import insert
from satuklik.spine.signing import certificates, keygen, vault
from satuklik.spine.signing.certificates import Addresses, Key
from satuklik.spine.signing.cms import TST_INFO, CmsSigner, MemoryKey
from satuklik.spine.signing.errors import NoAuthority
from satuklik.spine.signing.models import Authority, KeyUse, SigningKey
from satuklik.spine.signing.timestamps.tsa import Token, Tsa

ServiceKind = Literal["timestamp", "responder"]
TIMESTAMPING = "stempel-waktu"
ROOT = "root"
RECHECK = 3.0
"""Seconds after which a key in memory is confirmed to be in force still."""


def issue_service_key(kind: ServiceKind, *, now: datetime, authority: Authority | None = None) -> SigningKey:
    """A new key for one of our services, issued by `authority` (default: the one that issues now). The newest is
    used. P-256 (docs/adr/0025). Raises NoAuthority."""
    row = authority or _issuing_now()
    if row is None or row.wrapped_key is None:
        raise NoAuthority("There is no issuing authority whose key is here: set one up first.")
    issuer = x509.load_der_x509_certificate(bytes(row.certificate))
    issuer_key = vault.unwrap_by_secret(bytes(row.wrapped_key), f"authority:{row.name}")
    key = keygen.new_key("P-256")
    public = key.public_key()
    if kind == "timestamp":
        made = certificates.timestamp_certificate(public, issuer, issuer_key, addresses(row.name), now)
    else:
        made = certificates.responder_certificate(public, issuer, issuer_key, now)
    serial = certificates.serial_text(made)
    issued = SigningKey.objects.create(
        kind=kind,
        issuer=row,
        serial=serial,
        certificate=certificates.certificate_der(made),
        wrapped_key=vault.wrap_by_secret(keygen.private_der(key), serial),
        not_before=made.not_valid_before_utc,
        not_after=made.not_valid_after_utc,
    )
    SERVICES.forget()
    return issued


def ensure_service_keys(*, now: datetime) -> list[SigningKey]:
    """Issue what is missing or used up: one time-stamping key, and a responder for each authority that has issued
    and whose key is here. Returns the new ones; for the hourly task, and when an authority is set up."""
    made = []
    with transaction.atomic():
        # Two processes that look at once take turns.
        rows = Authority.objects.select_for_update().filter(parent__isnull=False, wrapped_key__isnull=False)
        rows = list(rows.order_by("pk"))
        issuing = [row for row in rows if row.retired_at is None]
        if issuing and not _fresh_timestamp_key(issuing[-1], now):
            made.append(issue_service_key("timestamp", now=now, authority=issuing[-1]))
        for row in rows:
            if not _fresh_responder_key(row, now):
                made.append(issue_service_key("responder", now=now, authority=row))
    return made


@dataclass(frozen=True)
class OwnTsa:
    """Our time-stamping authority, open in this process."""

    key_id: int
    tsa: Tsa
    not_before: datetime
    use_until: datetime
    """Until then the key makes tokens."""
    not_after: datetime
    """Until then its tokens can be checked by its certificate."""
    algorithm: str
    certificate: x509.Certificate
    issuer: x509.Certificate

    def stamp(self, digest: bytes, now: datetime) -> Token:
        """A token over data whose SHA-256 is `digest`; its use is counted in the caller's transaction."""
        token = self.tsa.stamp(digest, now=now)
        count_use(self.key_id, token, now)
        return token


@dataclass(frozen=True)
class Responder:
    """What answers for the certificates of one authority."""

    key: Key
    certificate: x509.Certificate
    issuer: x509.Certificate
    authority_id: int


class ServiceKeys:
    """The service keys that this process has opened."""

    def __init__(self) -> None:
        self._kept: dict[object, tuple[object, float]] = {}
        self._lock = threading.Lock()

    def tsa(self, now: datetime) -> OwnTsa | None:
        """Our time-stamping authority; None where it has no key in force."""
        kept = self._fresh("tsa")
        if not isinstance(kept, OwnTsa) or not kept.not_before <= now < kept.use_until:
            stored = _newest("timestamp", now)
            kept = _open_tsa(stored) if stored is not None else None
            if kept is None or now >= kept.use_until:
                return None
            self._keep("tsa", kept)
        return kept

    def responder(self, authority: Authority, now: datetime) -> Responder | None:
        """The responder of an authority; None where it has no key in force."""
        kept = self._fresh(authority.pk)
        if not isinstance(kept, Responder) or kept.certificate.not_valid_after_utc <= now:
            stored = _newest("responder", now, issuer=authority)
            if stored is None:
                return None
            kept = Responder(
                vault.unwrap_by_secret(bytes(stored.wrapped_key), stored.serial),
                x509.load_der_x509_certificate(bytes(stored.certificate)),
                x509.load_der_x509_certificate(bytes(authority.certificate)),
                authority.pk,
            )
            self._keep(authority.pk, kept)
        return kept

    def forget(self) -> None:
        """Open them anew at the next use."""
        with self._lock:
            self._kept.clear()

    def _fresh(self, name: object) -> object:
        found = self._kept.get(name)
        return found[0] if found is not None and found[1] > time.monotonic() else None

    def _keep(self, name: object, value: object) -> None:
        with self._lock:
            self._kept[name] = (value, time.monotonic() + RECHECK)


SERVICES = ServiceKeys()


def count_use(key_id: int, token: Token, now: datetime) -> None:
    """Note one use of the time-stamping key."""
    insert(
        KeyUse(
            key_id=key_id, at=now, purpose=TIMESTAMPING, reference=f"{token.serial:x}"[:40],
            sha256=token.sha256, outcome=KeyUse.Outcome.DONE,
        )
    )  # fmt: skip


def addresses(name: str) -> Addresses:
    """Where an authority's certificate and revocation list are fetched. The root is kept offline, so no responder
    speaks for it."""
    here = settings.PUBLIC_URL
    return Addresses(
        f"{here}/ca/{name}.cer", f"{here}/crl/{name}.crl", "" if name.startswith(ROOT) else f"{here}/ocsp"
    )


def _issuing_now() -> Authority | None:
    found = Authority.objects.filter(parent__isnull=False, retired_at__isnull=True, wrapped_key__isnull=False)
    return found.order_by("-pk").first()


def _newest(kind: ServiceKind, now: datetime, **owner: object) -> SigningKey | None:
    found = SigningKey.objects.filter(
        kind=kind, revoked_at__isnull=True, not_before__lte=now, not_after__gt=now, **owner
    )
    return found.select_related("issuer").order_by("-not_before", "-pk").first()


def _fresh_timestamp_key(authority: Authority, now: datetime) -> bool:
    # A month before its year is over, so that a key that is being replaced still works everywhere.
    stored = _newest("timestamp", now, issuer=authority)
    return stored is not None and now < stored.not_before + certificates.TIMESTAMP_USE * 11 / 12


def _fresh_responder_key(authority: Authority, now: datetime) -> bool:
    stored = _newest("responder", now, issuer=authority)
    return stored is not None and now < stored.not_before + (stored.not_after - stored.not_before) / 2


def _open_tsa(stored: SigningKey) -> OwnTsa:
    key = vault.unwrap_by_secret(bytes(stored.wrapped_key), stored.serial)
    certificate = x509.load_der_x509_certificate(bytes(stored.certificate))
    issuer = x509.load_der_x509_certificate(bytes(stored.issuer.certificate))
    signer = CmsSigner(MemoryKey(key), certificate, (issuer,), TST_INFO)
    until = min(stored.not_before + certificates.TIMESTAMP_USE, stored.not_after)
    return OwnTsa(
        stored.pk, Tsa(signer, settings.SATUKLIK_TSA_POLICY), stored.not_before, until, stored.not_after,
        signer.algorithm, certificate, issuer,
    )  # fmt: skip
