"""The door of every view: one row for one action, or one and the same 404."""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.http import Http404

from tenants.errors import Forbidden
from tenants.models import TenantOwned, TenantQuerySet
from tenants.permissions import Person, can, reach_of

Row = TypeVar("Row", bound=TenantOwned)


def fetch(queryset: TenantQuerySet[Row], user: Person, action: str, **key: Any) -> Row:
    """The row with this key that the person may do the action with.

    Raises Http404 alike for "not there", "not yours" and a malformed key: a stranger learns nothing. Who may see the row but not
    do this gets Forbidden (403), so that a colleague learns that a role is missing.
    """
    reach_of(user)  # visible_to looks at it
    try:
        row = queryset.visible_to(user).filter(**key).first()
    except (ValueError, ValidationError):
        row = None
    if row is None:
        raise Http404
    return admitted(row, user, action)


def admitted(row: Row, user: Person, action: str) -> Row:
    """The row, which the wall let through, if the person may do the action with it; raises as fetch does."""
    if can(user, action, row) or (action == "view" and getattr(row, "is_public", False)):
        return row
    if can(user, "view", row):
        raise Forbidden(action)
    raise Http404
