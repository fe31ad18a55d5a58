"""Addresses of the authority's public files; certificates name them, so they never change."""

from django.urls import path

from satuklik.spine.signing import views

urlpatterns = [
    path("crl/<slug:name>.crl", views.revocation_list, name="crl"),
    path("ca/<slug:name>.cer", views.authority_certificate, name="authority-certificate"),
]
