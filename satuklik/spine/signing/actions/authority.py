"""The certificate authorities of this installation: set up, revocation lists, revoke."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.conf import settings
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing import certificates, keygen, rules, vault
from satuklik.spine.signing.actions.permissions import allow_seals
from satuklik.spine.signing.certificates import Addresses, Holder, Key, PublicKey
from satuklik.spine.signing.errors import NoAuthority, NoKey
from satuklik.spine.signing.models import Authority, SigningKey

Progress = Callable[[int, int], None]
"""Called with (done, total)."""
ROOT, ISSUING = "root", "issuing"
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
    if Authority.objects.filter(name=ISSUING).exists():
        return
    report = progress or silent
    root_key = keygen.new_rsa(settings.SATUKLIK_ROOT_KEY_BITS)
    report(1, 2)
    issuing_key = keygen.new_rsa(min(ISSUING_BITS, settings.SATUKLIK_ROOT_KEY_BITS))
    root = certificates.root_certificate(root_key, now)
    issuing = certificates.issuing_certificate(issuing_key.public_key(), root, root_key, addresses(ROOT), now)
    with transaction.atomic():
        above = _keep_authority(ROOT, root, root_key, None)
        _keep_authority(ISSUING, issuing, issuing_key, above)
        renew_crl(ROOT, now=now)
        renew_crl(ISSUING, now=now)
        allow_seals("*", seal_quota, decree="Peragaan")
    report(2, 2)


def renew_crl(name: str, *, now: datetime, only_if_stale: bool = False) -> bytes:
    """A new revocation list (DER) of the authority `name`. Raises NoAuthority."""
    with transaction.atomic():
        authority = Authority.objects.select_for_update().filter(name=name).first()
        if authority is None or authority.wrapped_key is None:
            raise NoAuthority(f"There is no authority {name!r} whose key is here.")
        if only_if_stale and authority.crl is not None and not crl_stale(bytes(authority.crl), now):
            return bytes(authority.crl)
        key = vault.unwrap_by_secret(bytes(authority.wrapped_key), f"authority:{name}")
        authority.crl_number += 1
        life = rules.ROOT_CRL_LIFE if authority.parent_id is None else rules.CRL_LIFE
        revoked = [
            (int(serial, 16), at, x509.ReasonFlags(reason))
            for serial, at, reason in authority.issued.filter(revoked_at__isnull=False)
            .order_by("revoked_at")
            .values_list("serial", "revoked_at", "revocation_reason")
        ]
        certificate = x509.load_der_x509_certificate(bytes(authority.certificate))
        made = certificates.revocation_list(certificate, key, revoked, authority.crl_number, now, life)
        authority.crl = certificates.certificate_der(made)
        authority.save(update_fields=["crl", "crl_number"])
        return authority.crl


def crl_stale(crl: bytes, now: datetime) -> bool:
    """Whether more than half of the list's life is over."""
    made = x509.load_der_x509_crl(crl)
    following = made.next_update_utc
    return following is None or rules.crl_is_stale(made.last_update_utc, following, now)


def revoke(serial: str, reason: x509.ReasonFlags, *, now: datetime) -> None:
    """Take a certificate out of force and publish it in a new list at once. Raises NoKey."""
    with transaction.atomic():
        changed = SigningKey.objects.filter(serial=serial, revoked_at__isnull=True).update(
            revoked_at=now, revocation_reason=reason.value
        )
        if not changed:
            raise NoKey(f"There is no certificate {serial} in force.")
        renew_crl(ISSUING, now=now)


@dataclass(frozen=True)
class Issuer:
    """The issuing authority, opened."""

    row: Authority
    certificate: x509.Certificate
    key: Key

    @classmethod
    def load(cls) -> "Issuer":
        row = Authority.objects.filter(name=ISSUING).first()
        if row is None or row.wrapped_key is None:
            raise NoAuthority("There is no authority yet: call set_up_demo_authority first.")
        key = vault.unwrap_by_secret(bytes(row.wrapped_key), f"authority:{ISSUING}")
        return cls(row, x509.load_der_x509_certificate(bytes(row.certificate)), key)

    @sensitive_variables("private")
    def draft(self, private: bytes, holder: Holder, now: datetime, **owner: object) -> SigningKey:
        """A row without its wrapped key. `owner`: official=… or agency=…"""
        public = load_der_private_key(private, None).public_key()
        return self.draft_for(public, holder, now, **owner)  # type: ignore[arg-type]

    def draft_for(self, public: PublicKey, holder: Holder, now: datetime, **owner: object) -> SigningKey:
        """The same for a key whose private half is not here (on a token)."""
        made = certificates.leaf_certificate(
            public, holder, self.certificate, self.key, addresses(ISSUING), now
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


def _keep_authority(name: str, made: x509.Certificate, key: Key, parent: Authority | None) -> Authority:
    wrapped = vault.wrap_by_secret(keygen.private_der(key), f"authority:{name}")
    return Authority.objects.create(
        name=name, certificate=certificates.certificate_der(made), wrapped_key=wrapped, parent=parent
    )


def addresses(name: str) -> Addresses:
    """Where an authority's certificate and revocation list are fetched."""
    return Addresses(f"{settings.PUBLIC_URL}/ca/{name}.cer", f"{settings.PUBLIC_URL}/crl/{name}.crl")


def silent(_done: int, _total: int) -> None:
    """Nobody watches."""
