"""Recorded acts in words. Upper packages record under their own names; the words stand here, where the records are shown."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, Promise] = {
    "accept_invitation": _("Invitation accepted"),
    "add_host_name": _("Host name added"),
    "administer": _("Changed in the administration of the platform"),
    "answer_statement": _("Statement answered"),
    "brand": _("Appearance changed"),
    "change_document": _("Document made internal or public"),
    "change_procedure": _("Procedure changed"),
    "change_role": _("Roles changed"),
    "change_tenant": _("Municipality changed"),
    "close_emergency_access": _("Emergency access ended"),
    "create_tenant": _("Municipality set up"),
    "deactivate_member": _("Person removed"),
    "decide_procedure": _("Procedure decided"),
    "delete_plan": _("Plan deleted"),
    "import_boundary": _("Boundary imported"),
    "import_plan": _("Plan imported"),
    "invite": _("Person invited"),
    "open_emergency_access": _("Emergency access opened"),
    "open_procedure": _("Procedure opened"),
    "publish_plan": _("Plan published"),
    "publish_procedure": _("Procedure published"),
    "remove_host_name": _("Host name removed"),
    "revoke_invitation": _("Invitation withdrawn"),
    "share_plan": _("Plan shared"),
    "sort_statement": _("Topic of a statement changed"),
    "unshare_plan": _("Plan no longer shared"),
    "withdraw_plan": _("Plan withdrawn"),
}


def in_words(action: str) -> str:
    """The bare name where a later version recorded an act that this one does not know."""
    return str(WORDS.get(action, action))
