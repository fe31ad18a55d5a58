"""A message is taken as the answer to the question that waits in its conversation: by an officer's click, never alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.base.audit.actions import Happening, record
from satuklik.spine.intake import queries, registry
from satuklik.spine.intake.actions.answering import lock, settle
from satuklik.spine.intake.actions.creating import chosen_of
from satuklik.spine.intake.errors import NotCreated, NotTheQuestion
from satuklik.spine.intake.models import Suggestion
from satuklik.spine.intake.rules.kinds import ANSWER
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging import queries as messages

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.messaging.models import Conversation, Message


@transaction.atomic
def take_answer(
    conversation: "Conversation", subject: str, message_ids: Sequence[int], *, by: "Official", now: datetime
) -> "Message":
    """Keep these messages as the answer to the one question that waits here, `subject`'s; the matter moves on, and the
    person is told that it was understood so. Returns that message. Raises NotTheQuestion (it waits no longer, or another
    waits beside it), NothingChosen, NotCreated."""
    lock(conversation)
    waiting = queries.questions(conversation)
    if [one.subject for one in waiting] != [subject]:
        raise NotTheQuestion
    chosen = chosen_of(conversation, message_ids)
    if any(one.at <= waiting[0].asked_at for one in chosen):
        raise NotTheQuestion  # nobody answers before he is asked
    asker = registry.ASKERS[subject.partition(":")[0]]
    files = [(file.sha256, file.name) for file in messages.attachments_of([one.pk for one in chosen])]
    text = "\n\n".join(one.whole for one in chosen)
    answer = registry.Answer(subject, text.strip(), tuple(dict(files).items()), chosen[-1].at)
    try:
        with transaction.atomic():
            told = asker.take(answer, by, now)
    except registry.CannotCreate as error:
        raise NotCreated(str(error)) from error
    # No kind of object was meant: triage neither learns from it nor is measured by it.
    open_ones = Suggestion.objects.filter(message__in=[one.pk for one in chosen], decided_at=None)
    open_ones.update(decided_kind=ANSWER, decided_by=by, decided_at=now)
    if conversation.assigned_id is None:
        messaging.assign(conversation, by, by=by, now=now)
    settle(conversation, by)
    record(
        f"conversation:{conversation.pk}",
        [Happening("intake.answer_taken", f"official:{by.pk}", {"messages": [one.pk for one in chosen]})],
        at=now,
    )
    return messaging.reply(conversation, told, now=now, by=by)
