"""Facts of plans, and who owns which object."""

import io
from datetime import date

import pytest

from planning.xplanung.plans import Code, Municipality, Owner, PlanIndex
from planning.xplanung.reader import Reader
from tests.factories import xplanung as samples


def index(data: bytes) -> PlanIndex:
    found = PlanIndex()
    for batch in Reader(io.BytesIO(data), srid=25833).batches():
        for record in batch:
            found.add(record)
    return found


@pytest.mark.parametrize("version", samples.VERSIONS)
def test_plan_facts_are_read_in_every_version(version: str) -> None:
    (plan,) = index(samples.simple_plan(version)).plans()

    assert (plan.kind, plan.name, plan.number, plan.version) == ("BP", "Am Weinberg", "7/26", version)
    assert plan.municipalities == (Municipality(ags="14627140", name="Meißen"),)
    assert plan.legal_state == Code("3000", "Satzung")
    assert plan.dates == {"auslegungsStartDatum": (date(2026, 11, 2),)}
    assert plan.area is not None
    assert plan.area.area == 10_000


@pytest.mark.parametrize("version", samples.VERSIONS)
def test_objects_belong_to_their_bereich_and_plan(version: str) -> None:
    assert index(samples.simple_plan(version)).owners()[1] == Owner((0,), 1)
    assert index(samples.simple_plan(version)).owners()[2].plans == (0,)


def two_plans(*more: str) -> bytes:
    return samples.document(
        "5.4",
        samples.plan("5.4", gml_id="A"),
        samples.plan("5.4", gml_id="B"),
        samples.bereich("5.4", gml_id="A_B", plan_id="A"),
        samples.bereich("5.4", gml_id="B_B", plan_id="B"),
        *more,
    )


def test_two_plans_in_one_file_are_told_apart() -> None:
    owners = index(two_plans(samples.area("5.4", gml_id="X", bereich_id="B_B"))).owners()

    assert owners[4] == Owner((1,), 3)


def test_text_of_two_plans_belongs_to_both() -> None:
    text = '<xplan:BP_TextAbschnitt gml:id="T"><xplan:text>Immissionsschutz</xplan:text></xplan:BP_TextAbschnitt>'
    reference = '<xplan:refTextInhalt xlink:href="#T"/>'
    areas = [
        samples.area("5.4", gml_id=f"X{name}", bereich_id=f"{name}_B").replace(
            "<xplan:rechts", f"{reference}<xplan:rechts"
        )
        for name in "AB"
    ]
    owners = index(two_plans(*areas, text)).owners()

    assert owners[6].plans == (0, 1)


def test_presentation_belongs_where_what_it_shows_belongs() -> None:
    label = '<xplan:XP_PPO gml:id="L"><xplan:dientZurDarstellungVon xlink:href="#X"/></xplan:XP_PPO>'
    owners = index(two_plans(samples.area("5.4", gml_id="X", bereich_id="B_B"), label)).owners()

    assert owners[5] == Owner((1,), 3)


def test_object_of_no_plan_is_left_over_when_there_are_several() -> None:
    lone = '<xplan:XP_PPO gml:id="L"/>'

    assert index(two_plans(lone)).owners()[4] == Owner()


def test_planinhalt_gives_a_bereich_to_objects_that_name_none() -> None:
    bereich = samples.bereich("4.0").replace(
        "<xplan:gehoertZuPlan", '<xplan:inhaltBPlan xlink:href="#BT_1"/><xplan:gehoertZuPlan'
    )
    data = samples.document("4.0", samples.plan("4.0"), bereich, samples.area("4.0"))

    assert index(data).owners()[2] == Owner((0,), 1)


def test_circle_of_references_ends() -> None:
    texts = [
        f'<xplan:BP_TextAbschnitt gml:id="{a}"><xplan:refTextInhalt xlink:href="#{b}"/></xplan:BP_TextAbschnitt>'
        for a, b in ("TU", "UT")
    ]

    assert index(samples.document("6.0", samples.plan("6.0"), *texts)).owners()[2] == Owner((0,))


def test_documents_are_listed_with_kind_and_georeference() -> None:
    reference = (
        "<xplan:externeReferenz><xplan:XP_SpezExterneReferenz><xplan:georefURL>plan.pgw</xplan:georefURL><xplan:referenzURL>D:\\Downloads\\plan.png</xplan:referenzURL>"
        "<xplan:typ>1010</xplan:typ></xplan:XP_SpezExterneReferenz></xplan:externeReferenz>"
    )
    plan = samples.plan("6.0").replace("<xplan:raeum", f"{reference}<xplan:raeum")
    (document,) = index(samples.document("6.0", plan)).documents

    assert (document.order, document.property, document.url, document.georeference) == (
        0,
        "externeReferenz",
        "D:\\Downloads\\plan.png",
        "plan.pgw",
    )
    assert document.kind == Code("1010", "Begründung")
