"""The room's entries in the officials' rail: what waits for a verifikator, one's own way, the messages."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from satuklik.base.accounts.queries import profile
from satuklik.base.ui.registry import Inbox
from satuklik.spine.messaging import queries as messaging
from satuklik.systems.enrolment import queries, rules


def rail(request: HttpRequest) -> list[Inbox]:
    """Nothing for residents; the board for those who may see it; one's own way while it is not done."""
    official = profile(request, "official")
    if official is None:
        return []
    now, found = timezone.now(), []
    scope = queries.scope_of(official, now)
    if scope.sees_board:
        waiting, late = queries.waiting_for(scope, now)
        found.append(
            Inbox(
                _("TTE: menunggu verifikasi"),
                reverse("enrolment:board"),
                "user-check",
                waiting,
                late,
                order=60,
            )
        )
    stage = queries.stage_of(official)
    if stage is not None:
        mine = int(rules.WAITS_FOR.get(stage) == "official")
        found.append(Inbox(_("TTE saya"), reverse("enrolment:own"), "fingerprint", mine, order=61))
    found.append(Inbox(_("Pesan"), "/pesan/", "mail", messaging.unread(request.user), order=90))
    return found
