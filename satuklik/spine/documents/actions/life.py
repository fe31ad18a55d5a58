"""What happens to a letter after it was issued: annulled, replaced, opened by a stranger."""

from datetime import datetime

from django.db import transaction

from satuklik.base.audit import actions as audit
from satuklik.spine.documents.errors import NotInForce
from satuklik.spine.documents.models import IssuedDocument


@transaction.atomic
def annul(document: IssuedDocument, reason: str, *, actor: str, now: datetime) -> IssuedDocument:
    """Take a letter out of force for good. Raises NotInForce where it no longer is."""
    return _end(document, IssuedDocument.Status.ANNULLED, reason, actor=actor, now=now)


@transaction.atomic
def replace(
    document: IssuedDocument, by: IssuedDocument, reason: str, *, actor: str, now: datetime
) -> IssuedDocument:
    """Let the letter `by` take the place of `document`. Raises NotInForce where it is no longer in force."""
    return _end(document, IssuedDocument.Status.REPLACED, reason, actor=actor, now=now, replaced_by=by)


@transaction.atomic
def note_opening(document: IssuedDocument, *, now: datetime) -> None:
    """Record that somebody without login opened the registered PDF."""
    IssuedDocument.objects.select_for_update().get(pk=document.pk)
    opened = audit.Happening("letter.opened", "stranger", {"number": document.number})
    audit.record(f"letter:{document.token}", [opened], at=now)


def _end(
    document: IssuedDocument,
    status: str,
    reason: str,
    *,
    actor: str,
    now: datetime,
    replaced_by: IssuedDocument | None = None,
) -> IssuedDocument:
    locked = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    if locked.status != IssuedDocument.Status.IN_FORCE:
        raise NotInForce(locked.number, locked.status)
    locked.status, locked.status_reason, locked.status_at = status, reason, now
    locked.replaced_by = replaced_by
    locked.save(update_fields=["status", "status_reason", "status_at", "replaced_by"])
    happening = audit.Happening(f"letter.{status}", actor, {"number": locked.number, "reason": reason})
    audit.record(f"letter:{locked.token}", [happening], at=now)
    return locked
