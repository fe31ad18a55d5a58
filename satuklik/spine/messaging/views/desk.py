"""The officers' side: what lies in quarantine."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from satuklik.base.accounts.permissions import official
from satuklik.spine.messaging import queries, told
from satuklik.spine.messaging.actions import handling, sending
from satuklik.spine.messaging.views.reading import trace

SHOWN_BYTES = 20_000


def _own_office(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for officers of PPID Utama's office: what lies here may be anybody's secret."""

    @wraps(view)
    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.official.agency.code != settings.SATUKLIK_PPID_AGENCY:  # type: ignore[attr-defined]
            raise Http404
        return view(request, *args, **kwargs)

    return opened


@official("ppid", "admin")
@_own_office
@never_cache
@require_safe
def quarantine(request: HttpRequest) -> HttpResponse:
    """What could not be handled, the newest first."""
    settled = request.GET.get("selesai") == "1"
    rows = queries.quarantine(settled=settled)
    named = [(row, told.problem(row.problem)) for row in rows]
    unsure = [] if settled else queries.unsure_everywhere()
    return render(request, "messaging/quarantine.html", {"rows": named, "settled": settled, "unsure": unsure})


@official("ppid")
@_own_office
@never_cache
@require_safe
def event(request: HttpRequest, event_id: int) -> HttpResponse:
    """One event as it came, as text and never as a page; the look leaves a trace."""
    row = _event(event_id)
    with transaction.atomic():
        trace(request, 0, "quarantine.read", {"event": row.pk}, at=timezone.now())
    body = bytes(row.body)
    return render(
        request, "messaging/event.html",
        {"row": row, "problem": told.problem(row.problem), "text": body[:SHOWN_BYTES].decode("utf-8", "replace").replace("\x00", "␀"),
         "size": len(body), "cut": len(body) > SHOWN_BYTES},
    )  # fmt: skip


@official("ppid", "admin")
@_own_office
@require_POST
def retry(request: HttpRequest, event_id: int) -> HttpResponse:
    """Handle it once more."""
    if handling.try_again(_event(event_id), by=request.official, now=timezone.now()):  # type: ignore[attr-defined]
        messages.success(request, _("Dicoba lagi. Bila masih bermasalah, kiriman ini kembali ke sini."))
    else:
        messages.warning(request, _("Kiriman ini sudah tidak ada di karantina."))
    return redirect("messaging:quarantine")


@official("ppid", "admin")
@_own_office
@require_POST
def settle(request: HttpRequest, event_id: int) -> HttpResponse:
    """Nothing is to be done."""
    if handling.settle(_event(event_id), by=request.official, now=timezone.now()):  # type: ignore[attr-defined]
        messages.success(request, _("Ditandai selesai. Kirimannya tetap tersimpan."))
    else:
        messages.warning(request, _("Kiriman ini sudah tidak ada di karantina."))
    return redirect("messaging:quarantine")


@official("ppid", "admin")
@_own_office
@require_POST
def send_again(request: HttpRequest, message_id: int) -> HttpResponse:
    """Nobody knows whether it arrived: once more."""
    if sending.send_again(_message(message_id), by=request.official, now=timezone.now()):  # type: ignore[attr-defined]
        messages.success(request, _("Pesan dikirim lagi."))
    else:
        messages.warning(request, _("Keadaan pesan ini sudah berubah."))
    return redirect("messaging:quarantine")


@official("ppid", "admin")
@_own_office
@require_POST
def leave(request: HttpRequest, message_id: int) -> HttpResponse:
    """Nobody knows whether it arrived: leave it so."""
    if sending.leave(_message(message_id), by=request.official, now=timezone.now()):  # type: ignore[attr-defined]
        messages.success(request, _("Pesan dibiarkan. Statusnya berubah sendiri bila ada kabar."))
    else:
        messages.warning(request, _("Keadaan pesan ini sudah berubah."))
    return redirect("messaging:quarantine")


def _message(message_id: int) -> sending.Message:
    row = queries.message(message_id)
    if row is None or row.direction != "out":
        raise Http404
    return row


def _event(event_id: int) -> handling.RawEvent:
    row = handling.RawEvent.objects.filter(pk=event_id).exclude(problem="").first()
    if row is None:
        raise Http404
    return row
