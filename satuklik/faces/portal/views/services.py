"""The catalogue and the page of each service."""

import io
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from PIL import Image

from satuklik.base.accounts.permissions import public
from satuklik.base.ui.errors import error_page
from satuklik.faces.portal import fragments, glance
from satuklik.faces.portal.presenting import matter
from satuklik.spine.cases import queries as cases
from satuklik.spine.cases.errors import ServiceNotFound
from satuklik.systems.services import queries as services

PICTURE_WIDTH = 560  # twice the 280 CSS pixels that it is shown at
YEAR = 365 * 24 * 3600


@public
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """All services, or those of one category (`?kategori=usaha`)."""
    language = get_language() or "id"
    chosen = request.GET.get("kategori", "")
    shelves = [shelf for shelf in services.shelves() if chosen in ("", shelf.category.slug)]
    if not shelves and chosen:
        return error_page(request, 404)
    shown = [(shelf.category, [_row(service, language) for service in shelf.services]) for shelf in shelves]
    context = {"tab": "services", "shelves": shown, "chosen": shelves[0].category if chosen else None}
    return render(request, "portal/catalogue.html", context)


def _row(service: cases.Published, language: str) -> dict[str, str]:
    definition = service.definition
    return {
        "url": f"/layanan/{service.slug}/",
        "icon": definition.icon,
        "name": definition.name.in_language(language),
        "summary": definition.summary.in_language(language),
    }


@public
@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """What one gets, who may, how long, how much, what is used; and one button."""
    try:
        offered = cases.service(slug)
    except ServiceNotFound:
        return error_page(request, 404)
    language = get_language() or "id"
    definition = offered.definition
    context = {
        "tab": "services",
        "slug": slug,
        "name": definition.name.in_language(language),
        "summary": definition.summary.in_language(language),
        "kind": definition.kind,
        "body": fragments.service_body(offered, language),
    }
    if fragments.has_session(request) and request.user.is_authenticated:
        seen = glance.of_service(request.user.pk, slug)  # type: ignore[arg-type]
        context["level"] = seen.level if seen else -1
        if seen and seen.running:
            context["running"] = matter(seen.running[0], language)
    return render(request, "portal/service.html", context)


@public
@require_safe
def picture(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """A small picture of the letter that the service gives; the version in its address makes it keepable."""
    try:
        offered = cases.service(slug)
    except ServiceNotFound:
        return error_page(request, 404)
    small = _small_picture(slug, offered.version_id)
    if small is None:
        return error_page(request, 404)
    keep = f"public, max-age={YEAR}, immutable" if version == offered.version else "no-store"
    return HttpResponse(small, content_type="image/webp", headers={"Cache-Control": keep})


@lru_cache(maxsize=100)
def _small_picture(slug: str, version_id: int) -> bytes | None:
    whole = cases.specimen_picture(cases.service(slug))
    if whole is None:
        return None
    out = io.BytesIO()
    with Image.open(io.BytesIO(whole)) as opened:
        height = round(opened.height * PICTURE_WIDTH / opened.width)
        small = opened.convert("RGB").resize((PICTURE_WIDTH, height), Image.Resampling.LANCZOS)
    small.save(out, "WEBP", quality=62, method=4)
    return out.getvalue()
