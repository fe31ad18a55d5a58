"""The chat on the portal: what goes out is there as soon as it is stored; the page itself is the delivery."""

from datetime import datetime

from django.utils.translation import gettext, override

from satuklik.spine.messaging.actions import notifying
from satuklik.spine.messaging.adapters.registry import Adapter, Parcel, Sent, register_adapter
from satuklik.spine.messaging.models import Conversation

LONGEST_NOTICE = 300


def send(parcel: Parcel, now: datetime) -> Sent:
    """The page reads the message from the table: there is nobody to hand it to. An account is told in its inbox."""
    user = Conversation.objects.select_related("user").get(pk=parcel.conversation_id).user
    if user is not None:
        with override(user.language):
            title = gettext("Ada jawaban untuk Anda")
        notifying.notify(user, "message", title, parcel.veiled[:LONGEST_NOTICE], "/obrolan/", now)
    return Sent(f"out-{parcel.message_id}", "", "sent")


def register() -> None:
    """Make the channel known."""
    register_adapter(Adapter("web", lambda: True, send, list, local=True))
