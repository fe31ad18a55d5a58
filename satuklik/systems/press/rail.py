"""The press desk in the officials' rail, and the ways in for journalists."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from satuklik.base.accounts.queries import profile
from satuklik.base.ui.registry import Entrance, FooterLink, Inbox
from satuklik.systems.press import permits, queries

GROUP = _("Pers")
ENTRANCE = Entrance(
    "press", _("Untuk wartawan"), _("Tanyakan sesuatu dengan tenggat, atau baca siaran pers."), "newspaper",
    "press:portal", 50,
)  # fmt: skip
FOOTER = FooterLink("press", _("Pers"), "press:portal", 55)


def rail(request: HttpRequest) -> list[Inbox]:
    """Open questions with those past their time, and what waits for this official's approval."""
    official = profile(request, "official")
    now = timezone.now()
    if official is None or not permits.of_desk(official, now):
        return []
    waiting, late = queries.counts(now)
    found = [Inbox(_("Meja pers"), reverse("press:desk"), "newspaper", waiting, late, order=34, group=GROUP)]
    if permits.approves(official, now):
        count = queries.to_approve_count()
        found.append(
            Inbox(_("Persetujuan pers"), reverse("press:approvals"), "stamp", count, order=34, group=GROUP)
        )
    found.append(Inbox(_("Siaran pers"), reverse("press:releases-desk"), "megaphone", order=34, group=GROUP))
    return found
