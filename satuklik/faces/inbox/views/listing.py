"""The list of the inbox, the morning view, and what triage is worth."""

from datetime import datetime
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies import queries as agencies
from satuklik.faces.inbox import presenting, words
from satuklik.faces.inbox.gate import ROLES, who
from satuklik.spine.intake import actions, queries
from satuklik.spine.messaging import queries as messaging
from satuklik.spine.referrals import queries as referrals

LONGEST_SEARCH = 200
SILENT, SILENT_SECONDS = "inbox-silent", 60


@official(*ROLES)
@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """One box of the inbox, or what a search finds; emergencies stand above everything."""
    officer, now = who(request), timezone.now()
    box = request.GET.get("kotak", "")
    box = box if box in queries.BOXES else queries.BOXES[0]
    text = request.GET.get("q", "").replace("\x00", "")[:LONGEST_SEARCH].strip()
    after = queries.Cursor.parse(request.GET.get("sesudah", ""))
    found = queries.search(text, after=after) if text else queries.page(box, officer, after=after)
    shown = queries.BOXES[3] if text else box
    if text:
        actions.record_search(found, officer, now=now)
    urgent = [] if text or after else queries.urgent()
    counts = queries.counts(officer, now)
    request.inbox_counts = counts  # type: ignore[attr-defined]  # for the rail
    return render(
        request,
        "inbox/list.html",
        {
            "official": officer, "box": box, "boxes": boxes(counts), "text": text, "counts": counts,
            "rows": presenting.rows(found, shown, now), "urgent": presenting.rows(urgent, shown, now),
            "unsure": [] if text or after else messaging.unsure(),
            "silent": silent_agencies(now), "silent_url": reverse("referrals:silent"),
            "next_url": next_url(found, shown, text) if len(found) == queries.PAGE else "",
            "first_url": f"?{urlencode({'q': text} if text else {'kotak': box})}" if after else "",
            "load": load(), "rail_here": reverse("inbox:list"), "now": now,
        },
    )  # fmt: skip


def silent_agencies(now: datetime) -> int:
    """How many agencies leave a question unanswered; asked once a minute, not for each page."""
    kept = caches["local"].get(SILENT)
    if kept is None:
        kept = len({one.agency.pk for one in referrals.silent(now)})
        caches["local"].set(SILENT, kept, SILENT_SECONDS)
    return int(kept)


def boxes(counts: queries.Counts) -> list[dict[str, Any]]:
    """The tabs with what waits in them."""
    numbers = {queries.BOXES[0]: counts.waiting, queries.BOXES[1]: counts.mine, queries.BOXES[2]: counts.free}
    return [
        {"name": name, "label": label, "count": numbers.get(name)} for name, label in words.BOX_NAMES.items()
    ]


def next_url(found: list[Any], box: str, text: str) -> str:
    """Where the next page begins."""
    given = {"q": text} if text else {"kotak": box}
    return f"?{urlencode({**given, 'sesudah': str(queries.cursor_of(found[-1], box))})}"


def load() -> list[tuple[str, int]]:
    """(officer, what waits with him)."""
    found = queries.load()
    names = {one.pk: one.name for one in agencies.officials_by_id(row.official_id for row in found)}
    return [(names[row.official_id], row.waiting) for row in found if row.official_id in names]


@official(*ROLES)
@never_cache
@require_safe
def triage(request: HttpRequest) -> HttpResponse:
    """The measured precision of triage, by what officers decided, and the model in force."""
    who(request)
    rows = [(words.kind(one.kind), one) for one in queries.measured()]
    model = queries.active_model()
    origin = words.origin(str(model.about.get("origin", ""))) if model else ""
    context = {"rows": rows, "model": model, "origin": origin, "rail_here": reverse("inbox:list")}
    return render(request, "inbox/triage.html", context)
