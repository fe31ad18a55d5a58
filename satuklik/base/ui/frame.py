"""The frame of every page (head, header, foot): drawn once per language and theme, then kept.

The parts hold nothing personal. That is what makes a page cost a fraction of a millisecond.
"""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from satuklik.base.ui import registry

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"


@dataclass(frozen=True)
class Look:
    """What the frame depends on."""

    language: str
    theme: str
    signed_in: bool
    desk: bool
    tab: str


def theme(request: HttpRequest | None) -> str:
    """The theme that was chosen by hand, else "auto" (the device's)."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto") if request is not None else "auto"
    return chosen if chosen in THEMES else "auto"


def look(request: HttpRequest | None, *, desk: bool = False, tab: str = "") -> Look:
    """The look of this request's page. Without a session cookie nobody is asked for a user."""
    user = getattr(request, "user", None)
    signed_in = bool(
        request is not None
        and settings.SESSION_COOKIE_NAME in request.COOKIES
        and user
        and user.is_authenticated
    )
    return Look(get_language() or settings.LANGUAGE_CODE, theme(request), signed_in, desk, tab)


@cache
def asset(path: str) -> str:
    """The address of a static file: with its hash where files were collected, else plain."""
    try:
        return static(path)
    except ValueError:
        return settings.STATIC_URL + path


def address(url: str) -> str:
    """A path as it is; a URL name turned into its path; "" where no room serves that name."""
    if not url or url.startswith(("/", "#")):
        return url
    try:
        return reverse(url)
    except NoReverseMatch:
        return ""


@cache
def part(name: str, chosen: Look) -> SafeString:
    """One part of the frame ("head", "top", "bottom") for one look."""
    links = [
        (tab, address(tab.signed_out_url if tab.signed_out_url and not chosen.signed_in else tab.url))
        for tab in registry.tabs()
    ]
    context = {
        "look": chosen,
        "regency": settings.REGENCY_NAME,
        "css": asset("ui/satuklik.css"),
        "js": asset("ui/satuklik.js"),
        "htmx": asset("ui/htmx.js"),
        "favicon": asset("ui/mark.svg"),
        "tabs": [(tab, url) for tab, url in links if url],
        "footer": [(link, url) for link in registry.footer_links() if (url := address(link.url))],
        "demo": settings.DEMO,
    }
    with override(chosen.language):
        # Lines between tags are only for those who read the template.
        text = "".join(
            line.strip() + "\n" for line in render_to_string(f"ui/frame/{name}.html", context).splitlines()
        )
    return mark_safe(text)  # noqa: S308 - rendered by an autoescaping template just above
