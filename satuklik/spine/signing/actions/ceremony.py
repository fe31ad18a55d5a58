"""The key ceremony: a root whose key never enters the database, and the authority that issues in its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from django.conf import settings
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from satuklik.base.audit import actions as audit
from satuklik.spine.signing import certificates, keygen, rootfile
from satuklik.spine.signing.actions.authority import (
    ISSUING,
    ROOT,
    Progress,
    addresses,
    keep_authority,
    root_now,
    silent,
)
from satuklik.spine.signing.actions.revocation import renew_crl
from satuklik.spine.signing.actions.services import ServiceKind, ensure_service_keys, issue_service_key
from satuklik.spine.signing.certificates import Key
from satuklik.spine.signing.errors import AuthorityThere
from satuklik.spine.signing.models import Authority
from satuklik.spine.signing.rootfile import RootFile

SERVICE_KINDS: tuple[ServiceKind, ...] = ("timestamp", "responder")


@dataclass(frozen=True, repr=False)
class Ceremony:
    """What was made, before anything of it is kept: keys in this process's memory alone."""

    root_name: str
    issuing_name: str
    root: x509.Certificate
    issuing: x509.Certificate
    root_file: RootFile
    parts: Sequence[str]
    """One for each custodian, in order: shown once, kept nowhere."""
    root_key: Key
    issuing_key: Key

    def __repr__(self) -> str:
        return f"<Ceremony {self.root_file.fingerprint}>"


@sensitive_variables()
def prepare_ceremony(
    *,
    threshold: int,
    custodians: int,
    now: datetime,
    replacing: bool = False,
    issuing_bits: int = 4096,
    progress: Progress | None = None,
) -> Ceremony:
    """Make root (RSA, settings.SATUKLIK_ROOT_KEY_BITS) and issuing authority; nothing is stored yet.

    Raises AuthorityThere unless `replacing`, ValueError for a threshold that makes no sense.
    """
    there = list(Authority.objects.order_by("pk").values_list("name", flat=True))
    if there and not replacing:
        raise AuthorityThere(there)
    report = progress or silent
    root_name, issuing_name = free_name(ROOT), free_name(ISSUING)
    naming = certificates.naming_of_regency(settings.REGENCY_NAME)
    root_key = keygen.new_rsa(settings.SATUKLIK_ROOT_KEY_BITS)
    root = certificates.root_certificate(
        root_key, now, naming=naming, what=_numbered("Root CA", _number(root_name))
    )
    report(1, 3)
    issuing_key = keygen.new_rsa(min(issuing_bits, settings.SATUKLIK_ROOT_KEY_BITS))
    issuing = certificates.issuing_certificate(
        issuing_key.public_key(), root, root_key, addresses(root_name), now,
        naming=naming, what=_numbered("Issuing CA", _number(issuing_name)),
    )  # fmt: skip
    report(2, 3)
    file, parts = rootfile.seal(root_key, root, threshold=threshold, count=custodians, now=now)
    report(3, 3)
    return Ceremony(root_name, issuing_name, root, issuing, file, parts, root_key, issuing_key)


@dataclass(frozen=True)
class Kept:
    """What a ceremony leaves: root and issuing authority, and the certificates of our own services."""

    authorities: Sequence[Authority]
    services: Sequence[tuple[str, x509.Certificate]]
    """("timestamp" or "responder", certificate)"""


@sensitive_variables("made")
@transaction.atomic
def keep_ceremony(made: Ceremony, *, now: datetime, people: Sequence[tuple[str, str]]) -> Kept:
    """Keep what was made, in one transaction: the root without its key, the issuing authority in the vault, the
    first lists of both, keys for our TSA and OCSP responder. Authorities that were there retire; their lists go on,
    and so do answers about what they issued. `people`: (name, role)."""
    Authority.objects.filter(retired_at__isnull=True).update(retired_at=now)
    root = keep_authority(made.root_name, made.root, None, None)
    issuing = keep_authority(made.issuing_name, made.issuing, made.issuing_key, root)
    renew_crl(root.name, now=now, offline_key=made.root_key)
    renew_crl(issuing.name, now=now)
    data = {
        "root": made.root_file.fingerprint,
        "issuing": rootfile.fingerprint(made.issuing),
        "threshold": made.root_file.threshold,
        "custodians": made.root_file.count,
        "present": [{"name": name, "role": role} for name, role in people],
    }
    audit.record("ca", [audit.Happening("ca.ceremony", "system", data)], at=now)
    services = [
        (key.kind, x509.load_der_x509_certificate(bytes(key.certificate)))
        for key in (issue_service_key(kind, now=now, authority=issuing) for kind in SERVICE_KINDS)
    ]
    return Kept((root, issuing), services)


@sensitive_variables("root_key")
def new_issuing(root_key: Key | None, *, now: datetime, bits: int = 4096, by: str = "") -> Authority:
    """A new issuing authority under the newest root; the one before it retires and goes on publishing its list.

    `root_key`: out of the safe; None where the root's key lies in the vault (the demo). In one transaction: until it
    commits the old one issues. Raises NoAuthority, KeyOffline, BadRootFile.
    """
    row, key = root_now(root_key)
    root = x509.load_der_x509_certificate(bytes(row.certificate))
    name = free_name(ISSUING)
    made_key = keygen.new_rsa(min(bits, settings.SATUKLIK_ROOT_KEY_BITS))
    made = certificates.issuing_certificate(
        made_key.public_key(), root, key, addresses(row.name), now,
        naming=certificates.naming_like(root), what=_numbered("Issuing CA", _number(name)),
    )  # fmt: skip
    with transaction.atomic():
        Authority.objects.filter(parent__isnull=False, retired_at__isnull=True).update(retired_at=now)
        kept = keep_authority(name, made, made_key, row)
        renew_crl(name, now=now)
        ensure_service_keys(now=now)
        data = {"name": name, "fingerprint": rootfile.fingerprint(made), "root": row.name}
        audit.record("ca", [audit.Happening("ca.rotated", by or "system", data)], at=now)
    return kept


def free_name(kind: str) -> str:
    """The next name of a root or an issuing authority: "issuing", "issuing-2" …; addresses hold it for ever."""
    there = set(Authority.objects.values_list("name", flat=True))
    number = 1
    while _name(kind, number) in there:
        number += 1
    return _name(kind, number)


def _name(kind: str, number: int) -> str:
    return kind if number == 1 else f"{kind}-{number}"


def _number(name: str) -> int:
    _kind, _, number = name.partition("-")
    return int(number or 1)


def _numbered(what: str, number: int) -> str:
    return what if number == 1 else f"{what} {number}"
