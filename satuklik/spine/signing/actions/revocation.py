"""Revocation lists; taking certificates out of force for good, or for a while."""

from datetime import datetime

from cryptography import x509
from django.db import transaction

from satuklik.base.audit import actions as audit
from satuklik.base.webhooks import actions as webhooks
from satuklik.spine.signing import certificates, rules, vault
from satuklik.spine.signing.certificates import Key
from satuklik.spine.signing.errors import KeyOffline, NoAuthority, NoKey, NotSuspended
from satuklik.spine.signing.keys import SEALS
from satuklik.spine.signing.models import Authority, SigningKey

HOLD = x509.ReasonFlags.certificate_hold


def renew_crl(
    name: str, *, now: datetime, only_if_stale: bool = False, offline_key: Key | None = None
) -> bytes:
    """A new revocation list (DER) of the authority `name`; a retired authority goes on publishing its own.

    `offline_key`: of an authority whose key lies in the safe (the root of a ceremony). Raises NoAuthority, and
    KeyOffline where the key is neither here nor given.
    """
    with transaction.atomic():
        authority = Authority.objects.select_for_update().filter(name=name).first()
        if authority is None:
            raise NoAuthority(f"There is no authority {name!r}.")
        if only_if_stale and authority.crl is not None and not crl_stale(bytes(authority.crl), now):
            return bytes(authority.crl)
        if authority.wrapped_key is None and offline_key is None:
            raise KeyOffline(name)
        key = offline_key or vault.unwrap_by_secret(bytes(authority.wrapped_key), f"authority:{name}")
        authority.crl_number += 1
        life = rules.ROOT_CRL_LIFE if authority.parent_id is None else rules.CRL_LIFE
        certificate = x509.load_der_x509_certificate(bytes(authority.certificate))
        made = certificates.revocation_list(
            certificate, key, _revoked(authority), authority.crl_number, now, life
        )
        authority.crl = certificates.certificate_der(made)
        authority.save(update_fields=["crl", "crl_number"])
        return authority.crl


def crl_stale(crl: bytes, now: datetime) -> bool:
    """Whether more than half of the list's life is over."""
    made = x509.load_der_x509_crl(crl)
    following = made.next_update_utc
    return following is None or rules.crl_is_stale(made.last_update_utc, following, now)


def revoke(serial: str, reason: x509.ReasonFlags, *, now: datetime, by: str = "") -> None:
    """Take a certificate out of force for good, and publish it in a new list of its issuer at once.

    A suspended certificate can be revoked too; the day on which it was suspended stays the day of its end (X.509
    §8.5.2.2). `by` is the actor of the event ("official:7"; empty: the system). Raises NoKey where there is no such
    certificate in force, ValueError for reasons that end nothing.
    """
    if reason in (HOLD, x509.ReasonFlags.remove_from_crl):
        raise ValueError(f"{reason.value} does not revoke: call suspend or resume.")
    with transaction.atomic():
        key = _locked(serial)
        held = key.revocation_reason == HOLD.value
        if key.revoked_at is not None and not held:
            raise NoKey(f"There is no certificate {serial} in force.")
        _write(key, key.revoked_at if held else now, reason.value)
        _published(key, "key.revoked", by, {"reason": reason.value}, now)
        office = key.agency_id or (key.official.agency_id if key.official is not None else None)
        if office is not None:
            said = {"serial": serial, "kind": key.kind, "reason": reason.value, "revoked_at": key.revoked_at}
            webhooks.emit("certificate.revoked", agency_id=office, data=said, now=now)


def suspend(serial: str, *, now: datetime, by: str = "", note: str = "") -> None:
    """Take a certificate out of force until `resume` (certificateHold), and publish it at once. Raises NoKey."""
    with transaction.atomic():
        key = _locked(serial)
        if key.revoked_at is not None:
            raise NoKey(f"There is no certificate {serial} in force.")
        _write(key, now, HOLD.value)
        _published(key, "key.suspended", by, {"note": note}, now)


def resume(serial: str, *, now: datetime, by: str = "", note: str = "") -> None:
    """Put a suspended certificate back into force: the next full list no longer names it (RFC 5280 §5.3.1:
    removeFromCRL stands in delta lists only, and we publish none). Raises NoKey, NotSuspended."""
    with transaction.atomic():
        key = _locked(serial)
        if key.revocation_reason != HOLD.value:
            raise NotSuspended(serial)
        data = {"note": note, "suspended_at": key.revoked_at}
        _write(key, None, "")
        _published(key, "key.resumed", by, data, now)


def _locked(serial: str) -> SigningKey:
    key = SigningKey.objects.select_for_update().filter(serial=serial).first()
    if key is None:
        raise NoKey(f"There is no certificate {serial}.")
    return key


def _write(key: SigningKey, at: datetime | None, reason: str) -> None:
    key.revoked_at, key.revocation_reason = at, reason
    key.save(update_fields=["revoked_at", "revocation_reason"])


def _published(key: SigningKey, kind: str, by: str, data: dict[str, object], now: datetime) -> None:
    """The event, and the new list of whoever issued the certificate (an authority that is not ours has its own)."""
    audit.record(
        f"key:{key.serial}", [audit.Happening(kind, by or "system", {"kind": key.kind, **data})], at=now
    )
    if key.issuer is not None:
        renew_crl(key.issuer.name, now=now)
    if key.agency_id is not None:
        # Other processes look again within SealCache.RECHECK seconds; this one at once.
        transaction.on_commit(lambda: SEALS.forget(key.agency_id))
        SEALS.forget(key.agency_id)


def _revoked(authority: Authority) -> list[tuple[int, datetime, x509.ReasonFlags]]:
    rows = authority.issued.filter(revoked_at__isnull=False).order_by("revoked_at")
    return [
        (int(serial, 16), at, x509.ReasonFlags(reason or x509.ReasonFlags.unspecified.value))
        for serial, at, reason in rows.values_list("serial", "revoked_at", "revocation_reason")
    ]
