"""The icons in use (Lucide, ISC; see icons.LICENSE): inline SVG, so that no page waits for a file."""

import json
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

PATHS: dict[str, str] = json.loads(Path(__file__).with_name("icons.json").read_text())
UNKNOWN = "file-text"


def exists(name: str) -> bool:
    """True when the icon `name` is one of ours (assets/icons.txt lists them)."""
    return name in PATHS


@cache
def svg(name: str) -> SafeString:
    """The icon as SVG, hidden from screen readers: words always stand beside it.

    A name that we don't have shows a sheet of paper: a service folder's slip must not take its page down.
    """
    return mark_safe(  # noqa: S308 - the paths are our own file
        f'<svg class="sk-icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">'
        f"{PATHS.get(name) or PATHS[UNKNOWN]}</svg>"
    )
