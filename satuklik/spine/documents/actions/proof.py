"""Long-term proof of letters: each goes one step further, as a later file of the same letter."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from satuklik.base.audit import actions as audit
from satuklik.base.files import actions as files
from satuklik.base.files.queries import FileDamaged
from satuklik.spine.documents import queries
from satuklik.spine.documents.models import DocumentFile, IssuedDocument
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing import rules as signing_rules
from satuklik.spine.signing.errors import SigningError, TimestampUnavailable
from satuklik.spine.signing.registry import Augmented

log = logging.getLogger(__name__)


def augment_due(
    now: datetime,
    limit: int,
    before: datetime | None,
    after: int,
    progress: Callable[[], None],
) -> Augmented:
    """Up to `limit` letters that wait for more proof, each in a transaction of its own: one bad letter stops none.
    The shape of signing.registry.Archive. Raises TimestampUnavailable: nobody stamps now, so the rest waits."""
    improved = failed = last = 0
    gathered = signing.Gathering(now)
    for pk in list(
        _due(now, before).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit]
    ):
        try:
            improved += augment_one(pk, gathered, now=now, before=before)
        except TimestampUnavailable:
            raise
        except (SigningError, FileDamaged) as error:
            failed += 1
            log.warning("Letter %d gets no further proof tonight: %s", pk, error)
        last = pk
        progress()
    return Augmented(improved, failed, last)


def augment_one(
    pk: int, gathered: "signing.Gathering", *, now: datetime, before: datetime | None = None
) -> bool:
    """One letter one step further: B-B to B-T, else to B-LTA with all evidence and a fresh stamp. False where
    another run has it, or there is nothing to do any more. The original file stays; the newest is what is handed out.
    Raises SigningError, FileDamaged."""
    with transaction.atomic():
        document = _due(now, before).select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
        if document is None:
            return False
        made = signing.augment(queries.read(document), gathered, now=now)
        sha256 = files.store(made.pdf, "application/pdf", at=now)
        DocumentFile.objects.create(document=document, file_id=sha256, level=made.level, made_at=now)
        document.level, document.proof_until = made.level, made.proof_until
        document.save(update_fields=["level", "proof_until"])
        data: dict[str, Any] = {"level": made.level, "proof_until": made.proof_until, "sha256": sha256}
        audit.record(
            f"letter:{document.token}", [audit.Happening("letter.augmented", "system", data)], at=now
        )
    return True


def count_due(now: datetime, before: datetime | None = None) -> int:
    """How many letters wait for more proof."""
    return _due(now, before).count()


def _due(now: datetime, before: datetime | None) -> QuerySet[IssuedDocument]:
    """Letters that were issued before this moment, below B-LTA or with a proof that ends soon."""
    ends = before or now + signing_rules.RENEW_BEFORE
    waiting = ~Q(level="B-LTA") | Q(proof_until__isnull=True) | Q(proof_until__lte=ends)
    found = IssuedDocument.objects.filter(waiting, issued_at__lte=now)
    return found.exclude(queries.UNSIGNED)
