"""The calendar's entry in the rail of administrators."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from satuklik.base.accounts.queries import profile
from satuklik.base.calendar import queries
from satuklik.base.ui.registry import Inbox


def rail(request: HttpRequest) -> list[Inbox]:
    """With a count of 1, late, while a year is missing that should be there."""
    official = profile(request, "official")
    if not (request.user.is_superuser or (official is not None and official.role == "admin")):  # type: ignore[union-attr]
        return []
    missing = int(queries.missing_year(timezone.localdate()) is not None)
    return [
        Inbox(_("Kalender kerja"), reverse("calendar:calendar"), "calendar-days", missing, missing, order=95)
    ]
