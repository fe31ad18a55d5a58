"""Keys for officials and seals for agencies, from our own issuing authority."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing import keygen, vault
from satuklik.spine.signing.actions.authority import Issuer, Progress, silent
from satuklik.spine.signing.certificates import Holder
from satuklik.spine.signing.keygen import Algorithm
from satuklik.spine.signing.keys import SEALS
from satuklik.spine.signing.models import SigningKey

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official


@sensitive_variables("passphrase")
def issue_official_key(
    official: "Official",
    passphrase: str,
    now: datetime,
    *,
    algorithm: Algorithm = "RSA-2048",
    backend: Literal["local", "pkcs11"] = "local",
    token: str = "",
) -> SigningKey:
    """A key for an official, opened only by `passphrase`, which is stored nowhere. The newest key is used.

    With `backend` "pkcs11" it is made on the official's token (its label: `token`, else "satuklik-<id>"), whose PIN
    is `passphrase`. Raises NoAuthority; with a token also WrongPassphrase, KeyLocked, BackendFailed, TokenShared.
    """
    if backend == "pkcs11":
        from satuklik.spine.signing.actions.tokens import issue_on_token  # 13 MB: only where there are tokens

        return issue_on_token(official, passphrase, now, algorithm=algorithm, token=token)
    return issue_official_keys([(official, passphrase)], now=now, algorithm=algorithm)[0]


@sensitive_variables()
def issue_official_keys(
    officials: Sequence[tuple["Official", str]],
    *,
    now: datetime,
    algorithm: Algorithm = "RSA-2048",
    progress: Progress | None = None,
    cost: vault.Cost | None = None,
) -> list[SigningKey]:
    """Keys for many officials, each with the passphrase beside it (0.3 s each; two run side by side). `cost`: another
    than the configured one, only for passphrases that nobody could guess (192 random bits)."""
    issuer = Issuer.load()
    cost = cost or vault.configured_cost()
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
            (progress or silent)(done, len(officials))
    return SigningKey.objects.bulk_create([draft for draft, _ in drafts])


@sensitive_variables("pin")
def issue_seal_key(
    agency: "Agency",
    now: datetime,
    *,
    algorithm: Algorithm = "RSA-2048",
    backend: Literal["local", "pkcs11"] = "local",
    token: str = "",
    pin: str = "",
) -> SigningKey:
    """A seal for an agency. The newest seal is used. With `backend` "pkcs11" it is made on the token for seals
    (`token`, else SATUKLIK_PKCS11_SEAL_TOKEN), whose `pin` goes into the vault. Raises as issue_official_key."""
    if backend == "pkcs11":
        from satuklik.spine.signing.actions.tokens import issue_seal_on_token

        return issue_seal_on_token(agency, pin, now, algorithm=algorithm, token=token)
    return issue_seal_keys([agency], now=now, algorithm=algorithm)[0]


def issue_seal_keys(
    agencies: Iterable["Agency"],
    *,
    now: datetime,
    algorithm: Algorithm = "RSA-2048",
    progress: Progress | None = None,
) -> list[SigningKey]:
    """Seals for many agencies, their keys made on all processors (230 take 7 s on two)."""
    issuer = Issuer.load()
    agencies = list(agencies)
    made = []
    for agency, private in zip(agencies, keygen.many(algorithm, len(agencies)), strict=True):
        draft = issuer.draft(private, Holder(agency=agency.name), now, agency=agency)
        draft.wrapped_key = vault.wrap_by_secret(private, draft.serial)
        made.append(draft)
        (progress or silent)(len(made), len(agencies))
    for agency in agencies:
        SEALS.forget(agency.pk)
    return SigningKey.objects.bulk_create(made)
