"""The first page and the search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import public
from satuklik.base.accounts.queries import profile
from satuklik.base.ui import registry
from satuklik.faces.portal import fragments, glance
from satuklik.faces.portal.presenting import matter

MOST_OFFERS = 4
MOST_RESULTS = 20


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The welcome: for a resident with what concerns him or her, for everybody with search and categories."""
    language = get_language() or "id"
    context = {
        "tab": "home",
        "search": fragments.search_field(language),
        "rest": fragments.home_rest(language),
    }
    if fragments.has_session(request) and request.user.is_authenticated:
        context["welcome"] = True
        seen = glance.of_home(request.user.pk, timezone.localdate(), language)  # type: ignore[arg-type]
        if seen is not None:
            context |= {
                "resident": seen,
                "first_name": seen.name.split(" ", 1)[0].capitalize(),
                "offers": seen.offers[:MOST_OFFERS],
                "matters": [matter(running, language) for running in seen.running],
                "unread": seen.unread,
            }
        else:
            context["official"] = profile(request, "official")
    return render(request, "portal/home.html", context)


@public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everyday words lead to services; where they lead nowhere, the page helps on."""
    language = get_language() or "id"
    query = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:120]
    results = registry.search(query, language)[:MOST_RESULTS] if query else []
    context = {"tab": "services", "query": query, "results": results}
    if not results:
        context["shelves"] = fragments.shelves(language)
    return render(request, "portal/search.html", context)
