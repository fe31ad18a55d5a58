"""Stages of the login: an official replaces a password that was handed over, and sets up a second factor."""

from allauth.account.stages import LoginStage
from allauth.core.internal.httpkit import headed_redirect_response
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpResponse

from satuklik.base.accounts.models import User

STRONG = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class NewPasswordStage(LoginStage):
    """Leads whoever comes with a password that somebody else has seen to the page that replaces it."""

    key = "satuklik_new_password"
    urlname = "new_password"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if user is None or not user.must_change_password:
            return None, True
        return headed_redirect_response(self.urlname), True


class EnrolStage(LoginStage):
    """Leads officials who have no TOTP and no passkey to the page that sets them up."""

    key = "satuklik_enrol"
    urlname = "mfa_enrol"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if user is None or user.kind != User.Kind.OFFICIAL or is_mfa_enabled(user, STRONG):
            return None, True
        return headed_redirect_response(self.urlname), True
