"""Public page, cockpit and CSV."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext
from freezegun import freeze_time
from lxml import html

from tenants.models import Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.indicators import CountySnapshotFactory, MunicipalitySnapshotFactory
from tests.factories.tenants import TenantFactory, county, member
from twin.indicators.wording import missing_in_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def kreis() -> Tenant:
    return county()


def parse(answer: Any) -> Any:
    """The page as a tree; untyped, because a test knows what its path finds."""
    return html.fromstring(answer.content)


def with_figures(kreis: Tenant, *months: str) -> Tenant:
    """Figures of these months; returns the one municipality that has some."""
    town = TenantFactory.create(name="Kleinstadt")
    with acting_for([kreis.pk, town.pk], [kreis.pk, town.pk]):
        for month in months:
            CountySnapshotFactory.create(tenant=kreis, month=month)
            MunicipalitySnapshotFactory.create(tenant=town, month=month)
    return town


def test_page_without_figures_says_so(client: Client, kreis: Tenant) -> None:
    page = parse(client.get(reverse("indicators")))
    assert page.find_class("kz-empty")


def test_page_shows_the_last_full_month(client: Client, kreis: Tenant) -> None:
    with_figures(kreis, "2026-04", "2026-05", "2026-06")
    with freeze_time("2026-06-20"):
        page = parse(client.get(reverse("indicators")))
    assert page.xpath("//option[@selected]/@value") == ["2026-05"]
    assert len(page.xpath("//section[@id='use']//*[local-name()='rect']")) == 2


def test_running_month_is_marked(client: Client, kreis: Tenant) -> None:
    with_figures(kreis, "2026-05", "2026-06")
    with freeze_time("2026-06-20"):
        page = parse(client.get(reverse("indicators"), {"month": "2026-06"}))
    assert len(page.find_class("kz-chart__bar--provisional")) == 3  # one per chart
    assert page.find_class("kern-alert--info")


def test_every_chart_has_its_table(client: Client, kreis: Tenant) -> None:
    with_figures(kreis, "2026-05", "2026-06")
    page = parse(client.get(reverse("indicators"), {"month": "2026-06"}))
    assert page.xpath("//*[@role='img']/@aria-labelledby") == ["chart-use", "chart-delivery", "chart-growth"]
    assert [len(table.xpath(".//tbody/tr")) for table in page.xpath("//details//table")] == [2, 2, 2]


def test_missing_is_told_in_words(client: Client, kreis: Tenant) -> None:
    town = with_figures(kreis, "2026-06")
    page = parse(client.get(reverse("indicators")))
    (row,) = page.xpath("//section[@aria-labelledby='heading-towns']//tbody/tr")
    assert row.xpath("string(th)") == town.name
    assert row.xpath("normalize-space(td[2])") == missing_in_words(["record"])[0]
    assert gettext("reached") in row.xpath("string(td[1])")


@pytest.mark.parametrize("month", ["2031-01", "2026", "<script>", "' OR 1=1 --"])
def test_unknown_month_is_not_found(client: Client, kreis: Tenant, month: str) -> None:
    with_figures(kreis, "2026-06")
    assert client.get(reverse("indicators"), {"month": month}).status_code == 404


def test_cockpit_is_for_the_county_alone(client: Client, kreis: Tenant) -> None:
    town = with_figures(kreis, "2026-06")
    assert client.get(reverse("cockpit")).status_code == 302
    client.force_login(member(town, Role.MUNICIPAL_ADMIN))
    assert client.get(reverse("cockpit")).status_code == 404
    client.force_login(member(kreis, Role.PLANNER))
    assert client.get(reverse("cockpit")).status_code == 403
    client.force_login(member(kreis, Role.COUNTY_ANALYST))
    assert client.get(reverse("cockpit")).status_code == 200


def test_query_count_is_the_same_for_one_and_three_towns(client: Client, kreis: Tenant) -> None:
    with_figures(kreis, "2026-06")
    first = queries_of(client)
    extra = TenantFactory.create_batch(2)
    ids = [town.pk for town in extra]
    with acting_for(ids, ids):
        for town in extra:
            MunicipalitySnapshotFactory.create(tenant=town)
    assert queries_of(client) == first


def queries_of(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("indicators"))
    return len(queries)


def test_csv_has_a_row_for_each_month(client: Client, kreis: Tenant) -> None:
    with_figures(kreis, "2026-05", "2026-06")
    answer = client.get(reverse("indicators_csv"))
    rows = list(csv.DictReader(StringIO(answer.content.decode()), delimiter=";"))
    assert [row["month"] for row in rows] == ["2026-05", "2026-06"]
    assert (rows[0]["use"], rows[0]["growth"]) == ("0.5", "0.5")


def test_csv_of_municipalities_runs_no_formula(client: Client, kreis: Tenant) -> None:
    town = with_figures(kreis, "2026-06")
    Tenant.objects.filter(pk=town.pk).update(name="=1+1")
    answer = client.get(reverse("indicators_municipalities_csv"))
    (row,) = csv.DictReader(StringIO(answer.content.decode()), delimiter=";")
    assert (row["name"], row["delivery_missing"], row["use_missing"]) == ("'=1+1", "record", "")
