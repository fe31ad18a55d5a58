"""The language of the pages: a cookie, which a login sets from the account."""

from django.conf import settings
from django.http import HttpResponse

YEAR = 365 * 24 * 3600


def known(language: str) -> bool:
    """Whether the interface speaks `language`."""
    return language in dict(settings.LANGUAGES)


def remember_language(response: HttpResponse, language: str) -> None:
    """Set the language's cookie; a language that we do not speak changes nothing."""
    if known(language):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
