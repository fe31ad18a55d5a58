"""What seals may close by themselves, and which backend signs: rows that are set by decree."""

from django.db import transaction

from satuklik.spine.signing.backends.registry import BACKENDS, CHOICES
from satuklik.spine.signing.errors import UnknownBackend
from satuklik.spine.signing.models import BackendChoice, SealPermission


def allow_seals(
    service: str, quota: int, *, agency_id: int | None = None, decree: str = ""
) -> SealPermission:
    """Let seals close `service` ("*": each service) `quota` times a day: the agency's, or those of every agency that
    has no row of its own for the service. A quota of 0 forbids it."""
    made, _new = SealPermission.objects.update_or_create(
        agency_id=agency_id, service=service, defaults={"daily_quota": quota, "decree": decree}
    )
    return made


def withdraw_seals(service: str, *, agency_id: int | None = None) -> bool:
    """Take a permission away; False where there was none."""
    deleted, _ = SealPermission.objects.filter(agency_id=agency_id, service=service).delete()
    return bool(deleted)


@transaction.atomic
def choose_backend(kind: str, name: str, *, agency_id: int | None = None, service: str = "") -> None:
    """Let the backend `name` sign (`kind`: "official" or "seal") for an office (None: each) and a service ("": each);
    "" takes the choice away. Every process follows within seconds. Raises UnknownBackend."""
    exact = {"agency_id": agency_id, "service": service, "kind": kind}
    if name and name not in BACKENDS:
        raise UnknownBackend(name, tuple(BACKENDS))
    if name:
        BackendChoice.objects.update_or_create(**exact, defaults={"backend": name})
    else:
        BackendChoice.objects.filter(**exact).delete()
    CHOICES.forget()
    transaction.on_commit(CHOICES.forget)
