"""The statement: written, approved by another, sent on the journalist's own channel."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.base.audit import actions as audit
from satuklik.spine.messaging import actions as messaging
from satuklik.systems.press import permits, rules, telling
from satuklik.systems.press.actions.asking import (
    STREAM,
    clean,
    conversation_of,
    locked,
    log,
    move,
    note,
    over,
)
from satuklik.systems.press.errors import BadText, NotTheVersionShown, NotYours, OwnWork, WrongState
from satuklik.systems.press.models import Attempt, Enquiry, Statement

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


@transaction.atomic
def write(
    enquiry: Enquiry, *, text: str, by: "Official", now: datetime, spokesperson: str = "", submit: bool = False,
    seen: int | None = None,
) -> Statement:  # fmt: skip
    """A new version. `submit` puts it before those who approve; `seen`: the number of the version that the writer
    had before him. Raises BadText, NotYours, WrongState, NotTheVersionShown."""
    enquiry = locked(enquiry)
    if not permits.of_desk(by, now):
        raise NotYours(by.name)
    if enquiry.state not in rules.WRITING:
        raise WrongState(enquiry.state, rules.DRAFT)
    text, spokesperson = clean(text), clean(spokesperson)[:160]
    if not text or len(text) > rules.LONGEST_STATEMENT:
        raise BadText("text", rules.LONGEST_STATEMENT)
    current = enquiry.statement.number if enquiry.statement else 0
    if seen is not None and seen != current:
        raise NotTheVersionShown(seen, current)
    statement = Statement.objects.create(
        enquiry=enquiry, number=current + 1, text=text, spokesperson=spokesperson, written_by=by, written_at=now,
        submitted_at=now if submit else None,
    )  # fmt: skip
    enquiry.statement = statement
    enquiry.save(update_fields=["statement"])
    if enquiry.state != rules.DRAFT:
        move(enquiry, rules.DRAFT, by=by, now=now)
    if submit:
        note(enquiry, "submitted", now, by=by)
        telling.approvers(enquiry, now)
    return statement


@transaction.atomic
def approve(enquiry: Enquiry, *, seen: int, by: "Official", now: datetime) -> Enquiry:
    """Four eyes: the head of the press desk's agency, Sekda, or who acts for them, and never a writer of it.
    Raises NotYours, OwnWork, NotTheVersionShown, WrongState."""
    enquiry = locked(enquiry)
    statement = _submitted(enquiry, seen, by, now)
    if enquiry.statements.filter(written_by=by).exists():
        raise OwnWork(by.name)
    statement.approved_by, statement.approved_at = by, now
    statement.save(update_fields=["approved_by", "approved_at"])
    move(enquiry, rules.APPROVED, by=by, now=now)
    audit.record(
        f"{STREAM}{enquiry.reference}",
        [audit.Happening("press.approved", f"official:{by.pk}", {"version": statement.number})], at=now,
    )  # fmt: skip
    telling.of_approval(enquiry, now)
    return enquiry


@transaction.atomic
def give_back(enquiry: Enquiry, *, seen: int, reason: str, by: "Official", now: datetime) -> Enquiry:
    """Not like this: back to the writer, with the reason. Raises as `approve`, and BadText."""
    enquiry = locked(enquiry)
    statement = _submitted(enquiry, seen, by, now)
    reason = clean(reason)
    if not reason or len(reason) > rules.LONGEST_NOTE:
        raise BadText("reason", rules.LONGEST_NOTE)
    statement.returned_by, statement.returned_at, statement.return_reason = by, now, reason
    statement.save(update_fields=["returned_by", "returned_at", "return_reason"])
    note(enquiry, "returned", now, by=by, text=reason)
    telling.returned(enquiry, reason, now)
    return enquiry


@transaction.atomic
def send(enquiry: Enquiry, *, by: "Official", now: datetime) -> Enquiry:
    """The approved statement goes to the journalist on his channel, once. Raises NotYours, WrongState."""
    over(enquiry, by=by, now=now)
    enquiry = locked(enquiry)
    if not permits.of_desk(by, now):
        raise NotYours(by.name)
    statement = enquiry.statement
    if enquiry.state != rules.APPROVED or statement is None:
        raise WrongState(enquiry.state, rules.SENT)
    message = messaging.reply(
        conversation_of(enquiry, now), telling.statement(enquiry, statement), now=now, by=by, template="answered",
        variables=(enquiry.reference,), subject=enquiry.topic,
    )  # fmt: skip
    enquiry.sent_at, enquiry.message = now, message
    enquiry.save(update_fields=["sent_at", "message"])
    move(enquiry, rules.SENT, by=by, now=now)
    way = {"email": Attempt.Way.EMAIL, "nowhere": Attempt.Way.PORTAL}.get(message.channel, Attempt.Way.CHAT)
    log(
        enquiry,
        at=now,
        now=now,
        by=by,
        way=way,
        outcome=Attempt.Outcome.SENT,
        whom="wartawan",
        message=message,
    )
    audit.record(
        f"{STREAM}{enquiry.reference}", [audit.Happening("press.sent", f"official:{by.pk}", {})], at=now
    )
    return enquiry


def _submitted(enquiry: Enquiry, seen: int, by: "Official", now: datetime) -> Statement:
    if not permits.approves(by, now):
        raise NotYours(by.name)
    statement = enquiry.statement
    waits = statement is not None and statement.submitted_at is not None and statement.returned_at is None
    if enquiry.state != rules.DRAFT or statement is None or not waits:
        raise WrongState(enquiry.state, rules.APPROVED)
    if seen != statement.number:
        raise NotTheVersionShown(seen, statement.number)
    return statement
