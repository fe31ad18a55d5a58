"""The room's entry in the officials' rail, and a resident's own ideas for the page «Urusan»."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from satuklik.base.accounts.queries import profile
from satuklik.base.ui.registry import Inbox, Matter
from satuklik.systems.ideas import queries, wording
from satuklik.systems.ideas.rules import states
from satuklik.systems.ideas.scope import scope_of


def rail(request: HttpRequest) -> list[Inbox]:
    """Ideas that wait: always for the coordinator, for other agencies while there are some."""
    official = profile(request, "official")
    if official is None:
        return []
    now = timezone.now()
    scope = scope_of(official, now)
    if not scope.any:
        return []
    waiting, late = queries.counts(scope, now)
    if not (scope.coordinates or waiting):
        return []
    return [Inbox(_("Ide warga"), reverse("ideas:desk"), "lightbulb", waiting, late, order=33)]


def matters(user: Any, limit: int) -> list[Matter]:
    """What this account proposed, newest first."""
    return [
        Matter(
            title=idea.title,
            state=str(wording.STATES[idea.state]),
            tone=wording.MATTER_TONES[wording.TONES.get(idea.state, "")],
            url=reverse("ideas:idea", args=[idea.reference]),
            icon="lightbulb",
            since=idea.submitted_at,
            due_on=idea.term.due_on if idea.term else None,
            closed=idea.state in (states.DONE, states.NOT_ADOPTED, states.MERGED),
        )
        for idea in queries.of_user(user, limit)
    ]
