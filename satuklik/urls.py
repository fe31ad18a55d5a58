"""The addresses of the whole: each face and each public page of the spine brings its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("satuklik.base.ui.urls")),
    path("", include("satuklik.base.accounts.urls")),
]

handler400 = "satuklik.base.ui.errors.bad_request"
handler403 = "satuklik.base.ui.errors.forbidden"
handler404 = "satuklik.base.ui.errors.not_found"
handler500 = "satuklik.base.ui.errors.server_error"
