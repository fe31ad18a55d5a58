"""Tell this installation how BSrE knows an official or a seal; nothing of it lies in the clear."""

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing.backends.bsre import Account, state_of
from satuklik.spine.signing.backends.esign import Esign, Subject
from satuklik.spine.signing.certificates import serial_text
from satuklik.spine.signing.errors import BackendFailed
from satuklik.spine.signing.keys import SEALS
from satuklik.spine.signing.models import SigningKey

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official

# Until the certificate is known: BSrE decides by itself whether it still holds.
ASSUMED_LIFE = timedelta(days=365 * 2)


@sensitive_variables("nik", "email")
def register_at_bsre(
    official: "Official", *, now: datetime, nik: str = "", email: str = "", by: str = "passphrase"
) -> SigningKey:
    """Let the official sign through BSrE, who knows him by `nik` or `email`; `by`: "passphrase" or "totp". The newest
    registration is used. Raises BackendFailed: not reachable, or he may not sign there yet (`code` says why)."""
    account, esign = Account(Subject(nik, email), by), Esign.configured()
    said = esign.status(account.subject)
    state = state_of(said)
    if state != "ready":
        raise BackendFailed(state, f"BSrE says {said.status}: {said.message}", retry=False)
    return _keep(account, _first(esign, account.subject), now, kind="official", official=official)


def request_totp(official: "Official", files: int) -> str:
    """Ask BSrE for a one-time code for so many files; its answer in words. Raises BackendFailed."""
    stored = (
        SigningKey.objects.filter(official=official, backend="bsre", revoked_at__isnull=True)
        .order_by("-not_before", "-pk")
        .first()
    )
    if stored is None:
        raise BackendFailed("none", f"{official.name} is not registered at BSrE.", retry=False)
    return Esign.configured().request_totp(Account.of(stored).subject, files)


def request_seal_activation(subscriber: str) -> None:
    """BSrE mails the code of activation to the seal's keeper. Raises BackendFailed."""
    Esign.configured().seal_activation(subscriber)


@sensitive_variables("totp")
def register_seal_at_bsre(agency: "Agency", *, subscriber: str, totp: str, now: datetime) -> SigningKey:
    """Let the agency's seal be used through BSrE; `totp`: the code that the keeper was sent. The newest registration
    is used. Raises BackendFailed."""
    fresh = Esign.configured().seal_activation(subscriber, totp)
    if fresh is None:
        raise BackendFailed("totp", "No code of activation came.", retry=False)
    made = _keep(Account(subscriber=subscriber, activation=fresh), b"", now, kind="seal", agency=agency)
    SEALS.forget(agency.pk)
    return made


def learn_certificate(key_id: int, certificate: bytes) -> None:
    """The certificate with which BSrE signed for this key: kept, so that the next one is compared with it."""
    stored = SigningKey.objects.get(pk=key_id)
    if bytes(stored.certificate) == certificate:
        return
    account = Account.of(stored)
    _describe(stored, certificate)
    stored.wrapped_key = account.wrapped(stored.serial)
    stored.save(update_fields=["certificate", "serial", "not_before", "not_after", "wrapped_key"])


def _keep(account: Account, certificate: bytes, now: datetime, **owner: object) -> SigningKey:
    stored = SigningKey(
        backend=SigningKey.Backend.BSRE,
        serial=f"bsre:{secrets.token_hex(12)}",
        certificate=b"",
        not_before=now,
        not_after=now + ASSUMED_LIFE,
        **owner,
    )
    if certificate:
        _describe(stored, certificate)
    stored.wrapped_key = account.wrapped(stored.serial)
    stored.save(force_insert=True)
    return stored


def _describe(stored: SigningKey, certificate: bytes) -> None:
    made = x509.load_der_x509_certificate(certificate)
    stored.certificate = certificate
    stored.not_before, stored.not_after = made.not_valid_before_utc, made.not_valid_after_utc
    serial = serial_text(made)
    # One certificate may be registered twice (by NIK, then by e-mail): the rows stay apart.
    taken = SigningKey.objects.filter(serial=serial).exclude(pk=stored.pk).exists()
    stored.serial = stored.serial if taken else serial


def _first(esign: Esign, subject: Subject) -> bytes:
    try:
        return next(iter(esign.chain(subject)), b"")
    except BackendFailed:
        return b""  # not every client service answers it; then the first signature tells
