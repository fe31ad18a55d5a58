"""What this room shows outside of its pages: the way in, matters of a resident, the officials' rail."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from satuklik.base.accounts.queries import profile
from satuklik.base.ui.registry import Entrance, Inbox, Matter
from satuklik.systems.ppid import addresses, queries, rules, words
from satuklik.systems.ppid.queries import lists

ENTRANCE = Entrance(
    "ppid", _("Minta informasi publik"), _("Dokumen, data, anggaran: dijawab paling lama 10 hari kerja."), "file-search",
    reverse_lazy("ppid:home"), 20,
)  # fmt: skip
TONES = {"blue": "info", "green": "success", "yellow": "warning", "red": "danger", "grey": ""}


def matters(user: Any, limit: int) -> list[Matter]:
    """The requests of an account, newest first."""
    return [
        Matter(
            title=str(_("Permintaan informasi %(number)s") % {"number": one.number}),
            state=words.state(one.state),
            tone=TONES[words.TONES[one.state]],
            url=addresses.tracking(one),
            icon="file-search",
            since=one.received_at,
            due_on=one.due_on if one.state in rules.OPEN and one.notified_at is None else None,
            closed=one.state in (rules.DELIVERED, rules.CLOSED, rules.WITHDRAWN),
        )
        for one in lists.of_user(user, limit)
    ]


def rail(request: HttpRequest) -> list[Inbox]:
    """The rail of officers of the PPID agency, and of Atasan PPID; nothing for anybody else."""
    official = profile(request, "official")
    now: datetime = timezone.now()
    if official is None:
        return []
    officer, superior = queries.is_officer(official, now), queries.is_superior(official, now)
    if not (officer or superior):
        return []
    found = []
    if officer:
        found.append(_box(_("Permintaan informasi"), "ppid:start", "file-search", lists.counts(now), 22))
    counts = lists.objection_counts(now, superior=superior and not officer)
    found.append(_box(_("Keberatan"), "ppid:objections", "scale", counts, 23))
    if officer:
        found.append(
            Inbox(_("Daftar informasi"), reverse("ppid:items"), "folder-open", order=24, group=words.GROUP)
        )
        register = reverse("ppid:register", args=["permintaan"])
        found.append(Inbox(_("Register"), register, "book-open", order=25, group=words.GROUP))
        found.append(
            Inbox(_("Laporan tahunan"), reverse("ppid:report"), "chart-column", order=26, group=words.GROUP)
        )
        found.append(Inbox(_("Aturan"), reverse("ppid:settings"), "settings", order=26, group=words.GROUP))
    return found


def _box(label: Any, name: str, icon: str, counts: tuple[int, int], order: int) -> Inbox:
    return Inbox(label, reverse(name), icon, *counts, order=order, group=words.GROUP)
