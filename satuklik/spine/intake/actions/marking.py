"""Marks on conversations: who has it, who is there, notes, looks, uncovered identities, merged and parted persons."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.base.agencies import queries as agencies
from satuklik.base.audit.actions import Happening, record
from satuklik.spine.intake import registry
from satuklik.spine.intake.actions.answering import lock
from satuklik.spine.intake.actions.indexing import index_words
from satuklik.spine.intake.errors import EmptyText, MayNotUncover, NotTogether, ReasonNeeded
from satuklik.spine.intake.models import Desk, Look, Note, Outcome, Presence
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging.errors import NotJoinable
from satuklik.spine.population import actions as population
from satuklik.spine.population import queries as persons

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official
    from satuklik.spine.messaging.models import Conversation, Identity

SAME_LOOK = timedelta(minutes=10)
UNCOVERED = timedelta(hours=1)
SHORTEST_REASON, FEWEST_LETTERS = 20, 10  # as long as at the desk of complaints
LONGEST_NOTE = 4_000
LOOK_REASON = "Membaca percakapan di kotak pesan PPID"
SEARCH_REASON = "Mencari percakapan di kotak pesan PPID"
LOOK_FIELDS = ("name", "phone")


def assign(
    conversation: "Conversation", official: "Official | None", *, by: "Official", now: datetime
) -> bool:
    """Give the conversation to an officer, or to nobody. False when it was so already."""
    return messaging.assign(conversation, official, by=by, now=now)


def be_there(conversation: "Conversation", official: "Official", *, typing: bool, now: datetime) -> None:
    """A heartbeat: this officer has the conversation open, and types or does not."""
    Presence.objects.update_or_create(
        conversation=conversation, official=official, defaults={"typing": typing, "at": now}
    )


def forget_presence(now: datetime) -> int:
    """Forget who was there more than a day ago. How many rows went."""
    return Presence.objects.filter(at__lt=now - timedelta(days=1)).delete()[0]


@transaction.atomic
def note(conversation: "Conversation", text: str, *, by: "Official", now: datetime) -> Note:
    """Write an internal note. Raises EmptyText."""
    if not text.strip():
        raise EmptyText
    return Note.objects.create(conversation=conversation, by=by, at=now, text=text.strip()[:LONGEST_NOTE])


@transaction.atomic
def calm(conversation: "Conversation", *, by: "Official", now: datetime) -> bool:
    """The emergency is over, or was none. False when nobody had marked one."""
    changed = Desk.objects.filter(conversation=conversation, urgent_since__isnull=False).update(
        urgent_since=None
    )
    if changed:
        _audit(conversation, "intake.calmed", by, now)
    return bool(changed)


@transaction.atomic
def record_look(conversation: "Conversation", official: "Official", *, now: datetime) -> bool:
    """Leave the trace that this officer read the conversation, once in ten minutes. A resident of the register sees
    it among the accesses to his data. False when the last trace still stands."""
    lately = Look.objects.filter(conversation=conversation, official=official, at__gt=now - SAME_LOOK)
    if lately.exists():
        return False
    Look.objects.create(conversation=conversation, official=official, at=now)
    resident = persons.person_of(conversation.user) if conversation.user is not None else None
    if resident is not None:
        population.record_looks(
            official, [(resident.person_id, f"pesan-{conversation.pk}")], reason=LOOK_REASON, now=now,
            fields=LOOK_FIELDS,
        )  # fmt: skip
    return True


def record_search(found: "Sequence[Conversation]", official: "Official", *, now: datetime) -> int:
    """Leave the trace that a search showed these conversations' residents. How many residents were among them."""
    shown = []
    for one in found:
        resident = persons.person_of(one.user) if one.user_id is not None else None
        if resident is not None:
            shown.append((resident.person_id, f"pesan-{one.pk}"))
    if shown:
        population.record_looks(official, shown, reason=SEARCH_REASON, now=now, fields=("name",))
    return len(shown)


@transaction.atomic
def open_secret(conversation: "Conversation", *, by: "Official", reason: str, now: datetime) -> Look:
    """Uncover a secret person for one officer and one hour. It needs the right to reveal, and leaves the trace of the
    systems whose objects were made of the talk: the reporter reads it. Raises MayNotUncover, ReasonNeeded."""
    if not agencies.may_reveal(by):
        raise MayNotUncover
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON or sum(char.isalpha() for char in reason) < FEWEST_LETTERS:
        raise ReasonNeeded
    lock(
        conversation
    )  # whoever makes an object of it now makes it before or after, and leaves the trace then
    subjects = list(Outcome.objects.filter(conversation=conversation).values_list("subject", flat=True))
    for note_of in registry.UNCOVERED.values():
        note_of(subjects, by, reason[:200], now, now)
    look = Look.objects.create(
        conversation=conversation, official=by, at=now, reason=reason[:200], uncovered_until=now + UNCOVERED
    )
    # The reason may name the person: it stays in the room's own table, the audit names its row.
    _audit(conversation, "intake.uncovered", by, now, look=look.pk)
    return look


@transaction.atomic
def merge(into: "Conversation", other: "Conversation", *, by: "Official", now: datetime) -> "Conversation":
    """Two conversations are of one person. Raises NotTogether."""
    for one in sorted((into, other), key=lambda one: one.pk):
        lock(one)
    try:
        merged = messaging.join(into, other, by=by, now=now)
    except NotJoinable as error:
        raise NotTogether(str(error)) from error
    mine, theirs = Desk.objects.get(conversation=into), Desk.objects.get(conversation=other)
    mine.secret = mine.secret or theirs.secret
    mine.urgent_since = min(filter(None, (mine.urgent_since, theirs.urgent_since)), default=None)
    mine.deadline = mine.deadline or theirs.deadline
    mine.kind, mine.agency_code = mine.kind or theirs.kind, mine.agency_code or theirs.agency_code
    mine.save()
    theirs.urgent_since = None
    theirs.save(update_fields=["urgent_since"])
    for table in (Note, Outcome, Look):
        table.objects.filter(conversation=other).update(conversation=into)  # type: ignore[attr-defined]
    Presence.objects.filter(conversation=other).delete()
    index_words(merged)
    _audit(into, "intake.merged", by, now, other=other.pk)
    return merged


@transaction.atomic
def split(identity: "Identity", *, by: "Official", now: datetime) -> "Conversation":
    """An address belongs to somebody else: it gets a conversation of its own, with its messages and what was made of
    them. Raises NotTogether."""
    old_id = identity.conversation_id
    try:
        parted = messaging.split(identity, by=by, now=now)
    except NotJoinable as error:
        raise NotTogether(str(error)) from error
    old = Desk.objects.filter(conversation_id=old_id).first()
    Desk.objects.get_or_create(
        conversation=parted, defaults={"secret": bool(old and old.secret), "kind": old.kind if old else ""}
    )
    theirs = Outcome.objects.filter(conversation_id=old_id, messages__conversation=parted).distinct()
    Outcome.objects.filter(pk__in=list(theirs.values_list("pk", flat=True))).update(conversation=parted)
    index_words(parted)
    _audit(parted, "intake.parted", by, now, other=old_id)
    return parted


def _audit(conversation: "Conversation", kind: str, by: "Official", now: datetime, **data: object) -> None:
    record(f"conversation:{conversation.pk}", [Happening(kind, f"official:{by.pk}", data)], at=now)
