"""The account page: language, keys, sessions, API tokens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from satuklik.base.accounts import actions, factors, queries
from satuklik.base.accounts.adapter import passkey_host
from satuklik.base.accounts.forms import TokenForm
from satuklik.base.accounts.permissions import signed_in
from satuklik.base.accounts.sessions import end_sessions, sessions_of
from satuklik.base.accounts.views.factor import passkeys_here
from satuklik.base.accounts.views.fresh import fresh


def shell(request: HttpRequest) -> str:
    """The frame that the user knows: the desk for officials, the portal for residents."""
    return "ui/desk.html" if request.user.kind == "official" else "ui/base.html"


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD"])
def account(request: HttpRequest) -> HttpResponse:
    """Everything about the account on one page."""
    return _account_page(request, TokenForm())


def _account_page(
    request: HttpRequest, token_form: TokenForm, *, new_token: str = "", status: int = 200
) -> HttpResponse:
    user = request.user
    now = timezone.now()
    keys = factors.of(user)
    context = {
        "shell": shell(request),
        "tab": "account",
        "passkeys": [key for key in keys if key.type == factors.Type.WEBAUTHN],
        "totp": next((key for key in keys if key.type == factors.Type.TOTP), None),
        "recovery": next((key for key in keys if key.type == factors.Type.RECOVERY_CODES), None),
        "passkeys_here": passkeys_here(request),
        "passkey_host": passkey_host(),
        "sessions": [_described(row, request) for row in sessions_of(user, now=now)],
        "tokens": queries.tokens_of(user),
        "token_form": token_form,
        "new_token": new_token,
        "resident": queries.profile(request, "resident"),
    }
    return render(request, "accounts/account.html", context, status=status)


def _described(row: "object", request: HttpRequest) -> dict[str, object]:
    data = request.session.decode(row.session_data)  # type: ignore[attr-defined]
    return {
        "browser": browser(data.get("agent", "")),
        "address": data.get("address", ""),
        "seen_at": row.seen_at,  # type: ignore[attr-defined]
        "here": row.session_key == request.session.session_key,  # type: ignore[attr-defined]
    }


# The order matters: Edge and Opera call themselves Chrome too, and everyone calls itself Safari.
BROWSERS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def browser(agent: str) -> str:
    """A user agent as people call it: "Chrome, Android"; empty where nothing is known."""
    found = [
        next((name for mark, name in table.items() if mark in agent), "") for table in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(part for part in found if part)


@signed_in
@never_cache
@require_POST
@fresh
def create_token(request: HttpRequest) -> HttpResponse:
    """A new API token, shown this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _account_page(request, form, status=422)
    token = actions.create_token(request.user, form.cleaned_data["label"])
    actions.note(request.user, "account.token_created", now=timezone.now(), label=form.cleaned_data["label"])
    return _account_page(request, TokenForm(), new_token=token)


@signed_in
@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Delete one of the own tokens; somebody else's number changes nothing."""
    if actions.revoke_token(request.user, token_id):
        actions.note(request.user, "account.token_revoked", now=timezone.now(), token=token_id)
    return redirect("account")


@signed_in
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Log out everywhere but here."""
    ended = end_sessions(request.user, but=request.session.session_key)
    actions.note(request.user, "account.sessions_ended", now=timezone.now(), ended=ended)
    return redirect("account")
