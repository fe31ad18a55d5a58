"""Puts the user on the request, out of the row that the session engine has read already."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from satuklik.base.accounts.models import User


def user_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """In place of Django's AuthenticationMiddleware: `request.user` without a query of its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: _user(request))
        return get_response(request)

    return middleware


def _user(request: HttpRequest) -> User | AnonymousUser:
    session = request.session
    user_id = session.get(SESSION_KEY)  # loads the session
    user: User | None = getattr(session, "loaded_user", None)
    if user_id is None:
        return AnonymousUser()
    if (
        user is not None
        and str(user.pk) == user_id
        and user.is_active
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    ):
        return user
    # Everything unusual (a changed password, a rotated secret key) is Django's to judge.
    return get_user(request)
