"""Answer a person, so that two officers never answer the same thing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.spine.intake.errors import AnsweredMeanwhile, EmptyText
from satuklik.spine.intake.models import CannedAnswer, Desk, Presence
from satuklik.spine.intake.rules.canned import LONGEST_ANSWER
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging import queries as messages

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.messaging.models import Conversation, Message

LOOKED_BACK = 30


@transaction.atomic
def answer(
    conversation: "Conversation",
    text: str,
    *,
    by: "Official",
    seen: int,
    now: datetime,
    template: str = "",
    variables: Sequence[str] = (),
    files: Sequence[str] = (),
    names: Sequence[str] = (),
) -> "Message":
    """Write to the person. `seen`: the id of the last answer of an officer that the page showed (0: none). `files`:
    SHA-256 of stored files, `names` theirs.

    Raises EmptyText, and AnsweredMeanwhile with what others wrote since: the caller keeps the typed text.
    """
    if not text.strip() and not template:
        raise EmptyText
    lock(conversation)
    newer = answers_since(conversation, seen)
    if newer:
        raise AnsweredMeanwhile(newer)
    sent = messaging.reply(
        conversation, text.strip()[:LONGEST_ANSWER], now=now, by=by, template=template, variables=variables,
        files=files, names=names,
    )  # fmt: skip
    if conversation.assigned_id is None:
        messaging.assign(conversation, by, by=by, now=now)
    settle(conversation, by)
    return sent


def lock(conversation: "Conversation") -> Desk:
    """The inbox's row of the conversation, locked until the caller's transaction ends: officers take turns."""
    Desk.objects.get_or_create(conversation=conversation)
    return Desk.objects.select_for_update().get(conversation=conversation)


def answers_since(conversation: "Conversation", seen: int) -> "list[Message]":
    """What officers wrote after the message `seen`, the oldest first."""
    found = messages.messages(conversation.pk, limit=LOOKED_BACK)
    return [one for one in found if one.direction == "out" and one.by_id is not None and one.pk > seen]


def settle(conversation: "Conversation", by: "Official") -> None:
    """Somebody has dealt with it: no emergency waits any more, and nobody is typing."""
    Desk.objects.filter(conversation=conversation).update(urgent_since=None)
    Presence.objects.filter(conversation=conversation, official=by).delete()


@transaction.atomic
def save_canned(
    slug: str, values: Mapping[str, object], *, by: "Official | None", now: datetime
) -> CannedAnswer:
    """Make or change a canned answer. `values`: title, text, kind, order, active."""
    row, _made = CannedAnswer.objects.update_or_create(
        slug=slug, defaults={**values, "updated_at": now, "updated_by": by}
    )
    return row
