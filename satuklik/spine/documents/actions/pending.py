"""Letters that a remote backend signs: numbered and printed in one transaction, signed outside of it, then in force.

A number is never lost in silence: the letter is signed under it, or another one of the same case is, or it stays in
the register as annulled with the reason (docs/adr/0024).
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from satuklik.base.audit import actions as audit
from satuklik.base.files import actions as files
from satuklik.base.files.queries import read
from satuklik.spine.documents import office, rules
from satuklik.spine.documents.errors import InTransaction, NotInForce, StillPending
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing import queries as uses
from satuklik.spine.signing.errors import OutcomeUnknown, SigningError
from satuklik.spine.signing.placement import Placement

PENDING = IssuedDocument.Status.PENDING
SIGNING, UNKNOWN, FAILED = "signing", "unknown", "failed"
NEVER_SIGNED = "Nomor ini tidak dipakai: surat tidak pernah ditandatangani ({reason})."


class _Signer(Protocol):
    @property
    def official(self) -> Any: ...
    @property
    def acting_as(self) -> str: ...


@dataclass(frozen=True)
class Closed:
    """What becomes of a page: its bytes, what the row says of the signature, and whether it is in force."""

    pdf: bytes
    sha256: str
    signature: dict[str, Any]
    status: str
    level: str = "B-B"
    proof_until: datetime | None = None


def closed(signed: signing.SignedPdf) -> Closed:
    """A page that is signed already."""
    in_force = IssuedDocument.Status.IN_FORCE
    return Closed(signed.pdf, signed.sha256, signed.facts(), in_force, signed.level, signed.proof_until)


def facts(
    pdf: bytes,
    *,
    agency: office.Agency,
    signer: _Signer | None,
    placement: Placement | None = None,
    address: str = "",
) -> Closed:
    """The page as it is before its signature; `placement` and `address` as `signing.sign` will get them."""
    said = {
        "pending": SIGNING,
        "kind": "seal" if signer is None else "official",
        "signer": agency.name if signer is None else signer.official.name,
        "position": "" if signer is None else signer.official.position,
        "acting_as": "" if signer is None else signer.acting_as,
        "head_title": agency.head_title,
        "agency": agency.name,
    }
    if placement is not None:
        said |= {"placement": placement.facts(), "address": address}
    return Closed(pdf, hashlib.sha256(pdf).hexdigest(), said, PENDING)


@sensitive_variables("key")
def sign_pending(
    document: IssuedDocument, *, key: signing.UnlockedKey | None = None, now: datetime
) -> signing.SignedPdf:
    """Sign a pending letter: with the agency's seal, or with the official's `key`. Outside of any transaction; the
    caller brings it into force with `enter_force` in one of his own.

    Raises InTransaction; OutcomeUnknown (it stays pending until `signing.resolve` or a person decides), and whatever
    else signing raises (it stays pending, and may be signed again).
    """
    if connection.in_atomic_block:
        raise InTransaction
    pdf = read(document.file_id)
    purpose, reference = document.service, document.case_reference or document.number
    try:
        if key is None:
            return signing.seal(
                pdf, agency_id=document.agency_id, now=now, purpose=purpose, reference=reference
            )
        said = document.signature
        return signing.sign(
            pdf,
            key=key,
            now=now,
            acting_as=said["acting_as"],
            head_title=said["head_title"],
            purpose=purpose,
            reference=reference,
            placement=Placement.from_facts(said["placement"]) if "placement" in said else None,
            address=said.get("address", ""),
        )
    except OutcomeUnknown as error:
        _mark(document, UNKNOWN, use=error.use_id)
        raise
    except SigningError as error:
        _mark(document, FAILED, error=type(error).__name__)
        raise


@transaction.atomic
def enter_force(document: IssuedDocument, signed: signing.SignedPdf, *, now: datetime) -> IssuedDocument:
    """The signed file takes the page's place. Raises NotInForce where the letter no longer waits, or another page waits
    under its number by now."""
    locked = _locked(document)
    if locked.file_id != document.file_id:
        raise NotInForce(locked.number, locked.status)
    files.store(signed.pdf, "application/pdf", at=now)
    locked.file_id, locked.signature = signed.sha256, signed.facts()
    locked.status, locked.level = IssuedDocument.Status.IN_FORCE, signed.level
    locked.proof_until = signed.proof_until
    locked.save(update_fields=["file", "signature", "status", "level", "proof_until"])
    return locked


def check_undecided(document: IssuedDocument, now: datetime) -> None:
    """Raises StillPending while the signature of a pending letter is being made or its outcome is not known."""
    use = uses.undecided_use(document.file_id)
    if use is not None:
        raise StillPending(document.number, use.pk)
    if document.signature.get("pending") == SIGNING and now < document.issued_at + patience():
        raise StillPending(document.number)


@transaction.atomic
def abandon(document: IssuedDocument, reason: str, *, actor: str, now: datetime) -> IssuedDocument:
    """A letter that will not be signed: its number stays in the register, annulled, with the reason. Raises
    StillPending, NotInForce."""
    locked = _locked(document)
    check_undecided(locked, now)
    locked.status, locked.status_at = IssuedDocument.Status.ANNULLED, now
    longest = IssuedDocument._meta.get_field("status_reason").max_length or 0
    locked.status_reason = NEVER_SIGNED.format(reason=reason.strip().rstrip("."))[:longest]
    locked.save(update_fields=["status", "status_at", "status_reason"])
    data = {"number": locked.number, "reason": reason}
    audit.record(f"letter:{locked.token}", [audit.Happening("letter.never_signed", actor, data)], at=now)
    return locked


def take_number(document: IssuedDocument, today: date, now: datetime) -> IssuedDocument | None:
    """The pending letter whose number the next one of its case takes; None where it had to be annulled, because its
    month is over. In the caller's transaction. Raises StillPending, NotInForce."""
    locked = _locked(document)
    check_undecided(locked, now)
    if rules.number_can_be_reused(timezone.localdate(locked.issued_at), today):
        return locked
    abandon(locked, "diterbitkan dengan nomor baru pada bulan berikutnya", actor="system", now=now)
    return None


def patience() -> timedelta:
    """How long a signature may be under way at most."""
    return timedelta(seconds=2 * settings.SATUKLIK_BSRE_TIMEOUT)


def _locked(document: IssuedDocument) -> IssuedDocument:
    locked = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    if locked.status != PENDING:
        raise NotInForce(locked.number, locked.status)
    return locked


def _mark(document: IssuedDocument, state: str, **more: object) -> None:
    document.signature = {**document.signature, "pending": state, **more}
    page = IssuedDocument.objects.filter(pk=document.pk, status=PENDING, file_id=document.file_id)
    page.update(signature=document.signature)
