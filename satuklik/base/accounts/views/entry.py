"""The doors: residents by code, officials by password, personas in the demo; logout and language."""

import secrets
from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from satuklik.base.accounts import actions, channels, limits, queries, registry, rules
from satuklik.base.accounts.adapter import passkey_host
from satuklik.base.accounts.errors import CodeGone, TooManyAttempts, WrongCode
from satuklik.base.accounts.forms import IdentifierForm, LanguageForm, LoginCodeForm, OfficialForm
from satuklik.base.accounts.language import remember_language
from satuklik.base.accounts.models import User
from satuklik.base.accounts.permissions import came_from, public
from satuklik.base.accounts.steady import steady

ASKED = "code_asked"  # session: {"id", "kind", "value", "nonce", "next", "sent_at", "shown"?}


def safe_next(url: str | None) -> str:
    """`url` where it is a page of this server, else an empty string."""
    if url and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return url
    return ""


def until_text(error: TooManyAttempts) -> str:
    """When to try again, for people."""
    moment = timezone.localtime(error.until)
    return _("Terlalu banyak percobaan. Coba lagi setelah pukul %(time)s WIB.") % {"time": f"{moment:%H.%M}"}


def after_login(request: HttpRequest) -> str:
    """Where somebody goes who opens the login page but is logged in already."""
    return safe_next(request.GET.get("next")) or get_adapter(request).get_login_redirect_url(request)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Residents: NIK or telephone number. The answer is the same whether or not we know it."""
    if request.user.is_authenticated:
        return redirect(after_login(request))
    if request.method != "POST":
        return _login_page(request, IdentifierForm(initial={"next": safe_next(request.GET.get("next"))}))
    form = IdentifierForm(request.POST)
    if not form.is_valid():
        return _login_page(request, form, status=422)
    kind, value = form.cleaned_data["identifier"]
    try:
        _ask(request, kind, value, safe_next(form.cleaned_data["next"]), timezone.now())
    except TooManyAttempts as error:
        form.add_error("identifier", until_text(error))
        return _login_page(request, form, status=429)
    return redirect("account_code")


def _login_page(request: HttpRequest, form: IdentifierForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "next": form["next"].value() or "",
        "personas": queries.personas() if settings.DEMO else [],
        "passkey_host": passkey_host(),
        "passkeys_here": request.get_host().partition(":")[0] == passkey_host(),
    }
    return render(request, "accounts/login.html", context, status=status)


def _ask(request: HttpRequest, kind: str, value: str, next_url: str, now: datetime) -> None:
    """Send a code and note in the session what was asked. Raises TooManyAttempts."""
    limits.check_login(request, "send", f"{kind}:{value}", now)
    nonce = secrets.token_urlsafe(24)
    with steady():
        code_id, code = actions.send_code(kind, value, nonce=nonce, now=now)
    asked = {
        "id": code_id,
        "kind": kind,
        "value": value,
        "nonce": nonce,
        "next": next_url,
        "sent_at": now.isoformat(),
    }
    if channels.shows_code():
        asked["shown"] = code
    request.session[ASKED] = asked


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Residents: the one-time code."""
    if request.user.is_authenticated:
        return redirect(after_login(request))
    asked = request.session.get(ASKED)
    if asked is None:
        return redirect("account_login")
    if request.method != "POST":
        return _code_page(request, LoginCodeForm(), asked)
    if "again" in request.POST:
        return _code_again(request, asked)
    form = LoginCodeForm(request.POST)
    if not form.is_valid():
        return _code_page(request, form, asked, status=422)
    account = f"{asked['kind']}:{asked['value']}"
    try:
        now = timezone.now()
        limits.check_login(request, "try", account, now)
        with steady():
            user = actions.check_code(
                asked["id"],
                form.cleaned_data["code"],
                kind=asked["kind"],
                value=asked["value"],
                nonce=asked["nonce"],
                now=now,
            )
    except TooManyAttempts as error:
        form.add_error("code", until_text(error))
        return _code_page(request, form, asked, status=429)
    except WrongCode as error:
        form.add_error("code", _wrong_text(error.left))
        return _code_page(request, form, asked, status=422)
    except CodeGone:
        form.add_error("code", _("Kode ini tidak berlaku lagi. Minta kode baru dengan tombol di bawah."))
        return _code_page(request, form, asked, status=422)
    del request.session[ASKED]
    request.session["account"] = account
    record_authentication(request, user, "code")
    return perform_login(request, Login(user=user, redirect_url=asked["next"] or None))


def _wrong_text(left: int) -> str:
    if left:
        return _("Kode salah. Sisa %(left)s percobaan.") % {"left": left}
    return _("Kode salah lima kali, jadi kode ini dimatikan. Minta kode baru dengan tombol di bawah.")


def _code_again(request: HttpRequest, asked: dict[str, str]) -> HttpResponse:
    form = LoginCodeForm()
    try:
        _ask(request, asked["kind"], asked["value"], asked["next"], timezone.now())
    except TooManyAttempts as error:
        form = LoginCodeForm({"code": ""})
        form.errors["code"] = form.error_class([until_text(error)])
        return _code_page(request, form, asked, status=429)
    return redirect("account_code")


def _code_page(
    request: HttpRequest, form: LoginCodeForm, asked: dict[str, str], status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "asked_with": asked["kind"],
        "shown": asked.get("shown") if channels.shows_code() else None,
        "minutes": int(rules.CODE_LIFE.total_seconds() // 60),
    }
    return render(request, "accounts/code.html", context, status=status)


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def official_login(request: HttpRequest) -> HttpResponse:
    """Officials: user name and password; a second factor follows."""
    if request.user.is_authenticated:
        return redirect(after_login(request))
    if request.method != "POST":
        form = OfficialForm(initial={"next": safe_next(request.GET.get("next"))})
        return _official_page(request, form)
    form = OfficialForm(request.POST)
    if not form.is_valid():
        return _official_page(request, form, status=422)
    username = form.cleaned_data["username"].strip().lower()
    try:
        limits.check_login(request, "password", f"official:{username}", timezone.now())
    except TooManyAttempts as error:
        form.add_error(None, until_text(error))
        return _official_page(request, form, status=429)
    user = authenticate(request, username=username, password=form.cleaned_data["password"])
    if not isinstance(user, User) or user.kind != User.Kind.OFFICIAL:
        form.add_error(None, _("Nama pengguna atau kata sandi salah. Periksa keduanya lalu coba lagi."))
        return _official_page(request, form, status=422)
    request.session["account"] = f"official:{username}"
    record_authentication(request, user, "password")
    return perform_login(request, Login(user=user, redirect_url=safe_next(form.cleaned_data["next"]) or None))


def _official_page(request: HttpRequest, form: OfficialForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "next": form["next"].value() or "",
        "passkey_host": passkey_host(),
        "passkeys_here": request.get_host().partition(":")[0] == passkey_host(),
    }
    return render(request, "accounts/official_login.html", context, status=status)


@public
@never_cache
@require_POST
def persona_login(request: HttpRequest) -> HttpResponse:
    """Demo only: log in as one of the registered personas. Elsewhere this page does not exist."""
    if not settings.DEMO:
        raise Http404
    username = request.POST.get("persona", "")
    if username not in registry.personas:
        raise Http404
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Http404
    clear_login(request)
    adapter = get_adapter(request)
    record_authentication(request, user, "persona")
    adapter.login(request, user)
    return adapter.post_login(
        request,
        user,
        email_verification="none",
        signal_kwargs=None,
        email=None,
        signup=False,
        redirect_url=safe_next(request.POST.get("next")) or None,
    )


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def logout(request: HttpRequest) -> HttpResponse:
    """End the session (POST); a GET asks first, for links without JavaScript."""
    if request.method != "POST":
        return render(request, "accounts/logout.html")
    get_adapter(request).logout(request)
    return HttpResponseRedirect(safe_next(request.POST.get("next")) or "/")


# The frame of the pages is drawn once for everybody and holds no token; a forged switch changes a language.
@public
@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the pages, for this browser and for the account; back to where it was."""
    form = LanguageForm(request.POST)
    response = HttpResponseRedirect(safe_next(request.POST.get("next")) or came_from(request), status=303)
    if form.is_valid():
        chosen = form.cleaned_data["language"]
        remember_language(response, chosen)
        if request.user.is_authenticated and request.user.language != chosen:
            actions.set_language(request.user, chosen)
    return response
