"""Addresses of the API."""

from django.urls import path

from satuklik.base.accounts.passphrases import with_passphrase
from satuklik.faces.api import signing, statistics  # noqa: F401 - their addresses are added to `api`
from satuklik.faces.api.views import api

_urls = api.urls
urlpatterns = [path("api/", _urls)]

# Who may call what is said by the bearer token; the check that every view names its permission sees this.
for _pattern in _urls[0]:
    _pattern.callback.permission = "api"
    if str(_pattern.pattern) == "signing/sign":
        with_passphrase(_pattern.callback)
