"""The security headers of every answer."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from satuklik.base.ui.errors import error_page


def policy(*pictures: str) -> str:
    """The Content-Security-Policy; `pictures` are origins that pictures may come from besides ours."""
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("img-src 'self' data:", *pictures)),
            "style-src 'self'",
            "script-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


HEADERS = {
    "Content-Security-Policy": policy(),
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


CHUNK = 1 << 18
DRAINED = 4  # times the largest request


class SecurityHeaders:
    """Adds the headers unless the view chose its own (an API page, a file that others may embed)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = _refused(request) or _in_words(request, self.get_response(request))
        for name, value in HEADERS.items():
            if name not in response:
                response[name] = value
        if "Cache-Control" not in response and _is_personal(request):
            response["Cache-Control"] = "private, no-store"
        return response


def _refused(request: HttpRequest) -> HttpResponse | None:
    """What no view should see: a body larger than any of our forms takes, a NUL in the address."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > settings.LARGEST_REQUEST:
        _let_pass(request, int(length))
        return error_page(request, 413)
    if "\x00" in request.path_info:  # PostgreSQL takes none
        return error_page(request, 404)
    return None


def _in_words(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The address of a form's answer, opened as a page (reloaded, or by the switch of language or theme that stands on
    it): Django's 405 is an empty sheet. Programs keep it."""
    if (
        response.status_code != 405
        or response.content
        or request.method != "GET"
        or "text/html" not in request.headers.get("Accept", "")
    ):
        return response
    page = error_page(request, 405)
    page["Allow"] = response["Allow"]
    return page


def _let_pass(request: HttpRequest, length: int) -> None:
    """Read the body without keeping it: a browser shows our answer only when it could send everything. What is
    far too large is not waited for."""
    while 0 < length <= settings.LARGEST_REQUEST * DRAINED and request.read(CHUNK):
        length -= CHUNK


def _is_personal(request: HttpRequest) -> bool:
    """Whether the answer may be about somebody: then no shared computer and no proxy keeps it."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "HTTP_AUTHORIZATION" in request.META
