"""How every act on an idea is done: the row locked, the table asked, the step written, audited and told."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from satuklik.base.audit import actions as audit
from satuklik.base.calendar import actions as calendar
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging import queries as conversations
from satuklik.systems.ideas import catalogue
from satuklik.systems.ideas.errors import MayNot, NotFound, NotNow
from satuklik.systems.ideas.models import Author, Event, Idea
from satuklik.systems.ideas.rules import states
from satuklik.systems.ideas.scope import scope_of

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official


def locked(idea_id: int) -> Idea:
    """The idea, held until the transaction ends. Raises NotFound."""
    try:
        return Idea.objects.select_for_update().get(pk=idea_id)
    except Idea.DoesNotExist:
        raise NotFound(idea_id) from None


def go(idea: Idea, to: str) -> None:
    """Take the step. Raises NotNow where the table has none."""
    if not states.may_go(idea.state, to):
        raise NotNow(idea.state, to)
    idea.state = to


def require_coordinator(by: "Official", now: datetime) -> None:
    """Raises MayNot where this official does not handle ideas."""
    if not scope_of(by, now).coordinates:
        raise MayNot("role")


def actor_of(by: "Official | None", otherwise: str = "satuklik") -> str:
    """How logs call who acts: never by name."""
    return f"official:{by.pk}" if by is not None else otherwise


def owe(idea: Idea, what: str, *, actor: str, now: datetime) -> None:
    """From now on the office owes the step `what` (a rule of policy.toml)."""
    owe_nothing(idea, actor=actor, now=now)
    today = timezone.localdate(now)
    rule = catalogue.rule(what, today)
    idea.steps += 1
    idea.term = calendar.start_term(
        idea.subject, f"{what}-{idea.steps}", received_on=today, days=rule.value, law=rule.source[:200], actor=actor,
        now=now,
    )  # fmt: skip


def owe_nothing(idea: Idea, *, actor: str, now: datetime) -> None:
    """What the office owed is done."""
    if idea.term is not None:
        calendar.close_term(idea.term, actor=actor, now=now)
        idea.term = None


def note(
    idea: Idea, kind: str, *, now: datetime, by: "Official | None" = None, actor: str = "", office: str = "", text: str = "",
    shown: bool = True,
) -> Event:  # fmt: skip
    """Write one step of the time line and its audit event."""
    idea.updated_at = now
    idea.save()
    event = Event.objects.create(
        idea=idea, at=now, kind=kind, state=idea.state, official=by, text=text, shown=shown,
        office=office or (by.agency.short_name if by is not None else ""),
    )  # fmt: skip
    audit.record(
        idea.subject, [audit.Happening(f"idea.{kind}", actor or actor_of(by), {"state": idea.state})], at=now
    )
    return event


def tell_author(idea: Idea, text: str, *, now: datetime, by: "Official | None" = None) -> None:
    """Write to the author, where something reaches the person."""
    author = Author.objects.filter(idea=idea).exclude(conversation_id=None).first()
    if author is None:
        return
    link = f"{settings.PUBLIC_URL}{reverse('ideas:idea', args=[idea.reference])}"
    whole = f"{idea.reference} – {text}" + (f"\n\n{link}" if idea.state in states.PUBLIC else "")
    messaging.reply(
        conversations.conversation(author.conversation_id),
        whole,
        now=now,
        by=by,
        subject=f"{idea.reference}: {idea.title}",
    )
