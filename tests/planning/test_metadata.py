"""The record of a plan against the shapes that its profile publishes: DCAT-AP.PLU, and DCAT-AP 2.1.1 below it."""

from pathlib import Path
from typing import NamedTuple

import pytest
from django.utils import timezone
from pyshacl import validate
from rdflib import Graph
from rdflib.namespace import RDF, SH, SKOS

from planning import metadata
from planning.metadata import PLU, record
from planning.models import Plan, PlanDocument, ProcedureStep
from tenants.models import Tenant
from tenants.scope import acting_for
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory

pytestmark = pytest.mark.django_db
SHAPES = ("dcat-ap-plu_shacl-shapes.ttl", "dcat-ap_2.1.1_shacl_shapes.ttl")


LISTS = "https://specs.diplanung.de/resource/"


class Breach(NamedTuple):
    path: str
    component: str
    value: str


def breaches(graph: Graph, shapes: Path) -> list[Breach]:
    _conforms, report, _text = validate(
        graph, shacl_graph=Graph().parse(shapes), do_owl_imports=False, meta_shacl=False
    )
    return sorted(
        Breach(*(str(report.value(one, what) or "") for what in (SH.resultPath, SH.sourceConstraintComponent, SH.value)))
        for one in report.subjects(RDF.type, SH.ValidationResult)
        if report.value(one, SH.resultSeverity) == SH.Violation
    )  # fmt: skip


@pytest.fixture
def rich() -> Plan:
    """All that a record can tell: steps, documents here and elsewhere, a plan it amends, an address of the state's portal."""
    tenant: Tenant = TenantFactory.create(name="Meißen", slug="meissen")
    amended = make_plan(tenant, public=True, name="Am Anger")
    plan = make_plan(tenant, public=True, legal_status="4000", name="Am <Weinberg> & Elbe", amends=amended, portal_url="https://bauleitplanung.example/plan/7")  # fmt: skip
    version = plan.current_version
    assert version is not None
    with acting_for([tenant.pk], [tenant.pk]):
        for kind, on in (("publication", "2025-03-03"), ("repeated_publication", "2025-06-03")):
            ProcedureStep.objects.create(tenant=tenant, plan=plan, kind=kind, on=on, is_public=True)
        PlanDocument.objects.create(tenant=tenant, plan=plan, version=version, title="Begründung", kind="1010", href="https://example.org/a b<c>.pdf", is_public=True)  # fmt: skip
    return plan


@pytest.mark.parametrize("shapes", SHAPES)
def test_the_record_breaks_no_shape_of_its_profile(rich: Plan, shared_data: Path, shapes: str) -> None:
    found = record(rich, on=timezone.localdate())
    assert breaches(found, shared_data / "catalogue" / "dcat-ap-plu" / shapes) == []


@pytest.mark.parametrize("status", ["1000", "2100", "4000", "5000", ""])
def test_a_plan_of_any_standing_has_a_sound_record(status: str, shared_data: Path) -> None:
    plan = make_plan(TenantFactory.create(), public=True, legal_status=status)
    found = record(plan, on=timezone.localdate())
    assert breaches(found, shared_data / "catalogue" / "dcat-ap-plu" / SHAPES[0]) == []


def test_the_shapes_see_what_is_missing(rich: Plan, shared_data: Path) -> None:
    found = record(rich, on=timezone.localdate())
    found.remove((None, PLU.planState, None))
    (breach,) = breaches(found, shared_data / "catalogue" / "dcat-ap-plu" / SHAPES[0])
    assert (breach.path, breach.component) == (str(PLU.planState), str(SH.MinCountConstraintComponent))


def test_every_code_stands_in_a_list_of_the_profile(rich: Plan, shared_data: Path) -> None:
    known = Graph()
    for path in (shared_data / "catalogue" / "dcat-ap-plu").glob("*.xml"):
        if not path.name.startswith("plu-example"):
            known.parse(path, format="xml")
    concepts = {str(one) for one in known.subjects(RDF.type, SKOS.Concept)}
    used = {
        str(code) for code in record(rich, on=timezone.localdate()).objects() if str(code).startswith(LISTS)
    }
    tables = (
        ("planType", metadata._PLAN_TYPES),
        ("procedureType", metadata._TRACKS),
        ("processStepType", metadata._STEPS),
        ("docType", metadata._DOCUMENTS),
    )
    used |= {f"{LISTS}{name}#{code}" for name, table in tables for code in table.values()}
    used |= {
        f"{LISTS}{name}#{codes[place]}"
        for place, name in enumerate(("planState", "procedureState"))
        for codes in metadata._STATES.values()
    }
    assert used - concepts == set()
