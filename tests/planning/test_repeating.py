"""Findings that say the same are said once, with their places; on the page of an import with all of them as CSV."""

import csv
import io
from typing import Any

import pytest
from django.urls import reverse
from lxml import html

from planning.messages import text_of
from planning.repeating import SHOWN, grouped
from planning.tasks import import_upload
from planning.xplanung.findings import Finding
from tenants.models import Job, Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory, UserFactory, county, member
from tests.planning.test_views import as_, status


def test_words_of_a_group_keep_what_all_say() -> None:
    same, other = Finding("plan.ags", "warning", {"ags": "12"}), Finding("plan.ags", "warning", {"ags": "13"})
    (group,) = grouped([same, same])
    assert (group.words, [words for _finding, words in group.told]) == (text_of("plan.ags", {"ags": "12"}), ["", ""])  # fmt: skip
    (group,) = grouped([same, other])
    assert group.words == text_of("plan.ags", {"ags": "…"})
    assert [words for _finding, words in group.told] == [text_of("plan.ags", each.params) for each in (same, other)]  # fmt: skip


def test_another_rule_severity_condition_or_type_is_another_entry() -> None:
    params = {"object": "Bereich (BP_Bereich)", "name": "versionBauNVO"}
    found = [
        Finding("semantic.needs", "error", params, condition="4.2.1.1"),
        Finding("semantic.needs", "warning", params, condition="4.2.1.1"),
        Finding("semantic.needs", "error", params, condition="4.2.1.2"),
        Finding("semantic.needs", "error", {**params, "name": "versionBauGB"}, condition="4.2.1.1"),
        Finding("semantic.lacks", "error", params, condition="4.2.1.1"),
    ]
    assert [len(group.findings) for group in grouped(found)] == [1] * 5


@pytest.fixture
def tenant(db: None) -> Tenant:
    found: Tenant = TenantFactory.create()
    return found


def finding(number: int, **fields: Any) -> dict[str, Any]:
    params = {"value": f"47{number}", "element": "zweckbestimmung", "type": "XP_ZweckbestimmungGruen"}
    return {"rule": "structure.code", "severity": "error", "params": params, "gml_id": f"=G_{number}", "line": number, **fields}  # fmt: skip


def refused(tenant: Tenant, *found: dict[str, Any]) -> Job:
    report = {"file": "plan.gml", "ok": False, "plan_ids": [], "findings": list(found), "proposals": {}}
    with acting_for([tenant.pk], [tenant.pk]):
        job: Job = Job.objects.create(
            tenant=tenant, task=import_upload.name, title="plan.gml", result={"reports": [report]}
        )
    return job


def test_import_says_once_what_is_the_same_and_leads_to_every_place(tenant: Tenant) -> None:
    alone = finding(99, rule="plan.no_name", severity="warning", params={})
    job = refused(tenant, *(finding(number) for number in range(SHOWN + 4)), alone)
    planner = as_(member(tenant, Role.PLANNER))
    page: Any = html.fromstring(planner.get(reverse("planning:import", args=[job.public_id])).content)
    entries = page.xpath("//section/ul/li[@data-rule]")
    assert [entry.get("data-rule") for entry in entries] == ["structure.code", "plan.no_name"]
    assert f"{SHOWN + 4} Stellen" in entries[0].xpath("string(.//summary)")
    assert len(entries[0].xpath(".//details//li")) == SHOWN
    assert "471" in entries[0].xpath("string(.//details//li[2])")
    (address,) = entries[0].xpath(".//details//a/@href")
    assert not entries[1].xpath(".//details")
    rows = list(csv.DictReader(io.StringIO(planner.get(address).content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == SHOWN + 5
    assert (rows[1]["file"], rows[1]["rule"], rows[1]["line"]) == ("plan.gml", "structure.code", "1")
    assert rows[1]["message"] == text_of("structure.code", finding(1)["params"])
    assert rows[1]["gml_id"] == "'=G_1"  # no formula


def test_findings_of_an_import_are_for_its_tenant(tenant: Tenant) -> None:
    address = reverse("planning:import_csv", args=[refused(tenant, finding(1)).public_id])
    others = (
        member(TenantFactory.create(), *Role),
        member(county(), Role.COUNTY_ADMIN),
        UserFactory.create(),
    )
    assert [status(person, address) for person in others] == [404, 404, 404]
    assert status(None, address) == 302
    assert status(member(tenant, Role.EDITOR), address) == 200
