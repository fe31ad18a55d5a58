"""The second step of a login: a TOTP code, a recovery code or a passkey; and login by passkey alone."""

import json
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from satuklik.base.accounts import actions, factors, limits
from satuklik.base.accounts.adapter import passkey_host
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.accounts.forms import FactorForm, PasskeyForm, PasskeyNameForm
from satuklik.base.accounts.permissions import public
from satuklik.base.accounts.stages import STRONG, EnrolStage
from satuklik.base.accounts.views.entry import after_login, safe_next, until_text
from satuklik.base.accounts.views.totp import drop_totp, offer_totp, totp_picture


def options_text(options: dict[str, Any]) -> str:
    """WebAuthn options as the text that passkey.js reads from `data-options`."""
    return json.dumps(options, cls=DjangoJSONEncoder)


def passkeys_here(request: HttpRequest) -> bool:
    """Whether passkeys can work at the address that the browser shows."""
    return request.get_host().partition(":")[0] == passkey_host()


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authenticate(request: HttpRequest) -> HttpResponse:
    """The second factor of a login that has begun."""
    if request.user.is_authenticated:
        return redirect(after_login(request))
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    if stage is None or stage.login.user is None:
        return redirect("account_login")
    user = stage.login.user
    form = FactorForm()
    if request.method == "POST":
        form = FactorForm(request.POST if "code" in request.POST else None)
        try:
            limits.check_login(request, "factor", f"user:{user.pk}", timezone.now())
        except TooManyAttempts as error:
            return _factor_page(request, form, user, until_text(error), status=429)
        if "credential" in request.POST:
            return _by_passkey(request, stage, user, form)
        if form.is_valid():
            used = factors.use_code(user, form.cleaned_data["code"])
            if used is not None:
                factors.record_use(request, used)
                answer: HttpResponse = stage.exit()
                return answer
            form.add_error(
                "code", _("Kode salah atau sudah dipakai. Tunggu kode berikutnya, lalu coba lagi.")
            )
    return _factor_page(request, form, user, status=422 if request.method == "POST" else 200)


def _by_passkey(request: HttpRequest, stage: Any, user: Any, form: FactorForm) -> HttpResponse:
    passkey = factors.use_passkey(PasskeyForm(request.POST), user)
    if passkey is not None:
        factors.record_use(request, passkey)
        answer: HttpResponse = stage.exit()
        return answer
    return _factor_page(
        request, form, user, _("Passkey ini tidak dikenal. Coba lagi atau pakai kode."), status=422
    )


def _factor_page(
    request: HttpRequest, form: FactorForm, user: Any, problem: str = "", status: int = 200
) -> HttpResponse:
    has_passkey = factors.has(user, factors.Type.WEBAUTHN)
    context = {
        "form": form,
        "problem": problem,
        "has_totp": factors.has(user, factors.Type.TOTP),
        "passkey_options": options_text(webauthn.begin_authentication(user)) if has_passkey else "",
        "passkeys_here": passkeys_here(request),
        "passkey_host": passkey_host(),
    }
    return render(request, "accounts/factor.html", context, status=status)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def passkey_login(request: HttpRequest) -> HttpResponse:
    """GET: the challenge as JSON, for passkey.js. POST: log in with the passkey's answer, without password."""
    if request.user.is_authenticated:
        return redirect(after_login(request))
    if request.method != "POST":
        return JsonResponse(webauthn.begin_authentication(None), encoder=DjangoJSONEncoder)
    next_url = safe_next(request.POST.get("next"))
    try:
        limits.check_login(request, "passkey", "", timezone.now())
    except TooManyAttempts as error:
        return _passkey_refused(request, until_text(error), status=429)
    passkey = factors.use_passkey(PasskeyForm(request.POST))
    if passkey is None:
        return _passkey_refused(
            request, _("Passkey ini tidak dikenal. Masuk dengan cara lain, lalu daftarkan lagi passkey-nya.")
        )
    if not passkey.user.is_active:
        return _passkey_refused(request, _("Akun ini dinonaktifkan. Hubungi kantor Anda."))
    return perform_passwordless_login(
        request, passkey, Login(user=passkey.user, redirect_url=next_url or None)
    )


def _passkey_refused(request: HttpRequest, problem: str, status: int = 422) -> HttpResponse:
    context = {"problem": problem, "next": safe_next(request.POST.get("next"))}
    return render(request, "accounts/passkey_refused.html", context, status=status)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """An official's first login: set up a second factor before being logged in."""
    if request.user.is_authenticated:
        return redirect(after_login(request))
    stage = LoginStageController.enter(request, EnrolStage.key)
    if stage is None or stage.login.user is None:
        return redirect("official_login")
    user = stage.login.user
    if factors.has(user, *STRONG):  # set up meanwhile in another window: then it has to be shown
        return redirect("official_login")
    form, passkey_form = FactorForm(), PasskeyNameForm()
    if request.method == "POST":
        try:
            limits.check_login(request, "factor", f"user:{user.pk}", timezone.now())
        except TooManyAttempts as error:
            return _enrol_page(request, form, passkey_form, user, until_text(error), status=429)
        if "credential" in request.POST:
            passkey_form = PasskeyNameForm(request.POST)
            if factors.complete_passkey(passkey_form):
                factors.add_passkey_from(passkey_form, user)
                return _enrolled(request, stage, user)
        else:
            form = FactorForm(request.POST)
            if form.is_valid():
                secret = offer_totp(request, renew=False)
                counter = factors.matching_counter(secret, form.cleaned_data["code"])
                if counter is not None:
                    factors.add_totp(user, secret, counter)
                    drop_totp(request)
                    return _enrolled(request, stage, user)
                form.add_error(
                    "code", _("Kode tidak cocok. Periksa jam HP Anda, lalu ketik kode yang terbaru.")
                )
    return _enrol_page(request, form, passkey_form, user, status=422 if request.method == "POST" else 200)


def _enrolled(request: HttpRequest, stage: Any, user: Any) -> HttpResponse:
    record_authentication(request, user, "mfa", type="enrolled")
    actions.note(user, "account.key_added", now=timezone.now(), type="first")
    answer = stage.exit()
    if not request.user.is_authenticated:
        return answer
    onward = urlencode({"next": answer.headers.get("Location", "/")})
    response = HttpResponseRedirect(f"{reverse('mfa_view_recovery_codes')}?{onward}")
    response.cookies.update(answer.cookies)
    return response


def _enrol_page(
    request: HttpRequest,
    form: FactorForm,
    passkey_form: PasskeyNameForm,
    user: Any,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    secret = offer_totp(request, renew=request.method != "POST")
    context = {
        "form": form,
        "passkey_form": passkey_form,
        "problem": problem,
        **totp_picture(user, secret),
        "passkey_options": options_text(webauthn.begin_registration(user, True)),
        "passkeys_here": passkeys_here(request),
        "passkey_host": passkey_host(),
    }
    return render(request, "accounts/enrol.html", context, status=status)
