"""Adding and removing the keys of an account: passkeys, TOTP, recovery codes."""

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from satuklik.base.accounts import actions, factors, limits
from satuklik.base.accounts.adapter import passkey_host
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.accounts.forms import FactorForm, PasskeyNameForm
from satuklik.base.accounts.permissions import signed_in
from satuklik.base.accounts.views.account import shell
from satuklik.base.accounts.views.entry import safe_next, until_text
from satuklik.base.accounts.views.factor import options_text, passkeys_here
from satuklik.base.accounts.views.fresh import fresh
from satuklik.base.accounts.views.totp import drop_totp, offer_totp, totp_picture


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Register a passkey of this device."""
    form = PasskeyNameForm(request.POST or None)
    if request.method == "POST" and factors.complete_passkey(form):
        first = not factors.recovery_codes(request.user)
        factors.add_passkey_from(form, request.user)
        actions.note(request.user, "account.key_added", now=timezone.now(), type="webauthn")
        return redirect("mfa_view_recovery_codes" if first else "account")
    options = webauthn.begin_registration(request.user, True)
    context = {
        "shell": shell(request),
        "form": form,
        "passkey_options": options_text(options),
        "passkeys_here": passkeys_here(request),
        "passkey_host": passkey_host(),
    }
    return render(
        request, "accounts/add_passkey.html", context, status=422 if request.method == "POST" else 200
    )


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def add_totp(request: HttpRequest) -> HttpResponse:
    """Set up the authenticator app."""
    if factors.has(request.user, factors.Type.TOTP):
        return redirect("account")
    form = FactorForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            limits.check_login(request, "factor", f"user:{request.user.pk}", timezone.now())
        except TooManyAttempts as error:
            form.is_valid()
            form.add_error(None, until_text(error))
            status = 429
        if form.is_valid():
            secret = offer_totp(request, renew=False)
            counter = factors.matching_counter(secret, form.cleaned_data["code"])
            if counter is not None:
                first = not factors.recovery_codes(request.user)
                factors.add_totp(request.user, secret, counter)
                actions.note(request.user, "account.key_added", now=timezone.now(), type="totp")
                drop_totp(request)
                return redirect("mfa_view_recovery_codes" if first else "account")
            form.add_error("code", _("Kode tidak cocok. Periksa jam HP Anda, lalu ketik kode yang terbaru."))
    secret = offer_totp(request, renew=request.method != "POST")
    context = {"shell": shell(request), "form": form, **totp_picture(request.user, secret)}
    return render(request, "accounts/add_totp.html", context, status=status)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def remove_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """Remove a passkey or the authenticator app, after asking."""
    key = get_object_or_404(
        Authenticator.objects.exclude(type=factors.Type.RECOVERY_CODES), pk=key_id, user=request.user
    )
    kept = False
    if request.method == "POST":
        if factors.remove(key):
            actions.note(request.user, "account.key_removed", now=timezone.now(), type=key.type)
            return redirect("account")
        kept = True
    context = {"shell": shell(request), "key": key, "kept": kept, "is_totp": key.type == factors.Type.TOTP}
    return render(request, "accounts/remove_key.html", context, status=422 if kept else 200)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD"])
@fresh
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes that were not used yet."""
    context = {
        "shell": shell(request),
        "codes": factors.recovery_codes(request.user),
        "next": safe_next(request.GET.get("next")) or reverse("account"),
    }
    return render(request, "accounts/recovery_codes.html", context)


@signed_in
@require_POST
@fresh
def renew_recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes for somebody who has a second factor."""
    if factors.has(request.user, factors.Type.TOTP, factors.Type.WEBAUTHN):
        factors.renew_recovery_codes(request.user)
        actions.note(request.user, "account.recovery_codes_renewed", now=timezone.now())
    return redirect("mfa_view_recovery_codes")
