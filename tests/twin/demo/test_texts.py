"""The demo's words are complete, fit together, and say that they are a demo."""

from collections import Counter

import pytest
from shapely import Point

from twin.demo.geography import boundaries, places
from twin.demo.plans.library import SHEETS
from twin.demo.plans.sheet import features
from twin.demo.texts import STATES, ProcedureText, news, pages, procedures, statements


def test_there_are_eighty_different_statements() -> None:
    assert len(statements()) == 80
    assert max(Counter(statement.text for statement in statements()).values()) == 1


def test_statements_stand_in_every_state_with_reason_where_one_is_needed() -> None:
    assert {statement.state for statement in statements()} == STATES
    for statement in statements():
        assert bool(statement.reason) == (statement.state in {"hidden", "asked"}), statement.text
        assert statement.publish or statement.state == "waiting", (
            statement.text
        )  # no publication without consent


def test_finished_procedures_are_answered_and_running_formal_ones_are_not() -> None:
    by_slug = {procedure.slug: procedure for procedure in procedures()}
    for statement in statements():
        procedure = by_slug[statement.procedure]
        if procedure.kind != "informal":
            assert bool(statement.answer) == (procedure.ends < 0), statement.text
    assert sum(bool(statement.answer) for statement in statements()) >= 60


def test_procedures_stand_before_in_and_after_their_period() -> None:
    assert [p for p in procedures() if p.starts > 0]
    assert {p.kind for p in procedures() if p.starts <= 0 <= p.ends} == {"publication", "informal"}
    assert {p.kind for p in procedures() if p.ends < 0} == {"publication", "early", "informal"}
    assert all(p.ends - p.starts >= 30 for p in procedures())  # a month, at least 30 days
    assert {p.municipality for p in procedures()} <= set(boundaries())
    assert {p.plan for p in procedures()} - {""} == set(SHEETS)


def test_statements_come_when_they_could() -> None:
    by_slug = {procedure.slug: procedure for procedure in procedures()}
    late = [s for s in statements() if by_slug[s.procedure].starts + s.day > by_slug[s.procedure].ends]
    assert [s.procedure for s in late] == ["hafenblick"]  # formal, so it was accepted late
    assert all(by_slug[s.procedure].starts + s.day <= 0 for s in statements())


@pytest.mark.parametrize("procedure", [p for p in procedures() if p.plan], ids=lambda p: p.slug)
def test_statements_name_objects_that_the_plan_has(procedure: ProcedureText) -> None:
    keys = {feature.key for feature in features(SHEETS[procedure.plan]())}
    named = {s.object for s in statements() if s.procedure == procedure.slug and s.object}
    assert named <= keys


def test_offsets_stay_in_the_municipality() -> None:
    midpoints = {place.ags: place.midpoint for place in places()}
    by_slug = {procedure.slug: procedure for procedure in procedures()}
    for statement in statements():
        if statement.offset is not None:
            ags = by_slug[statement.procedure].municipality
            (east, north), (right, up) = midpoints[ags], statement.offset
            assert boundaries()[ags].contains(Point(east + right, north + up)), statement.text


def test_everything_says_that_it_is_a_demo() -> None:
    assert all("Demo" in procedure.title for procedure in procedures())
    assert all("Demo" in page.title for page in pages())
    assert all("Demo" in item.title and "Demo" in item.paragraphs[-1] for item in news())
    assert {page.slug for page in pages()} >= {"impressum", "datenschutz", "barrierefreiheit"}
