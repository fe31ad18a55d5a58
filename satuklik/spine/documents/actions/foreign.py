"""Register PDFs that were not made here: signed or sealed by us, without a number of ours, and verifiable by all."""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.utils import timezone

from satuklik.base.audit import actions as audit
from satuklik.base.files import actions as files
from satuklik.base.postgres.actions import insert
from satuklik.spine.documents import rules
from satuklik.spine.documents.actions.issuing import verify_url
from satuklik.spine.documents.errors import NoTransaction
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.signing import actions as signing

FOREIGN = "tte"
TITLE = 160


def register_foreign(
    pdf: bytes,
    *,
    agency_id: int,
    title: str,
    reference: str,
    now: datetime,
    close: Callable[[bytes, str], signing.SignedPdf],
) -> IssuedDocument:
    """Sign or seal `pdf` with `close(pdf, address)`, where `address` is what the QR code of the visible signature
    leads to, and keep it as a letter without number: found by its hash and by its QR code.

    `reference` (≤ 20 characters) is what asked for it. In the caller's transaction; raises NoTransaction and what
    `close` raises.
    """
    if not connection.in_atomic_block:
        raise NoTransaction
    token = secrets.token_urlsafe(rules.TOKEN_BYTES)
    signed = close(pdf, verify_url(token))
    files.store(signed.pdf, "application/pdf", at=now)
    document = IssuedDocument(
        agency_id=agency_id,
        year=timezone.localdate(now).year,
        serial=None,
        number="",
        token=token,
        case_reference=reference,
        service=FOREIGN,
        title=title[:TITLE],
        person_id=None,
        file_id=signed.sha256,
        content=[],
        signature=signed.facts(),
        issued_at=now,
        level=signed.level,
        proof_until=signed.proof_until,
    )
    insert(document)
    happened = audit.Happening(
        "letter.registered",
        f"{signed.kind}:{signed.serial}",
        {"reference": reference, "sha256": signed.sha256},
    )
    audit.record(f"letter:{token}", [happened], at=now, new=True)
    return document
