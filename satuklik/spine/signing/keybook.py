"""Read keys: whose they are, where they stand, which end soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from satuklik.spine.signing import rules
from satuklik.spine.signing.models import SigningKey
from satuklik.spine.signing.rules import KeyStatus

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


@dataclass(frozen=True)
class KeyFacts:
    """A certificate of an official, an agency or a service, and where it stands."""

    serial: str
    kind: str
    """"official", "seal", "timestamp" or "responder"."""
    backend: str
    """"local", "pkcs11" or "bsre"."""
    status: KeyStatus
    holder: str
    """The official's or the agency's name; empty for a service."""
    official_id: int | None
    agency_id: int | None
    issuer: str
    """Our authority that issued it ("issuing"); empty where another one did."""
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None
    """Also the time of a suspension."""
    reason: str
    """As revocation lists write it: "superseded", "certificateHold" …"""
    locked_until: datetime | None
    """Wrong passphrases: it cannot be opened before."""


def keys_of(official: "Official", now: datetime | None = None) -> list[KeyFacts]:
    """All certificates of an official as they stand at `now` (None: this moment), the newest first."""
    now = now or timezone.now()
    found = _keys().filter(official=official, kind=SigningKey.Kind.OFFICIAL)
    return [_facts(key, now) for key in found.order_by("-not_before", "-pk")]


def key_by_serial(serial: str, now: datetime) -> KeyFacts | None:
    """The certificate with this serial number (hexadecimal)."""
    key = _keys().filter(serial=serial).first()
    return _facts(key, now) if key is not None else None


def key_status(serial: str, now: datetime) -> KeyStatus | None:
    """Where a certificate stands: valid, not_yet, expired, suspended or revoked; None for one that is not ours."""
    found = key_by_serial(serial, now)
    return found.status if found is not None else None


def expiring(within_days: int, now: datetime, *, kind: str = "official") -> list[KeyFacts]:
    """Certificates in force that end within so many days and have no successor yet, the first to end first."""
    newer = SigningKey.objects.filter(
        Q(official=OuterRef("official"), official__isnull=False)
        | Q(agency=OuterRef("agency"), agency__isnull=False)
        | Q(official__isnull=True, agency__isnull=True),
        kind=OuterRef("kind"),
        revoked_at__isnull=True,
        not_after__gt=OuterRef("not_after"),
    )
    found = _keys().filter(
        ~Exists(newer),
        kind=kind,
        revoked_at__isnull=True,
        not_before__lte=now,
        not_after__gte=now,
        not_after__lte=now + timedelta(days=within_days),
    )
    return [_facts(key, now) for key in found.order_by("not_after", "pk")]


def _keys() -> QuerySet[SigningKey]:
    return SigningKey.objects.select_related("official", "agency", "issuer").defer(
        "wrapped_key", "certificate"
    )


def _facts(key: SigningKey, now: datetime) -> KeyFacts:
    owner = key.official or key.agency
    return KeyFacts(
        serial=key.serial,
        kind=key.kind,
        backend=key.backend,
        status=rules.key_status(
            not_before=key.not_before,
            not_after=key.not_after,
            revoked_at=key.revoked_at,
            reason=key.revocation_reason,
            now=now,
        ),
        holder=owner.name if owner is not None else "",
        official_id=key.official_id,
        agency_id=key.agency_id,
        issuer=key.issuer.name if key.issuer is not None else "",
        not_before=key.not_before,
        not_after=key.not_after,
        revoked_at=key.revoked_at,
        reason=key.revocation_reason,
        locked_until=key.locked_until if key.locked_until and key.locked_until > now else None,
    )
