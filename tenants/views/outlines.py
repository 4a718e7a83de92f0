"""The municipalities' boundaries for maps: what a map shows where no base map can be reached."""

import json

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from tenants.models import Tenant, TenantKind


@require_safe
@cache_control(public=True, max_age=3600)
def outlines(request: HttpRequest) -> JsonResponse:
    """GeoJSON in the twin's reference system, whole metres; boundaries and names are public and the same for everybody."""
    towns = Tenant.objects.filter(kind=TenantKind.MUNICIPALITY, active=True, boundary__isnull=False)
    features = [
        {"type": "Feature", "id": slug, "geometry": json.loads(shape), "properties": {"label": name}}
        for slug, name, shape in towns.annotate(shape=AsGeoJSON("boundary", precision=0)).values_list(
            "slug", "name", "shape"
        )
    ]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json"
    )
