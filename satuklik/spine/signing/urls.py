"""Addresses of the authority's public files and services; certificates name them, so they never change."""

from django.urls import path

from satuklik.spine.signing import endpoints, views

urlpatterns = [
    path("crl/<slug:name>.crl", views.revocation_list, name="crl"),
    path("tsa", endpoints.timestamp, name="tsa"),
    path("ocsp", endpoints.certificate_status, name="ocsp"),
    path("ocsp/", endpoints.certificate_status, name="ocsp-slash"),
    path("ocsp/<path:asked>", endpoints.certificate_status, name="ocsp-get"),
    path("ca/<slug:name>.cer", views.authority_certificate, name="authority-certificate"),
]
