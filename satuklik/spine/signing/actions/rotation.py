"""New keys for old ones: seals, officials, and the secret of the vault. Each step stands by itself: whatever stops
it leaves a house that works, and the same command goes on where it was."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.views.decorators.debug import sensitive_variables

from satuklik.base.audit import actions as audit
from satuklik.spine.signing import vault
from satuklik.spine.signing.actions.authority import Progress, silent
from satuklik.spine.signing.actions.issuing import issue_official_key, issue_seal_keys
from satuklik.spine.signing.actions.revocation import revoke
from satuklik.spine.signing.actions.signing import unlock
from satuklik.spine.signing.actions.vaultfile import opened_by_secret
from satuklik.spine.signing.errors import VaultFailed
from satuklik.spine.signing.keygen import Algorithm
from satuklik.spine.signing.models import Authority, SigningKey

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official

AT_ONCE = 16
FRESH = timedelta(days=1)
SUPERSEDED = x509.ReasonFlags.superseded


def rotate_seals(
    agencies: Iterable["Agency"],
    *,
    now: datetime,
    algorithm: Algorithm = "RSA-2048",
    again: bool = False,
    progress: Progress | None = None,
) -> list[SigningKey]:
    """New seals, a few at a time, each few in a transaction of its own. An agency whose seal is younger than a day
    is passed over (unless `again`): so the command goes on where it was broken off. Old seals stay valid, for
    letters closed with them carry them: `end_superseded` revokes them where that is wanted."""
    agencies = list(agencies)
    fresh = set()
    if not again:
        fresh = set(
            SigningKey.objects.filter(
                kind=SigningKey.Kind.SEAL, revoked_at__isnull=True, not_before__gt=now - FRESH
            ).values_list("agency_id", flat=True)
        )
    waiting = [agency for agency in agencies if agency.pk not in fresh]
    made: list[SigningKey] = []
    for few in _few(waiting):
        with transaction.atomic():
            made += issue_seal_keys(few, now=now, algorithm=algorithm)
        (progress or silent)(len(made), len(waiting))
    return made


def end_superseded(
    kind: str, *, now: datetime, overlap: timedelta, by: str = "", progress: Progress | None = None
) -> list[str]:
    """Revoke (superseded) certificates of a kind whose successor has been in force for `overlap`; their serials.

    A letter without timestamp whose certificate is revoked can no longer be proven older than the revocation by
    anybody but our register: do it for lost keys, and leave others to expire.
    """
    newer = SigningKey.objects.filter(
        Q(agency=OuterRef("agency"), agency__isnull=False)
        | Q(official=OuterRef("official"), official__isnull=False),
        kind=OuterRef("kind"),
        revoked_at__isnull=True,
        not_before__gt=OuterRef("not_before"),
        not_before__lte=now - overlap,
    )
    serials = list(
        SigningKey.objects.filter(Exists(newer), kind=kind, revoked_at__isnull=True, not_after__gte=now)
        .order_by("pk")
        .values_list("serial", flat=True)
    )
    for done, serial in enumerate(serials, 1):
        revoke(serial, SUPERSEDED, now=now, by=by)
        (progress or silent)(done, len(serials))
    return serials


@sensitive_variables("passphrase", "new_passphrase")
def renew_official_key(
    official: "Official",
    passphrase: str,
    *,
    now: datetime,
    new_passphrase: str = "",
    algorithm: Algorithm = "RSA-2048",
) -> SigningKey:
    """A new key for an official who opens the old one: under the same passphrase unless a new one is given. The old
    certificate is left to expire; from now on the new one signs. Raises what `unlock` raises."""
    unlock(official, passphrase, now).close()
    return issue_official_key(official, new_passphrase or passphrase, now, algorithm=algorithm)


@dataclass(frozen=True)
class Wrapped:
    """One row whose content the installation's secret opens."""

    model: type[Authority] | type[SigningKey]
    pk: int
    owner: str


@dataclass(frozen=True)
class VaultState:
    """How many rows today's secret opens, how many only an old one, and which open with none."""

    current: int
    old: int
    lost: Sequence[str]


def vault_state() -> VaultState:
    """Try every row of the vault."""
    current, old, lost = 0, 0, []
    for row in _wrapped_rows():
        stored = bytes(row.model._default_manager.get(pk=row.pk).wrapped_key)
        if vault.is_current(stored, row.owner):
            current += 1
            continue
        try:
            plain = vault.plain_by_secret(stored, row.owner)
        except VaultFailed:
            lost.append(row.owner)
        else:
            plain[:] = bytes(len(plain))
            old += 1
    return VaultState(current, old, lost)


def rewrap_vault(*, now: datetime, by: str = "", progress: Progress | None = None) -> VaultState:
    """Wrap everything under today's secret that still is under one it replaces (SATUKLIK_OLD_VAULT_KEYS).

    Row by row, each in a transaction and read back before it is written: broken off, both secrets still open all,
    and the next call goes on. Raises VaultFailed before anything is changed where a row opens with neither.
    """
    before = vault_state()
    if before.lost:
        raise VaultFailed(
            f"{len(before.lost)} keys open with none of the secrets, the first is {before.lost[0]}. Nothing was changed."
        )
    rows = list(_wrapped_rows())
    for done, row in enumerate(rows, 1):
        with transaction.atomic():
            stored = row.model._default_manager.select_for_update().get(pk=row.pk)
            made = vault.rewrapped(bytes(stored.wrapped_key), row.owner)
            if made is not None:
                stored.wrapped_key = made
                stored.save(update_fields=["wrapped_key"])
        (progress or silent)(done, len(rows))
    after = vault_state()
    data = {"rewrapped": before.old, "rows": len(rows)}
    audit.record("ca", [audit.Happening("vault.rotated", by or "system", data)], at=now)
    return after


def _wrapped_rows() -> Iterator[Wrapped]:
    for pk, name in (
        Authority.objects.filter(wrapped_key__isnull=False).order_by("pk").values_list("pk", "name")
    ):
        yield Wrapped(Authority, pk, f"authority:{name}")
    for key in SigningKey.objects.only("backend", "kind", "serial", "wrapped_key").order_by("pk").iterator():
        if opened_by_secret(key):
            yield Wrapped(SigningKey, key.pk, key.serial)


def _few(agencies: Sequence["Agency"]) -> Iterator[Sequence["Agency"]]:
    for start in range(0, len(agencies), AT_ONCE):
        yield agencies[start : start + AT_ONCE]
