import pytest

from planning.errors import IllegalStep
from planning.lifecycle import TABLE, Action, State, after, allows
from planning.models import PlanState


def test_every_state_has_a_label_for_people() -> None:
    assert {state.value for state in State} == set(PlanState.values)


def test_every_state_is_reached_and_left() -> None:
    assert {state for state, _ in TABLE} == set(State)
    assert set(TABLE.values()) == {*State, None}


@pytest.mark.parametrize(
    ("state", "action"), [("published", "delete"), ("draft", "withdraw"), ("gone", "publish")]
)
def test_step_outside_the_table_is_refused(state: str, action: str) -> None:
    assert not allows(state, action)
    with pytest.raises(IllegalStep):
        after(state, action)


def test_publishing_a_draft_and_withdrawing_it() -> None:
    assert after(State.DRAFT, Action.PUBLISH) == State.PUBLISHED
    assert after("published", "withdraw") == State.WITHDRAWN
    assert after("draft", "delete") is None
