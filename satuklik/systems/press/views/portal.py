"""For journalists: how to ask, the form, and the page on which a question is followed without login."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from satuklik.base.accounts import limits
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.accounts.permissions import public
from satuklik.base.once import actions as once
from satuklik.base.ui import registry
from satuklik.systems.press import actions, policies, queries, rules, words
from satuklik.systems.press.actions.asking import digest
from satuklik.systems.press.errors import PressError
from satuklik.systems.press.forms import AskForm, PublishedForm
from satuklik.systems.press.models import Enquiry

MOST, SECONDS = 20, 3600  # questions of one address in an hour: a newsroom may share it
LONGEST_KEY = 100


@public
@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    """What the press desk does and how quickly, with the newest releases."""
    return render(
        request, "press/portal.html",
        {
            "policy": policies.in_force(timezone.localdate()), "releases": queries.published()[:5],
            # Ideas are another system, which may be switched off: asked for by the name of its way in.
            "ideas": next((resolve_url(one.url) for one in registry.entrances() if one.name == "ideas"), ""),
        },
    )  # fmt: skip


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form."""
    form = AskForm(request.POST if request.method == "POST" else None, initial=_known(request))
    if request.method != "POST":
        return render(request, "press/ask.html", {"form": form})
    if form.is_valid() and not form.cleaned_data["website"]:
        given, now = dict(form.cleaned_data), timezone.now()
        given.pop("website")
        try:
            limits.check("press.ask", limits.address(request), most=MOST, seconds=SECONDS, now=now)
            user = request.user if request.user.is_authenticated else None
            made = actions.ask(**given, received_at=now, now=now, user=user, word=once.word_of(request))
        except TooManyAttempts:
            form.add_error(
                None,
                _("Terlalu banyak pertanyaan dari jaringan ini. Coba lagi satu jam lagi, atau hubungi kami."),
            )
            return render(request, "press/ask.html", {"form": form}, status=429)
        except PressError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Pertanyaan Anda tercatat. Simpan alamat halaman ini."))
            return redirect("press:tracking", made.key)
    return render(request, "press/ask.html", {"form": form}, status=422)


@public
@never_cache
@require_safe
def tracking(request: HttpRequest, key: str) -> HttpResponse:
    """The state, the statement once it was sent, and every attempt: the proof for the other side too."""
    return _page(request, _enquiry(key), key, PublishedForm(initial={"on": timezone.localdate()}), 200)


@public
@never_cache
@require_POST
def published(request: HttpRequest, key: str) -> HttpResponse:
    """The journalist tells where it was printed."""
    enquiry, form = _enquiry(key), PublishedForm(request.POST)
    if form.is_valid():
        try:
            actions.published(enquiry, by=None, now=timezone.now(), **form.cleaned_data)
        except PressError as error:
            form.add_error(None, str(error))
        else:
            return redirect("press:tracking", key)
    return _page(request, _enquiry(key), key, form, 422)


@public
@never_cache
@require_POST
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """The journalist no longer needs an answer."""
    enquiry = _enquiry(key)
    try:
        actions.withdraw(enquiry, by=None, reason="", now=timezone.now())
    except PressError as error:
        messages.error(request, str(error))
    return redirect("press:tracking", key)


def _enquiry(key: str) -> Enquiry:
    found = queries.by_key(digest(key)) if len(key) <= LONGEST_KEY else None
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, one: Enquiry, key: str, form: PublishedForm, status: int) -> HttpResponse:
    response = render(
        request, "press/tracking.html",
        {
            "one": one, "key": key, "form": form, "state_words": words.PUBLIC_STATES[one.state],
            "tone": words.TONES[one.state], "sent": one.sent_at is not None,
            "attempts": one.attempts.order_by("at", "pk"),
            "may_publish": rules.PUBLISHED in rules.NEXT[one.state],
            "may_withdraw": rules.WITHDRAWN in rules.NEXT[one.state],
        },
        status=status,
    )  # fmt: skip
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _known(request: HttpRequest) -> dict[str, str]:
    if not request.user.is_authenticated:
        return {}
    user = request.user
    return {"name": user.name, "email": user.email, "phone": user.phone or ""}
