"""Pages that explain: personal data, accessibility, help."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import public


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What happens to personal data (UU 27/2022)."""
    return render(request, "portal/privacy.html")


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the portal is, and what to do when it is not."""
    return render(request, "portal/accessibility.html")


@public
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Where help is."""
    return render(request, "portal/contact.html")
