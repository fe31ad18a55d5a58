"""An idea comes in: from the portal, from a chat."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from satuklik.base.once import actions as once
from satuklik.spine.messaging import actions as messaging
from satuklik.systems.ideas import catalogue, keys
from satuklik.systems.ideas.actions.moving import note, owe
from satuklik.systems.ideas.errors import Missing
from satuklik.systems.ideas.models import Author, Idea
from satuklik.systems.ideas.rules import states

SHORTEST_TEXT, LONGEST_TEXT = 30, 4_000


@dataclass(frozen=True)
class Proposal:
    """What somebody proposes."""

    title: str
    text: str
    category: str
    group: str = Idea.Group.RESIDENT
    village: str = ""
    name: str = ""
    outlet: str = ""
    phone: str = ""
    email: str = ""
    user: Any = None
    channel: str = "portal"
    conversation_id: int | None = None


@dataclass(frozen=True)
class Submitted:
    """What came of it. `key` lets an author without account follow it."""

    idea: Idea
    key: str
    is_new: bool


@transaction.atomic
def submit(proposal: Proposal, *, word: str = "", now: datetime) -> Submitted:
    """Take in an idea; the same `word` and proposal again give the same idea. Raises Missing."""
    wrong = {}
    if not proposal.title.strip():
        wrong["title"] = "missing"
    if not SHORTEST_TEXT <= len(proposal.text.strip()) <= LONGEST_TEXT:
        wrong["text"] = "short" if len(proposal.text) <= LONGEST_TEXT else "long"
    if proposal.category not in catalogue.categories():
        wrong["category"] = "unknown"
    if proposal.group == Idea.Group.JOURNALIST and not proposal.outlet.strip():
        wrong["outlet"] = "missing"
    if wrong:
        raise Missing(**wrong)
    word = once.bound(word, proposal)
    key = once.spoken_key(word, purpose=keys.PURPOSE)
    same = Idea.objects.filter(key_digest=keys.digest(key))
    known = once.earlier(word, purpose=keys.PURPOSE, find=same.first)
    return Submitted(known or _take_in(proposal, key, now), key, known is None)


def _take_in(proposal: Proposal, key: str, now: datetime) -> Idea:
    reference = keys.new_reference()
    while Idea.objects.filter(reference=reference).exists():
        reference = keys.new_reference()
    idea = Idea(
        reference=reference, key_digest=keys.digest(key), group=proposal.group, state=states.SUBMITTED,
        category=proposal.category, title=proposal.title.strip()[:120], text=proposal.text.strip(),
        village_id=proposal.village or None, user=proposal.user, channel=proposal.channel[:12], submitted_at=now,
        updated_at=now, threshold=catalogue.rule("threshold", timezone.localdate(now)).value,
    )  # fmt: skip
    owe(idea, "moderate", actor="author", now=now)
    idea.save()
    conversation_id = proposal.conversation_id
    if conversation_id is None and (proposal.phone or proposal.email or proposal.user is not None):
        conversation_id = messaging.open_conversation(
            name=proposal.name, phone=proposal.phone, email=proposal.email, user=proposal.user, now=now
        ).pk
    Author.objects.create(
        idea=idea, name=proposal.name.strip()[:120], outlet=proposal.outlet.strip()[:120], phone=proposal.phone,
        email=proposal.email[:254], conversation_id=conversation_id,
    )  # fmt: skip
    note(idea, "submitted", now=now, actor="author")
    return idea
