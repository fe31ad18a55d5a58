"""Passphrases at the door: taken out of the request before anything parses it, and overwritten after the response.

What is typed into a form becomes many strings on its way: the body, the parsed form, the cleaned field. None of them
can be wiped, and a core of the process would show them long afterwards. So a view that expects a passphrase says so
(`with_passphrase`); then the middleware puts a word that stands for it in its place (kernel.secrecy), and only the
vault, at the moment of unlocking, sees what was typed.

It is looked for in an urlencoded form, in a part of a multipart one, and in the header `Satuklik-Passphrase` (the API).
"""

from collections.abc import Callable, Iterator
from io import BytesIO

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.urls import Resolver404, resolve

from satuklik.kernel import secrecy

FIELD = "passphrase"
SERVER = "Granian"
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
HEADER = "HTTP_SATUKLIK_PASSPHRASE"
View = Callable[..., HttpResponse]


def with_passphrase(view: View) -> View:
    """This view takes a signing passphrase in the field `passphrase` of a form, or in the header. Outermost decorator:
    the middleware reads the mark before the view is called."""
    view.takes_passphrase = True  # type: ignore[attr-defined]
    return view


def passphrase_middleware(get_response: View) -> View:
    """Seal the passphrase of a marked view, forget it after the response. Stands before whatever reads the form."""

    def middleware(request: HttpRequest) -> HttpResponse:
        words = list(_sealed(request)) if request.method == "POST" and _expects(request) else []
        try:
            response = get_response(request)
        finally:
            for word in words:
                secrecy.forget(word)
        if not words:
            return response
        # The web server keeps what it read for as long as the connection lives; closed, it is overwritten
        # (run.supervisor.ZEALOUS). PEP 3333 leaves this header to the server; ours has no other way to be asked.
        if _by_our_server(request):
            response["Connection"] = "close"
        return response

    return middleware


def _by_our_server(request: HttpRequest) -> bool:
    return str(request.META.get("SERVER_SOFTWARE", "")).startswith(SERVER)


def _expects(request: HttpRequest) -> bool:
    try:
        return bool(getattr(resolve(request.path_info).func, "takes_passphrase", False))
    except Resolver404:
        return False


def _sealed(request: HttpRequest) -> Iterator[str]:
    """The words that now stand where passphrases were; none where there is none."""
    header = request.META.pop(HEADER, "")
    if header:
        word = request.META[HEADER] = secrecy.seal(secrecy.octets(header))
        secrecy.wipe_text(header)
        yield word
    if request.content_type == FORM:
        yield from _in_form(request)
    elif request.content_type == PARTS:
        yield from _in_parts(request)


def _in_form(request: HttpRequest) -> Iterator[str]:
    try:
        body = request.body
    except (RequestDataTooBig, UnreadablePostError):
        return  # whoever reads the form says so
    place = secrecy.form_value(body, FIELD)
    if place is None:
        return
    word = secrecy.seal(secrecy.unquoted(body, *place))
    request._body = _replaced(body, place, word)  # type: ignore[attr-defined]
    # A request lives in a cycle of references until the collector comes by: let go of what the web server read now.
    request._stream = request.environ["wsgi.input"] = BytesIO()  # type: ignore[attr-defined]
    yield word


def _in_parts(request: HttpRequest) -> Iterator[str]:
    length = request.META.get("CONTENT_LENGTH") or ""
    boundary = (request.content_params or {}).get("boundary", "")
    if (
        not length.isdecimal()
        or int(length) > settings.LARGEST_REQUEST
        or not boundary.isascii()
        or not boundary
    ):
        return  # whoever reads it says so
    try:
        body = request._stream.read()  # type: ignore[attr-defined]
    except OSError:
        return  # the line is gone
    place, word = secrecy.part_value(body, boundary.encode(), FIELD), ""
    if place is not None:
        word = secrecy.seal(bytearray(memoryview(body)[slice(*place)]))
        body = _replaced(body, place, word)
    request._stream = request.environ["wsgi.input"] = BytesIO(body)  # type: ignore[attr-defined]
    request.META["CONTENT_LENGTH"] = str(len(body))
    if word:
        yield word


def _replaced(body: bytes, place: tuple[int, int], word: str) -> bytes:
    """The body with the word in that place; what stood there is overwritten."""
    start, end = place
    found = body[:start] + word.encode() + body[end:]
    secrecy.wipe_bytes(body, start, end)
    return found
