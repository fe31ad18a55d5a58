"""Who may open a view. Every view wears exactly one of these; they set `view.permission`.

`@fresh` below it asks for a new login where the last one is old.

`@public` · `@signed_in` · `@resident` · `@resident(level=2)` · `@official()` · `@official("head")` · `@admin`.
Views below them find what they are in `request.resident` and `request.official`.
"""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any, TypeVar, overload
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from satuklik.base.accounts.queries import profile
from satuklik.base.accounts.views.fresh import fresh as fresh
from satuklik.kernel.remembering import remembering

View = TypeVar("View", bound=Callable[..., Any])
Guard = Callable[[HttpRequest], HttpResponse | None]
SAFE = ("GET", "HEAD")


def public(view: View) -> View:
    """Anyone, also without login."""

    @wraps(view)
    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer

    opened.permission = "public"  # type: ignore[attr-defined]
    return opened  # type: ignore[return-value]


def signed_in(view: View) -> View:
    """Anyone who has logged in, resident or official."""
    return _guarded(view, "signed_in", lambda request: _login_needed(request, "account_login"))


@overload
def resident(view: View) -> View: ...
@overload
def resident(*, level: int = 1) -> Callable[[View], View]: ...
def resident(view: View | None = None, *, level: int = 1) -> View | Callable[[View], View]:
    """A resident who is known to the register, proven at least to `level`."""

    def guard(request: HttpRequest) -> HttpResponse | None:
        if refused := _login_needed(request, "account_login"):
            return refused
        person = profile(request, "resident")
        if person is None:
            return denied(request, "resident")
        if person.level < level:
            return render(request, "accounts/prove.html", {"resident": person}, status=403)
        request.resident = person
        return None

    name = "resident" if level == 1 else f"resident:{level}"
    if view is not None:
        return _guarded(view, name, guard)
    return lambda given: _guarded(given, name, guard)


def official(*roles: str) -> Callable[[View], View]:
    """An official in office, with one of `roles` where some are named."""

    def guard(request: HttpRequest) -> HttpResponse | None:
        if refused := _login_needed(request, "official_login"):
            return refused
        person = profile(request, "official")
        if person is None:
            return denied(request, "official")
        if roles and person.role not in roles:
            return denied(request, "role")
        request.official = person
        return None

    name = f"official:{','.join(roles)}" if roles else "official"
    return lambda view: _guarded(view, name, guard)


def admin(view: View) -> View:
    """An administrator of the installation: a superuser or an official with the role "admin"."""

    def guard(request: HttpRequest) -> HttpResponse | None:
        if refused := _login_needed(request, "official_login"):
            return refused
        person = profile(request, "official")
        if not (request.user.is_superuser or (person is not None and person.role == "admin")):
            return denied(request, "admin")
        request.official = person
        return None

    return _guarded(view, "admin", guard)


def denied(request: HttpRequest, needed: str) -> HttpResponse:
    """The page that says who may enter and what to do. `needed`: resident, official, role or admin."""
    return render(request, "accounts/denied.html", {"needed": needed}, status=403)


def _guarded(view: View, name: str, guard: Guard) -> View:
    @wraps(view)
    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        refused = guard(request)
        if refused is not None:
            return refused
        with remembering() if request.method in SAFE else nullcontext():
            answer: HttpResponse = view(request, *args, **kwargs)
        return answer

    opened.permission = name  # type: ignore[attr-defined]
    return opened  # type: ignore[return-value]


def _login_needed(request: HttpRequest, login: str) -> HttpResponse | None:
    if request.user.is_authenticated:
        return None
    return HttpResponseRedirect(f"{reverse(login)}?{urlencode({'next': _way_back(request)})}")


def _way_back(request: HttpRequest) -> str:
    """Where to go after the login: this page, or for a sent form the page that it was on."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else came_from(request)


def came_from(request: HttpRequest) -> str:
    """The path of our page that this request came from, else the home page."""
    try:
        referer = urlsplit(request.META.get("HTTP_REFERER", ""))
    except ValueError:  # "http://[::1"
        return "/"
    if (
        referer.netloc != request.get_host()
        or not referer.path.startswith("/")
        or referer.path.startswith("//")
    ):
        return "/"
    return f"{referer.path}?{referer.query}" if referer.query else referer.path
