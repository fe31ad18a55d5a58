"""The life after the vote: work begins, is reported with photos, is done, or is given up with a reason."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.base.files import actions as files
from satuklik.systems.ideas.actions.moving import go, locked, note, tell_author
from satuklik.systems.ideas.errors import MayNot, Missing
from satuklik.systems.ideas.models import Idea, Photo
from satuklik.systems.ideas.rules import states
from satuklik.systems.ideas.scope import scope_of

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

MOST_PHOTOS = 4


@transaction.atomic
def report(
    idea_id: int, *, by: "Official", text: str, state: str, photos: Sequence[bytes] = (), now: datetime
) -> Idea:
    """What was done: `state` is in_progress, done, or not_adopted (given up; the text is the reason). `photos` are
    cleaned. By the agency or the coordinator. Raises MayNot, Missing, NotNow."""
    wrong = {}
    if not text.strip() or len(text) > 4_000:
        wrong["text"] = "missing"
    if state not in (states.IN_PROGRESS, states.DONE, states.NOT_ADOPTED):
        wrong["state"] = "unknown"
    if len(photos) > MOST_PHOTOS:
        wrong["photos"] = "many"
    if wrong:
        raise Missing(**wrong)
    idea = locked(idea_id)
    if not scope_of(by, now).works_on(idea):
        raise MayNot("role")
    if idea.state not in (states.ADOPTED, states.IN_PROGRESS):
        go(idea, "report")
    go(idea, state)
    if state == states.NOT_ADOPTED:
        idea.reason, idea.outcome = text.strip(), "given_up"
    kind = {states.IN_PROGRESS: "progress", states.DONE: "done", states.NOT_ADOPTED: "not_adopted"}[state]
    event = note(idea, kind, now=now, by=by, text=text.strip())
    for content in photos:
        Photo.objects.create(event=event, file_id=files.store(content, "image/jpeg", at=now))
    tell_author(idea, text.strip(), now=now, by=by)
    return idea
