"""How a file is handed out so that no browser runs it."""

from datetime import datetime
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse

from satuklik.base.audit import actions as audit
from satuklik.base.audit.actions import Happening
from satuklik.base.files import queries as stored
from satuklik.spine.messaging.models import Attachment

SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def trace(
    request: HttpRequest, conversation_id: int, kind: str, data: dict[str, object], *, at: datetime
) -> None:
    """Leave a trace of an official's look at a person's data."""
    actor = f"official:{request.official.pk}"  # type: ignore[attr-defined]
    audit.record(f"conversation:{conversation_id}", [Happening(kind, actor, data)], at=at)


def file_answer(attachment: Attachment | None) -> HttpResponse:
    """The bytes of a kept file. Pictures are shown, everything else is downloaded; nothing in it runs."""
    if attachment is None or not attachment.sha256:
        raise Http404
    try:
        content = stored.read(attachment.sha256)
    except stored.FileDamaged:
        raise Http404 from None
    answer = HttpResponse(content, attachment.media_type)
    how = "inline" if attachment.media_type in SHOWN else "attachment"
    ascii_name = attachment.name.encode("ascii", "replace").decode().replace('"', "_").replace("?", "_")
    answer["Content-Disposition"] = (
        f"{how}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(attachment.name)}"
    )
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
