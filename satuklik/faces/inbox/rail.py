"""The inbox's entry in the officials' rail: how many people wait, how many of them too long."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from satuklik.base.accounts.queries import profile
from satuklik.base.ui.registry import Inbox
from satuklik.faces.inbox.gate import belongs
from satuklik.spine.intake import queries


def rail(request: HttpRequest) -> list[Inbox]:
    """One entry for the officers of the information office."""
    # The page has found the official already, and on the inbox's own list the figures too.
    official = profile(request, "official")
    if official is None or not belongs(official):
        return []
    counts: queries.Counts = getattr(request, "inbox_counts", None) or queries.counts(
        official, timezone.now()
    )
    return [
        Inbox(_("Pesan masuk"), reverse("inbox:list"), "message-circle", counts.waiting, counts.late, order=2)
    ]
