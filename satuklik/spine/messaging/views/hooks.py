"""`/hooks/whatsapp`: Meta's way in. Checked, stored in one statement, answered; everything else is the worker's."""

import hmac

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from satuklik.base.accounts.permissions import public
from satuklik.spine.messaging.actions.handling import store_event
from satuklik.spine.messaging.adapters import whatsapp

MOST_BYTES = 4_000_000  # Meta sends at most 3 MB in one call
PLAIN = "text/plain; charset=utf-8"


@csrf_exempt
@public
def hook(request: HttpRequest) -> HttpResponse:
    """GET: Meta checks that we are we. POST: something happened."""
    if request.method == "GET":
        return _verify(request)
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "GET, POST"})
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return HttpResponse("Too large.", PLAIN, status=413)
    try:
        body = request.read(MOST_BYTES + 1)
    except UnreadablePostError:
        return HttpResponse("Broken off.", PLAIN, status=400)
    if len(body) > MOST_BYTES:
        return HttpResponse("Too large.", PLAIN, status=413)
    if not whatsapp.is_genuine(body, request.headers.get(whatsapp.SIGNATURE, "")):
        return HttpResponse("The signature is not ours.", PLAIN, status=401)
    try:
        store_event(whatsapp.NAME, whatsapp.account_of(body), body, now=timezone.now())
    except (DatabaseError, InterfaceError):
        return HttpResponse("Not now.", PLAIN, status=503, headers={"Retry-After": "5"})  # Meta repeats it
    return HttpResponse("OK", PLAIN)


def _verify(request: HttpRequest) -> HttpResponse:
    token, ours = request.GET.get("hub.verify_token", ""), settings.WHATSAPP_VERIFY_TOKEN
    same = hmac.compare_digest(token.encode("utf-8", "replace"), ours.encode())
    if not ours or not same or request.GET.get("hub.mode") != "subscribe":
        return HttpResponse("The verify token is not ours.", PLAIN, status=403)
    return HttpResponse(request.GET.get("hub.challenge", "")[:200], PLAIN)
