"""What pages of other packages show of gauges, by template name alone."""

from typing import Any

from django import template

from tenants.permissions import reach_of
from twin.sensors.models import Station

register = template.Library()


@register.simple_tag(takes_context=True)
def gauge_page(context: dict[str, Any], name: str) -> str:
    """Path of the gauge of this name that the reader may see; empty without one, and on paper, which has no reader."""
    if not name or "request" not in context:
        return ""
    person = context["request"].user
    reach_of(person)  # visible_to looks at it
    rows = Station.objects.visible_to(person).filter(name__iexact=name, tenant__active=True)
    station = rows.only("public_id").order_by("-is_public", "pk").first()
    return station.get_absolute_url() if station else ""
