"""The record of a dataset names its interfaces, in the feed, too, and each address answers."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories.tenants import county
from tests.twin.ogc.conftest import TREES, Town
from twin.catalogue.models import Record

pytestmark = pytest.mark.django_db


def test_interfaces_and_files_of_a_dataset_are_named_and_answer(client: Client, town: Town) -> None:
    county()
    cache.clear()
    (record,) = Record.objects.filter(dataset=town.trees)
    page = client.get(record.get_absolute_url()).content.decode()
    feed = client.get(reverse("catalogue:dcat_ttl")).content.decode()
    links = re.findall(r'href="([^"]+)"', page.partition('id="access"')[2].partition("</section>")[0])
    assert {f"{settings.BASE_URL}{TREES}", f"{settings.BASE_URL}{TREES}/tiles"} <= set(links)
    for link in links:
        link = unescape(link)
        assert f"{link}>" in feed
        answer = client.get(link, headers={"Accept": "application/json"})
        assert answer.status_code == 200
        answer.getvalue()  # a file that nobody reads would stay open


def test_page_of_the_interfaces_names_an_address_for_every_program(client: Client, town: Town) -> None:
    county()
    page = client.get(reverse("ogc:landing"), headers={"Accept": "text/html"})
    for _name, address, _purpose in page.context["services"]:
        assert address.startswith("http://testserver/")
        assert (
            client.get(
                address,
                {
                    "service": "WFS" if "wfs" in address else "WMS" if "wms" in address else "CSW",
                    "request": "GetCapabilities",
                }
                if address.endswith(("wfs", "wms", "csw"))
                else {},
            ).status_code
            == 200
        )
