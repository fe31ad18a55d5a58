"""The switch for the theme: a cookie, no login, no script."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from satuklik.base.ui.frame import THEME_COOKIE, THEMES

YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> str:
    """The page that the switch stood on; never another site's."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        parts = urlsplit(came_from)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if not path.startswith("//"):
            return path or "/"
    return "/"


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True)


# The frame is drawn once for everybody, so it holds no token; a forged switch would only change a look.
@csrf_exempt
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme and go back; "auto" follows the device again."""
    response = HttpResponseRedirect(_back(request), status=303)
    chosen = request.POST.get("theme", "")
    if chosen == "auto":
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    elif chosen in THEMES:
        _remember(response, THEME_COOKIE, chosen)
    return response


theme.permission = "public"  # type: ignore[attr-defined]
