"""Public page, cockpit and CSV."""

import csv
import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext
from freezegun import freeze_time
from lxml import html

from tenants.models import AuditEvent, Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.indicators import CountySnapshotFactory, MunicipalitySnapshotFactory
from tests.factories.tenants import TenantFactory, county, member
from twin.analysis.registry import use_cases
from twin.indicators.models import MunicipalitySnapshot, Target
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
    assert page.xpath("//select[@id='month']/option[@selected]/@value") == ["2026-05"]
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


def set_targets(client: Client, **values: str) -> Any:
    return client.post(reverse("set_targets"), values)


def test_county_sets_a_target_and_everybody_reads_how_far_it_is(client: Client, kreis: Tenant) -> None:
    with_figures(kreis, "2026-05", "2026-06")
    admin = Client()
    admin.force_login(member(kreis, Role.COUNTY_ADMIN))
    with freeze_time("2026-06-20"):
        answer = set_targets(
            admin, use_percent="60", use_months="24", growth_percent="50", growth_months="12"
        )
        assert answer.status_code == 302
        page = parse(client.get(reverse("indicators"), {"month": "2026-06"}))
    use = page.xpath("string(//section[@id='use'])")
    assert "mindestens 60 % in 24 Monaten, das heißt bis Juni 2028" in use
    assert "17 von 28" in use
    assert "3 fehlen noch" in use
    assert len(page.xpath("//section[@id='use']//*[@class='kz-chart__mark']")) == 1
    assert gettext("Target reached") in page.xpath("string(//section[@id='growth'])")
    assert "Ziel" not in page.xpath("string(//section[@id='delivery'])")
    with acting_for([kreis.pk]):
        assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == ["set_target"] * 2


def test_target_left_as_it_is_keeps_its_beginning_and_an_empty_one_goes(
    client: Client, kreis: Tenant
) -> None:
    client.force_login(member(kreis, Role.COUNTY_ADMIN))
    with freeze_time("2026-01-10"):
        set_targets(client, use_percent="60", use_months="24", delivery_percent="40", delivery_months="12")
    with freeze_time("2026-06-10"):
        set_targets(client, use_percent="60", use_months="24")
    assert [(one.indicator, one.start) for one in Target.objects.all()] == [("use", "2026-01")]
    with freeze_time("2026-07-10"):
        set_targets(client, use_percent="70", use_months="24")
    assert [(one.percent, one.start) for one in Target.objects.all()] == [(70, "2026-07")]
    with acting_for([kreis.pk]):
        assert AuditEvent.objects.filter(action="remove_target").count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"use_percent": "60"},
        {"use_months": "24"},
        {"use_percent": "101", "use_months": "24"},
        {"use_percent": "0", "use_months": "24"},
        {"growth_percent": "9999999999999999999999", "growth_months": "24"},
        {"use_percent": "60", "use_months": "-1"},
        {"use_percent": "<b>", "use_months": "24"},
    ],
)
def test_half_or_impossible_target_is_refused(client: Client, kreis: Tenant, values: dict[str, str]) -> None:
    client.force_login(member(kreis, Role.COUNTY_ADMIN))
    answer = set_targets(client, **values)
    assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True)
    assert not Target.objects.exists()


def test_targets_are_the_county_admins_alone(client: Client, kreis: Tenant) -> None:
    values = {"use_percent": "60", "use_months": "24"}
    assert set_targets(client, **values).status_code == 302  # to the sign-in
    for tenant, role in ((kreis, Role.COUNTY_ANALYST), (TenantFactory.create(), Role.MUNICIPAL_ADMIN)):
        client.force_login(member(tenant, role))
        assert set_targets(client, **values).status_code == 403
    assert not Target.objects.exists()
    client.force_login(member(kreis, Role.COUNTY_ADMIN))
    with_figures(kreis, "2026-06")
    assert reverse("set_targets") in client.get(reverse("cockpit")).content.decode()


def test_map_colours_who_has_reached_it(client: Client, kreis: Tenant) -> None:
    town = with_figures(kreis, "2026-06")
    square = MultiPolygon(Polygon.from_bbox((380_000, 5_660_000, 381_000, 5_661_000)), srid=25833)
    Tenant.objects.filter(pk=town.pk).update(boundary=square)
    colours = {}
    for kind in ("use", "delivery", "growth"):
        answer = client.get(reverse("indicators_map"), {"month": "2026-06", "map": kind})
        (feature,) = json.loads(answer.content)["features"]
        assert (feature["id"], feature["properties"]["label"]) == (town.slug, town.name)
        colours[kind] = feature["properties"]["colour"]
    page = parse(client.get(reverse("indicators"), {"map": "delivery"}))
    legend = page.xpath("//*[@class='kz-map__legend']//@fill")
    assert colours["delivery"] == legend[1]
    assert colours["use"] == legend[0]
    assert colours["growth"] not in legend


@pytest.mark.parametrize("query", [{}, {"map": "x"}, {"map": "use", "month": "x\0"}])
def test_map_of_nothing_is_empty_or_not_found(client: Client, kreis: Tenant, query: dict[str, str]) -> None:
    with_figures(kreis, "2026-06")
    answer = client.get(reverse("indicators_map"), query)
    assert answer.status_code == 404 or json.loads(answer.content)["features"] == []
    assert client.get(reverse("indicators"), {"map": "x"}).status_code == 404


def test_use_cases_name_who_uses_them_and_since_when(client: Client, kreis: Tenant) -> None:
    town = with_figures(kreis, "2026-04", "2026-05", "2026-06")
    with acting_for([town.pk], [town.pk]):
        MunicipalitySnapshot.objects.filter(month__gte="2026-05").update(use_cases=["heavy-rain"])
        MunicipalitySnapshot.objects.filter(month="2026-04").update(use_cases=["gone"])
    page = parse(client.get(reverse("indicators"), {"month": "2026-06"}))
    rows = page.xpath("//section[@aria-labelledby='heading-cases']//tbody/tr")
    told = {
        row.xpath("string(th)"): [cell.text_content().strip() for cell in row.xpath("td")] for row in rows
    }
    assert told[str(use_cases()["heavy-rain"].title)] == ["in Nutzung", f"1: {town.name}", "Mai 2026"]
    assert told["gone"] == ["derzeit nicht in Nutzung", "–", "April 2026"]
    assert told[str(use_cases()["plan-check"].title)] == ["noch nicht genutzt", "–", "–"]


def test_page_of_one_municipality(client: Client, kreis: Tenant) -> None:
    town = with_figures(kreis, "2026-05", "2026-06")
    page = parse(client.get(reverse("indicators_town", args=[town.slug])))
    assert [row.xpath("string(th)") for row in page.xpath("//tbody/tr")] == ["Juni 2026", "Mai 2026"]
    assert client.get(reverse("indicators_town", args=["nirgends"])).status_code == 404
