"""The authority's public files: certificates and revocation lists."""

import contextlib

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import public
from satuklik.spine.signing import actions, queries
from satuklik.spine.signing.errors import KeyOffline

AN_HOUR = 3600


@public
@require_safe
def revocation_list(_request: HttpRequest, name: str) -> HttpResponse:
    """`/crl/<name>.crl` (RFC 5280): renewed on the way where it is stale."""
    now = timezone.now()
    found = queries.crl(name)
    if found is None:
        raise Http404
    if actions.crl_stale(found, now):
        # A list whose authority lies in the safe stays as it is until its custodians renew it.
        with contextlib.suppress(KeyOffline):
            found = actions.renew_crl(name, now=now, only_if_stale=True)
    return _file(found, "application/pkix-crl")


@public
@require_safe
def authority_certificate(_request: HttpRequest, name: str) -> HttpResponse:
    """`/ca/<name>.cer` (RFC 2585)."""
    found = queries.authority_certificate(name)
    if found is None:
        raise Http404
    return _file(found, "application/pkix-cert")


def _file(content: bytes, media_type: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=media_type, headers={"Cache-Control": f"public, max-age={AN_HOUR}"}
    )
