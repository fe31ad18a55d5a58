"""Pictures of streets under the outlines: from a tile server only where a setting names one, and then only on pages
with a map."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse

from satuklik.base.ui.middleware import policy

View = TypeVar("View", bound=Callable[..., Any])


def origin(address: str) -> str:
    """ "https://tiles.example" of an address with {z}, {x} and {y}; "" of an empty one. Raises ValueError for one that
    a Content-Security-Policy can't name exactly."""
    if not address:
        return ""
    parts = urlsplit(address)
    wanted = all(sign in parts.path + parts.query for sign in ("{z}", "{x}", "{y}"))
    odd = set(parts.netloc) & set("{}*;,'\" @")
    if parts.scheme not in ("https", "http") or not parts.netloc or odd or not wanted:
        raise ValueError(
            "SATUKLIK_MAP_TILES must be an https address with {z}, {x} and {y}, and without {s}: one server."
        )
    return f"{parts.scheme}://{parts.netloc}"


def with_tiles(view: View) -> View:
    """A page with a map: its pictures may also come from the tile server of the settings, and from nowhere else. The
    server learns from the header only that this site asks."""

    @wraps(view)
    def shown(*args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(*args, **kwargs)
        server = origin(settings.SATUKLIK_MAP_TILES)
        if server:
            response["Content-Security-Policy"] = policy(server)
            response["Referrer-Policy"] = "strict-origin-when-cross-origin"
        return response

    return shown  # type: ignore[return-value]
