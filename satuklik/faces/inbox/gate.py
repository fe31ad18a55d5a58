"""Who may open the chat inbox: officers of the information office, and nobody else's."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpRequest

from satuklik.spine.intake import queries

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.messaging.models import Conversation

ROLES = ("ppid", "staff", "secretary", "head")


def belongs(official: "Official | None") -> bool:
    """Whether the inbox is this official's."""
    return (
        official is not None
        and official.role in ROLES
        and official.agency.code == settings.SATUKLIK_PPID_AGENCY
    )


def who(request: HttpRequest) -> "Official":
    """The officer; for others the inbox does not exist (404)."""
    official: Official = request.official  # type: ignore[attr-defined]
    if not belongs(official):
        raise Http404
    return official


def found(request: HttpRequest, conversation_id: int) -> "tuple[Official, Conversation]":
    """The officer and the conversation (the one that it was merged into); else 404."""
    officer = who(request)
    conversation = queries.conversation(conversation_id)
    if conversation is None:
        raise Http404
    return officer, conversation
