"""The outlines below a region as GeoJSON: of the regency its kecamatan, of a kecamatan its villages."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import public
from satuklik.base.regions import queries
from satuklik.base.regions.models import Region

DAY = 86_400


@public
@require_safe
@cache_control(public=True, max_age=DAY)
def boundaries(request: HttpRequest, code: str) -> HttpResponse:
    """Public as the imported file is; 404 where nothing was imported."""
    # Nothing is kept of a code that is none: whoever makes codes up would throw the pictures out.
    below = _below(code) if code in queries.regions() else []
    if not below:
        raise Http404
    text: str = queries.kept(("geojson", code), lambda: _geojson(below))
    return HttpResponse(text, "application/geo+json")


def _below(code: str) -> list[Region]:
    known = queries.outlines()
    return [
        region for region in queries.regions().values() if region.parent_id == code and region.code in known
    ]


def _geojson(below: list[Region]) -> str:
    known = queries.outlines()
    features = [
        {
            "type": "Feature",
            "properties": {"code": region.code, "name": region.name},
            "geometry": {"type": "MultiPolygon", "coordinates": known[region.code].polygons},
        }
        for region in below
    ]
    return json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
    )
