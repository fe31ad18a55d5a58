"""Read a user's inbox."""

from typing import Any

from django.db.models import QuerySet

from satuklik.spine.messaging.models import OutboundMessage

UNREAD_SQL = """SELECT count(*) FROM messaging_outboundmessage
  WHERE user_id = me.user_id AND channel = 'inapp' AND read_at IS NULL"""
"""`unread` as a scalar sub-select beside a row `me`."""


def inbox(user: Any) -> QuerySet[OutboundMessage]:
    """The user's messages, newest first."""
    return OutboundMessage.objects.filter(user=user, channel="inapp").order_by("-created_at", "-id")


def unread(user: Any) -> int:
    """How many messages the user has not opened yet."""
    return OutboundMessage.objects.filter(user=user, channel="inapp", read_at=None).count()
