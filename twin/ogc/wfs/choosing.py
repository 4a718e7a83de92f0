"""Which features are asked for: their type, and what must hold of them."""

from typing import Any

from django.utils.translation import gettext as _

from twin.ogc import crs, names, ows
from twin.ogc.collections import PLANS, Collection
from twin.ogc.cql2.errors import FilterRefused
from twin.ogc.crs import UTM33, Crs, Place, spelled
from twin.ogc.errors import OwsRefused
from twin.ogc.selecting import Condition, Selection, in_box, stated, with_keys
from twin.ogc.wfs import filters
from twin.ogc.wfs.asking import Asked


def type_of(asked: Asked) -> str:
    """Id of the one collection that is meant. Raises OwsRefused."""
    wanted = {*asked.types, *(_place_of(name)[0] for name in asked.ids)}
    if not wanted:
        ows.needed({}, "typeNames")
    if len(wanted) > 1:
        raise OwsRefused("OptionNotSupported", "typeNames", _("Ask for one type of features at a time."))
    return wanted.pop()


def _place_of(name: str) -> tuple[str, str]:
    """(collection, key) of a feature's id."""
    found = names.parts_of(name, undotted=PLANS)
    if found is None:
        raise ows.refused("resourceId", _("%(name)s is no id of a feature.") % {"name": name[:60]})
    return found


def selection(found: Collection, asked: Asked) -> Selection:
    """Raises OwsRefused, ParameterRefused."""
    conditions = [_with_ids(found, asked.ids)] if asked.ids else []
    if asked.bbox:
        conditions.append(_in_box(found, asked.bbox))
    if asked.filter is None:
        return Selection(tuple(conditions))
    try:
        ids = filters.ids_in(asked.filter)
        if ids is not None:
            return Selection((*conditions, _with_ids(found, ids)))
        conditions.append(stated(found, filters.tree_of(asked.filter, found.types), _placed))
    except FilterRefused as error:
        raise OwsRefused("OperationParsingFailed", "filter", error.said(_)) from None
    return Selection(tuple(conditions), is_computed=True)


def _with_ids(found: Collection, ids: tuple[str, ...]) -> Condition:
    return with_keys([key for name, key in map(_place_of, ids) if name == found.id])


def _in_box(found: Collection, text: str) -> Condition:
    """Four numbers in the order of their reference system, and its name where it isn't the one that features are stored in."""
    parts = text.split(",")
    system: Crs | None = spelled(parts.pop().strip()) if len(parts) == 5 else UTM33
    if system is None:
        raise ows.refused("bbox", _("This reference system is not offered."))
    return in_box(found, ",".join(parts), system)


def _placed(node: Any) -> Place:
    """A geometry of a filter. Raises ValueError."""
    system = spelled(node["srs"]) if node["srs"] else UTM33
    if system is None:
        raise ValueError(_("The reference system of the geometry is not offered."))
    if "shape" in node:
        return crs.placed(node["shape"], system)
    places = crs.box(node["box"], system)
    if len(places) != 1:
        raise ValueError(_("A box in a filter can't cross the antimeridian."))
    return places[0]
