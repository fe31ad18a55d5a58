"""Addresses of the API."""

from django.urls import path

from satuklik.faces.api.views import api

urlpatterns = [path("api/", api.urls)]

# Who may call what is said by the bearer token; the check that every view names its permission sees this.
for _pattern in api.urls[0]:
    _pattern.callback.permission = "api"
