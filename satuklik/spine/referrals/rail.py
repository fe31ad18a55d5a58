"""The boxes of referrals in the officials' rail, and the board's link at the foot of every page."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from satuklik.base.accounts.queries import profile
from satuklik.base.ui.registry import FooterLink, Inbox
from satuklik.spine.referrals import queries

GROUP = _("Pertanyaan antarinstansi")
FOOTER = FooterLink("referrals-board", _("Papan jawaban instansi"), "referrals:board", 60)


def rail(request: HttpRequest) -> list[Inbox]:
    """What waits for the official's agency; for PPID Utama also who is silent."""
    official = profile(request, "official")
    if official is None:
        return []
    now = timezone.now()
    count, late = queries.counts(official, now)
    found = [
        Inbox(
            _("Pertanyaan untuk dinas Anda"), reverse("referrals:list"), "circle-help", count, late, order=27,
            group=GROUP,
        )
    ]  # fmt: skip
    if queries.is_utama(official, now):
        silent = queries.silent_count(now)
        found.append(
            Inbox(
                _("Instansi yang diam"),
                reverse("referrals:silent"),
                "alarm-clock",
                silent,
                silent,
                order=28,
                group=GROUP,
            )
        )
    return found
