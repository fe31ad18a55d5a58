"""The addresses of the whole: every room that has a urls.py brings its own, and no address is there twice."""

import importlib.util

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"{room.name}.urls"))
    # From the top floor down: what people open most is found first.
    for room in reversed(list(apps.get_app_configs()))
    if room.name.startswith("satuklik.") and importlib.util.find_spec(f"{room.name}.urls")
]

handler400 = "satuklik.base.ui.errors.bad_request"
handler403 = "satuklik.base.ui.errors.forbidden"
handler404 = "satuklik.base.ui.errors.not_found"
handler500 = "satuklik.base.ui.errors.server_error"
