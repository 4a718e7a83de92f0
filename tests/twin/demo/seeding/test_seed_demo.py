"""The whole demo in a real database, behind the wall."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from pypdfium2 import PdfDocument

from participation.models import Anchor, Answer, Phase, Procedure, Question, Statement
from planning.auskunft import asking
from planning.models import Address, Plan, PlanDocument, PlanObject
from tenants import files, jobs
from tenants.models import Membership, Tenant, TenantKind, UsageEvent, User
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import working_for
from twin.analysis import execution, registry, requesting
from twin.analysis.forms import data_of
from twin.analysis.inputs import asking_by_itself
from twin.analysis.models import Run
from twin.catalogue.models import Dataset, DatasetVersion
from twin.demo.context import demo
from twin.demo.people import PASSWORD, PEOPLE, logins
from twin.demo.plans.library import SHEETS
from twin.demo.seeding.datasets import DATASETS, FLOOD_AREA
from twin.demo.texts import news, procedures, statements
from twin.indicators.models import CountySnapshot, MunicipalitySnapshot
from twin.portal.models import MunicipalityPage, NewsPage, StandardPage
from twin.sensors.models import FeedKind, Observation, Station

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 22)


@pytest.fixture
def seeded(settings: LazySettings, with_sites: None) -> Iterator[None]:
    settings.DEMO = True
    call_command("seed_demo", "--on", TODAY.isoformat())
    everyone = list(Tenant.objects.values_list("pk", flat=True))
    with working_for(everyone, everyone):
        yield


def test_command_refuses_outside_a_demo(settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("seed_demo")
    assert not Tenant.objects.exists()


def counts() -> list[int]:
    kinds = (
        Tenant,
        User,
        Membership,
        Plan,
        PlanObject,
        PlanDocument,
        Address,
        Dataset,
        UsageEvent,
        CountySnapshot,
        MunicipalitySnapshot,
        Statement,
        Observation,
    )
    return [model.objects.count() for model in kinds]


def test_demo_is_whole_and_seeding_again_changes_nothing(
    seeded: None, settings: LazySettings, client: Client
) -> None:
    before = counts()
    start = perf_counter()
    call_command("seed_demo", "--on", TODAY.isoformat())
    assert perf_counter() - start < 60
    everyone = list(Tenant.objects.values_list("pk", flat=True))
    with working_for(everyone, everyone):
        assert counts() == before
        for check in CHECKS:
            check()
    check_a_citizen_reaches_the_slider_of_the_flood(client)
    check_logins(settings)
    check_login_page(client, settings)


def check_a_citizen_reaches_the_slider_of_the_flood(client: Client) -> None:
    """From the town's page, its map and its gauge, without a login; all with the gauge's level."""
    (run,) = Run.objects.filter(is_public=True)
    gauge = Station.objects.get(feed=FeedKind.DEMO)
    place, boundary = gauge.place, Tenant.objects.get(slug="meissen").boundary
    assert place is not None and boundary is not None and boundary.contains(place)
    box = ",".join(map(str, (place.x - 9, place.y - 9, place.x + 9, place.y + 9)))
    layer = f"{reverse('viewer:gauges', args=['meissen'])}?bbox={box}"
    pages = ("/meissen/", gauge.get_absolute_url(), layer)
    assert [run.get_absolute_url() in client.get(each).content.decode() for each in pages] == [True] * 3
    assert (
        client.get(run.get_absolute_url()).content.decode().count("data-title=")
        == len(run.summary["steps"])
        == 10
    )
    behind = {row["name"]: row["behind"] for row in run.summary["steps"]}
    assert (
        min(behind["HQ10"], behind["HQ20"]) > 10 > behind["HQ2"] and behind["HQ100"] == 0
    )  # ha that the levee keeps dry
    assert run.summary["csi"] > 75


def check_towns() -> None:
    kinds = {kind: Tenant.objects.filter(kind=kind).count() for kind in TenantKind.values}
    assert kinds == {"county": 1, "association": 3, "municipality": 28}
    glaubitz = Tenant.objects.get(ags="14627040")
    assert (glaubitz.ars, str(glaubitz.association)) == ("146275225040", "Verwaltungsgemeinschaft Nünchritz")
    assert glaubitz.boundary is not None
    assert glaubitz.boundary.area == pytest.approx(14.0e6, rel=0.01)


def check_pages() -> None:
    assert MunicipalityPage.objects.count() == 29
    imprints = StandardPage.objects.filter(slug="impressum")
    assert len(imprints) == 29
    assert all("Demo" in page.title and "Demo" not in page.slug for page in imprints)
    assert sorted(page.slug for page in NewsPage.objects.live()) == sorted(item.slug for item in news())


def check_people() -> None:
    held = {Role(role) for role in Membership.objects.values_list("role", flat=True)}
    assert held == set(Role)
    everything = User.objects.get(email="hirschstein.alles@demo.example")
    (roles,) = reach(everything).roles.values()
    assert len(roles) == 4
    assert User.objects.get(email="buerger@demo.example").check_password(PASSWORD)
    proven = EmailAddress.objects.filter(verified=True, primary=True).values_list("email", flat=True)
    assert {person.email for person in PEOPLE} <= set(proven)  # else nobody could set up a second factor


def check_figures() -> None:
    rows = list(CountySnapshot.objects.order_by("month"))
    assert len(rows) == 14
    assert rows[0].use_reached < rows[6].use_reached < rows[12].use_reached
    assert rows[0].delivery_reached < rows[12].delivery_reached
    assert rows[12].growth is not None
    assert rows[12].growth > 0
    assert MunicipalitySnapshot.objects.filter(month="2026-10").count() == 28


def check_logins(settings: LazySettings) -> None:
    assert len(logins()) == len(PEOPLE)
    assert [login["town"] for login in logins() if login["name"] == "Jutta Reichelt"] == ["Coswig, Weinböhla"]
    assert len(list(demo(RequestFactory().get("/"))["demo_logins"])) == len(PEOPLE)
    settings.DEMO = False
    assert logins() == []
    assert demo(RequestFactory().get("/")) == {}


def check_login_page(client: Client, settings: LazySettings) -> None:
    settings.DEMO = True
    shown = client.get(reverse("account_login")).content.decode()
    assert all(person.email in shown for person in PEOPLE)
    settings.DEMO = False
    hidden = client.get(reverse("account_login")).content.decode()
    assert not any(person.email in hidden for person in PEOPLE)
    assert PASSWORD not in hidden


def check_procedures_stand_before_in_and_after_their_period() -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    moments = {phase.procedure.title: phase.moment(at) for phase in Phase.objects.select_related("procedure")}
    assert sorted(moments.values()) == ["after", "before", "decided", "decided", "decided", "in", "in"]
    assert all(Procedure.objects.values_list("is_public", flat=True))


def check_statements_came_through_the_services() -> None:
    assert Statement.objects.count() == 80
    kinds = Counter(statement.publication for statement in Statement.objects.all())
    states = Counter(text.state for text in statements())
    assert kinds["published"] == states["published"]
    assert kinds["hidden"] == states["hidden"]
    assert kinds["pending"] == states["waiting"] + states["asked"]
    assert Question.objects.count() == states["asked"]
    assert Answer.objects.count() == sum(bool(text.answer) for text in statements())
    assert [s.procedure.title for s in Statement.objects.filter(is_late=True)] == [
        text.title for text in procedures() if text.slug == "hafenblick"
    ]
    numbers = Statement.objects.filter(procedure__title=procedures()[0].title).order_by("number")
    assert [statement.number for statement in numbers] == list(range(1, 13))


def check_every_statement_is_where_it_was_meant() -> None:
    for anchor in Anchor.objects.select_related("statement", "plan_object"):
        text = next(text for text in statements() if text.text == anchor.statement.text)
        assert (anchor.geometry is not None) == (text.offset is not None)
        assert (anchor.plan_object is not None) == bool(text.object)


def check_shares_open_one_plan_and_one_procedure() -> None:
    plan = Plan.objects.get(tenant__slug="meissen")
    assert reach(User.objects.get(email="buero@demo.example")).scope.plans == (plan.pk,)
    assert reach(User.objects.get(email="toeb@demo.example")).scope.procedures == (
        plan.procedures.get(title__contains="Entwurf").pk,
    )


def check_plans_came_through_the_importer() -> None:
    assert Plan.objects.count() == len(SHEETS)
    by_name = {plan.name: plan for plan in Plan.objects.all()}
    for make in SHEETS.values():
        sheet = make()
        plan = by_name[sheet.name]
        assert plan.current_version is not None
        assert PlanObject.objects.filter(plan=plan).count() >= 40
        assert plan.ags == [place.ags for place in sheet.places]
    fnp = by_name[SHEETS["nuenchritz-fnp"]().name]
    assert fnp.tenant.kind == TenantKind.ASSOCIATION


def check_every_plan_in_a_procedure_has_its_public_explanation() -> None:
    plans = Plan.objects.filter(procedures__isnull=False).distinct()
    assert len(plans) == len(SHEETS)
    for plan in plans:
        (row,) = PlanDocument.objects.filter(plan=plan).select_related("file")
        assert (row.is_public, row.version_id) == (True, plan.published_version_id)
        assert row.kind_label == "Begründung"
        with PdfDocument(files.path_of(row.file)) as paper:
            words = " ".join(paper[0].get_textpage().get_text_bounded().split())
        assert "Dieses Dokument gehört zu einer Demo" in words
        assert plan.name.split()[-1] in words


def check_addresses_are_found_whichever_comes_first() -> None:
    for row in Address.objects.order_by("pk"):
        for text in (f"{row.street} {row.number}, {row.place}", f"{row.place}, {row.street} {row.number}"):
            assert asking.by_words(text).label == str(row)


def check_datasets_came_through_the_importer() -> None:
    rows = Dataset.objects.all()
    versions = DatasetVersion.objects.filter(pk__in=rows.values("current_version"))
    assert [version.report["findings"] for version in versions] == [[]] * (len(DATASETS) + 3)
    counts = [
        *(each[3] for each in DATASETS),
        1,
        30,
        0,
    ]  # and the county's flood area, water levels and ground
    assert sorted(version.feature_count for version in versions) == sorted(counts)
    assert rows.filter(is_public=True).count() == sum(public for *_, public in DATASETS) + 3


def check_the_quarter_at_the_elbe_has_answers() -> None:
    """Some of its houses stand in the flood area, and some lose their way to the fire station."""
    town = Tenant.objects.get(slug="meissen")
    known = {row.title: str(row.public_id) for row in Dataset.objects.all()}
    homes, roads, flooded = known["Gebäude am Elbufer"], known["Straßen am Elbufer"], known[FLOOD_AREA]
    common = {
        "facilities": known["Einrichtungen am Elbufer"],
        "roads": roads,
        "flooded": flooded,
        "assumed": 1,
    }
    reached = answered("infrastructure", town, common | {"homes": homes, "kind": "Feuerwehr"})
    assert 0 < reached["lost"] < reached["people"] == reached["within"]
    exposed = answered("exposure", town, common | {"buildings": homes, "people": homes})
    assert 0 < exposed["affected"] < exposed["buildings"] == 240
    assert [row["name"] for row in exposed["towns"]] == [town.name]


def answered(slug: str, town: Tenant, parameters: dict[str, Any]) -> dict[str, Any]:
    use_case = registry.use_cases()[slug]
    with asking_by_itself(town) as offer:
        form = use_case.form(data_of(parameters), offer=offer)
        assert form.is_valid(), form.errors
        run, _is_new = requesting.request(use_case, form.question(), title="", tenant=town, actor=None)
    assert run.job_id is not None
    jobs.work_on(run.job_id, execution.work)
    return Run.objects.get(pk=run.pk).summary


def check_plans_are_checked_against_the_flood_area() -> None:
    waiting = Run.objects.filter(use_case="plan-check").select_related("job")
    assert {run.subject for run in waiting} == set(Plan.objects.values_list("public_id", flat=True))
    quarter = Plan.objects.get(name=SHEETS["meissen-elbauenquartier"]().name)
    run = waiting.get(subject=quarter.public_id)
    assert run.job_id is not None
    jobs.work_on(run.job_id, execution.work)
    done = Run.objects.get(pk=run.pk)
    assert (done.summary["verdict"], len(done.summary["conditions"])) == ("bars", 9)


CHECKS = (
    check_datasets_came_through_the_importer,
    check_the_quarter_at_the_elbe_has_answers,
    check_towns,
    check_people,
    check_pages,
    check_figures,
    check_procedures_stand_before_in_and_after_their_period,
    check_statements_came_through_the_services,
    check_every_statement_is_where_it_was_meant,
    check_shares_open_one_plan_and_one_procedure,
    check_plans_came_through_the_importer,
    check_every_plan_in_a_procedure_has_its_public_explanation,
    check_addresses_are_found_whichever_comes_first,
    check_plans_are_checked_against_the_flood_area,
)
