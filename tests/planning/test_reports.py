"""The report of a check on its pages: who sees it, filter, map, downloads, comparison; a constant number of queries."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from planning import comparing, validating
from planning.messages import text_of
from planning.models import Plan, PlanVersion, ValidationRun
from planning.repeating import SHOWN
from planning.views.reports import PER_PAGE
from planning.xplanung.findings import Finding
from planning.xplanung.stages import STAGES
from tenants.models import Job, Tenant, User
from tenants.permissions import share
from tenants.roles import Role, Share
from tenants.scope import acting_for
from tests.factories.planning import add_version, make_plan
from tests.factories.tenants import TenantFactory, UserFactory, county, member
from tests.planning.test_views import as_, status

pytestmark = pytest.mark.django_db

PAGES = ("findings", "finding_points", "report_pdf", "report_json", "report_csv", "findings_compared")
POINT = (385_010.0, 5_668_010.0)
DANGLING = Finding("reference.unresolved", "error", {"property": "refText", "target": "#GONE"}, "GML_X", 12, POINT)  # fmt: skip
ALONE = Finding("semantic.needs", "error", {"object": "Bereich (BP_Bereich)", "name": "versionBauNVO"}, "GML_Y", 20, POINT, "4.2.1.1")  # fmt: skip
ADVICE = Finding("plan.ags", "warning", {"ags": "12"}, "GML_P", 3)
NOTE = Finding("document.unreferenced", "info", {"name": "=cmd|' /C calc'!A0"})
ALL = [NOTE, ADVICE, DANGLING, ALONE]


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(ags="14627140", name="Meißen")
    return found


@pytest.fixture
def planner(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)


def checked(version: PlanVersion | None, found: list[Finding], **fields: Any) -> ValidationRun:
    """A version with a complete check. Opens the scope itself."""
    assert version is not None
    with acting_for([version.tenant_id], [version.tenant_id]):
        run = validating.keep(version, found, checks=STAGES)
        ValidationRun.objects.filter(pk=run.pk).update(structure_valid=True, **fields)
    return run


def reported(tenant: Tenant, found: list[Finding] = ALL) -> Plan:
    plan = make_plan(tenant, objects=1)
    checked(plan.current_version, found)
    return plan


def address(name: str, plan: Plan) -> str:
    return reverse(f"planning:{name}", args=[plan.public_id])


def page(user: User, plan: Plan, name: str = "findings", **query: str) -> Any:
    answer = as_(user).get(address(name, plan), query)
    assert answer.status_code == 200
    return answer


def listed(user: User, plan: Plan, **query: str) -> list[str]:
    return [row.finding.rule for row in page(user, plan, **query).context["rows"]]


@pytest.mark.parametrize("name", PAGES)
def test_report_is_there_for_those_who_work_on_the_plan(name: str, tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True)
    checked(plan.current_version, ALL)
    with acting_for([tenant.pk], [tenant.pk]):
        newer = add_version(plan, public=True)
    checked(newer, ALL)
    bureau, stranger = UserFactory.create(), UserFactory.create()
    share(plan, holder=bureau, as_=Share.EXTERNAL_PLANNER)
    anna, bert = member(tenant, Role.EDITOR), member(county(), Role.COUNTY_ADMIN)
    carla = member(TenantFactory.create(), Role.PLANNER)
    answers = [status(user, address(name, plan)) for user in (anna, bureau, bert, carla, stranger, None)]
    assert answers == [200, 200, 404, 404, 404, 404]


@pytest.mark.parametrize("name", ["check", "cancel_check"])
def test_only_the_role_checks_again(name: str, tenant: Tenant, planner: User) -> None:
    plan = reported(tenant)
    stranger, editor = member(TenantFactory.create(), Role.PLANNER), member(tenant, Role.EDITOR)
    answers = [as_(user).post(address(name, plan)).status_code for user in (planner, editor, stranger, None)]
    assert answers == [302, 403, 404, 302]
    assert as_(planner).get(address(name, plan)).status_code == 405
    with acting_for([tenant.pk]):
        assert Job.objects.filter(task=validating.TASK).count() == (name == "check")


@pytest.mark.parametrize(
    ("found", "fields", "kind"),
    [
        ([], {}, "success"),
        ([NOTE], {}, "success"),
        ([ADVICE], {}, "warning"),
        ([ALONE], {}, "danger"),
        ([DANGLING], {"structure_valid": False}, "danger"),
        ([NOTE], {"checks": ["safety"]}, "info"),
        ([DANGLING], {"checks": ["safety"]}, "danger"),
    ],
)
def test_verdict_comes_first(found: list[Finding], fields: dict[str, Any], kind: str, tenant: Tenant, planner: User) -> None:  # fmt: skip
    plan = make_plan(tenant)
    run = checked(plan.current_version, found)
    with acting_for([tenant.pk], [tenant.pk]):
        ValidationRun.objects.filter(pk=run.pk).update(**fields)
    answer = page(planner, plan)
    assert answer.context["verdict"].kind == kind
    assert f'data-verdict="{kind}"' in answer.content.decode()


def test_stages_are_counted(tenant: Tenant, planner: User) -> None:
    rows = {row.stage: row for row in page(planner, reported(tenant)).context["stages"]}
    assert list(rows) == list(STAGES)
    assert [(rows[stage].errors, rows[stage].kind) for stage in ("references", "semantics", "safety")] == [
        (1, "danger"),
        (1, "danger"),
        (0, "success"),
    ]
    assert (rows["documents"].infos, rows["documents"].kind) == (1, "success")


@pytest.mark.parametrize(("version", "borrowed"), [("6.0", False), ("6.1", True)])
def test_report_says_that_the_conditions_for_6_1_are_those_of_6_0(tenant: Tenant, planner: User, version: str, borrowed: bool) -> None:  # fmt: skip
    plan = reported(tenant)
    with acting_for([tenant.pk], [tenant.pk]):
        PlanVersion.objects.filter(plan=plan).update(xplan_version=version)
    rows = {row.stage: row for row in page(planner, plan).context["stages"]}
    assert rows["semantics"].text.endswith("noch zu prüfen.") == borrowed


@pytest.mark.parametrize(
    ("query", "rules"),
    [
        ({}, ["reference.unresolved", "semantic.needs", "plan.ags", "document.unreferenced"]),
        ({"severity": "fatal,error"}, ["reference.unresolved", "semantic.needs"]),
        ({"severity": "info"}, ["document.unreferenced"]),
        ({"stage": "semantics"}, ["semantic.needs", "plan.ags"]),
        ({"rule": "semantic.needs:4.2.1.1"}, ["semantic.needs"]),
        ({"rule": "plan.ags:"}, ["plan.ags"]),
        ({"q": "VERSIONBAUNVO"}, ["semantic.needs"]),
        ({"q": "gml_x gone"}, ["reference.unresolved"]),
        ({"q": "nowhere"}, []),
        ({"stage": "moon", "severity": "x", "rule": "'--", "page": "-7", "version": "x"}, 4),
    ],
)
def test_findings_are_filtered_and_the_worst_come_first(query: dict[str, str], rules: list[str] | int, tenant: Tenant, planner: User) -> None:  # fmt: skip
    found = listed(planner, reported(tenant), **query)
    assert (len(found) if isinstance(rules, int) else found) == rules


def dangling(number: int, *, name: str = "refText") -> Finding:
    return Finding("reference.unresolved", "error", {"property": name, "target": f"#GONE_{number}"}, f"GML_{number}", number, POINT)  # fmt: skip


def test_what_says_the_same_is_one_entry_with_its_places(tenant: Tenant, planner: User) -> None:
    many = [dangling(number) for number in range(SHOWN + 3)]
    plan = reported(tenant, [*many, dangling(90, name="refScan"), ADVICE])
    answer = page(planner, plan)
    groups = [(group.words, len(group.findings), len(rows)) for group, rows in answer.context["groups"]]
    assert [counts for _words, *counts in groups] == [[SHOWN + 3, SHOWN], [1, 1], [1, 1]]
    assert groups[0][0] == text_of("reference.unresolved", {"property": "refText", "target": "…"})
    assert (answer.context["count"], answer.context["page"].paginator.count) == (SHOWN + 5, 3)
    shown: Any = html.fromstring(answer.content)
    assert len(shown.xpath("//li[@data-repeated]")) == 1
    own = answer.context["rows"][1].words
    assert own == text_of("reference.unresolved", many[1].params)
    assert own in shown.xpath("string(//li[@data-repeated]//details)")
    (link,) = shown.xpath("//details//a[contains(text(), 'seitenweise')]/@href")
    every = as_(planner).get(address("findings", plan) + link.partition("#")[0])
    assert [row.finding.gml_id for row in every.context["rows"]] == [
        *(each.gml_id for each in many),
        "GML_90",
    ]
    assert every.context["groups"] == []


def test_search_and_filter_are_grouped_too(tenant: Tenant, planner: User) -> None:
    plan = reported(tenant, [*(dangling(number) for number in range(3)), ADVICE])
    for query in ({"q": "gone"}, {"severity": "fatal,error"}):
        (entry,) = page(planner, plan, **query).context["groups"]
        assert len(entry[0].findings) == 3


def test_finding_leads_to_its_object_and_says_what_its_rule_demands(tenant: Tenant, planner: User) -> None:
    plan = reported(tenant)
    answer = page(planner, plan, stage="references")
    assert reverse("planning:object", args=[plan.public_id, "GML_X"]) in answer.content.decode()
    (row,) = page(planner, plan, rule="semantic.needs:4.2.1.1").context["rows"]
    assert row.finding.condition == "4.2.1.1"


def test_map_gets_the_places_of_what_is_listed(tenant: Tenant, planner: User) -> None:
    plan = reported(tenant)
    answer = page(planner, plan)
    found = as_(planner).get(answer.context["points_url"]).json()["features"]
    assert [(each["geometry"]["coordinates"], each["properties"]["severity"]) for each in found] == [
        (list(POINT), "error"),
        (list(POINT), "error"),
    ]
    assert all(f'data-kz-finding="{each["id"]}"' in answer.content.decode() for each in found)
    narrowed = page(planner, plan, "finding_points", stage="references").json()["features"]
    assert len(narrowed) == 1


def test_place_knows_the_page_of_its_finding(tenant: Tenant, planner: User) -> None:
    many = [
        Finding("plan.ags", "warning", {"ags": str(n)}, f"ID_{n}", n, POINT) for n in range(1, PER_PAGE + 3)
    ]
    plan = reported(tenant, many)
    last = page(planner, plan, "finding_points").json()["features"][-1]
    answer = as_(planner).get(address("findings", plan) + last["properties"]["url"])
    assert [row.finding.gml_id for row in answer.context["rows"]] == [
        f"ID_{PER_PAGE + 1}",
        f"ID_{PER_PAGE + 2}",
    ]
    assert str(answer.context["rows"][-1].finding.pk) == last["id"]


def test_queries_do_not_grow_with_the_findings(tenant: Tenant, planner: User) -> None:
    def queries(count: int, name: str) -> int:
        found = [Finding("plan.ags", "warning", {"ags": str(n)}, f"ID_{n}", n, POINT) for n in range(count)]
        plan = make_plan(tenant)
        checked(plan.current_version, found)
        with acting_for([tenant.pk], [tenant.pk]):
            newer = add_version(plan)
        checked(newer, found)
        client = as_(planner)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(address(name, plan)).status_code == 200
        return len(caught)

    queries(1, PAGES[0])  # what is looked up once per process
    for name in PAGES:
        assert queries(1, name) == queries(3, name) < 40, name


def test_downloads_say_the_same(tenant: Tenant, planner: User) -> None:
    plan = reported(tenant)
    facts = page(planner, plan, "report_json").json()
    assert (facts["valid"], facts["structure_valid"], facts["version"]) == (False, True, 1)
    assert [each["rule"] for each in facts["findings"]] == [each.rule for each in ALL]
    assert facts["findings"][3]["condition"] == "4.2.1.1"
    text = page(planner, plan, "report_csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["rule"] for row in rows] == [each.rule for each in ALL]
    assert (rows[2]["easting"], rows[2]["line"], rows[2]["stage"]) == ("385010.0", "12", "references")
    pdf = page(planner, plan, "report_pdf")
    assert (pdf.content[:5], pdf["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert pdf["Content-Disposition"].startswith("attachment")


def test_cell_of_a_stranger_is_no_formula(tenant: Tenant, planner: User) -> None:
    plan = reported(tenant, [Finding("plan.ags", "warning", {"ags": "1"}, "=HYPERLINK(1)", 1)])
    text = page(planner, plan, "report_csv").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert row["gml_id"] == "'=HYPERLINK(1)"


def test_comparison_ignores_lines_and_counts_twins(tenant: Tenant) -> None:
    plan = make_plan(tenant)
    before = checked(plan.current_version, [DANGLING, ADVICE, ADVICE, NOTE])
    moved = Finding(DANGLING.rule, "error", DANGLING.params, "GML_X", 999, POINT)
    other = Finding(DANGLING.rule, "error", {**DANGLING.params, "target": "#OTHER"}, "GML_X", 12, POINT)
    with acting_for([tenant.pk], [tenant.pk]):
        newer = add_version(plan)
    now = checked(newer, [moved, other, ADVICE, ALONE])
    with acting_for([tenant.pk]):
        assert comparing.run_before(newer) == before
        found = comparing.compare(now, before)
        rows = {name: [now.findings.model.objects.get(pk=pk) for pk in getattr(found, name)] for name in ("new", "gone", "remaining")}  # fmt: skip
    assert [(row.rule, row.params.get("target")) for row in rows["new"]] == [
        ("reference.unresolved", "#OTHER"),
        ("semantic.needs", None),
    ]
    assert [row.rule for row in rows["gone"]] == ["plan.ags", "document.unreferenced"]
    assert [(row.rule, row.line) for row in rows["remaining"]] == [
        ("reference.unresolved", 999),
        ("plan.ags", 3),
    ]


def test_what_was_advice_and_is_an_error_now_is_new(tenant: Tenant) -> None:
    plan = make_plan(tenant)
    before = checked(plan.current_version, [ADVICE])
    graver = Finding(ADVICE.rule, "error", ADVICE.params, ADVICE.gml_id, ADVICE.line, ADVICE.point)
    with acting_for([tenant.pk], [tenant.pk]):
        newer = add_version(plan)
    now = checked(newer, [graver])
    with acting_for([tenant.pk]):
        found = comparing.compare(now, before)
    assert (len(found.new), len(found.gone), found.remaining) == (1, 1, [])


def test_plan_page_says_at_its_head_what_the_check_found_and_that_it_goes_on(tenant: Tenant, planner: User) -> None:  # fmt: skip
    plan = reported(tenant, [DANGLING])
    content: Any = html.fromstring(as_(planner).get(plan.get_absolute_url()).content)
    (head,) = content.find_class("kz-pagehead")
    (link,) = head.xpath(f".//a[@href='{address('findings', plan)}']")
    assert "1 Fehler" in link.text_content()
    words = "noch nicht vollständig geprüft"
    assert words not in link.text_content()
    with acting_for([tenant.pk], [tenant.pk]):
        ValidationRun.objects.update(checks=["structure"])
    for place in (plan.get_absolute_url(), reverse("planning:publish", args=[plan.public_id])):
        assert "noch nicht vollständig geprüft" in as_(planner).get(place).content.decode()


def test_comparison_page_shows_each_kind(tenant: Tenant, planner: User) -> None:
    plan = reported(tenant, [DANGLING, NOTE])
    assert as_(planner).get(address("findings_compared", plan)).status_code == 404  # nothing to compare with
    with acting_for([tenant.pk], [tenant.pk]):
        newer = add_version(plan)
    checked(newer, [DANGLING, ALONE])
    answer = page(planner, plan)
    assert {name: answer.context["comparison"][name] for name in ("new", "gone", "remaining")} == {
        "new": 1,
        "gone": 1,
        "remaining": 1,
    }
    shown = {
        kind: [
            row.finding.rule for row in page(planner, plan, "findings_compared", show=kind).context["rows"]
        ]
        for kind in ("new", "gone", "remaining", "everything")
    }
    assert shown == {
        "new": ["semantic.needs"],
        "gone": ["document.unreferenced"],
        "remaining": ["reference.unresolved"],
        "everything": ["semantic.needs"],
    }


def test_running_check_shows_its_progress(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant)
    assert page(planner, plan).context["run"] is None
    as_(planner).post(address("check", plan))
    answer = page(planner, plan)
    assert answer.context["job"].state == "queued"
    assert f'data-kz-job="{answer.context["job_url"]}"' in answer.content.decode()
    assert as_(planner).get(answer.context["job_url"]).json()["finished"] is False
    as_(planner).post(answer.context["cancel_url"])
    assert page(planner, plan).context["job"].state == "cancelled"


def test_caps_are_said(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant)
    checked(plan.current_version, ALL, capped=["4.5.1.1"], left_out=3)
    assert "data-capped" in page(planner, plan).content.decode()


def test_what_strangers_wrote_is_escaped(tenant: Tenant, planner: User, tmp_path: Path) -> None:
    evil = Finding("plan.ags", "warning", {"ags": "<script>alert(1)</script>"}, 'X"><img src=x>', 1, POINT)
    plan = reported(tenant, [evil])
    text = page(planner, plan).content.decode()
    assert "<script>alert" not in text
    assert "<img src=x>" not in text
    assert json.loads(page(planner, plan, "finding_points").content)["features"][0]["properties"]["label"]
