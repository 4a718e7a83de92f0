"""Where somebody wants to go: a municipality, a plan, an address, a parcel or coordinates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import Envelope
from django.db.models import Value
from django.db.models.functions import Collate
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.auskunft import asking, wording
from planning.auskunft.errors import PlaceRefused
from planning.models import Plan
from planning.queries import having_words
from tenants.models import Tenant, TenantKind

MOST = 10  # of each kind
# Instead of what the plan information advises: a file or a mark on the map, which nobody can give here.
_REFUSALS: Mapping[str, Promise] = {
    "empty": gettext_lazy("Enter what you are looking for."),
    "nowhere": gettext_lazy(
        "Nothing of this name was found. For an address name street, house number and place."
    ),
    "no_house": gettext_lazy("There is no such house number in this street (%(street)s)."),
    "no_search": gettext_lazy("Nothing of this name was found. Addresses cannot be looked up here."),
    "remote": gettext_lazy("The service that knows the parcels does not answer. Enter coordinates."),
}


@dataclass(frozen=True)
class Found:
    """extent: west, south, east, north in metres; of a point all its sides are the point."""

    label: str
    kind: str
    extent: tuple[float, ...]
    url: str = ""


def search(text: str, *, tenant: Tenant) -> tuple[list[Found], str]:
    """(what was found, why no place was). The place that is meant comes first, then municipalities, then plans."""
    place, why = _place(text)
    return [*place, *_towns(text), *_plans(text, tenant)], why


def _place(text: str) -> tuple[list[Found], str]:
    try:
        place = asking.by_words(text)
    except PlaceRefused as refused:
        return [], wording.refusal(refused, instead=_REFUSALS)
    kind = _("Parcel") if place.is_area else _("Place")
    return [Found(place.label or text.strip(), kind, tuple(place.shape.bounds))], ""


def _towns(text: str) -> list[Found]:
    words = text.replace("\0", "").strip()
    if not words:
        return []
    # capitals as German has them on both sides: "meiß" and "meiss" find Meißen
    spelled = Collate(Value(words), "de-x-icu")
    rows = Tenant.objects.filter(active=True, boundary__isnull=False, name__icontains=spelled)
    rows = rows.exclude(kind=TenantKind.COUNTY).annotate(box=Envelope("boundary")).order_by("name")[:MOST]
    return [Found(name, _("Municipality"), box.extent) for name, box in rows.values_list("name", "box")]


def _plans(text: str, tenant: Tenant) -> list[Found]:
    rows: Any = Plan.objects.filter(is_public=True, tenant__active=True, area__isnull=False)
    if tenant.kind != TenantKind.COUNTY:
        rows = rows.filter(tenant=tenant)
    rows = having_words(rows, text).annotate(box=Envelope("area")).defer("area", "search")
    return [
        Found(str(plan), _("Plan"), plan.box.extent, plan.get_absolute_url())
        for plan in rows.order_by("name", "pk")[:MOST]
    ]
