"""The record of a dataset names its interfaces, in the feed, too, and each address answers."""

import re

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
        assert f"{link}>" in feed
        answer = client.get(link, headers={"Accept": "application/json"})
        assert answer.status_code == 200
        answer.getvalue()  # a file that nobody reads would stay open
