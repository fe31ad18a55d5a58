"""Read what keys were used for, and where many certificates stand at once."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Min

from satuklik.spine.signing.keybook import KeyFacts, _facts, _keys
from satuklik.spine.signing.models import KeyUse, SigningKey


def first_use(serial: str) -> datetime | None:
    """When the key with this serial number made its first signature; None before that."""
    return first_uses([serial]).get(serial)


def first_uses(serials: Collection[str]) -> dict[str, datetime]:
    """When each of these keys made its first signature; those that made none are absent."""
    rows = KeyUse.objects.filter(key__serial__in=serials, outcome=KeyUse.Outcome.DONE)
    return dict(rows.values_list("key__serial").annotate(Min("at")))


def facts_of(serials: Collection[str], now: datetime) -> dict[str, KeyFacts]:
    """Where these certificates stand, by serial number; unknown ones are absent."""
    return {key.serial: _facts(key, now) for key in _keys().filter(serial__in=serials)}


def holders(now: datetime) -> set[int]:
    """The ids of the officials who have a certificate that is neither over nor revoked (suspended ones count)."""
    found = SigningKey.objects.filter(
        kind=SigningKey.Kind.OFFICIAL, not_after__gte=now, official__isnull=False
    )
    hold = "certificateHold"
    return set(found.filter(revoked_at__isnull=True).values_list("official_id", flat=True)) | set(
        found.filter(revocation_reason=hold).values_list("official_id", flat=True)
    )
