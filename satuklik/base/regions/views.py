"""The outlines below a region as GeoJSON: of the regency its kecamatan, of a kecamatan its villages."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from satuklik.base.accounts.permissions import public
from satuklik.base.regions import queries

DAY = 86_400


@public
@require_safe
@cache_control(public=True, max_age=DAY)
def boundaries(request: HttpRequest, code: str) -> HttpResponse:
    """Public as the imported file is; 404 where nothing was imported."""
    text: str = queries.kept(("geojson", code[:20]), lambda: _geojson(code))
    if not text:
        raise Http404
    return HttpResponse(text, "application/geo+json")


def _geojson(code: str) -> str:
    known = queries.outlines()
    below = [
        region for region in queries.regions().values() if region.parent_id == code and region.code in known
    ]
    features = [
        {
            "type": "Feature",
            "properties": {"code": region.code, "name": region.name},
            "geometry": {"type": "MultiPolygon", "coordinates": known[region.code].polygons},
        }
        for region in below
    ]
    if not features:
        return ""
    return json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
    )
