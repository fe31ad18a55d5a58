"""What was printed: balanced, or answered by a letter under the right of reply (UU 40/1999 ps. 5(2))."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.base.audit import actions as audit
from satuklik.spine.messaging import actions as messaging
from satuklik.systems.press import permits, rules
from satuklik.systems.press.actions.asking import STREAM, clean, conversation_of, locked, log, move, note
from satuklik.systems.press.errors import BadLink, BadText, NotYours, OwnWork, WrongState
from satuklik.systems.press.models import Attempt, Enquiry, ReplyLetter

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


@transaction.atomic
def published(enquiry: Enquiry, *, link: str, on: date, by: "Official | None", now: datetime) -> Enquiry:
    """It was printed there. `by`: None where the journalist tells it on his page. Without a link (radio, paper) the day
    alone is kept. Raises BadLink, WrongState, NotYours."""
    enquiry = locked(enquiry)
    if by is not None:
        _desk(by, now)
    link = clean(link)
    if link and not rules.is_link(link):
        raise BadLink
    enquiry.link, enquiry.published_on = link, on
    move(enquiry, rules.PUBLISHED, by=by, now=now)
    enquiry.save(update_fields=["link", "published_on"])
    return enquiry


@transaction.atomic
def judge(enquiry: Enquiry, *, verdict: str, by: "Official", now: datetime, reason: str = "") -> Enquiry:
    """`verdict`: "balanced" (both sides stand in it) or "not_published". Raises WrongState, NotYours."""
    enquiry = locked(enquiry)
    _desk(by, now)
    if verdict not in (rules.BALANCED, rules.NOT_PUBLISHED):
        raise WrongState(enquiry.state, verdict)
    return move(enquiry, verdict, by=by, now=now, text=clean(reason))


@transaction.atomic
def write_letter(enquiry: Enquiry, *, text: str, number: str, by: "Official", now: datetime) -> ReplyLetter:
    """Write the letter of reply, or change it while nobody has approved it. Raises BadText, WrongState, NotYours."""
    enquiry = locked(enquiry)
    _desk(by, now)
    text = clean(text)
    if not text or len(text) > rules.LONGEST_STATEMENT:
        raise BadText("text", rules.LONGEST_STATEMENT)
    if enquiry.state != rules.HAK_JAWAB:
        move(enquiry, rules.HAK_JAWAB, by=by, now=now)
    letter = ReplyLetter.objects.select_for_update().filter(enquiry=enquiry).first()
    if letter is not None and letter.approved_at is not None:
        raise WrongState(enquiry.state, rules.HAK_JAWAB)
    letter = letter or ReplyLetter(enquiry=enquiry)
    letter.text, letter.number, letter.written_by, letter.written_at = text, clean(number)[:80], by, now
    letter.save()
    return letter


@transaction.atomic
def approve_letter(enquiry: Enquiry, *, by: "Official", now: datetime) -> ReplyLetter:
    """Four eyes again. Raises NotYours, OwnWork, WrongState."""
    enquiry = locked(enquiry)
    if not permits.approves(by, now):
        raise NotYours(by.name)
    letter = _letter(enquiry, rules.HAK_JAWAB)
    if letter.approved_at is not None:
        raise WrongState(enquiry.state, rules.HAK_JAWAB)
    if letter.written_by_id == by.pk:
        raise OwnWork(by.name)
    letter.approved_by, letter.approved_at = by, now
    letter.save(update_fields=["approved_by", "approved_at"])
    note(enquiry, "letter_approved", now, by=by)
    audit.record(
        f"{STREAM}{enquiry.reference}",
        [audit.Happening("press.letter_approved", f"official:{by.pk}", {})], at=now,
    )  # fmt: skip
    return letter


@transaction.atomic
def send_letter(enquiry: Enquiry, *, by: "Official", now: datetime, way: str = "") -> ReplyLetter:
    """To the newsroom's e-mail address where it is known, else to the journalist; `way`: "letter" or "meeting" where it
    was handed over on paper. Raises NotYours, WrongState."""
    enquiry = locked(enquiry)
    _desk(by, now)
    letter = _letter(enquiry, rules.HAK_JAWAB)
    if letter.approved_at is None:
        raise WrongState(enquiry.state, rules.SENT_TO_OUTLET)
    message = None
    if way not in (Attempt.Way.LETTER, Attempt.Way.MEETING):
        outlet = enquiry.outlet
        to = (
            messaging.open_conversation(name=outlet.name, email=outlet.email, now=now)
            if outlet is not None and outlet.email
            else conversation_of(enquiry, now)
        )
        message = messaging.reply(
            to, letter.text, now=now, by=by, subject=f"Hak jawab: {enquiry.topic}"[:200]
        )
        way = Attempt.Way.EMAIL if message.channel == "email" else Attempt.Way.CHAT
    letter.sent_at, letter.sent_by_way = now, way
    letter.save(update_fields=["sent_at", "sent_by_way"])
    move(enquiry, rules.SENT_TO_OUTLET, by=by, now=now)
    log(
        enquiry,
        at=now,
        now=now,
        by=by,
        way=way,
        outcome=Attempt.Outcome.SENT,
        whom="redaksi",
        message=message,
    )
    return letter


@transaction.atomic
def letter_outcome(
    enquiry: Enquiry, *, outcome: str, on: date, by: "Official", now: datetime, link: str = "", text: str = ""
) -> ReplyLetter:
    """`outcome`: "run" (with the link, if there is one), "refused" (with what the newsroom said; UU 40/1999 ps. 18(2)),
    or "dewan_pers" (`text`: the number there). Raises BadLink, BadText, NotYours, WrongState."""
    enquiry = locked(enquiry)
    _desk(by, now)
    letter = ReplyLetter.objects.select_for_update().get(enquiry=enquiry)
    link, text = clean(link), clean(text)
    if link and not rules.is_link(link):
        raise BadLink
    if outcome == rules.RUN:
        letter.run_on, letter.run_link = on, link
    elif outcome == rules.REFUSED:
        if not text or len(text) > rules.LONGEST_NOTE:
            raise BadText("text", rules.LONGEST_NOTE)
        letter.refused_on, letter.refusal = on, text
    elif outcome == rules.DEWAN_PERS:
        letter.council_on, letter.council_number = on, text[:80]
    else:
        raise WrongState(enquiry.state, outcome)
    move(enquiry, outcome, by=by, now=now, text=text)
    letter.save()
    return letter


def _letter(enquiry: Enquiry, state: str) -> ReplyLetter:
    if enquiry.state != state:
        raise WrongState(enquiry.state, rules.SENT_TO_OUTLET)
    return ReplyLetter.objects.select_for_update().get(enquiry=enquiry)


def _desk(official: "Official", now: datetime) -> None:
    if not permits.of_desk(official, now):
        raise NotYours(official.name)
