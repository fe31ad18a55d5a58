"""Addresses of the verification pages. Printed letters name /v/<token>, so it never changes."""

from django.urls import path, re_path

from satuklik.spine.documents import views

urlpatterns = [
    re_path(r"^v/(?P<token>[A-Za-z0-9_-]{1,64})/?$", views.letter, name="verify-letter"),
    re_path(r"^v/(?P<token>[A-Za-z0-9_-]{1,64})/surat\.pdf$", views.original, name="verify-original"),
    path("verifikasi/", views.check, name="verify"),
]
