"""Recorded acts and their values in words. Upper packages record under their own names; the words stand here, where the records are shown."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tenants.models import ROLES
from tenants.roles import Share

WORDS: Mapping[str, Promise] = {
    "accept_invitation": _("Invitation accepted"),
    "add_document": _("Document added"),
    "add_host_name": _("Host name added"),
    "add_scan": _("Scan of an old plan added"),
    "add_second_factor": _("Second factor set up"),
    "add_sensor": _("Own sensor added"),
    "add_series": _("Quantity of a sensor added"),
    "add_step_document": _("Document of a procedure step added"),
    "administer": _("Changed in the administration of the platform"),
    "answer_statement": _("Statement answered"),
    "ask_statement": _("Question to a submitter"),
    "begin_edit": _("Editing of a plan begun"),
    "begin_workflow": _("Workflow begun"),
    "brand": _("Appearance changed"),
    "cancel_job": _("Job cancelled"),
    "carry_edit": _("Edits carried over to a newer version"),
    "change_document": _("Document made internal or public"),
    "change_mail": _("Own mail address changed"),
    "change_password": _("Own password changed"),
    "change_procedure": _("Procedure changed"),
    "change_profile": _("Own name changed"),
    "change_role": _("Roles changed"),
    "change_series": _("Reading of a sensor changed"),
    "change_source": _("Foreign service changed"),
    "change_station": _("Gauge or sensor changed"),
    "change_tenant": _("Municipality changed"),
    "check_plan": _("Plan checked"),
    "close_emergency_access": _("Emergency access ended"),
    "correct_step": _("Procedure step corrected"),
    "create_tenant": _("Municipality set up"),
    "deactivate_member": _("Person removed"),
    "decide_import": _("Import decided"),
    "decide_procedure": _("Procedure decided"),
    "delete_dataset": _("Dataset deleted"),
    "delete_page": _("Page deleted"),
    "delete_plan": _("Plan deleted"),
    "delete_run": _("Analysis deleted"),
    "delete_workflow": _("Workflow deleted"),
    "describe_document": _("Document described"),
    "describe_record": _("Catalogue entry described"),
    "discard_edit": _("Edits discarded"),
    "discard_import": _("Import discarded"),
    "finish_edit": _("Edits finished as a new version"),
    "finish_old_plan": _("Old plan made into XPlanGML"),
    "finish_workflow_step": _("Step of a workflow done"),
    "found_plan": _("Plan drawn from nothing begun"),
    "freeze_fassung": _("Fassung frozen"),
    "hide_statement": _("Statement hidden"),
    "import_addresses": _("Addresses imported"),
    "import_boundary": _("Boundary imported"),
    "import_dataset": _("Dataset delivered"),
    "import_plan": _("Plan imported"),
    "invite": _("Person invited"),
    "list_old_plans": _("Old plans listed"),
    "make_calendar_key": _("Calendar address made"),
    "make_sensor_token": _("Token of a sensor made"),
    "make_token": _("Access token made"),
    "move_page": _("Page moved"),
    "name_fassung": _("Version named as a Fassung"),
    "open_emergency_access": _("Emergency access opened"),
    "open_procedure": _("Procedure opened"),
    "place_raster": _("Reference system of a raster chosen"),
    "plan_workflow_step": _("Step of a workflow planned"),
    "publish_dataset": _("Dataset published"),
    "publish_page": _("Page published"),
    "publish_plan": _("Plan published"),
    "publish_procedure": _("Procedure published"),
    "publish_run": _("Analysis published"),
    "publish_source": _("Foreign service made public"),
    "publish_statement": _("Statement published"),
    "publish_station": _("Gauge or sensor made public"),
    "record_step": _("Procedure step recorded"),
    "register_gauge": _("Gauge registered"),
    "register_source": _("Foreign service registered"),
    "remove_host_name": _("Host name removed"),
    "remove_old_plan": _("Old plan removed from the list"),
    "remove_second_factor": _("Second factor removed"),
    "remove_source": _("Foreign service removed"),
    "remove_station": _("Gauge or sensor removed"),
    "remove_target": _("Target removed"),
    "renew_calendar_key": _("Calendar address renewed"),
    "renew_recovery_codes": _("Recovery codes renewed"),
    "reopen_workflow_step": _("Step of a workflow taken up again"),
    "replace_document": _("Document replaced"),
    "request_batch": _("Batch of plan files uploaded"),
    "restore_version": _("Old version of a dataset restored"),
    "review_plan": _("Delivery of a plan judged"),
    "revoke_invitation": _("Invitation withdrawn"),
    "revoke_sensor_token": _("Token of a sensor revoked"),
    "revoke_token": _("Access token revoked"),
    "set_data_format": _("Data format declared"),
    "set_plan_case": _("Kind of procedure of a plan changed"),
    "set_portal_url": _("Address in the state's planning portal noted"),
    "set_refresh": _("Regular fetching of a dataset set"),
    "set_role": _("Meaning of a dataset's areas set"),
    "set_target": _("Target set"),
    "share_dataset": _("Dataset shared"),
    "share_plan": _("Plan shared"),
    "share_run": _("Analysis shared"),
    "sort_statement": _("Topic of a statement changed"),
    "state_capture": _("Completeness of the plans stated"),
    "switch_tenant": _("Acting for another tenant"),
    "take_over_document": _("Document taken over from the version before"),
    "take_over_upgrade": _("Plan raised to XPlanung 6.0 taken over as a new version"),
    "undo_moderation": _("Decision about publication taken back"),
    "unpublish_page": _("Page taken offline"),
    "unshare_dataset": _("Dataset no longer shared"),
    "unshare_plan": _("Plan no longer shared"),
    "unshare_run": _("Analysis no longer shared"),
    "upgrade_plan": _("Plan raised to XPlanung 6.0, as a draft to look at"),
    "withdraw_dataset": _("Dataset withdrawn"),
    "withdraw_plan": _("Plan withdrawn"),
    "withdraw_run": _("Analysis withdrawn"),
    "withdraw_source": _("Foreign service no longer public"),
    "withdraw_station": _("Gauge or sensor no longer public"),
}


def in_words(action: str) -> str:
    """The bare name where a later version recorded an act that this one does not know."""
    return str(WORDS.get(action, action))


# Values that are no fields of the thing they belong to.
NAMES: Mapping[str, Promise] = {
    "addresses": _("Addresses"),
    "area_km2": _("Area in km²"),
    "categories": _("Topics"),
    "decision": _("Decision"),
    "features": _("Objects"),
    "files": _("Files"),
    "fassung": pgettext_lazy("plan", "Fassung"),
    "first_day": _("First day"),
    "holder": _("Person or administration"),
    "internal": _("Internal"),
    "label": _("Name"),
    "last_day": _("Last day"),
    "phases": _("Phases"),
    "published_version": _("Published version"),
    "restored_from": _("Restored from version"),
    "roles": _("Roles"),
    "sha256": pgettext_lazy("checksum", "SHA-256"),
    "share": pgettext_lazy("share", "May"),
    "step": _("Step"),
    "tenant": _("Tenant"),
    "title": _("Title"),
    "version": _("Version"),
    "void": _("Recorded by mistake"),
}
CODES: Mapping[str, Mapping[str, Any]] = {
    "decision": {"auto": _("New version of a plan"), "new": _("A plan of its own")},
    "roles": dict(ROLES),
    "share": {
        Share.BODY: _("take part as a body (TöB)"),
        Share.EXTERNAL_PLANNER: _("read it and deliver new versions"),
        Share.READER: _("read the plan"),
    },
}


def told(kind: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The values of a record in words: (label, value). kind: "package.Model", as the record names it."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):  # records outlive models, and some are about no model at all
        model = None
    return [(_name(model, key), _value(model, key, value)) for key, value in values.items()]


def _field(model: type[Model] | None, key: str) -> Any:
    try:
        return model._meta.get_field(key) if model else None
    except FieldDoesNotExist:
        return None


def _name(model: type[Model] | None, key: str) -> str:
    words: Any = NAMES.get(key) or getattr(_field(model, key), "verbose_name", None)
    return str(words or key)


def _value(model: type[Model] | None, key: str, value: Any) -> str:
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    field = _field(model, key)
    if isinstance(value, list):
        return "; ".join(_value(model, key, item) for item in value)
    if isinstance(value, dict):  # a row below the thing, such as a phase of a procedure
        inner = getattr(field, "related_model", None)
        return ", ".join(f"{_name(inner, name)}: {_value(inner, name, item)}" for name, item in value.items())
    codes = CODES.get(key) or dict(getattr(field, "flatchoices", None) or ())
    return str(codes.get(value) or _moment(str(value)))


def _moment(text: str) -> str:
    """A day or a moment as people write it, anything else as it stands."""
    try:
        day, found = parse_date(text), parse_datetime(text)
    except ValueError:
        return text
    if day is not None and len(text) == len("2026-01-31"):
        return date_format(day, "SHORT_DATE_FORMAT")
    return date_format(localtime(found), "SHORT_DATETIME_FORMAT") if found and found.tzinfo else text
