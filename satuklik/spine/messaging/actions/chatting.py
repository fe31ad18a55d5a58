"""The chat on the portal: a browser's own key or an account writes; what the page shows counts as read."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from satuklik.spine.messaging.actions import people, receiving, replying
from satuklik.spine.messaging.actions.receiving import Handed
from satuklik.spine.messaging.models import Identity, Message

WEB = "web"


def address_of(user: Any, key: str) -> tuple[str, ...]:
    """The addresses of whoever is at the browser, the surest first. The key itself is not kept."""
    anonymous = (hashlib.sha256(key.encode()).hexdigest(),) if key else ()
    return (f"user-{user.pk}", *anonymous) if user.is_authenticated else anonymous


def write(
    user: Any,
    key: str,
    *,
    name: str,
    email: str,
    text: str,
    files: Sequence[Handed],
    once: str,
    now: datetime,
) -> Message:
    """Store what somebody wrote in the chat; the same `once` (the form's own word) counts once."""
    known = user.is_authenticated
    addresses = address_of(user, key)
    with transaction.atomic():
        message = receiving.receive(
            channel=WEB, address=addresses[0], also=addresses[1:], name=user.name if known else name, text=text,
            files=files, external_id=f"{addresses[0][:70]}:{once[:64]}", at=now, now=now, kind="text",
            user=user if known else None, phone=user.phone if known and user.phone_verified and user.phone else "",
        )  # fmt: skip
        if email:
            people.add_typed(message.conversation_id, email, now)
    return message


def shown(user: Any, key: str, now: datetime) -> list[Message]:
    """The messages that this browser may see, oldest first; those to it are read by being shown.

    With an account it is the whole conversation. A browser without one sees what it wrote and what was written to it.
    """
    addresses = address_of(user, key)
    mine = list(Identity.objects.filter(channel=WEB, address__in=addresses))
    if not mine:
        return []
    rows = Message.objects.filter(conversation_id__in={one.conversation_id for one in mine}).exclude(
        channel=replying.NOWHERE
    )
    if not user.is_authenticated:
        rows = rows.filter(identity__in=mine)
    found = list(
        rows.prefetch_related("attachments").select_related("by__agency").order_by("-at", "-pk")[:200]
    )
    new = [one for one in found if one.channel == WEB and one.direction == "out" and one.status != "read"]
    if new:
        read(new, now)
    return list(reversed(found))


@transaction.atomic
def read(messages: Sequence[Message], now: datetime) -> None:
    """Note that the person has seen these."""
    rows = Message.objects.select_for_update().filter(pk__in=[one.pk for one in messages]).order_by("pk")
    for row in rows:
        if row.status == "queued":
            replying.step(row, "sent", now)
        replying.step(row, "delivered", now)
        replying.step(row, "read", now)
