"""What a town's public pages gather: from its association, in German order, without every other town's legal pages."""

import pytest
from django.test import Client

from tenants.models import Tenant, TenantKind
from tests.factories.participation import make_procedure
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory
from tests.twin.portal.conftest import MARKER, Town
from tests.twin.portal.test_pages import around
from twin.portal.queries import municipalities

pytestmark = pytest.mark.django_db


def test_town_shows_what_its_association_and_others_run_for_it(
    own: Town, neighbour: Town, client: Client
) -> None:
    association = TenantFactory.create(kind=TenantKind.ASSOCIATION, name="VG Anger", slug="vg-anger")
    Tenant.objects.filter(pk=own.tenant.pk).update(association=association)
    make_procedure(association, title="Freies Thema", **around(3, 9))
    shared = make_plan(association, public=True, ags=[own.tenant.ags])
    make_procedure(association, title="Gemeinsamer Plan", plan=shared, **around(3, 9))
    make_procedure(association, title=f"{MARKER} Entwurf", public=False, **around(3, 9))
    hidden = make_plan(neighbour.tenant, ags=[own.tenant.ags])
    make_procedure(neighbour.tenant, title=f"{MARKER} Plan", public=False, plan=hidden, **around(3, 9))
    elsewhere = make_plan(association, public=True, ags=[neighbour.tenant.ags])
    make_procedure(association, title="Nur nebenan", plan=elsewhere, **around(3, 9))
    current = client.get("/ahausen/").context["listing"].current
    assert {entry.procedure.title for entry in current} == {"Freies Thema", "Gemeinsamer Plan"}


def test_municipalities_come_in_german_order(landkreis: Tenant) -> None:
    for number, name in enumerate(("Großenhain", "Klipphausen", "Gröditz", "Käbschütztal")):
        TenantFactory.create(name=name, slug=f"ort-{number}")
    names = [tenant.name for tenant in municipalities()]
    assert names == ["Gröditz", "Großenhain", "Käbschütztal", "Klipphausen"]


def test_search_of_the_county_is_not_buried_under_every_towns_legal_pages(
    own: Town, neighbour: Town, client: Client
) -> None:
    def found(**query: str) -> set[str]:
        pages = client.get("/suche/", {"q": "Impressum", **query}).context["found"].pages
        return {page.town.tenant_slug for page in pages}

    assert found(ort="ahausen") == {"ahausen"}
    assert found() == {"landkreis"}
