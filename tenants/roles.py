"""Pure table: which role may do what in a tenant. Actions are verbs of the services; pages and services ask `can`."""

from enum import StrEnum


class Role(StrEnum):
    COUNTY_ADMIN = "county_admin"
    COUNTY_ANALYST = "county_analyst"
    MUNICIPAL_ADMIN = "municipal_admin"
    PLANNER = "planner"
    EDITOR = "editor"
    MODERATOR = "moderator"


class Share(StrEnum):
    """A single grant on one plan or procedure to a person or tenant outside the owner."""

    EXTERNAL_PLANNER = "external_planner"  # a planning bureau, on one plan
    BODY = "body"  # Träger öffentlicher Belange, on one procedure
    READER = "reader"  # reads one plan or procedure, e.g. the county as approving authority


VIEW = frozenset({"view"})
ADMINISTER = frozenset({"view", "invite", "change_role", "brand", "audit", "share", "configure"})
PLANNING = frozenset(
    {
        "view",
        "import_plan",
        "change_plan",
        "publish_plan",
        "withdraw_plan",
        "delete_plan",
        "export_plan",
        "share",
    }
)
PARTICIPATION = frozenset(
    {"view", "open_procedure", "change_procedure", "read_statements", "answer", "moderate"}
)
MODERATION = frozenset({"view", "read_statements", "moderate"})
EDITING = frozenset({"view", "edit_pages"})
DATA = frozenset(
    {"view", "import_dataset", "change_dataset", "publish_dataset", "delete_dataset", "harvest", "share"}
)
ANALYSES = frozenset({"view", "analyse", "publish_run", "delete_run", "share"})

ACTIONS: dict[Role, frozenset[str]] = {
    Role.COUNTY_ADMIN: ADMINISTER
    | EDITING
    | DATA
    | ANALYSES
    | frozenset({"see_indicators", "create_tenant", "set_targets", "set_data_format"}),
    Role.COUNTY_ANALYST: VIEW | frozenset({"see_indicators"}),
    Role.MUNICIPAL_ADMIN: ADMINISTER | EDITING | DATA | ANALYSES,
    Role.PLANNER: PLANNING | PARTICIPATION | DATA | ANALYSES,
    Role.EDITOR: EDITING,
    Role.MODERATOR: MODERATION,
}

SHARE_ACTIONS: dict[Share, frozenset[str]] = {
    Share.EXTERNAL_PLANNER: frozenset({"view", "import_plan", "change_plan", "export_plan"}),
    Share.BODY: frozenset({"view", "submit_as_body"}),
    Share.READER: VIEW,
}

ADMINS = frozenset({Role.COUNTY_ADMIN, Role.MUNICIPAL_ADMIN})  # one of them must remain in every tenant
FOR_COUNTY = frozenset({Role.COUNTY_ADMIN, Role.COUNTY_ANALYST, Role.PLANNER, Role.EDITOR, Role.MODERATOR})
FOR_MUNICIPALITY = frozenset({Role.MUNICIPAL_ADMIN, Role.PLANNER, Role.EDITOR, Role.MODERATOR})


def actions_of(roles: frozenset[Role]) -> frozenset[str]:
    """All actions that any of the roles allows."""
    return frozenset().union(*(ACTIONS[role] for role in roles))


def roles_with(action: str) -> frozenset[Role]:
    """Roles that allow the action."""
    return frozenset(role for role, allowed in ACTIONS.items() if action in allowed)
