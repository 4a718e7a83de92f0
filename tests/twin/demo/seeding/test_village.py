"""The demo's quarter at the Elbe: beside the river, not in it."""

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from tenants.models import Tenant
from twin.demo import geography
from twin.demo.seeding import village


def test_nobody_lives_in_the_river() -> None:
    area = geography.boundaries()["14627140"]
    town = Tenant(boundary=MultiPolygon(GEOSGeometry(memoryview(area.wkb)), srid=25833))
    side = (village.STREETS - 1) * village.APART
    west, south = village.corner(town)
    away = shapely.distance(geography.elbe(), shapely.box(west, south, west + side, south + side))
    assert 55 < away < 200  # m; at mean water the banks lie 55 m from its middle, see twin.demo.valley
