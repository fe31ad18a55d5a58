"""The room's entries in the officials' rail, and a resident's own complaints for the page «Urusan»."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from satuklik.base.accounts.queries import profile
from satuklik.base.ui.registry import Inbox, Matter
from satuklik.systems.complaints import queries, wording
from satuklik.systems.complaints.rules import states
from satuklik.systems.complaints.scope import scope_of


def rail(request: HttpRequest) -> list[Inbox]:
    """Complaints that wait for those who handle them; agencies find theirs among the referrals."""
    official = profile(request, "official")
    if official is None:
        return []
    now = timezone.now()
    scope = scope_of(official, now)
    if not (scope.coordinates or scope.reveals):
        return []
    waiting, late = queries.counts(scope, now)
    return [Inbox(_("Pengaduan"), reverse("complaints:desk"), "megaphone", waiting, late, order=32)]


def matters(user: Any, limit: int) -> list[Matter]:
    """What this account reported, newest first."""
    return [
        Matter(
            title=complaint.title,
            state=wording.state_of(complaint),
            tone=wording.MATTER_TONES[wording.tone_of(complaint)],
            url=reverse("complaints:mine", args=[complaint.reference]),
            icon="megaphone",
            since=complaint.received_at,
            due_on=complaint.completion.due_on
            if complaint.completion and complaint.state in states.OPEN
            else None,
            closed=complaint.state in states.ENDED,
        )
        for complaint in queries.of_user(user, limit)
    ]
