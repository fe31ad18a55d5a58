"""Questions that wait for this person's answer, and whether what was written since may be one. It only suggests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from satuklik.spine.intake import registry
from satuklik.spine.intake.models import Finding, Outcome
from satuklik.spine.messaging import queries as messaging

if TYPE_CHECKING:
    from satuklik.spine.messaging.models import Conversation, Message


@dataclass(frozen=True)
class MayAnswer:
    """The one question that waits here, and the messages written since that nothing was made of."""

    question: registry.Question
    message_ids: tuple[int, ...]


def questions(conversation: "Conversation") -> list[registry.Question]:
    """Every question that waits for this person's answer, the oldest first."""
    ids = messaging.joined_ids(conversation.pk)
    found = [one for asker in registry.ASKERS.values() for one in asker.waiting(ids)]
    return sorted(found, key=lambda one: one.asked_at)


def may_answer(found: Sequence[registry.Question], said: "Sequence[Message]") -> MayAnswer | None:
    """What the person wrote since the question, as its answer: only where exactly one question waits and nothing in the
    messages says that they are about something else (another number, an emergency, something made of them)."""
    if len(found) != 1:
        return None
    (question,) = found
    since = [
        one for one in said if one.direction == "in" and one.at > question.asked_at and not one.deleted_at
    ]
    made = Outcome.objects.filter(messages__in=[one.pk for one in since])
    used = set(made.values_list("messages", flat=True))
    free = [one.pk for one in since if one.pk not in used]
    for finding in Finding.objects.filter(message__in=free):
        named = {subject for _ticket, subject in finding.subjects if subject}
        if finding.emergency or named - {question.subject}:
            return None
    return MayAnswer(question, tuple(free)) if free else None
