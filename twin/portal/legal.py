"""First texts of the legal pages, filled with what the tenant told about itself; its editors check and complete them."""

from django.template.loader import render_to_string

from tenants.models import Tenant
from twin.portal.models import LegalKind


def legal_texts(tenant: Tenant) -> dict[str, str]:
    """Rich text by LegalKind, in the active language."""
    return {
        kind: render_to_string(f"portal/legal/{kind}.html", {"tenant": tenant})
        for kind in LegalKind.values
        if kind
    }
