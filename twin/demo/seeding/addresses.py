"""Invented addresses in the areas of the demo's Bebauungspläne, so that plan information can be asked for by address."""

from planning.addresses import Line, Reading
from planning.addressing import replace_addresses
from planning.models import Address, Plan, PlanObject

STREETS = {  # demo plan -> street and postcode
    "meissen-elbauenquartier": ("Demo-Uferstraße", "01662"),
    "riesa-hafenblick": ("Demo-Hafenstraße", "01587"),
    "grossenhain-roederbogen": ("Demo-Angerstraße", "01558"),
}


def seed_addresses(plans: dict[str, Plan]) -> None:
    """A house number in each building area; a town that has addresses keeps them."""
    for slug, (street, postcode) in STREETS.items():
        plan = plans[slug]
        if Address.objects.filter(tenant=plan.tenant).exists():
            continue
        blocks = PlanObject.objects.filter(
            version=plan.current_version, feature_type="BP_BaugebietsTeilFlaeche"
        )
        lines = []
        for number, block in enumerate(blocks.order_by("position"), 1):
            middle = block.geometry.point_on_surface
            lines.append(
                Line(number, street, str(number), "", postcode, plan.tenant.name, middle.x, middle.y)
            )
        replace_addresses(plan.tenant, Reading(tuple(lines), (), {}, ""), actor=None, name="demo")
