"""Delivered files -> rows: what arrives, what a second delivery does, and that a refused file leaves nothing."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.gis.geos import MultiPolygon
from django.core.management import CommandError, call_command

from planning.importing import Order, Report, import_file
from planning.matching import ASK, NEW
from planning.messages import REASONS
from planning.models import Finding, Plan, PlanDocument, PlanObject, PlanReference, PlanVersion, ValidationRun
from planning.xplanung.schema import VERSIONS
from tenants.models import AuditEvent, PrivateFile, Tenant, UsageEvent
from tenants.scope import acting_for
from tests.factories import xplanung as samples
from tests.factories.planning import square
from tests.factories.tenants import TenantFactory

pytestmark = pytest.mark.django_db

V = "6.0"


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    """A municipality with an open scope; beside it another with a plan of the same name that must never be touched."""
    own: Tenant = TenantFactory.create(slug="meissen", name="Meißen", ags="14627140")
    with acting_for([own.pk], [own.pk]):
        yield own


def deliver(
    data: bytes, tenant: Tenant, folder: Path, *, name: str = "plan.gml", decision: str = "auto"
) -> Report:
    path = folder / name
    path.write_bytes(data)
    (report,) = import_file(path, name=name, order=Order(tenant, None, decision=decision))
    return report


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def nothing_left(folder: Path) -> bool:
    tables: tuple[Any, ...] = (
        Plan,
        PlanVersion,
        PlanObject,
        PlanReference,
        PlanDocument,
        ValidationRun,
        Finding,
    )
    rows = sum(model.objects.count() for model in (*tables, PrivateFile, UsageEvent, AuditEvent))
    kept = [path for path in (folder / "private").rglob("*") if path.is_file()]
    return rows == 0 and kept == []


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize("version", [version for version in VERSIONS if version in samples.VERSIONS])
def test_plan_is_stored_with_objects_references_and_original(
    version: str, tenant: Tenant, tmp_path: Path
) -> None:
    data = samples.simple_plan(version)
    report = deliver(data, tenant, tmp_path)
    (plan,) = report.plans
    assert report.ok, report.findings
    assert (report.version, report.type, report.features) == (version, "BP", 3)
    plan.refresh_from_db()
    assert (plan.name, plan.number, plan.ags, plan.legal_status) == (
        "Am Weinberg",
        "7/26",
        ["14627140"],
        "3000",
    )
    assert plan.area.area == 10_000
    assert (plan.state, plan.is_public) == ("draft", False)
    assert plan.current_version is not None
    objects = list(plan.current_version.plan_objects.all())
    assert [row.gml_id for row in objects] == ["PLAN_1", "PLAN_1_B", "BT_1"]
    assert objects[2].flaechenschluss is True
    assert objects[2].geometry.equals(square(400_000, 5_660_000))
    assert PlanReference.objects.filter(source__gml_id="PLAN_1_B", target__gml_id="PLAN_1").count() == 1
    stored = PrivateFile.objects.get()
    assert (tmp_path / "private" / str(tenant.pk) / str(stored.public_id)).read_bytes() == data
    assert plan.current_version.sha256 == stored.sha256
    assert UsageEvent.objects.get().kind == "plan_created"
    assert AuditEvent.objects.get().action == "import_plan"


def test_identical_file_changes_nothing(tenant: Tenant, tmp_path: Path) -> None:
    first = deliver(samples.simple_plan(V), tenant, tmp_path)
    again = deliver(samples.simple_plan(V), tenant, tmp_path, name="copy.gml")
    assert again.ok
    assert again.plans == first.plans
    assert rules(again) == {"file.unchanged"}
    counts = [model.objects.count() for model in (Plan, PlanVersion, PlanObject, PrivateFile, UsageEvent)]
    assert counts == [1, 1, 3, 1, 1]


def test_changed_file_becomes_a_new_version_of_the_same_plan(tenant: Tenant, tmp_path: Path) -> None:
    deliver(samples.simple_plan(V), tenant, tmp_path)
    changed = deliver(samples.simple_plan(V, samples.area(V, gml_id="BT_2")), tenant, tmp_path)
    plan = Plan.objects.get()
    assert changed.plans == [plan]
    old, new = plan.planversions.order_by("number")
    assert (old.number, new.number, old.superseded_by, plan.current_version) == (1, 2, new, new)
    assert (old.plan_objects.count(), new.plan_objects.count()) == (3, 4)
    assert set(UsageEvent.objects.values_list("kind", flat=True)) == {"plan_created", "plan_changed"}


def test_draft_version_does_not_change_what_readers_of_a_published_plan_see(
    tenant: Tenant, tmp_path: Path
) -> None:
    deliver(samples.simple_plan(V), tenant, tmp_path)
    first = Plan.objects.get().current_version
    Plan.objects.update(state="published", is_public=True, published_version=first)
    renamed = samples.simple_plan(V).replace(b"Am Weinberg", b"Am Weinberg, 2. Entwurf")
    deliver(renamed, tenant, tmp_path)
    plan = Plan.objects.get()
    assert (plan.name, plan.published_version) == ("Am Weinberg", first)
    assert plan.current_version is not None
    assert plan.current_version.header["name"] == "Am Weinberg, 2. Entwurf"
    assert not plan.current_version.is_public


def test_same_name_elsewhere_is_another_plan(tenant: Tenant, tmp_path: Path) -> None:
    deliver(samples.simple_plan(V), tenant, tmp_path)
    moved = samples.simple_plan(V).replace(b"400000", b"410000").replace(b"400100", b"410100")
    assert deliver(moved, tenant, tmp_path).ok
    assert Plan.objects.count() == 2


def test_plan_of_another_tenant_is_never_matched(tenant: Tenant, tmp_path: Path) -> None:
    other: Tenant = TenantFactory.create()
    with acting_for([other.pk], [other.pk]):
        deliver(samples.simple_plan(V), other, tmp_path)
    with acting_for([tenant.pk, other.pk], [tenant.pk, other.pk]):
        deliver(samples.simple_plan(V, samples.area(V, gml_id="BT_2")), tenant, tmp_path)
        assert sorted(Plan.objects.values_list("tenant_id", flat=True)) == sorted([tenant.pk, other.pk])
        assert set(PlanVersion.objects.values_list("number", flat=True)) == {1}


def test_match_asks_first_when_told_so(tenant: Tenant, tmp_path: Path) -> None:
    (plan,) = deliver(samples.simple_plan(V), tenant, tmp_path).plans
    changed = samples.simple_plan(V, samples.area(V, gml_id="BT_2"))
    asked = deliver(changed, tenant, tmp_path, decision=ASK)
    assert not asked.ok
    assert asked.proposals == {str(plan.public_id): str(plan)}
    assert PlanVersion.objects.count() == 1
    assert PrivateFile.objects.count() == 1
    assert deliver(changed, tenant, tmp_path, decision=NEW).ok
    assert Plan.objects.count() == 2


def test_decided_plan_takes_only_a_file_of_its_kind(tenant: Tenant, tmp_path: Path) -> None:
    (plan,) = deliver(samples.simple_plan(V), tenant, tmp_path).plans
    other_kind = samples.simple_plan(V).replace(b"BP_Plan", b"FP_Plan").replace(b"BP_Bereich", b"FP_Bereich")
    refused = deliver(other_kind, tenant, tmp_path, decision=str(plan.public_id))
    assert rules(refused) == {"plan.other_type"}
    moved = samples.simple_plan(V).replace(b"400000", b"410000").replace(b"400100", b"410100")
    assert deliver(moved, tenant, tmp_path, decision=str(plan.public_id)).plans == [plan]


def test_several_plans_of_a_file_get_their_own_objects(tenant: Tenant, tmp_path: Path) -> None:
    data = samples.document(
        V,
        *(samples.plan(V, gml_id=name, name=f"Plan {name}") for name in "AB"),
        *(samples.bereich(V, gml_id=f"{name}_B", plan_id=name) for name in "AB"),
        samples.area(V, gml_id="X", bereich_id="B_B"),
    )
    report = deliver(data, tenant, tmp_path)
    found = {plan.name: set(plan.planobjects.values_list("gml_id", flat=True)) for plan in report.plans}
    assert found == {"Plan A": {"A", "A_B"}, "Plan B": {"B", "B_B", "X"}}
    assert {version.is_whole_file for version in PlanVersion.objects.all()} == {False}
    assert PrivateFile.objects.count() == 1


def test_documents_of_an_archive_meet_their_references(tenant: Tenant, tmp_path: Path) -> None:
    reference = (
        "<xplan:refBegruendungInhalt/>"  # a foreign element that no reader expects
        "<xplan:externeReferenz><xplan:XP_SpezExterneReferenz><xplan:referenzName>Begründung</xplan:referenzName>"
        "<xplan:referenzURL>{}</xplan:referenzURL><xplan:typ>1010</xplan:typ></xplan:XP_SpezExterneReferenz></xplan:externeReferenz>"
    )
    data = samples.simple_plan(V).decode()
    for address in ("D:\\Plan\\Begruendung.PDF", "fehlt.pdf", "https://example.org/web.pdf"):
        data = data.replace("<xplan:nummer>7/26", reference.format(address) + "<xplan:nummer>7/26", 1)
    archive = zipped(
        **{"plan.gml": data.encode(), "dok/begruendung.pdf": b"%PDF-1.7", "lageplan.png": b"\x89PNG"}
    )
    report = deliver(archive, tenant, tmp_path, name="plan.zip")
    assert report.ok, report.findings
    documents = {row.href or row.title: row for row in PlanDocument.objects.select_related("file")}
    assert set(documents) == {
        "D:\\Plan\\Begruendung.PDF",
        "fehlt.pdf",
        "https://example.org/web.pdf",
        "lageplan.png",
    }
    pdf = documents["D:\\Plan\\Begruendung.PDF"]
    assert (pdf.title, pdf.kind, pdf.file.name, pdf.is_public) == (
        "Begründung",
        "1010",
        "begruendung.pdf",
        False,
    )
    assert documents["fehlt.pdf"].file is None
    assert {f.params["href"] for f in report.findings if f.rule == "document.missing"} == {"fehlt.pdf"}
    assert {f.params["name"] for f in report.findings if f.rule == "document.unreferenced"} == {
        "lageplan.png"
    }


def test_plan_outside_the_tenant_is_imported_with_a_warning(tenant: Tenant, tmp_path: Path) -> None:
    tenant.boundary = MultiPolygon(square(400_000, 5_660_000, size=50), srid=25833)
    tenant.save()
    report = deliver(samples.simple_plan(V), tenant, tmp_path)
    assert report.ok
    (finding,) = (finding for finding in report.findings if finding.rule == "plan.outside")
    assert (finding.severity, finding.params["percent"], finding.gml_id) == ("warning", 75, "PLAN_1")
    assert Finding.objects.get(rule="plan.outside").point is not None


GOOD = samples.simple_plan(V)
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
XXE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "empty": ("plan.gml", b"", "file.empty"),
    "no xml": ("plan.gml", b"%PDF-1.7 nothing here", "file.not_xml"),
    "web page": ("plan.gml", b"<html><body>503</body></html>", "file.html"),
    "truncated": ("plan.gml", GOOD[: len(GOOD) // 2], "xml.truncated"),
    "entity bomb": ("plan.gml", GOOD.replace(b"<xplan:XPlanAuszug", BOMB + b"<xplan:XPlanAuszug", 1), "xml.dtd"),
    "external entity": ("plan.gml", GOOD.replace(b"<xplan:XPlanAuszug", XXE + b"<xplan:XPlanAuszug", 1), "xml.dtd"),
    "wrong encoding": ("plan.gml", GOOD.replace("ß".encode(), b"\xdf"), "xml.encoding"),
    "deep nesting": ("plan.gml", samples.simple_plan(V, "<xplan:a>" * 10_000 + "</xplan:a>" * 10_000), "xml.too_deep"),
    "no plan": ("plan.gml", samples.document(V, samples.area(V)), "xplan.no_plan"),
    "unknown system": ("plan.gml", GOOD.replace(b"EPSG:25833", b"EPSG:99999"), "plan.no_area"),
    "not a number": ("plan.gml", GOOD.replace(b"400100", b"NaN"), "plan.no_area"),
    "other XML": ("plan.gml", b"<a/>", "xplan.none"),
    "broken archive": ("plan.zip", b"PK\x03\x04 and no more", "archive.broken"),
    "archive without plan": ("plan.zip", zipped(**{"readme.txt": b"hello"}), "archive.no_plan"),
    "path out of the archive": ("plan.zip", zipped(**{"../../plan.gml": GOOD}), "archive.path"),
    "zip bomb": ("plan.zip", zipped(**{"plan.gml": b" " * 30_000_000}), "archive.bomb"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_bad_file_is_explained_and_leaves_nothing(case: str, tenant: Tenant, tmp_path: Path) -> None:
    name, data, rule = HOSTILE[case]
    report = deliver(data, tenant, tmp_path, name=name)
    assert not report.ok
    assert rule in rules(report)
    assert {finding.severity for finding in report.findings if finding.rule == rule} == {"fatal"}
    for finding in report.as_json()["findings"]:
        assert finding["message"] and "%(" not in finding["message"]
    assert nothing_left(tmp_path)


BOW = samples.polygon(
    "400000 5660000 400010 5660010 400010 5660000 400000 5660010 400000 5660000", gml_id="B"
)
WITH_REASON = {
    "geometry.invalid": ("plan.gml", samples.simple_plan(V, samples.area(V, gml_id="BOW", geometry=BOW))),
    "xml.broken": ("plan.gml", GOOD.replace(b"</xplan:name>", b"</xplan:nummer>")),
    "archive.broken": ("plan.zip", b"PK\x03\x04 and no more"),
}


@pytest.mark.parametrize("rule", WITH_REASON)
def test_reason_that_a_library_gives_has_words_of_its_own(rule: str, tenant: Tenant, tmp_path: Path) -> None:
    name, data = WITH_REASON[rule]
    (finding,) = (
        found for found in deliver(data, tenant, tmp_path, name=name).findings if found.rule == rule
    )
    assert finding.params["reason"] in REASONS


def test_too_large_file_is_refused(tenant: Tenant, tmp_path: Path, settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = 1 << 20
    report = deliver(GOOD + b" " * (2 << 20), tenant, tmp_path)
    assert rules(report) == {"file.too_large"}
    assert nothing_left(tmp_path)


def test_script_in_every_text_is_kept_as_text(tenant: Tenant, tmp_path: Path) -> None:
    attack = "&lt;script&gt;alert(1)&lt;/script&gt;' OR 1=1 --"
    data = GOOD.replace(b"Am Weinberg", attack.encode()).replace(b"7/26", attack.encode())
    assert deliver(data, tenant, tmp_path).ok
    plan = Plan.objects.get()
    assert plan.name == plan.number == "<script>alert(1)</script>' OR 1=1 --"


def test_third_dimension_and_self_intersection_are_findings(tenant: Tenant, tmp_path: Path) -> None:
    bow = samples.polygon(
        "400000 5660000 400010 5660010 400010 5660000 400000 5660010 400000 5660000", gml_id="BOW"
    )
    high = samples.polygon("400000 5660000 1 400010 5660000 1 400010 5660010 1 400000 5660000 1", gml_id="H")
    high = high.replace("<gml:posList>", '<gml:posList srsDimension="3">')
    data = samples.simple_plan(
        V, samples.area(V, gml_id="BOW_O", geometry=bow), samples.area(V, gml_id="H_O", geometry=high)
    )
    report = deliver(data, tenant, tmp_path)
    assert report.ok
    found = {(finding.rule, finding.gml_id) for finding in report.findings}
    assert {("geometry.invalid", "BOW_O"), ("geometry.third_dimension", "H_O")} <= found
    bow_tie, flat = (PlanObject.objects.get(gml_id=gml_id).geometry for gml_id in ("BOW_O", "H_O"))
    assert bow_tie is not None
    assert bow_tie.valid
    assert flat is not None
    assert not flat.hasz


@pytest.mark.django_db(transaction=True)
def test_command_prints_one_object_for_each_file(tmp_path: Path) -> None:
    tenant: Tenant = TenantFactory.create(slug="meissen")
    good, bad = tmp_path / "good.gml", tmp_path / "bad.gml"
    good.write_bytes(GOOD)
    bad.write_bytes(b"")
    output = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(
            "import_plan", good, bad, tmp_path / "gone.gml", tenant="meissen", json=True, stdout=output
        )
    assert caught.value.returncode == 1
    reports = [json.loads(line) for line in output.getvalue().splitlines()]
    assert [report["ok"] for report in reports] == [True, False, False]
    for report in reports:
        assert list(report) == [
            "file",
            "ok",
            "plan_ids",
            "version",
            "type",
            "features",
            "findings",
            "seconds",
        ]
    keys = ["rule", "severity", "message", "gml_id", "line", "point"]
    assert [list(finding) for finding in reports[1]["findings"]] == [keys]
    with acting_for([tenant.pk]):
        assert [str(plan.public_id) for plan in Plan.objects.all()] == reports[0]["plan_ids"]


def test_command_refuses_an_unknown_tenant() -> None:
    with pytest.raises(CommandError):
        call_command("import_plan", "x.gml", tenant="nowhere")
