"""`/obrolan/`: write to the office from the portal, with or without an account, with or without JavaScript."""

import secrets

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from satuklik.base.accounts import limits
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.accounts.permissions import public
from satuklik.spine.messaging import links, queries
from satuklik.spine.messaging.actions import chatting
from satuklik.spine.messaging.actions.receiving import Handed
from satuklik.spine.messaging.forms import ChatForm
from satuklik.spine.messaging.views.reading import file_answer

KEY = "obrolan"
MOST_PER_BROWSER, MOST_PER_ADDRESS, SECONDS = 30, 300, 600


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def chat(request: HttpRequest) -> HttpResponse:
    """The page; a POST is a message."""
    if request.method != "POST":
        return _page(request, ChatForm(initial={"once": secrets.token_urlsafe(12)}))
    form = ChatForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    key = request.session.get(KEY, "")
    if not key and not request.user.is_authenticated:
        key = request.session[KEY] = secrets.token_urlsafe(24)
    now = timezone.now()
    try:
        limits.check("chat-address", limits.address(request), most=MOST_PER_ADDRESS, seconds=SECONDS, now=now)
        limits.check(
            "chat-browser", key or str(request.user.pk), most=MOST_PER_BROWSER, seconds=SECONDS, now=now
        )
    except TooManyAttempts:
        form.add_error(
            None, _("Terlalu banyak pesan dalam waktu singkat. Tunggu beberapa menit, lalu kirim lagi.")
        )
        return _page(request, form, status=429)
    given = form.cleaned_data
    files = [Handed(file.name or "", file.read(), file.content_type or "") for file in given["files"]]
    chatting.write(
        request.user, key, name=given["name"], email=given["email"], text=given["text"], files=files,
        once=given["once"] or secrets.token_urlsafe(12), now=now,
    )  # fmt: skip
    return redirect("messaging:chat")


@public
@never_cache
@require_safe
def lines(request: HttpRequest) -> HttpResponse:
    """Only the messages, for the page that asks again and again."""
    return render(request, "messaging/_lines.html", {"lines": _lines(request)})


@public
@require_safe
def file(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """A file of a message that this browser may see."""
    found = queries.attachment(attachment_id)
    if found is None or found.message_id not in {one.pk for one in _lines(request)}:
        raise Http404
    return file_answer(found)


def _lines(request: HttpRequest) -> list[chatting.Message]:
    return chatting.shown(request.user, request.session.get(KEY, ""), timezone.now())


def _page(request: HttpRequest, form: ChatForm, *, status: int = 200) -> HttpResponse:
    found = _lines(request)
    return render(request, "messaging/chat.html", {"form": form, "lines": found, "tab": ""}, status=status)


@public
@never_cache
@require_safe
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """One message to a person who has its link; opening it counts as reading where the link is all that was sent."""
    message = _by_token(token)
    if message.by_link or message.channel == chatting.replying.NOWHERE:
        chatting.read([message], timezone.now())
    page = render(request, "messaging/answer.html", {"message": message, "token": token})
    page["X-Robots-Tag"] = "noindex, nofollow"
    page["Referrer-Policy"] = "no-referrer"
    return page


@public
@never_cache
@require_safe
def answer_file(request: HttpRequest, token: str, attachment_id: int) -> HttpResponse:
    """A file of a message whose link one has."""
    found = queries.attachment(attachment_id)
    if found is None or found.message_id != _by_token(token).pk:
        raise Http404
    return file_answer(found)


def _by_token(token: str) -> chatting.Message:
    number = links.message_of(token)
    message = queries.message(number) if number is not None else None
    if message is None or message.direction != "out":
        raise Http404
    return message
