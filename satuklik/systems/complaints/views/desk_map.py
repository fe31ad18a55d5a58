"""The list of the desk as a map: only what this official may see, where it truly is."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import denied, official
from satuklik.base.ui.tiles import with_tiles
from satuklik.kernel.maps import parsed
from satuklik.systems.complaints import mapping, queries, wording
from satuklik.systems.complaints.scope import Scope
from satuklik.systems.complaints.views.desk import case_page, filtered, scope_for
from satuklik.systems.complaints.views.public import box_of

MOST_ROWS = 30


def _asked(
    request: HttpRequest, scope: Scope, given: dict[str, Any], asked: queries.Filter
) -> tuple[mapping.Asked, mapping.Asked]:
    """What is asked, with the block of the address and without. `given` and `asked` are of `filtered`."""
    now = timezone.now()
    block = parsed(request.GET.get("kotak", ""), finest=mapping.FINEST_DESK)

    def address(**changed: str) -> str:
        kept = {name: value for name, value in given.items() if value}
        kept |= {"district" if name == "kecamatan" else name: value for name, value in changed.items()}
        return f"{reverse('complaints:desk-map')}?{urlencode({k: v for k, v in kept.items() if v})}"

    whole = mapping.Asked(
        queries.matching(scope, asked, now), False, asked.district, None, address, case_page
    )
    return replace(whole, found=queries.matching(scope, replace(asked, block=block), now), block=block), whole


@official()
@never_cache
@with_tiles
@require_safe
def drawn(request: HttpRequest) -> HttpResponse:
    """The map, its table, and the first complaints of the part that was chosen."""
    scope = scope_for(request)
    if not scope.any:
        return denied(request, "role")
    form, given, asked = filtered(request)
    here, whole = _asked(request, scope, given, asked)
    chosen = replace(asked, block=here.block)
    narrowed = urlencode({name: value for name, value in given.items() if value})
    near = here.block is not None or bool(here.district)
    listed = queries.listed(scope, chosen, timezone.now())[:MOST_ROWS] if near else []
    context = {
        "form": form, "map": mapping.picture(here, whole.found), "points": f"{reverse('complaints:desk-points')}?{narrowed}",
        "regency": settings.REGENCY, "query": narrowed, "back": here.address(kecamatan="", kotak="") if near else "",
        "rows": [(row, wording.state_of(row, desk=True), wording.tone_of(row)) for row in listed],
    }  # fmt: skip
    return render(request, "complaints/desk_map.html", context)


@official()
@never_cache
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """The circles of the map that moves."""
    scope = scope_for(request)
    if not scope.any:
        return denied(request, "role")
    box = box_of(request)
    if box is None:
        return JsonResponse({"points": []}, status=400)
    _form, given, asked = filtered(request)
    _here, whole = _asked(request, scope, given, asked)
    return JsonResponse({"points": mapping.moving(whole, box)})
