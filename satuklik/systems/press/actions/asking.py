"""A journalist asks; the desk takes the question, notes every attempt, hands data requests over."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from satuklik.base.audit import actions as audit
from satuklik.base.once import actions as once
from satuklik.kernel.codes import code
from satuklik.spine.intake import registry as intake
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging import queries as conversations
from satuklik.spine.referrals import actions as referrals
from satuklik.systems.press import permits, policies, rules, telling
from satuklik.systems.press.errors import BadText, CannotHandOver, NoContact, NotYours, WrongState
from satuklik.systems.press.models import Attempt, Enquiry, EnquiryEvent, Journalist, Outlet

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

STREAM = "press:"
KEY_BYTES = 18  # 144 bits
FORM = "press form"
OVER = "Pertanyaan wartawan ini sudah dijawab atau dicabut; fakta tidak diperlukan lagi."
READ_AGAIN = timedelta(hours=12)  # one trace of reading for an official and half a day


@dataclass(frozen=True)
class Asked:
    """A question that came in, with the word that opens its tracking page (kept nowhere else)."""

    enquiry: Enquiry
    key: str


@transaction.atomic
def ask(
    *,
    name: str,
    outlet: str,
    question: str,
    topic: str = "",
    allegation: str = "",
    phone: str = "",
    email: str = "",
    deadline: datetime | None = None,
    urgent: bool = False,
    conversation: Any = None,
    channel: str = "portal",
    files: Sequence[str] = (),
    received_at: datetime,
    now: datetime,
    user: Any = None,
    word: str = "",
) -> Asked:
    """Take a question. The clock begins with `received_at`, whoever reads it when. The same `word` (of a form) with the
    same content again gives the same question and key. Raises BadText, NoContact.

    A journalist is somebody with a telephone or an e-mail address; nobody is asked for a press card.
    """
    question, allegation = clean(question), clean(allegation)
    _within("question", question, rules.LONGEST_QUESTION)
    _within("allegation", allegation, rules.LONGEST_QUESTION, empty=True)
    if conversation is None and not (phone or email):
        raise NoContact
    said = (name, outlet, question, topic, allegation, phone, email, deadline, urgent, channel, files)
    word = once.bound(word, *said)
    key = once.link_key(word, purpose=FORM, size=KEY_BYTES)
    known = once.earlier(word, purpose=FORM, find=Enquiry.objects.filter(key_sha256=digest(key)).first)
    if known is not None:
        return Asked(known, key)
    if conversation is None:
        conversation = messaging.open_conversation(name=name, phone=phone, email=email, user=user, now=now)
    house = outlet_of(outlet, now)
    journalist = _journalist(
        name, house, phone or conversation.phone, email or conversation.email, conversation, now
    )
    policy = policies.in_force(timezone.localdate(received_at))
    at = policies.local(received_at)
    ends = policies.local(deadline) if deadline else None
    hurried = rules.is_urgent(policy, at, ends, marked=urgent)
    enquiry = Enquiry.objects.create(
        reference=f"PR-{code(secrets.token_bytes(8))}", journalist=journalist, outlet=house, conversation=conversation,
        channel=channel, topic=_topic(topic or question), question=question, allegation=allegation, files=list(files),
        received_at=received_at, deadline=deadline, urgent=hurried,
        due_at=rules.due_at(policy, at, urgent=hurried, deadline=ends, is_workday=policies.is_workday),
        key_sha256=digest(key),
    )  # fmt: skip
    note(enquiry, rules.ASKED, now)
    way = (
        Attempt.Way.PORTAL
        if channel in ("portal", "web")
        else Attempt.Way.EMAIL
        if channel == "email"
        else Attempt.Way.CHAT
    )
    log(enquiry, at=received_at, now=now, by=None, way=way, outcome=Attempt.Outcome.RECEIVED, whom="wartawan")
    audit.record(
        f"{STREAM}{enquiry.reference}",
        [audit.Happening("press.asked", "portal" if channel == "portal" else "desk", {"urgent": hurried})],
        at=now, new=True,
    )  # fmt: skip
    telling.desk_of_new(enquiry, now)
    return Asked(enquiry, key)


@transaction.atomic
def assign(enquiry: Enquiry, *, to: "Official", by: "Official", now: datetime) -> Enquiry:
    """Give the question to somebody of the desk (again, if need be). Raises NotYours, WrongState."""
    enquiry = locked(enquiry)
    _of_desk(by, now)
    _of_desk(to, now)
    if enquiry.state == rules.ASKED:
        move(enquiry, rules.ASSIGNED, by=by, now=now)
    elif enquiry.state not in rules.UNANSWERED:
        raise WrongState(enquiry.state, rules.ASSIGNED)
    elif enquiry.assigned_id != to.pk:
        note(enquiry, rules.ASSIGNED, now, by=by)
    if enquiry.assigned_id != to.pk:
        enquiry.assigned = to
        enquiry.save(update_fields=["assigned"])
        if to.pk != by.pk:
            telling.assigned(enquiry, now)
    return enquiry


@transaction.atomic
def make_urgent(enquiry: Enquiry, *, by: "Official", now: datetime) -> Enquiry:
    """The desk sees that it is urgent: the short clock counts from receipt. It never makes the date later."""
    enquiry = locked(enquiry)
    _of_desk(by, now)
    if enquiry.state not in rules.UNANSWERED:
        raise WrongState(enquiry.state, "urgent")
    if not enquiry.urgent:
        policy = policies.in_force(timezone.localdate(enquiry.received_at))
        ends = policies.local(enquiry.deadline) if enquiry.deadline else None
        due = rules.due_at(
            policy,
            policies.local(enquiry.received_at),
            urgent=True,
            deadline=ends,
            is_workday=policies.is_workday,
        )
        enquiry.urgent, enquiry.due_at = True, min(due, enquiry.due_at)
        enquiry.save(update_fields=["urgent", "due_at"])
        note(enquiry, "urgent", now, by=by)
    return enquiry


@transaction.atomic
def attempt(
    enquiry: Enquiry,
    *,
    way: str,
    outcome: str,
    whom: str,
    at: datetime,
    by: "Official",
    note: str = "",
    now: datetime,
) -> Attempt:
    """Note a call, a visit, a letter by hand. Raises NotYours, BadText."""
    _of_desk(by, now)
    whom, words = clean(whom)[:120], clean(note)
    _within("whom", whom, 120)
    _within("note", words, rules.LONGEST_NOTE, empty=True)
    return log(enquiry, at=min(at, now), now=now, by=by, way=way, outcome=outcome, whom=whom, text=words)


@transaction.atomic
def hand_over(enquiry: Enquiry, *, by: "Official", now: datetime) -> Enquiry:
    """A question for data becomes an information request, with the same clock: day 0 stays the day of the question.
    Raises NotYours, WrongState, CannotHandOver."""
    enquiry = locked(enquiry)
    _of_desk(by, now)
    if rules.HANDED_OVER not in rules.NEXT[enquiry.state]:
        raise WrongState(enquiry.state, rules.HANDED_OVER)
    kind = intake.KINDS.get("information")
    if kind is None or kind.create is None:
        raise CannotHandOver(str(telling.NO_INFORMATION_DESK))
    person = enquiry.journalist
    try:
        made = kind.create(
            intake.Intake(
                conversation_id=enquiry.conversation_id or 0, message_ids=(), text=enquiry.question,
                received_at=enquiry.received_at, channel=enquiry.channel, name=person.name, phone=person.phone,
                email=person.email, files=tuple(enquiry.files), urgent=enquiry.urgent,
            ),
            by, now,
        )  # fmt: skip
    except intake.CannotCreate as error:
        raise CannotHandOver(str(error)) from error
    enquiry.handed_to, enquiry.handed_url = made.subject, made.url
    enquiry.save(update_fields=["handed_to", "handed_url"])
    move(enquiry, rules.HANDED_OVER, by=by, now=now, text=made.reference)
    text = made.reply if made.tracking_url in made.reply else f"{made.reply}\n{made.tracking_url}"
    messaging.reply(conversation_of(enquiry, now), text, now=now, by=by, subject=enquiry.topic)
    return enquiry


@transaction.atomic
def withdraw(enquiry: Enquiry, *, by: "Official | None", reason: str, now: datetime) -> Enquiry:
    """The journalist no longer asks. `by`: None where he said so himself on his page."""
    over(enquiry, by=by, now=now)
    enquiry = locked(enquiry)
    if by is not None:
        _of_desk(by, now)
    return move(enquiry, rules.WITHDRAWN, by=by, now=now, text=clean(reason))


def note_read(enquiry: Enquiry, *, by: "Official", now: datetime) -> None:
    """An official opened the page with a journalist's contact: one trace for half a day (UU 27/2022 ps. 16(2))."""
    since = now - READ_AGAIN
    if not EnquiryEvent.objects.filter(enquiry=enquiry, kind="read", by=by, at__gt=since).exists():
        note(enquiry, "read", now, by=by)


# -- Shared by the actions ---------------------------------------------------------------------------


def locked(enquiry: Enquiry) -> Enquiry:
    """The row as it is now, for the rest of the transaction."""
    # Locked first, read in a second statement: what is joined to a row that had to be waited for is as old as the
    # beginning of the wait (a statement that was given back meanwhile).
    Enquiry.objects.select_for_update().only("pk").get(pk=enquiry.pk)
    return Enquiry.objects.select_related(
        "journalist", "outlet", "conversation", "assigned__user", "statement__written_by"
    ).get(pk=enquiry.pk)


def over(enquiry: Enquiry, *, by: "Official | None", now: datetime) -> None:
    """No facts are needed any more. Before the enquiry is locked: an agency that answers holds its referral first."""
    actor = f"official:{by.pk}" if by else "journalist"
    referrals.release(f"{STREAM}{enquiry.reference}", actor=actor, reason=OVER, now=now)


def move(enquiry: Enquiry, state: str, *, by: "Official | None", now: datetime, text: str = "") -> Enquiry:
    """To the next state, where the table allows it; the caller holds the lock. Raises WrongState."""
    if state not in rules.NEXT[enquiry.state]:
        raise WrongState(enquiry.state, state)
    enquiry.state = state
    enquiry.save(update_fields=["state"])
    note(enquiry, state, now, by=by, text=text)
    return enquiry


def note(
    enquiry: Enquiry, kind: str, now: datetime, *, by: "Official | None" = None, text: str = ""
) -> EnquiryEvent:
    """Write what happened."""
    return EnquiryEvent.objects.create(
        enquiry=enquiry, kind=kind, at=now, by=by, note=text[: rules.LONGEST_NOTE]
    )


def log(
    enquiry: Enquiry, *, at: datetime, now: datetime, by: "Official | None", way: str, outcome: str, whom: str,
    text: str = "", message: Any = None,
) -> Attempt:  # fmt: skip
    """Write an attempt."""
    return Attempt.objects.create(
        enquiry=enquiry,
        at=at,
        noted_at=now,
        by=by,
        way=way,
        outcome=outcome,
        whom=whom,
        note=text,
        message=message,
    )


def clean(text: str) -> str:
    """A text as PostgreSQL can keep it."""
    return text.replace("\0", "").strip()


def digest(key: str) -> str:
    """What the database keeps of the word that opens a tracking page."""
    return hashlib.sha256(key.encode()).hexdigest()


def outlet_of(name: str, now: datetime) -> Outlet | None:
    """The outlet of this name, made where it is new; None without a name."""
    name = " ".join(clean(name).split())[:120]
    key = re.sub(r"[^\w]+", "", name.casefold())[:120]
    if not key:
        return None
    found, _made = Outlet.objects.get_or_create(key=key, defaults={"name": name, "created_at": now})
    return found


def _journalist(
    name: str, outlet: Outlet | None, phone: str, email: str, conversation: Any, now: datetime
) -> Journalist:
    email = email.strip().lower()[:254]
    known = None
    if phone:
        known = Journalist.objects.filter(phone=phone).first()
    elif email:
        known = Journalist.objects.filter(phone="", email=email).first()
    else:
        known = Journalist.objects.filter(conversation=conversation).first()
    if known is None:
        known = _new(name, phone, email, conversation, now)
    known.outlet = outlet or known.outlet
    known.conversation = conversation
    known.email = known.email or email
    known.save(update_fields=["outlet", "conversation", "email"])
    return known


def _new(name: str, phone: str, email: str, conversation: Any, now: datetime) -> Journalist:
    name = " ".join(clean(name).split())[:120] or "Wartawan"
    try:
        with transaction.atomic():
            return Journalist.objects.create(
                name=name, phone=phone, email=email, conversation=conversation, created_at=now
            )
    except IntegrityError:  # another question of the same person came in at the same moment
        same = {"phone": phone} if phone else {"phone": "", "email": email}
        return Journalist.objects.get(**same)


def _topic(text: str) -> str:
    """One line that says what it is about; long numbers and addresses do not stand in lists."""
    line = " ".join(telling.without_personal_data(text).split())
    return line if len(line) <= 120 else f"{line[:119].rstrip()}…"


def _within(field: str, text: str, most: int, *, empty: bool = False) -> None:
    if len(text) > most or not (text or empty):
        raise BadText(field, most)


def _of_desk(official: "Official", now: datetime) -> None:
    if not permits.of_desk(official, now):
        raise NotYours(official.name)


def conversation_of(enquiry: Enquiry, now: datetime) -> Any:
    """The conversation in which the journalist is answered; joined ones lead to what they became."""
    if enquiry.conversation_id is not None:
        return conversations.conversation(enquiry.conversation_id)
    person = enquiry.journalist
    return messaging.open_conversation(name=person.name, phone=person.phone, email=person.email, now=now)
