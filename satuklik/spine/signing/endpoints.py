"""Addresses that other programs ask: time stamps (RFC 3161) and the state of certificates (RFC 6960)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from satuklik.base.accounts import limits
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.accounts.permissions import public
from satuklik.spine.signing import responder
from satuklik.spine.signing.actions.services import SERVICES, count_use
from satuklik.spine.signing.timestamps import messages
from satuklik.spine.signing.timestamps.client import QUERY_TYPE, REPLY_TYPE

# Per address; a whole office stands behind one.
STAMPS = {"most": 600, "seconds": 600}
ASKINGS = {"most": 3000, "seconds": 600}
OCSP_REQUEST, OCSP_RESPONSE = "application/ocsp-request", "application/ocsp-response"


@csrf_exempt
@public
@require_POST
def timestamp(request: HttpRequest) -> HttpResponse:
    """`POST /tsa`: a time-stamp query is answered by a reply with a token, or one that says why there is none."""
    now = timezone.now()
    if request.content_type != QUERY_TYPE:
        return HttpResponse(f"Send {QUERY_TYPE}.\n", status=415, content_type="text/plain")
    try:
        limits.check("tsa", limits.address(request), now=now, **STAMPS)
    except TooManyAttempts as error:
        return _wait(error)
    own = SERVICES.tsa(now)
    if own is None:
        words = "The authority has no key in force."
        return _reply(messages.refused(messages.Failure.TIME_NOT_AVAILABLE, words))
    try:
        query = messages.read_query(request.body, own.tsa.policy)
    except messages.Refused as refusal:
        return _reply(messages.refused(refusal.failure, str(refusal)))
    token = own.tsa.answer(query, now=now)
    # Counted before it goes out: no token leaves without a trace.
    count_use(own.key_id, token, now)
    return _reply(messages.granted(token.der))


@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_status(request: HttpRequest, asked: str = "") -> HttpResponse:
    """`POST /ocsp` and `GET /ocsp/<base64>`: is this certificate of ours in force?"""
    now = timezone.now()
    posted = request.method == "POST"
    if posted and request.content_type != OCSP_REQUEST:
        return HttpResponse(f"Send {OCSP_REQUEST}.\n", status=415, content_type="text/plain")
    try:
        limits.check("ocsp", limits.address(request), now=now, **ASKINGS)
    except TooManyAttempts:
        return HttpResponse(responder.try_later(), content_type=OCSP_RESPONSE)
    found = responder.answer(request.body if posted else responder.from_address(asked), now=now)
    response = HttpResponse(found.der, content_type=OCSP_RESPONSE)
    keep = found.cacheable and not posted
    response["Cache-Control"] = (
        f"public, no-transform, must-revalidate, max-age={responder.MAX_AGE}" if keep else "no-store"
    )
    return response


def _reply(reply: bytes) -> HttpResponse:
    return HttpResponse(reply, content_type=REPLY_TYPE, headers={"Cache-Control": "no-store"})


def _wait(error: TooManyAttempts) -> HttpResponse:
    seconds = max(1, int((error.until - timezone.now()).total_seconds()))
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    return HttpResponse("Too many queries.\n", status=429, content_type="text/plain", headers=headers)
