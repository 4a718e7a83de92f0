"""Data in the portal: the menu leads there, the search finds public ones, the sitemap lists them; nobody's internal ones."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.records import make_record
from tests.twin.portal.conftest import MARKER, Town

pytestmark = pytest.mark.django_db


def test_search_and_sitemap_know_public_data_alone(client: Client, own: Town, neighbour: Town) -> None:
    shown = make_record(own.tenant, "Baumkataster")
    hidden = make_record(neighbour.tenant, f"Baumkataster {MARKER}", public=False)
    page = client.get(reverse("portal:search"), {"q": "kataster"}).content.decode()
    sitemap = client.get("/sitemap.xml").content.decode()
    for body in (page, sitemap):
        assert shown.get_absolute_url() in body
        assert hidden.get_absolute_url() not in body
    elsewhere = client.get(reverse("portal:search"), {"q": "kataster", "ort": neighbour.tenant.slug})
    assert shown.get_absolute_url() not in elsewhere.content.decode()


def test_menu_of_a_town_leads_to_its_data(client: Client, own: Town) -> None:
    address = f"{reverse('catalogue:records')}?municipality={own.tenant.slug}"
    assert f'href="{address}"' in client.get(own.page.url).content.decode()
