"""Make legal objects of messages: one click, one transaction, one object, whoever clicks twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from satuklik.base.audit.actions import Happening, record
from satuklik.spine.intake import registry
from satuklik.spine.intake.actions.answering import lock, settle
from satuklik.spine.intake.actions.indexing import index_words
from satuklik.spine.intake.actions.learning import learn
from satuklik.spine.intake.errors import AlreadyMade, NotCreated, NothingChosen, UnknownKind
from satuklik.spine.intake.models import Look, Outcome, Suggestion
from satuklik.spine.intake.rules.kinds import GREETING, SPAM
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging import queries as messages

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.messaging.models import Conversation, Message


@dataclass(frozen=True)
class Wish:
    """What the officer wants made, and of which messages."""

    kind: str
    message_ids: tuple[int, ...]
    key: UUID
    """Of the form: sent twice, it makes one object."""
    agency_code: str = ""
    text: str = ""
    """The person's words as the officer cut them; empty takes the messages as they are."""
    urgent: bool = False
    secret: bool = False
    deadline: datetime | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    address: str = ""
    tell: bool = True
    """Send the person the number and what happens next."""
    again: bool = False
    """Another object of the same kind from the same message, on purpose."""


@transaction.atomic
def create(conversation: "Conversation", wish: Wish, *, by: "Official | None", now: datetime) -> Outcome:
    """Make the object and tell the person. The form sent twice gives the first one's outcome.

    Raises UnknownKind, NothingChosen, AlreadyMade, and NotCreated with the sentence of the system behind the kind.
    """
    desk = lock(conversation)
    made = Outcome.objects.filter(key=wish.key).first()
    if made is not None:
        return made
    kind = registry.KINDS.get(wish.kind)
    if kind is None or kind.create is None:
        raise UnknownKind(wish.kind)
    chosen = chosen_of(conversation, wish.message_ids)
    before = Outcome.objects.filter(kind=wish.kind, messages__in=[one.pk for one in chosen]).first()
    if before is not None and not wish.again:
        raise AlreadyMade(before)
    secret = wish.secret or desk.secret
    try:
        with transaction.atomic():
            created = kind.create(_intake(conversation, chosen, wish, secret), by, now)
    except registry.CannotCreate as error:
        raise NotCreated(str(error)) from error
    outcome = Outcome.objects.create(
        conversation=conversation, kind=wish.kind, subject=created.subject, reference=created.reference,
        url=created.url, tracking_url="" if secret else created.tracking_url, agency_code=wish.agency_code, secret=secret, at=now, by=by,
        key=wish.key,
    )  # fmt: skip
    outcome.messages.set(chosen)
    if secret and not desk.secret:
        desk.secret = True  # who must not be known in the matter is not known in the talk about it either
        desk.save(update_fields=["secret"])
    if secret:
        _tell_of_looks(conversation, outcome, now)
    if by is not None:
        _decide(chosen, wish, by, now, created.reference)
    _tell(conversation, created, wish, by, now, secret=secret)
    if not secret:
        index_words(conversation, created.reference)
    record(
        f"conversation:{conversation.pk}",
        [
            Happening(
                "intake.created",
                f"official:{by.pk}" if by else "system",
                {} if secret else {"subject": created.subject},
            )
        ],
        at=now,
    )
    return outcome


def _tell_of_looks(conversation: "Conversation", outcome: Outcome, now: datetime) -> None:
    """Whoever uncovered the person before the object was made stands in its trace too."""
    looks = Look.objects.filter(conversation=conversation, uncovered_until__isnull=False)
    for look in looks.select_related("official__agency").order_by("at"):
        for note_of in registry.UNCOVERED.values():
            note_of([outcome.subject], look.official, look.reason, look.at, now)


@transaction.atomic
def set_aside(
    conversation: "Conversation",
    *,
    by: "Official",
    now: datetime,
    kind: str = "",
    message_ids: Sequence[int] = (),
) -> bool:
    """Nothing is to be made of it (a greeting, spam, an answered question): it leaves the list until a new message.

    `kind`: what the officer says that these messages were, for triage to learn; the conversation then stays where
    another message of it waits. False when it stays, or was put aside before. Raises NothingChosen.
    """
    lock(conversation)
    if kind and message_ids:
        chosen = chosen_of(conversation, message_ids)
        _decide(chosen, Wish(kind, tuple(message_ids), UUID(int=0)), by, now, "")
        if _another_waits(conversation):
            return False
    settle(conversation, by)
    return messaging.close(conversation, by=by, now=now)


def _another_waits(conversation: "Conversation") -> bool:
    """Whether the person wrote something else since the last answer that nobody has decided: a greeting that is put
    aside must not take the question after it along."""
    if conversation.waiting_since is None:
        return False
    waiting = Suggestion.objects.filter(
        message__conversation=conversation, message__at__gte=conversation.waiting_since, decided_at=None
    )
    return waiting.exclude(likely__in=(GREETING, SPAM)).exists()


def chosen_of(conversation: "Conversation", ids: Sequence[int]) -> "list[Message]":
    """These messages of the person, in their order. Raises NothingChosen."""
    found = [
        one for one in messages.messages_by_id(ids)
        if one.conversation_id == conversation.pk and one.direction == "in"
    ]  # fmt: skip
    if not found or len(found) != len(set(ids)):
        raise NothingChosen
    return found


def _intake(
    conversation: "Conversation", chosen: "list[Message]", wish: Wish, secret: bool
) -> registry.Intake:
    whole = "\n\n".join(one.whole for one in chosen)
    files = [file.sha256 for file in messages.attachments_of([one.pk for one in chosen])]
    return registry.Intake(
        conversation_id=conversation.pk, message_ids=tuple(one.pk for one in chosen),
        text=wish.text.strip() or whole.strip(), received_at=chosen[0].at, channel=chosen[0].channel,
        name=wish.name.strip() or conversation.name, phone=conversation.phone, email=conversation.email,
        address=wish.address.strip(), agency_code=wish.agency_code, files=tuple(dict.fromkeys(files)),
        urgent=wish.urgent, secret=secret, deadline=wish.deadline, extra=tuple(wish.extra.items()),
    )  # fmt: skip


def _decide(chosen: "list[Message]", wish: Wish, by: "Official", now: datetime, reference: str) -> None:
    """Note what the officer made of the suggestions, and keep it to learn from."""
    open_ones = list(
        Suggestion.objects.select_for_update()
        .filter(message__in=[one.pk for one in chosen], decided_at=None)
        .select_related("message").order_by("message_id", "number")
    )  # fmt: skip
    several = len(open_ones) > len({one.message_id for one in open_ones})
    # Of several matters in one message this click settles the one of its kind; the others stay open.
    mine = [one for one in open_ones if one.likely == wish.kind] if several else open_ones
    for one in mine or open_ones[:1]:
        one.decided_kind, one.decided_agency = wish.kind, wish.agency_code
        one.decided_by, one.decided_at = by, now
        one.save(update_fields=["decided_kind", "decided_agency", "decided_by", "decided_at"])
        learn(one, by=by, now=now, ticket=reference)


def _tell(
    conversation: "Conversation", created: registry.Created, wish: Wish, by: "Official | None", now: datetime,
    *, secret: bool,
) -> None:  # fmt: skip
    if by is not None:
        if conversation.assigned_id is None:
            messaging.assign(conversation, by, by=by, now=now)
        settle(conversation, by)
    if wish.tell and created.reply:
        text = created.reply
        if created.tracking_url and created.tracking_url not in text:
            text = f"{text}\n{created.tracking_url}"
        # The link of a secret matter opens it: the office has no business with it.
        secrets = (*created.secrets, created.tracking_url) if secret else created.secrets
        messaging.reply(conversation, text, now=now, by=by, secrets=secrets)
