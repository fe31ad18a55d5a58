"""Before an idea is public: an official reads it, suggests a like one, and says why where it does not go on."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoSuchAgency
from satuklik.systems.ideas import catalogue
from satuklik.systems.ideas.actions.moving import (
    actor_of,
    go,
    locked,
    note,
    owe_nothing,
    require_coordinator,
    tell_author,
)
from satuklik.systems.ideas.actions.reviewing import recall, send_to_review
from satuklik.systems.ideas.errors import MayNot, Missing, NotFound, NotNow
from satuklik.systems.ideas.models import Idea, Support
from satuklik.systems.ideas.rules import states

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

PUBLISHED = "Ide Anda tampil dan dapat didukung. Ajak yang lain mendukung."
SUGGESTED = "Ide Anda mirip dengan ide lain. Buka halaman ide Anda: gabungkan, atau tetap sendiri."
DECLINED = "Ide Anda tidak dilanjutkan: {reason}"


@transaction.atomic
def moderate(
    idea_id: int,
    *,
    by: "Official",
    title: str,
    text: str,
    category: str,
    agency: str,
    like: str = "",
    now: datetime,
) -> Idea:
    """It may be published in these words; with `like` (a reference) the author is asked first whether to merge.
    Raises MayNot, Missing, NotFound, NotNow."""
    require_coordinator(by, now)
    if not title.strip() or not text.strip():
        raise Missing(title="missing")
    if category not in catalogue.categories():
        raise Missing(category="unknown")
    try:
        office = agencies.agency(agency)
    except NoSuchAgency:
        raise Missing(agency="unknown") from None
    other = _public(like) if like else None
    if other is not None and other.pk == idea_id:
        raise Missing(like="self")
    idea = locked(idea_id)
    go(idea, states.MODERATED if other else states.SUPPORT)
    idea.title, idea.text, idea.category = title.strip()[:120], text.strip()[:4_000], category
    idea.agency, idea.suggested, idea.reason = office, other, ""
    owe_nothing(idea, actor=actor_of(by), now=now)
    note(idea, "suggested" if other else "published", now=now, by=by, text=other.reference if other else "")
    tell_author(idea, SUGGESTED if other else PUBLISHED, now=now, by=by)
    return idea


def _public(reference: str) -> Idea:
    found = Idea.objects.filter(reference=reference, state__in=states.PUBLIC).first()
    if found is None:
        raise NotFound(reference)
    return found


@transaction.atomic
def answer_suggestion(idea_id: int, *, merge: bool, now: datetime) -> Idea:
    """The author's word on the like idea: merged, or published on its own."""
    suggested = Idea.objects.filter(pk=idea_id).values_list("suggested", flat=True).first()
    held = {pk: locked(pk) for pk in sorted(pk for pk in (idea_id, suggested) if pk is not None)}
    idea = held[idea_id] if idea_id in held else locked(idea_id)
    if idea.state != states.MODERATED or idea.suggested_id is None or idea.suggested_id not in held:
        raise NotNow(idea.state, states.MERGED)
    if merge:
        return _merge(idea, held[idea.suggested_id], None, now)
    go(idea, states.SUPPORT)
    idea.suggested = None
    note(idea, "published", now=now, actor="author")
    return idea


@transaction.atomic
def publish(idea_id: int, *, by: "Official", now: datetime) -> Idea:
    """The author said nothing about the like idea: it is published on its own."""
    require_coordinator(by, now)
    idea = locked(idea_id)
    if idea.state != states.MODERATED:
        raise NotNow(idea.state, states.SUPPORT)
    go(idea, states.SUPPORT)
    idea.suggested = None
    note(idea, "published", now=now, by=by)
    tell_author(idea, PUBLISHED, now=now, by=by)
    return idea


@transaction.atomic
def merge(idea_id: int, into: str, *, by: "Official", now: datetime) -> Idea:
    """The same idea as `into`: its supporters go along, each person once. Raises NotFound, Missing, NotNow."""
    require_coordinator(by, now)
    other = _public(into)
    if other.pk == idea_id:
        raise Missing(like="self")
    # Always in the same order: two officers who merge crosswise wait for each other, and do not hang.
    held = {pk: locked(pk) for pk in sorted((idea_id, other.pk))}
    return _merge(held[idea_id], held[other.pk], by, now)


def _merge(idea: Idea, target: Idea, by: "Official | None", now: datetime) -> Idea:
    go(idea, states.MERGED)
    idea.merged_into, idea.suggested = target, None
    owe_nothing(idea, actor=actor_of(by), now=now)
    already = set(Support.objects.filter(idea=target).values_list("person_id", flat=True))
    moving = Support.objects.filter(idea=idea).exclude(person_id__in=already)
    Support.objects.bulk_create(
        [Support(idea=target, person_id=one.person_id, at=one.at) for one in moving], ignore_conflicts=True
    )
    target.supports = Support.objects.filter(idea=target).count()
    target.save(update_fields=["supports"])
    if target.state == states.SUPPORT and target.supports >= target.threshold:
        send_to_review(target, by=by, now=now)
    note(idea, "merged", now=now, by=by, actor=actor_of(by, "author"), text=target.reference)
    return idea


@transaction.atomic
def decline(idea_id: int, *, by: "Official", reason: str, now: datetime) -> Idea:
    """It does not go on; the reason is public and told. An idea that stands in a round can't be declined."""
    require_coordinator(by, now)
    if not reason.strip():
        raise Missing(reason="missing")
    recall(idea_id, by=by, reason=reason, now=now)
    idea = locked(idea_id)
    if idea.state == states.VOTE:
        raise MayNot("vote")
    go(idea, states.NOT_ADOPTED)
    idea.reason, idea.outcome = reason.strip()[:4_000], "declined"
    owe_nothing(idea, actor=actor_of(by), now=now)
    note(idea, "not_adopted", now=now, by=by, text=idea.reason)
    tell_author(idea, DECLINED.format(reason=idea.reason), now=now, by=by)
    return idea


@transaction.atomic
def try_again(idea_id: int, *, by: "Official", now: datetime) -> Idea:
    """An idea that was not adopted may stand in another round; one that was never reviewed begins anew."""
    require_coordinator(by, now)
    idea = locked(idea_id)
    go(idea, states.READY if idea.cost is not None else states.SUBMITTED)
    idea.reason, idea.outcome, idea.round, idea.votes = "", "", None, None
    note(idea, "again", now=now, by=by)
    return idea
