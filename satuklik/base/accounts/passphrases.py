"""Passphrases at the door: taken out of the request before anything parses it, and overwritten after the response.

What is typed into a form becomes many strings on its way: the body, the parsed form, the cleaned field. None of them
can be wiped, and a core of the process would show them long afterwards. So a view that expects a passphrase says so
(`with_passphrase`); then the middleware puts a word that stands for it in its place (kernel.secrecy), and only the
vault, at the moment of unlocking, sees what was typed.

A view that gets one in another way (the API: a part of a multipart body, a header) sets `request.took_passphrase`.
"""

import gc
from collections.abc import Callable
from io import BytesIO

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.urls import Resolver404, resolve

from satuklik.kernel import secrecy

FIELD = "passphrase"
SERVER = "Granian"
FORM = "application/x-www-form-urlencoded"
View = Callable[..., HttpResponse]


def with_passphrase(view: View) -> View:
    """This view takes a signing passphrase in the field `passphrase` of a form. Outermost decorator: the middleware
    reads the mark before the view is called."""
    view.takes_passphrase = True  # type: ignore[attr-defined]
    return view


def passphrase_middleware(get_response: View) -> View:
    """Seal the passphrase of a marked view, forget it after the response. Stands before whatever reads the form."""

    def middleware(request: HttpRequest) -> HttpResponse:
        word = _sealed(request) if request.method == "POST" and _expects(request) else None
        try:
            response = get_response(request)
        finally:
            if word is not None:
                secrecy.forget(word)
            # An error (a mistyped passphrase) and the frames that it went through hold each other, and what was typed,
            # until the collector comes by: it comes now. Some milliseconds, beside the tenth of a second of a key.
            if word is not None or getattr(request, "took_passphrase", False):
                gc.collect()
        if word is None:
            return response
        # The web server keeps what it read for as long as the connection lives; closed, it is overwritten
        # (run.supervisor.ZEALOUS). PEP 3333 leaves this header to the server; ours has no other way to be asked.
        if str(request.META.get("SERVER_SOFTWARE", "")).startswith(SERVER):
            response["Connection"] = "close"
        return response

    return middleware


def _expects(request: HttpRequest) -> bool:
    try:
        return bool(getattr(resolve(request.path_info).func, "takes_passphrase", False))
    except Resolver404:
        return False


def _sealed(request: HttpRequest) -> str | None:
    """The word that now stands in the form; None where there is no passphrase in it."""
    if request.content_type != FORM:
        return None
    try:
        body = request.body
    except (RequestDataTooBig, UnreadablePostError):
        return None  # whoever reads the form says so
    place = secrecy.form_value(body, FIELD)
    if place is None:
        return None
    start, end = place
    word = secrecy.seal(secrecy.unquoted(body, start, end))
    request._body = body[:start] + word.encode() + body[end:]  # type: ignore[attr-defined]
    secrecy.wipe_bytes(body, start, end)
    # A request lives in a cycle of references until the collector comes by: let go of what the web server read now.
    request._stream = request.environ["wsgi.input"] = BytesIO()  # type: ignore[attr-defined]
    return word
