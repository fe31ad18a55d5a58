"""Tell people something: always in their inbox, and by the channels that are switched on."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import override

from satuklik.base.postgres.actions import insert
from satuklik.spine.messaging.channels import (
    Channel,
    DeliveryFailed,
    Letterbox,
    register_channel,
    switched_on,
)
from satuklik.spine.messaging.models import OutboundMessage
from satuklik.spine.messaging.words import WORDS, register_words

__all__ = [
    "Channel", "deliver_waiting", "mark_read", "notify", "notify_person", "register_channel",
    "register_recipients", "register_words",
]  # fmt: skip

INAPP = "inapp"
DELIVERED_AT_ONCE = 100
TITLE_LENGTH, LINK_LENGTH = 200, 200
FindUser = Callable[[int], Any | None]
"""person id → the user who is bound to that person, or None"""
_find_user: FindUser | None = None


def register_recipients(find: FindUser) -> None:
    """Say how the user of a person is found (persons are known to a room beside this one)."""
    global _find_user
    _find_user = find


def notify(user: Any, kind: str, title: str, body: str, link: str, now: datetime) -> OutboundMessage:
    """Put a message into the user's inbox and queue it for every channel that reaches the user.

    Writes in the caller's transaction; nothing leaves the house before that has committed.
    """
    text = {
        "user": user,
        "kind": kind,
        "title": title[:TITLE_LENGTH],
        "body": body,
        "link": link[:LINK_LENGTH],
    }
    messages = [OutboundMessage(channel=INAPP, address="", created_at=now, sent_at=now, **text)]
    for channel in switched_on():
        address = channel.address_of(user)
        if address:
            messages.append(OutboundMessage(channel=channel.name, address=address, created_at=now, **text))
    for message in messages:
        insert(message)
    return messages[0]


def notify_person(
    person_id: int,
    *,
    kind: str,
    service: Mapping[str, str],
    reference: str,
    note: str,
    now: datetime,
    user: Any = None,
) -> OutboundMessage | None:
    """Tell whoever is bound to this person about a case; None when nobody is (a neighbour at the counter).

    `service` is the service's name in both languages; the words are those of `kind`, in the user's language.
    A kind without words is told to nobody. `user` saves the look-up where the account is at hand.
    """
    words = WORDS.get(kind)
    if user is None and _find_user and words:
        user = _find_user(person_id)
    if user is None or words is None:
        return None
    with override(user.language):
        name = service.get(user.language) or service.get("id", "")
        values = {"service": name, "reference": reference, "note": note}
        return notify(
            user, kind, words.title % values, (words.body % values).strip(), words.link % values, now
        )


def mark_read(user: Any, now: datetime) -> int:
    """Mark everything in the user's inbox as read. How many were new."""
    return OutboundMessage.objects.filter(user=user, channel=INAPP, read_at=None).update(read_at=now)


def deliver_waiting(now: datetime) -> int:
    """Hand over what waits, oldest first; what fails stays and is tried again. How many went out."""
    sent = 0
    channels = {channel.name: channel for channel in switched_on()}
    with transaction.atomic():
        waiting: Iterable[OutboundMessage] = (
            OutboundMessage.objects.select_for_update(skip_locked=True)
            .filter(sent_at=None, channel__in=channels)
            .order_by("id")[:DELIVERED_AT_ONCE]
        )
        for message in waiting:
            try:
                channels[message.channel].send(
                    Letterbox(message.address, message.title, message.body, message.link)
                )
            except DeliveryFailed:
                continue
            message.sent_at = now
            message.save(update_fields=["sent_at"])
            sent += 1
    return sent
