"""What applies at a place: plans put together by hand, asked as everybody may ask."""

from copy import copy
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models.base import ModelState
from django.test.utils import CaptureQueriesContext

from planning.auskunft import telling
from planning.auskunft.answering import Answer, InForce, answer
from planning.auskunft.errors import PlaceRefused
from planning.auskunft.gathering import MOST_OBJECTS
from planning.auskunft.places import Place
from planning.models import CaptureStatement, Plan, PlanObject, ProcedureStep
from planning.xplanung.relations import Effect
from tenants.models import Tenant
from tenants.scope import acting_for
from tests.factories.planning import add_object, add_version
from tests.factories.tenants import TenantFactory
from tests.planning.auskunft.conftest import DAY, Maker, area, geometry, line, point, rectangle, refer

pytestmark = pytest.mark.django_db
WA = "BP_BaugebietsTeilFlaeche"
FLUSH = {"flaechenschluss": True}
LINKED = {"@type": "XP_VerbundenerPlan"}


def ask(place: Place, *, on: date = DAY) -> Answer:
    return answer(place, on=on)


def names(answered: Answer) -> list[str]:
    return [each.plan.name for each in answered.plans]


def of(answered: Answer, plan: Plan) -> InForce:
    return next(each for each in answered.plans if each.plan.pk == plan.pk)


def types(told: InForce) -> list[str]:
    return [each.object.feature_type for each in told.provisions]


def test_a_point_gets_its_plan_and_what_is_drawn_there(planned: Maker) -> None:
    plan = planned(
        rectangle(0, 0, 100, 100),
        objects=[
            (WA, rectangle(0, 0, 50, 100), FLUSH),
            ("BP_GruenFlaeche", rectangle(50, 0, 100, 100), FLUSH),
            ("BP_BauGrenze", line((20.5, 0), (20.5, 100)), {}),
            ("BP_BauGrenze", line((40, 0), (40, 100)), {}),
            ("XP_PTO", rectangle(0, 0, 100, 100), {}),
        ],
    )
    told = of(ask(point(20, 50)), plan)
    assert types(told) == [WA, "BP_BauGrenze"]
    assert told.share.area is None


def test_a_parcel_gets_the_shares(planned: Maker) -> None:
    plan = planned(
        rectangle(0, 0, 100, 100),
        objects=[
            (WA, rectangle(0, 0, 50, 100), FLUSH),
            ("BP_GruenFlaeche", rectangle(50, 0, 100, 100), FLUSH),
            ("BP_BauGrenze", line((45, 0), (45, 100)), {}),
            ("BP_Wegerecht", rectangle(59.95, 0, 80, 100), {}),
        ],
    )
    told = of(ask(area(40, 0, 60, 10)), plan)
    shares = {each.object.feature_type: each.share for each in told.provisions}
    assert set(shares) == {WA, "BP_GruenFlaeche", "BP_BauGrenze"}  # the right of way reaches in by 5 cm only
    assert (shares[WA].area, shares[WA].percent) == (100, 50)
    assert shares["BP_BauGrenze"].length == 10
    assert (told.share.area, told.share.percent) == (200, 100)


def test_a_hole_of_a_plan_is_not_in_it(planned: Maker) -> None:
    planned(rectangle(0, 0, 100, 100, hole=((40, 40), (60, 40), (60, 60), (40, 60))))
    assert names(ask(point(50, 50))) == []
    assert len(names(ask(point(30, 50)))) == 1


def test_drafts_and_withdrawn_plans_do_not_exist(planned: Maker, town: Tenant) -> None:
    draft = planned(rectangle(0, 0, 100, 100), public=False, objects=[(WA, rectangle(0, 0, 100, 100), FLUSH)])
    for scope in ((), (town.pk,)):  # not even for the town's own people: the answer is the public one
        with acting_for(scope):
            answered = ask(point(50, 50))
            assert (answered.plans, answered.under_way, answered.unclear, answered.gone) == ([], [], [], [])
    assert draft.name not in str(telling.as_json(ask(area(0, 0, 10, 10))))


def test_a_new_draft_version_of_a_public_plan_is_not_told(planned: Maker, town: Tenant) -> None:
    plan = planned(rectangle(0, 0, 100, 100), objects=[(WA, rectangle(0, 0, 100, 100), FLUSH)])
    with acting_for([town.pk], [town.pk]):
        public = plan.published_version
        other = add_version(plan)
        add_object(other, 1, feature_type="BP_GemeinbedarfsFlaeche")
        plan.published_version = public
        plan.save()
        assert types(of(ask(point(5, 5)), plan)) == [WA]


@pytest.mark.parametrize(
    ("columns", "where"),
    [
        ({"legal_status": "2400", "valid_from": None}, "under_way"),
        ({"legal_status": "3000", "valid_from": date(2030, 1, 1)}, "under_way"),
        ({"legal_status": "", "valid_from": None}, "unclear"),
        ({"legal_status": "5000"}, None),
        ({"valid_until": date(2025, 1, 1)}, None),
    ],
)
def test_plans_not_in_force_stand_where_they_belong(
    planned: Maker, columns: dict[str, Any], where: str | None
) -> None:
    plan = planned(rectangle(0, 0, 100, 100), **columns)
    answered = ask(point(50, 50))
    found = {name for name in ("under_way", "unclear") if plan in getattr(answered, name)}
    assert (answered.plans, found) == ([], {where} if where else set())


def test_a_recorded_announcement_puts_a_plan_in_force(planned: Maker, town: Tenant) -> None:
    plan = planned(rectangle(0, 0, 100, 100), legal_status="3000", valid_from=None)
    assert ask(point(50, 50)).under_way == [plan]
    with acting_for([town.pk], [town.pk]):
        for public, day in ((False, date(2026, 1, 1)), (True, date(2026, 2, 2))):
            ProcedureStep.objects.create(
                tenant=town, plan=plan, kind="announcement", on=day, is_public=public
            )
    assert of(ask(point(50, 50)), plan).since == date(2026, 2, 2)


# --- amendments


def test_a_repeal_in_part_cuts_its_area_out(planned: Maker) -> None:
    old = planned(rectangle(0, 0, 100, 100), objects=[(WA, rectangle(0, 0, 100, 100), FLUSH)])
    repeal = planned(rectangle(0, 0, 50, 100), amends=old, amendment="repeal")
    inside, outside, both = ask(point(20, 50)), ask(point(80, 50)), ask(area(40, 0, 60, 10))
    assert names(inside) == [repeal.name]
    assert [(gone.plan, gone.by) for gone in inside.gone] == [(old, (repeal,))]
    assert names(outside) == [old.name]
    told = of(both, old)
    assert (told.whole, told.share.percent, told.provisions[0].share.area) == (False, 50, 100)
    assert [(link.plan, link.effect, link.share.area) for link in told.amended_by] == [
        (repeal, Effect.REPEALS, 100)
    ]


def test_a_change_that_draws_anew_replaces_the_areas_there_and_no_others(planned: Maker) -> None:
    old = planned(
        rectangle(0, 0, 100, 100),
        objects=[(WA, rectangle(0, 0, 100, 100), FLUSH), ("BP_BauGrenze", line((0, 5), (100, 5)), {})],
    )
    change = planned(
        rectangle(0, 0, 50, 100),
        properties={
            "aendertPlan": [
                {**LINKED, "aenderungsArt": "1000", "verbundenerPlan": {"@href": f"#{old.gml_id}"}}
            ]
        },
        objects=[("BP_GruenFlaeche", rectangle(0, 0, 50, 100), FLUSH)],
    )
    answered = ask(area(40, 0, 60, 10))
    assert {
        each.object.feature_type: each.share.area for each in of(answered, old).provisions if each.share.area
    } == {WA: 100}
    assert {each.object.feature_type: each.share.area for each in of(answered, change).provisions} == {
        "BP_GruenFlaeche": 100
    }
    boundary = next(
        each for each in of(answered, old).provisions if each.object.feature_type == "BP_BauGrenze"
    )
    assert boundary.read_with == (change,)
    at_point = ask(point(20, 50))
    assert types(of(at_point, old)) == []
    assert types(of(at_point, change)) == ["BP_GruenFlaeche"]


def test_a_change_of_the_text_alone_leaves_the_drawing(planned: Maker) -> None:
    old = planned(rectangle(0, 0, 100, 100), objects=[(WA, rectangle(0, 0, 100, 100), FLUSH)])
    change = planned(rectangle(0, 0, 100, 100), amends=old, amendment="change")
    told = of(ask(point(50, 50)), old)
    assert types(told) == [WA]
    assert told.provisions[0].read_with == (change,)
    assert [link.plan for link in of(ask(point(50, 50)), change).amends] == [old]


def test_the_old_plan_may_name_the_new_one(planned: Maker) -> None:
    planned(rectangle(0, 0, 50, 100), name="Am Anger, 1. Änderung", number="7/1")
    old = planned(
        rectangle(0, 0, 100, 100),
        name="Am Anger",
        properties={
            "wurdeGeaendertVon": [
                {**LINKED, "planName": "am anger,  1. änderung", "rechtscharakter": "20001"}
            ]
        },
    )
    answered = ask(point(20, 50))
    assert [gone.plan for gone in answered.gone] == [old]


def test_a_plan_that_is_not_held_is_named_as_missing(planned: Maker) -> None:
    draft = planned(rectangle(0, 0, 50, 100), public=False, number="7/1", name="Am Anger, 1. Änderung")
    old = planned(
        rectangle(0, 0, 100, 100),
        properties={
            "wurdeGeaendertVonPlan": [
                {**LINKED, "nummer": "7/1", "aenderungsArt": "1000"},
                {**LINKED, "nummer": "7/9", "aenderungsArt": "1000"},
            ]
        },
    )
    told = of(ask(point(20, 50)), old)
    assert [relation.number for relation in told.unresolved] == [
        "7/1",
        "7/9",
    ]  # a draft is like one that does not exist
    assert str(draft.public_id) not in str(telling.as_json(ask(point(20, 50))))


def test_an_amendment_of_another_town_cuts_nothing(planned: Maker) -> None:
    neighbour = TenantFactory.create(name="Riesa")
    old = planned(rectangle(0, 0, 100, 100))
    planned(
        rectangle(0, 0, 100, 100),
        tenant=neighbour,
        properties={
            "aendertPlan": [
                {**LINKED, "aenderungsArt": "2000", "verbundenerPlan": {"@href": f"#{old.gml_id}"}}
            ]
        },
    )
    assert of(ask(point(20, 50)), old).whole


def test_a_change_not_yet_in_force_changes_nothing(planned: Maker) -> None:
    old = planned(rectangle(0, 0, 100, 100))
    repeal = planned(
        rectangle(0, 0, 100, 100), amends=old, amendment="repeal", legal_status="2400", valid_from=None
    )
    answered = ask(point(20, 50))
    assert (names(answered), answered.under_way) == ([old.name], [repeal])


def test_two_plans_on_one_ground_are_pointed_out(planned: Maker) -> None:
    first, second = planned(rectangle(0, 0, 60, 100)), planned(rectangle(40, 0, 100, 100))
    answered = ask(point(50, 50))
    assert of(answered, first).overlaps == [second]
    assert of(answered, second).overlaps == [first]
    assert of(ask(area(0, 0, 40, 10)), first).overlaps == []


# --- other law, texts, completeness


def test_other_satzungen_stand_under_their_paragraph(planned: Maker) -> None:
    planned(rectangle(0, 0, 100, 100))
    renewal = planned(
        rectangle(0, 0, 100, 100),
        plan_type="SO",
        legal_status="",
        valid_from=None,
        objects=[
            (
                "SO_Gebiet",
                rectangle(0, 0, 60, 100),
                {"properties": {"gebietsArt": "1100", "rechtsstandGebiet": "3000"}},
            )
        ],
    )
    freeze = planned(
        rectangle(0, 0, 100, 100), plan_type="SO", legal_status="", name="Veränderungssperre Altstadt"
    )
    answered = ask(point(50, 50))
    assert [each.plan for each in answered.of_paragraph("142")] == [renewal]
    assert [each.plan for each in answered.of_paragraph("14")] == [freeze]
    assert answered.of_paragraph("172") == []
    assert [each.overlaps for each in answered.plans] == [[], [], []]


@pytest.mark.parametrize(
    ("since", "told", "lapse"),
    [
        (date(2024, 3, 5), "endet am 05.03.2026, wenn sie nicht verlängert wurde (§ 17 BauGB); zu prüfen", "2026-03-05"),
        (None, "", None),
    ],
)  # fmt: skip
def test_a_veraenderungssperre_says_when_it_ends(planned: Maker, since: date | None, told: str, lapse: str | None) -> None:  # fmt: skip
    planned(rectangle(0, 0, 100, 100), plan_type="SO", legal_status="", valid_from=since, name="Veränderungssperre Altstadt", objects=[("SO_Gebiet", rectangle(0, 0, 100, 100), {"properties": {"rechtsstandGebiet": "3000"}})])  # fmt: skip
    answered = ask(point(50, 50))
    (row,) = telling.plan_rows(answered)
    assert row.paragraph.endswith(told)
    assert ("§ 17" in row.paragraph) == bool(told)
    assert telling.as_json(answered)["plans"][0]["paragraph"]["lapses_on"] == lapse


def test_texts_bound_to_objects_elsewhere_are_left_out(planned: Maker) -> None:
    plan = planned(
        rectangle(0, 0, 100, 100),
        objects=[
            (WA, rectangle(0, 0, 50, 100), {"gml_id": "here"}),
            (WA, rectangle(50, 0, 100, 100), {"gml_id": "there"}),
            (
                "BP_TextAbschnitt",
                None,
                {"gml_id": "t1", "properties": {"schluessel": "1", "text": "Nur hier."}},
            ),
            (
                "BP_TextAbschnitt",
                None,
                {"gml_id": "t2", "properties": {"schluessel": "2", "text": "Nur dort."}},
            ),
            (
                "BP_TextAbschnitt",
                None,
                {"gml_id": "t3", "properties": {"schluessel": "3", "text": "Überall."}},
            ),
        ],
    )
    refer(plan, "here", "t1")
    refer(plan, "there", "t2")
    told = of(ask(point(20, 50)), plan)
    assert [text.text for text in told.provisions[0].texts] == ["Nur hier."]
    assert [text.text for text in told.texts] == ["Überall."]


def test_the_law_applied_comes_from_the_file_or_from_its_dates(planned: Maker) -> None:
    stated = planned(rectangle(0, 0, 100, 100), properties={"versionBauNVODatum": "1990-01-23"})
    dated = planned(rectangle(0, 0, 100, 100), dates={"satzungsbeschlussDatum": ["2015-03-04"]})
    answered = ask(point(50, 50))
    laws = {each.plan.pk: (each.law.year, each.law.certain) for each in answered.plans if each.law}
    assert laws == {stated.pk: (1990, True), dated.pk: (2013, False)}


def test_the_town_says_how_complete_it_is(planned: Maker, town: Tenant) -> None:
    with acting_for([town.pk], [town.pk]):
        CaptureStatement.objects.create(tenant=town, kind="bp", captured="partly", as_of=date(2026, 1, 1))
        CaptureStatement.objects.create(
            tenant=town, kind="fp", captured="yes", as_of=date(2026, 1, 1), is_public=False
        )
    rows = telling.capture_rows(ask(point(50, 50)))
    assert [(row.kind.value, row.statement.captured if row.statement else None) for row in rows] == [
        ("bp", "partly"),
        ("fp", None),
        ("statutes", None),
    ]


def test_no_town_is_named_outside_all_boundaries(planned: Maker) -> None:
    assert ask(point(5000, 5000)).towns == []


# --- size


def test_queries_do_not_grow_with_plans(planned: Maker) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            planned(rectangle(0, 0, 100, 100), objects=[(WA, rectangle(0, 0, 100, 100), FLUSH)] * 2)
        with CaptureQueriesContext(connection) as queries:
            telling.as_json(ask(area(0, 0, 10, 10)))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_more_objects_than_an_answer_can_tell_are_refused(planned: Maker, town: Tenant) -> None:
    plan = planned(rectangle(0, 0, 100, 100))
    version = plan.current_version
    assert version is not None
    with acting_for([town.pk], [town.pk]):
        one = add_object(version, 1, geometry=geometry(rectangle(0, 0, 100, 100)))
        rows = [copy_of(one, position) for position in range(2, MOST_OBJECTS + 2)]
        PlanObject.objects.bulk_create(rows, batch_size=1000)
    with pytest.raises(PlaceRefused) as refused:
        ask(point(50, 50))
    assert refused.value.code == "objects"


def copy_of(row: PlanObject, position: int) -> PlanObject:
    found = copy(row)
    found.pk, found.position = None, position
    found._state = ModelState()
    return found


def test_json_has_the_documented_keys(planned: Maker) -> None:
    old = planned(
        rectangle(0, 0, 100, 100), objects=[(WA, rectangle(0, 0, 100, 100), {"rechtscharakter": "1000"})]
    )
    planned(rectangle(0, 0, 100, 100), amends=old, amendment="change")
    told = telling.as_json(ask(area(0, 0, 10, 10)))
    plan = next(each for each in told["plans"] if each["id"] == str(old.public_id))
    assert told["schema"] == telling.SCHEMA
    assert told["place"]["area_m2"] == 100.0
    assert plan["provisions"][0]["percent"] == 100.0
    assert plan["amended_by"][0]["effect"] == "changes"
    assert plan["provisions"][0]["character_label"] != ""
