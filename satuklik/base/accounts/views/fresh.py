"""The decorator `@fresh`: who changes the keys of an account must have logged in just now."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from satuklik.base.accounts import rules
from satuklik.base.accounts.models import User

View = TypeVar("View", bound=Callable[..., Any])


def fresh(view: View) -> View:
    """Ask for a new login where the last one is older than 15 minutes: a session may be in other hands."""

    @wraps(view)
    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        records = get_authentication_records(request, request.user)
        if records and time.time() - records[-1]["at"] < rules.FRESH.total_seconds():
            answer: HttpResponse = view(request, *args, **kwargs)
            return answer
        official = request.user.kind == User.Kind.OFFICIAL
        way = request.get_full_path() if request.method == "GET" else reverse("account")
        login = reverse("official_login" if official else "account_login")
        context = {"next": f"{login}?{urlencode({'next': way})}"}
        return render(request, "accounts/again.html", context, status=403)

    return opened  # type: ignore[return-value]
