"""My account's pages of the portal: my data, who looked at them, my messages."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import resident, signed_in
from satuklik.base.accounts.queries import profile
from satuklik.faces.portal import presenting
from satuklik.spine.messaging import actions as messaging_actions
from satuklik.spine.messaging import queries as messaging
from satuklik.spine.population import queries as population

A_PAGE = 20


@signed_in
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """What belongs to my account, each a tap away."""
    context = {
        "tab": "account",
        "resident": profile(request, "resident"),
        "unread": messaging.unread(request.user),
    }
    return render(request, "portal/me.html", context)


@resident(level=2)
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What the register says of me and my family card."""
    person = request.resident.person  # type: ignore[attr-defined]
    language = get_language() or "id"
    household = person.household
    rows = [
        (label, presenting.value_in_words(name, value, language))
        for name, label, value in presenting.own_data(person, household)
    ]
    context = {
        "tab": "account",
        "rows": rows,
        "as_of": person.updated_on,
        "family": population.family(person),
        "person": person,
    }
    return render(request, "portal/data.html", context)


@resident
@require_safe
def accesses(request: HttpRequest) -> HttpResponse:
    """Which officials looked at my data, when and why (UU 27/2022 ps. 7: the right to know)."""
    found = population.accesses_of(request.resident.person)  # type: ignore[attr-defined]
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/accesses.html", {"tab": "account", "page": page})


@signed_in
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """My messages; looking at the first page reads them."""
    page = Paginator(messaging.inbox(request.user), A_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    if page.number == 1 and request.method == "GET":
        messaging_actions.mark_read(request.user, timezone.now())
    return render(request, "portal/inbox.html", {"tab": "account", "page": page})
