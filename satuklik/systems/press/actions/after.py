"""What was printed: balanced, or answered by a letter under the right of reply, and what came of that letter."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.systems.press import permits, rules
from satuklik.systems.press.actions.asking import clean, locked, move, note
from satuklik.systems.press.errors import BadLink, BadText, NotYours, WrongState
from satuklik.systems.press.models import Enquiry, ReplyLetter

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
def letter_outcome(
    enquiry: Enquiry, *, outcome: str, on: date, by: "Official", now: datetime, link: str = "", text: str = ""
) -> ReplyLetter:
    """`outcome`: "run" (with the link, if there is one), "refused" (with what the newsroom said; UU 40/1999 ps. 18(2)),
    or "dewan_pers": the number (`text`) under which the Press Council took the complaint that was sent. Raises BadLink,
    BadText, NotYours, WrongState."""
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
    elif outcome == rules.DEWAN_PERS and enquiry.state == rules.DEWAN_PERS:
        letter.council_on, letter.council_number = on, text[:80]
        letter.save()
        note(enquiry, rules.DEWAN_PERS, now, by=by, text=text)
        return letter
    else:
        raise WrongState(enquiry.state, outcome)
    move(enquiry, outcome, by=by, now=now, text=text)
    letter.save()
    return letter


def _desk(official: "Official", now: datetime) -> None:
    if not permits.of_desk(official, now):
        raise NotYours(official.name)
