"""A verified person supports an idea, once; enough of them bring it to the agency."""

from datetime import datetime

from django.db import transaction

from satuklik.systems.ideas.actions.moving import locked
from satuklik.systems.ideas.actions.reviewing import send_to_review
from satuklik.systems.ideas.errors import MayNot, NotNow
from satuklik.systems.ideas.models import Support
from satuklik.systems.ideas.rules import states

PROVEN = 2  # of spine.population: whose identity was proven


@transaction.atomic
def support(idea_id: int, *, person_id: int, level: int, now: datetime) -> bool:
    """False where this person supports it already. With the threshold the idea goes to the agency's review.
    Raises MayNot below level 2, NotNow outside of the state «support»."""
    if level < PROVEN:
        raise MayNot("level")
    idea = locked(idea_id)
    if idea.state != states.SUPPORT:
        raise NotNow(idea.state, "support")
    _, made = Support.objects.get_or_create(idea=idea, person_id=person_id, defaults={"at": now})
    if not made:
        return False
    idea.supports += 1
    idea.save(update_fields=["supports"])
    if idea.supports >= idea.threshold:
        send_to_review(idea, by=None, now=now)
    return True
