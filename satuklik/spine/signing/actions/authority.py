"""The certificate authorities of this installation: set up, and the one that issues now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.conf import settings
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing import certificates, keygen, vault
from satuklik.spine.signing.actions.permissions import allow_seals
from satuklik.spine.signing.actions.revocation import renew_crl
from satuklik.spine.signing.actions.services import ROOT, addresses, ensure_service_keys
from satuklik.spine.signing.certificates import Holder, Key, PublicKey
from satuklik.spine.signing.errors import BadRootFile, KeyOffline, NoAuthority
from satuklik.spine.signing.models import Authority, SigningKey

Progress = Callable[[int, int], None]
"""Called with (done, total)."""
ISSUING = "issuing"
ISSUING_BITS = 3072
DEMO_SEAL_QUOTA = 2_000


def set_up_demo_authority(
    *, now: datetime, progress: Progress | None = None, seal_quota: int = DEMO_SEAL_QUOTA
) -> None:
    """Root, issuing authority and their revocation lists, once; nothing to do where they are there.

    Both are uncertified and say so in their names (PP 71/2019 ps. 60(2)). The root's key stays in this
    installation's vault: a demo has no offline safe. Every seal may close every service, `seal_quota` times a day
    each.
    """
    if Authority.objects.exists():
        return
    report = progress or silent
    root_key = keygen.new_rsa(settings.SATUKLIK_ROOT_KEY_BITS)
    report(1, 2)
    issuing_key = keygen.new_rsa(min(ISSUING_BITS, settings.SATUKLIK_ROOT_KEY_BITS))
    root = certificates.root_certificate(root_key, now)
    issuing = certificates.issuing_certificate(issuing_key.public_key(), root, root_key, addresses(ROOT), now)
    with transaction.atomic():
        above = keep_authority(ROOT, root, root_key, None)
        keep_authority(ISSUING, issuing, issuing_key, above)
        renew_crl(ROOT, now=now)
        renew_crl(ISSUING, now=now)
        allow_seals("*", seal_quota, decree="Peragaan")
        ensure_service_keys(now=now)
    report(2, 2)


@dataclass(frozen=True)
class Issuer:
    """The authority that issues now, opened."""

    row: Authority
    certificate: x509.Certificate
    key: Key

    @classmethod
    def load(cls) -> "Issuer":
        row = issuing_now()
        if row is None or row.wrapped_key is None:
            raise NoAuthority("There is no authority yet: hold a key ceremony (satuklik ca ceremony) first.")
        key = vault.unwrap_by_secret(bytes(row.wrapped_key), f"authority:{row.name}")
        return cls(row, x509.load_der_x509_certificate(bytes(row.certificate)), key)

    @sensitive_variables("private")
    def draft(self, private: bytes, holder: Holder, now: datetime, **owner: object) -> SigningKey:
        """A row without its wrapped key. `owner`: official=… or agency=…; `private` was made here just now."""
        public = load_der_private_key(private, None, unsafe_skip_rsa_key_validation=True).public_key()
        return self.draft_for(public, holder, now, **owner)  # type: ignore[arg-type]

    def draft_for(self, public: PublicKey, holder: Holder, now: datetime, **owner: object) -> SigningKey:
        """The same for a key whose private half is not here (on a token)."""
        made = certificates.leaf_certificate(
            public, holder, self.certificate, self.key, addresses(self.row.name), now
        )
        return SigningKey(
            kind=SigningKey.Kind.OFFICIAL if holder.name else SigningKey.Kind.SEAL,
            issuer=self.row,
            serial=certificates.serial_text(made),
            certificate=certificates.certificate_der(made),
            not_before=made.not_valid_before_utc,
            not_after=made.not_valid_after_utc,
            **owner,
        )


def issuing_now() -> Authority | None:
    """The newest issuing authority that is not retired; None before the first was set up."""
    return Authority.objects.filter(parent__isnull=False, retired_at__isnull=True).order_by("-pk").first()


def root_now(offline_key: Key | None = None) -> tuple[Authority, Key]:
    """The newest root and its key: `offline_key` out of the safe, else the vault's. Raises NoAuthority, KeyOffline,
    and BadRootFile where the key from the safe is another root's."""
    row = Authority.objects.filter(parent__isnull=True, retired_at__isnull=True).order_by("-pk").first()
    if row is None:
        raise NoAuthority("There is no authority yet: hold a key ceremony (satuklik ca ceremony) first.")
    if offline_key is None:
        if row.wrapped_key is None:
            raise KeyOffline(row.name)
        return row, vault.unwrap_by_secret(bytes(row.wrapped_key), f"authority:{row.name}")
    public = x509.load_der_x509_certificate(bytes(row.certificate)).public_key()
    if certificates.public_key_info(offline_key.public_key()) != certificates.public_key_info(public):  # type: ignore[arg-type]
        raise BadRootFile(f"The file holds the key of another root than {row.name!r} of this installation.")
    return row, offline_key


def keep_authority(name: str, made: x509.Certificate, key: Key | None, parent: Authority | None) -> Authority:
    """A new row; `key` None: it lies in the safe."""
    wrapped = vault.wrap_by_secret(keygen.private_der(key), f"authority:{name}") if key is not None else None
    return Authority.objects.create(
        name=name, certificate=certificates.certificate_der(made), wrapped_key=wrapped, parent=parent
    )


def silent(_done: int, _total: int) -> None:
    """Nobody watches."""
