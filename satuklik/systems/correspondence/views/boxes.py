"""The boxes: what waits for an official, and what is on its way."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies.queries import Official
from satuklik.base.ui.frame import address as ui_address
from satuklik.systems.correspondence import queries
from satuklik.systems.correspondence.boxes import BOXES, BY_NAME, WAITING, address

LONGEST_SEARCH = 80


@official()
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To the first box in which something waits."""
    waiting = queries.counts(who(request), timezone.now())
    name = next((name for name in WAITING if waiting.get(name, (0, 0))[0]), BOXES[0].name)
    return redirect("correspondence:box", name)


@official()
@require_safe
def box(request: HttpRequest, name: str) -> HttpResponse:
    """One box: what is due first where something waits, else the newest first."""
    here = BY_NAME.get(name)
    if here is None:
        raise Http404
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    after = request.GET.get("sesudah") or None
    page = queries.box(who(request), here.name, now=timezone.now(), text=text, after=after)  # type: ignore[arg-type]
    kept = {"q": text} if text else {}
    more = f"{address(here)}?{urlencode({**kept, 'sesudah': page.after})}" if page.after else ""
    first = f"{address(here)}?{urlencode(kept)}" if after else ""
    return render(
        request,
        "correspondence/box.html",
        {
            "official": who(request), "box": here, "here": address(here), "rows": page.rows, "text": text,
            "next_url": more, "first_url": first, "many_url": _signing_desk(here.name, len(page.rows)),
        },
    )  # fmt: skip


def _signing_desk(name: str, waiting: int) -> str:
    """Where many are signed with one passphrase; "" where there is nothing to gain, or no such desk."""
    return ui_address("desk:sign") if name == "tandatangan" and waiting > 1 else ""


def who(request: HttpRequest) -> Official:
    """The official who looks; the permission decorator found him."""
    found: Official = request.official  # type: ignore[attr-defined]
    return found
