"""Addresses of the verification pages. Printed letters name /v/<token>, so it never changes."""

from django.urls import path, re_path

from satuklik.spine.documents import views

urlpatterns = [
    re_path(r"^v/(?P<token>[A-Za-z0-9_-]{1,64})/?$", views.letter, name="verify-letter"),
    re_path(r"^v/(?P<token>[A-Za-z0-9_-]{1,64})/surat\.pdf$", views.original, name="verify-original"),
    re_path(r"^v/(?P<token>[A-Za-z0-9_-]{1,64})/bandingkan/$", views.compare, name="verify-compare"),
    path("verifikasi/daftar-kepercayaan/", views.trust_list, name="verify-trust"),
    path("verifikasi/", views.check, name="verify"),
]
