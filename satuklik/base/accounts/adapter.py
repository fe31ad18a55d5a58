"""What allauth asks this project: where to go after login, which stages to pass, how secrets are kept."""

import base64
import hashlib
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext

from satuklik.base.accounts import actions, limits
from satuklik.base.accounts.language import remember_language
from satuklik.base.accounts.models import User

AGENT_LENGTH = 160


class AccountAdapter(DefaultAccountAdapter):
    """Logs in by the stages of allauth; every message is a page of our own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened; allauth's flash messages would say it twice."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Notices about keys go through the room `messaging`, not by allauth's e-mail."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return limits.address(request)

    def get_login_stages(self) -> list[str]:
        return [
            "allauth.mfa.stages.AuthenticateStage",
            "satuklik.base.accounts.stages.NewPasswordStage",
            "satuklik.base.accounts.stages.EnrolStage",
        ]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Never by allauth: the views that change keys wear `@fresh`."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user = request.user
        if user.is_authenticated and user.kind == User.Kind.OFFICIAL:
            return str(settings.OFFICIAL_LOGIN_REDIRECT_URL)
        return str(settings.LOGIN_REDIRECT_URL)

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        request.session["kind"] = user.kind  # decides how long the session may be idle
        request.session["agent"] = request.META.get("HTTP_USER_AGENT", "")[:AGENT_LENGTH]
        request.session["address"] = limits.address(request)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        if user.kind == User.Kind.OFFICIAL:
            methods = [record["method"] for record in get_authentication_records(request, user)]
            actions.note(user, "account.logged_in", now=timezone.now(), methods=methods)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_language(response, user.language)
        if account := request.session.pop("account", None):
            limits.remember_device(request, response, account)
        return response


class MfaAdapter(DefaultMFAAdapter):
    """Keeps second factors encrypted; officials may not give up their last one."""

    error_messages = DefaultMFAAdapter.error_messages

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return f"Satu Klik {settings.REGENCY_NAME}"

    def get_totp_label(self, user: Any) -> str:
        return str(user.username if user.kind == User.Kind.OFFICIAL else user.name)

    def _get_user_identifier(self, user: Any) -> str:
        return self.get_totp_label(user)

    def _get_site_name(self) -> str:
        return "Satu Klik"

    def build_totp_svg(self, url: str) -> str:
        """On white, so that it can be scanned from a dark page too."""
        import qrcode  # with an XML library: only where somebody sets up a second factor
        from qrcode.image.svg import SvgPathFillImage

        picture: bytes = qrcode.make(url, image_factory=SvgPathFillImage).to_string()
        return picture.decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": passkey_host(), "name": f"Satu Klik {settings.REGENCY_NAME}"}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        return super().get_public_key_credential_user_entity(user) | {"display_name": user.name}

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if authenticator.user.kind != User.Kind.OFFICIAL:
            return True
        others = Authenticator.objects.filter(
            user_id=authenticator.user_id,
            type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN],
        ).exclude(pk=authenticator.pk)
        return others.exists()


@cache
def passkey_host() -> str:
    """The host that passkeys belong to. A bare address cannot have passkeys; the demo uses localhost."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return "localhost" if host in ("127.0.0.1", "::1") else host


@cache
def _fernet() -> MultiFernet:
    """Keys derived from the secret key and its predecessors, so that the secret key can be changed."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [
        hashlib.blake2b(secret.encode(), digest_size=32, person=b"satuklik-mfa").digest()
        for secret in secrets
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
