"""Keys of this installation: an official's opened by the passphrase, a seal's by the vault."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing import vault
from satuklik.spine.signing.backends.interface import Answer, Claims, OfficialStatus, Opened, Problem
from satuklik.spine.signing.backends.standing import status_of_row
from satuklik.spine.signing.certificates import Key
from satuklik.spine.signing.errors import NoAuthority, VaultFailed
from satuklik.spine.signing.keys import memory_signer
from satuklik.spine.signing.models import Authority, SigningKey

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

WEAKEST_KIB = 19_456  # OWASP's least for Argon2id (19 MiB, 2 passes)
SOON = timedelta(days=30)


class LocalBackend:
    """Our own authority, in this process. What it signs is not certified."""

    name = "local"
    remote = False
    claims = Claims(certified=False, wording="local")

    def check_config(self) -> list[Problem]:
        problems = []
        if not settings.SATUKLIK_VAULT_KEY:
            problems.append(
                Problem(
                    "warning",
                    "Seals and authority keys are wrapped under the secret key of the sessions.",
                    "Set SATUKLIK_VAULT_KEY, keep it apart from the database, and restart.",
                )
            )
        if settings.SATUKLIK_PASSPHRASE_KIB < WEAKEST_KIB:
            problems.append(
                Problem(
                    "warning",
                    f"One guess of a passphrase costs only {settings.SATUKLIK_PASSPHRASE_KIB} KiB.",
                    f"Set SATUKLIK_PASSPHRASE_KIB to {WEAKEST_KIB} or more; keys that are issued from then on use it.",
                )
            )
        return problems + _authority_problems() + _seal_problems()

    def status(self, official: "Official", now: datetime) -> OfficialStatus:
        return status_of_row(self.name, official, now)

    @sensitive_variables("passphrase", "key")
    def open_official(self, stored: SigningKey, passphrase: str) -> Opened | None:
        key = vault.unwrap_by_passphrase(bytes(stored.wrapped_key), passphrase, stored.serial)
        return None if key is None else _opened(stored, key)

    def open_seal(self, stored: SigningKey) -> Opened:
        return _opened(stored, vault.unwrap_by_secret(bytes(stored.wrapped_key), stored.serial))

    def ask(self, stored: SigningKey) -> Answer:
        # It signs inside the caller's transaction: what was not kept does not exist.
        return "not_signed"


def _opened(stored: SigningKey, key: Key) -> Opened:
    if stored.issuer is None:
        raise NoAuthority(f"The key {stored.serial} names no authority of ours.")
    issuing = x509.load_der_x509_certificate(bytes(stored.issuer.certificate))
    certificate = x509.load_der_x509_certificate(bytes(stored.certificate))
    return Opened(memory_signer(key, certificate, (issuing,)))


def _authority_problems() -> list[Problem]:
    rows = Authority.objects.filter(parent__isnull=False, wrapped_key__isnull=False, retired_at__isnull=True)
    if not rows:
        return [
            Problem(
                "error",
                "There is no authority that issues keys.",
                "Hold a key ceremony (`satuklik ca ceremony`), or load the demo (`satuklik demo`).",
            )
        ]
    for row in rows:
        try:
            vault.unwrap_by_secret(bytes(row.wrapped_key or b""), f"authority:{row.name}")
        except VaultFailed as error:
            return [Problem("error", str(error), "Bring back the secret with which this database was made.")]
    return []


def _seal_problems() -> list[Problem]:
    seals = SigningKey.objects.filter(kind=SigningKey.Kind.SEAL, backend="local", revoked_at__isnull=True)
    ends = seals.values_list("agency__name").annotate(end=Max("not_after")).order_by("end")
    soon = [name for name, end in ends if end < timezone.now() + SOON]
    if not soon:
        return []
    shown = ", ".join(soon[:5]) + (f" and {len(soon) - 5} more" if len(soon) > 5 else "")
    return [
        Problem(
            "warning",
            f"Seals that end within {SOON.days} days or have ended: {shown}.",
            "Issue new ones (signing.actions.issue_seal_keys) before letters of these offices wait for a person.",
        )
    ]
