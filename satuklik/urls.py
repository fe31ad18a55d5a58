"""The addresses of the whole: each face and each public page of the spine brings its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("satuklik.base.accounts.urls")),
]
