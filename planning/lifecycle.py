"""Pure table: state of a plan record, action -> next state. The legal procedure (Aufstellung … Bekanntmachung) is ProcedureStep."""

from enum import StrEnum

from planning.errors import IllegalStep


class State(StrEnum):
    """Who sees the record: a draft and a withdrawn plan only the tenant, a published one everybody."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    IMPORT = "import"  # a further delivered file; a published version stays as it is
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    DELETE = "delete"


# None: the record is gone.
TABLE: dict[tuple[State, Action], State | None] = {
    (State.DRAFT, Action.IMPORT): State.DRAFT,
    (State.DRAFT, Action.PUBLISH): State.PUBLISHED,
    (State.DRAFT, Action.DELETE): None,
    (State.PUBLISHED, Action.IMPORT): State.PUBLISHED,
    (State.PUBLISHED, Action.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Action.WITHDRAW): State.WITHDRAWN,
    (State.WITHDRAWN, Action.IMPORT): State.WITHDRAWN,
    (State.WITHDRAWN, Action.PUBLISH): State.PUBLISHED,
}


def allows(state: str, action: str) -> bool:
    return (state, action) in TABLE


def after(state: str, action: str) -> State | None:
    """The state that follows; None when the record is gone. Raises IllegalStep when the state does not allow the action."""
    if not allows(state, action):
        raise IllegalStep(f"{action} is not allowed while the plan is {state}")
    return TABLE[State(state), Action(action)]
