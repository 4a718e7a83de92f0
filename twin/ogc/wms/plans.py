"""Plans in a picture: their Geltungsbereiche, and from near by their drawing with the Planzeichen."""

from collections.abc import Iterable
from typing import Any

import shapely
from django.contrib.gis.geos import Polygon
from django.utils.translation import gettext as _

from planning import drawing, queries
from planning.errors import TooMuchToDraw
from planning.models import Plan
from planning.planzeichen import svg
from planning.planzeichen.catalogue import SYMBOLS
from planning.planzeichen.legend import Entry, legend_of
from planning.planzeichen.rules import Look
from planning.planzeichen.svg import Drawn
from tenants.models import Tenant
from tenants.permissions import Person
from twin.ogc import ows
from twin.ogc.wms.asking import View

DRAWING = "planzeichnung"  # name of the layer
NEAREST = 15_000  # denominator up to which plans are drawn
MOST = 100  # plans in one picture
_AREA = "15.13"  # Grenze des räumlichen Geltungsbereichs
_SMALL = 2  # pixels of a millimetre in a legend
_PIXEL = 0.00028  # metres, as the standard reckons
_UNDERNEATH = ("RP", "FP", "LP")  # kinds of plans that others lie upon


def scale_of(view: View) -> float:
    """Denominator."""
    return drawing.metres(view.extent, view.crs.srid) / view.width / _PIXEL


def paint(user: Person, view: View, *, site: Tenant | None) -> str:
    """Inside of an <svg>; empty from farther away. Raises OwsRefused where there is too much to draw."""
    if scale_of(view) > NEAREST:
        return ""
    return "".join(_drawn(user, plan, view) for plan in _plans(user, view, site))


def paint_areas(shapes: Iterable[Any], view: View) -> str:
    """Geltungsbereiche, their band the thinner the farther away."""
    size = (view.width, view.height)
    frame = drawing.on_screen(view.extent, srid=view.crs.srid, size=size, plan_type="FP")
    return svg.draw([Drawn(shape, Look(_AREA)) for shape in shapes], frame.mm)


def swatch(*, width: float, height: float) -> str:
    return svg.draw([Drawn(shapely.box(4, 4, width - 4, height - 4), Look(_AREA))], _SMALL)


def _plans(user: Person, view: View, site: Tenant | None) -> list[Plan]:
    """The latest above the earlier, within each kind."""
    rows = queries.plans_for(user, site=site, own=False).filter(area__bboverlaps=_around(view))
    found = list(rows.order_by("valid_from", "pk")[: MOST + 1])
    if len(found) > MOST:
        raise ows.refused("bbox", _("More than %(most)s plans: choose a smaller section.") % {"most": MOST})
    order = {kind: place for place, kind in enumerate(_UNDERNEATH)}
    return sorted(found, key=lambda plan: order.get(plan.plan_type, len(order)))


def _around(view: View) -> Polygon:
    try:
        return drawing.around(view.extent, view.crs.srid)
    except ValueError:
        raise ows.refused("bbox", _("This section does not lie in the reference system.")) from None


def _drawn(user: Person, plan: Plan, view: View) -> str:
    version = queries.version_for(user, plan)
    if version is None:
        return ""
    size = (view.width, view.height)
    frame = drawing.on_screen(view.extent, srid=view.crs.srid, size=size, plan_type=plan.plan_type)
    try:
        return svg.draw(drawing.objects_in(version, frame), frame.mm)
    except TooMuchToDraw as error:
        words = _("More than %(most)s objects: choose a smaller section.") % {"most": error.most}
        raise ows.refused("bbox", words) from None


def legend() -> list[Entry]:
    """All Planzeichen of the Anlage that are no pictograms inside others."""
    names = [name for name, symbol in SYMBOLS.items() if symbol.number and not symbol.figure]
    return legend_of([Drawn(shapely.Point(), Look(name)) for name in names])
