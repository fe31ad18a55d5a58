"""Read PDFs that wait for a signature: whose they are, what a page shows of them, what became of them."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from satuklik.base.files import queries as files
from satuklik.spine.requests.errors import NoSuchRequest
from satuklik.spine.requests.models import SigningRequest
from satuklik.spine.signing import queries as signing

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

__all__ = [
    "SigningRequest", "content", "mark_of", "of_caller", "of_official", "page_picture", "result_of", "signed_by",
    "waiting",
]  # fmt: skip
PICTURE_PPI = 96
State = SigningRequest.State


def waiting(
    official: "Official", references: Sequence[str] | None = None, limit: int = 200
) -> list[SigningRequest]:
    """What waits for this official, the oldest first; also his own drafts where they are named."""
    states = [State.WAITING] if references is None else [State.WAITING, State.DRAFT]
    rows = SigningRequest.objects.filter(official=official, state__in=states)
    if references is not None:
        rows = rows.filter(reference__in=references)
    return list(
        rows.select_related("agency", "signed_for", "application").order_by("created_at", "pk")[:limit]
    )


def of_official(reference: str, official: "Official") -> SigningRequest:
    """A request to this official. Raises NoSuchRequest."""
    rows = SigningRequest.objects.select_related("agency", "signed_for", "application", "document")
    found = rows.filter(reference=reference.replace("\x00", ""), official=official).first()
    if found is None:
        raise NoSuchRequest(reference)
    return found


def of_caller(reference: str, user: Any) -> SigningRequest:
    """A request that this account has made. Raises NoSuchRequest."""
    rows = SigningRequest.objects.select_related("agency", "application", "document", "official")
    found = rows.filter(reference=reference.replace("\x00", ""), user=user).exclude(state=State.DRAFT).first()
    if found is None:
        raise NoSuchRequest(reference)
    return found


def signed_by(reference: str, official: "Official", since: datetime) -> SigningRequest | None:
    """The request, where this official has signed it after `since`."""
    rows = SigningRequest.objects.filter(reference=reference, official=official, state=State.SIGNED)
    return rows.filter(decided_at__gt=since).first()


def mark_of(request: SigningRequest) -> str:
    """What stands for the content that is shown: the file, and where and as whom it is to be signed."""
    said = json.dumps([request.file_id, request.placement, request.signed_for_id], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def content(request: SigningRequest) -> bytes:
    """The PDF as it came. Raises files' FileDamaged."""
    return files.read(request.file_id)


def page_picture(request: SigningRequest, page: int) -> bytes:
    """A page (1 …) of the PDF as it came, as PNG, drawn in the sandbox. Raises signing's CannotRead."""
    return signing.page_picture(files.read(request.file_id), page, PICTURE_PPI)


def result_of(request: SigningRequest) -> dict[str, Any]:
    """What its application is told: the JSON shape of the API and of webhooks."""
    said: dict[str, Any] = {
        "reference": request.reference,
        "your_reference": request.callers_reference,
        "title": request.title,
        "state": request.state,
        "reason": request.reason,
        "created_at": request.created_at.isoformat(),
        "decided_at": request.decided_at.isoformat() if request.decided_at else None,
        "status_url": f"{settings.PUBLIC_URL}/api/signing/requests/{request.reference}",
    }
    document = request.document
    if document is not None:
        said |= {
            "file_url": f"{settings.PUBLIC_URL}/api/signing/requests/{request.reference}/file",
            "verify_url": f"{settings.PUBLIC_URL}/v/{document.token}",
            "sha256": document.file_id,
            "signature": {
                name: document.signature.get(name)
                for name in ("kind", "signer", "position", "agency", "serial", "signed_at", "level")
            },
        }
    return said
