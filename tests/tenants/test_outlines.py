import pytest
from django.conf import settings
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.tenants import TenantFactory, county

pytestmark = pytest.mark.django_db
SQUARE = MultiPolygon(Polygon.from_bbox((394_000.4, 5_669_000, 395_000, 5_670_000)), srid=settings.TWIN_SRID)


def test_outlines_are_the_active_municipalities_with_a_boundary(client: Client) -> None:
    town = TenantFactory.create(boundary=SQUARE)
    TenantFactory.create(boundary=None)
    TenantFactory.create(boundary=SQUARE, active=False)
    county(boundary=SQUARE)
    answer = client.get(reverse("outlines"))
    (feature,) = answer.json()["features"]
    assert feature["id"] == town.slug
    assert feature["properties"] == {"label": town.name}
    assert [394_000, 5_669_000] in feature["geometry"]["coordinates"][0][0]
    assert answer["Content-Type"] == "application/geo+json"
    assert "public" in answer["Cache-Control"]


def test_outlines_take_the_same_queries_for_one_and_for_three(client: Client) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            TenantFactory.create(boundary=SQUARE)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(reverse("outlines"))
        counts.append((len(answer.json()["features"]), len(queries)))
    assert counts == [(1, counts[0][1]), (3, counts[0][1])]
