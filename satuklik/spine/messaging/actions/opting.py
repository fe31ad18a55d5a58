"""STOP, BERHENTI and MULAI: who wants no messages in a channel gets none there."""

from datetime import datetime, timedelta

from django.utils.translation import gettext, override

from satuklik.spine.messaging.actions import talks
from satuklik.spine.messaging.models import Conversation, ConversationEvent, Identity, Message

REMINDED_AGAIN = timedelta(hours=20)


def note_word(message: Message, word: str, now: datetime) -> None:
    """Act on "out" or "in"; "" is another message from an address that is opted out: tell once a day how to
    get answers again. In the caller's transaction. Words may come in any order: the later one counts."""
    conversation = Conversation.objects.get(pk=message.conversation_id)
    mine = Identity.objects.filter(conversation=conversation, channel=message.channel)
    if word == "":
        _remind(message, conversation, now)
        return
    kind = "opted_out" if word == "out" else "opted_in"
    key = f"{message.channel}:{kind}:{message.pk}"
    talks.note(conversation, kind, at=message.at, message=message, key=key)
    later = ConversationEvent.objects.filter(
        conversation=conversation, kind__in=("opted_out", "opted_in"), at__gt=message.at,
        message__channel=message.channel,
    )  # fmt: skip
    if later.exists():
        return
    mine.update(opted_out_at=message.at if word == "out" else None)
    with override(conversation.language):
        if word == "out":
            text = gettext(
                "Kami tidak akan mengirim pesan lagi lewat saluran ini. Balas MULAI untuk menerimanya lagi."
            )
        else:
            text = gettext("Anda menerima pesan kami lagi. Balas BERHENTI bila tidak menginginkannya.")
    _answer(message, text, now)


def _remind(message: Message, conversation: Conversation, now: datetime) -> None:
    recent = Message.objects.filter(
        conversation=conversation, direction="out", channel=message.channel, kind="reminder",
        stored_at__gt=now - REMINDED_AGAIN,
    )  # fmt: skip
    if recent.exists():
        return
    with override(conversation.language):
        text = gettext(
            "Pesan Anda kami terima. Karena Anda berhenti berlangganan, balas MULAI agar kami dapat menjawab di sini."
        )
    _answer(message, text, now, kind="reminder")


def _answer(message: Message, text: str, now: datetime, kind: str = "text") -> None:
    """An answer to the word itself, to the very address; it is the only thing that may go there."""
    Message.objects.create(
        conversation_id=message.conversation_id, identity_id=message.identity_id, direction="out", kind=kind,
        channel=message.channel, account=message.account, text=text, at=now, stored_at=now,
        status=Message.Status.QUEUED, next_try_at=now, template="opting",
    )  # fmt: skip
