"""What a step of editing makes of the objects: new XML, neighbours that go along, rows as the import will read them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _
from lxml import etree
from shapely.geometry.base import BaseGeometry

from planning import drafting
from planning.drafting import Item
from planning.errors import EditRefused
from planning.models import EditDraft, EditedObject
from planning.queries import frame_of
from planning.xplanung import cutting, palette, reshaping, writer
from planning.xplanung.crs import UnknownCrs
from planning.xplanung.cutting import Corner
from planning.xplanung.findings import Finding, UnreadableFile
from planning.xplanung.geometry import BadGeometry
from planning.xplanung.naming import object_label
from planning.xplanung.plans import as_list
from planning.xplanung.reshaping import System
from planning.xplanung.schema import schema

MOST_CORNERS = 100_000  # of one geometry


@dataclass(frozen=True)
class Made:
    """What an object becomes in a step; raw b"": it goes. position None: a new one at the end."""

    raw: bytes
    position: int | None = None
    gml_id: str = ""
    before: Item | None = None


def replaced(item: Item, raw: bytes) -> Made:
    return Made(raw, item.position, item.gml_id, item)


def sound(geometry: BaseGeometry) -> BaseGeometry:
    """Refuses what no plan can hold: nothing, crossings, far too many corners."""
    count = shapely.get_num_coordinates(geometry)
    if geometry.is_empty or count > MOST_CORNERS:
        raise EditRefused(_("The geometry is empty or has more than %s corners.") % MOST_CORNERS)
    flat = cutting.rounded(geometry)
    if not flat.is_valid or (shapely.get_dimensions(flat) == 2 and not flat.area):
        raise EditRefused(_("The outline crosses or touches itself. Draw it so that it does not."))
    return flat


def along(draft: EditDraft, pairs: Sequence[tuple[Item, BaseGeometry]]) -> list[tuple[Item, BaseGeometry]]:
    """Other objects that have a corner where one moved away, moved likewise; and edges that need a new corner.

    Raises EditRefused where one of them would cross itself."""
    own = {item.position for item, _geometry in pairs}
    moves: dict[Corner, Corner] = {}
    added: list[Corner] = []
    for item, geometry in pairs:
        if item.geometry is not None:
            moves |= _moves(item.geometry, geometry)
            added += _added(item.geometry, geometry, moves)
    if not moves and not added:
        return []
    near = drafting.near(draft, shapely.multipoints([*moves, *added]))
    others = [(other, _gone_along(draft, other, moves, added)) for other in near if other.position not in own]
    return [(other, new) for other, new in others if new is not None]


def _gone_along(
    draft: EditDraft, other: Item, moves: Mapping[Corner, Corner], added: Sequence[Corner]
) -> BaseGeometry | None:
    """None where nothing of the object moves."""
    if other.geometry is None:
        return None
    new = cutting.moved(other.geometry, moves)
    for corner in added:
        new = cutting.with_corner(new, corner)
    if new.equals_exact(other.geometry, 0):
        return None
    if not new.is_valid:
        raise EditRefused(_("“%s” would cross itself when it goes along.") % called(draft, other))
    return new


def _moves(before: BaseGeometry, after: BaseGeometry) -> dict[Corner, Corner]:
    old, new = shapely.get_coordinates(before), shapely.get_coordinates(after)
    if len(old) != len(new):
        return {}
    return cutting.moves_between([tuple(p) for p in old], [tuple(p) for p in new])


def _added(before: BaseGeometry, after: BaseGeometry, moves: Mapping[Corner, Corner]) -> list[Corner]:
    """Corners set on an edge that was there."""
    if moves:
        return []
    line = before.boundary if shapely.get_dimensions(before) == 2 else before
    return [
        corner
        for corner in cutting.new_corners([after], before)
        if line.distance(shapely.Point(corner)) < cutting.MEETING
    ]


def reshaped(draft: EditDraft, item: Item, geometry: BaseGeometry) -> reshaping.Reshaped:
    try:
        return reshaping.reshaped(
            item.raw.encode(),
            geometry,
            namespaces=frame_of(draft.base).namespaces,
            srid=settings.TWIN_SRID,
            default=drafting.default_system(draft),
        )
    except (writer.NotWritable, UnknownCrs, BadGeometry) as error:
        raise EditRefused(_("The geometry of “%s” cannot be changed here.") % called(draft, item)) from error


def created(
    draft: EditDraft, kind: palette.Kind, shape: BaseGeometry | None, values: Mapping[str, Any]
) -> tuple[str, bytes]:
    sections = drafting.bereiche(draft)
    inside = [
        one for one in sections if shape is not None and one.geometry and one.geometry.intersects(shape)
    ]
    bereich = (inside or sections)[0].gml_id if sections else ""
    try:
        into = palette.Setting(
            schema(draft.base.xplan_version),
            _system(draft),
            settings.TWIN_SRID,
            bereich,
            draft.plan.plan_type,
        )
        return palette.made(kind, shape, into=into, values=values)
    except (writer.NotWritable, ValueError) as error:
        raise EditRefused(_("This cannot be written into the file: %s.") % error) from error


def _system(draft: EditDraft) -> System:
    """How the plan itself states places; new objects do the same."""
    plan = drafting.plan_item(draft)
    default = drafting.default_system(draft)
    if plan is None:
        raise EditRefused(_("The version has no plan object."))
    try:
        return reshaping.system_of(plan.raw.encode(), frame_of(draft.base).namespaces, default=default)
    except (BadGeometry, UnknownCrs) as error:
        raise EditRefused(_("The Geltungsbereich of the plan cannot be read.")) from error


def given_corners(draft: EditDraft, shapes: Sequence[BaseGeometry]) -> list[tuple[Item, BaseGeometry]]:
    """Areas that the shapes touch on an edge, with the shapes' corners there."""
    corners = [tuple(point) for shape in shapes for point in shapely.get_coordinates(shape)]
    found = []
    for other in drafting.near(draft, shapely.multipoints(corners)):
        if other.geometry is None or shapely.get_dimensions(other.geometry) != 2:
            continue
        new = other.geometry
        for corner in corners:
            new = cutting.with_corner(new, corner)
        if shapely.get_num_coordinates(new) != shapely.get_num_coordinates(other.geometry) and new.is_valid:
            found.append((other, new))
    return found


def gap(draft: EditDraft, at: Corner) -> shapely.Polygon | None:
    """The piece of the plan around a place that no object of the Flächenschluss covers; None where there is none."""
    plan = drafting.plan_item(draft)
    if plan is None or plan.geometry is None:
        return None
    near = drafting.near(draft, plan.geometry)
    closing = [
        one.geometry
        for one in near
        if one.properties.get("flaechenschluss") in ("true", "1") and one.geometry
    ]
    return cutting.gap_at(plan.geometry, [one for one in closing if shapely.get_dimensions(one) == 2], at)


def listed(draft: EditDraft, made: Sequence[Made], gml_ids: Iterable[str], *, text: bool) -> list[Made]:
    """The changes of a step with the new objects entered where others of their kind are: the plan refers to its texts, a
    Bereich to its objects."""
    name = "texte" if text else "planinhalt"
    owner = drafting.plan_item(draft) if text else next(iter(drafting.bereiche(draft)), None)
    stated = owner.properties.get(name) if owner else None
    if owner is None or not (stated or text):
        return list(made)
    hrefs = [*as_list(stated), *({"@href": f"#{gml_id}"} for gml_id in gml_ids)]
    so_far = next((one.raw for one in made if one.position == owner.position), owner.raw.encode())
    facts, spaces = schema(draft.base.xplan_version), frame_of(draft.base).namespaces
    entered = replaced(owner, writer.edited(so_far, {name: hrefs}, schema=facts, namespaces=spaces))
    return [*(one for one in made if one.position != owner.position), entered]


def copied(draft: EditDraft, item: Item, geometry: BaseGeometry) -> Made:
    """A new object with all the attributes of one, and another geometry."""
    gml_id = palette.new_id()
    element = writer.opened(reshaped(draft, item, geometry).raw, frame_of(draft.base).namespaces)
    for number, node in enumerate(element.iter()):
        if isinstance(node.tag, str) and node.get(writer.GML_ID):
            node.set(writer.GML_ID, f"{gml_id}_{number}" if number else gml_id)
    for node in element.findall("{*}uuid"):
        element.remove(node)
    return Made(etree.tostring(element, encoding="utf-8"), None, gml_id)


def referring(draft: EditDraft, item: Item) -> list[Item]:
    """Objects that refer to this one; those of the version by their references, the edited ones by their text."""
    if not item.gml_id:
        return []
    edited = drafting.overlay(draft)
    sources = draft.base.references.filter(href=f"#{item.gml_id}").values_list("source__position", flat=True)
    positions = {place for place in sources if place not in edited}
    positions |= {place for place, row in edited.items() if f'"#{item.gml_id}"' in row.raw}
    found = [drafting.item_of(draft, f"@{place}") for place in sorted(positions - {item.position})]
    return [other for other in found if other]


def without(draft: EditDraft, item: Item, gml_id: str) -> Made:
    element = writer.opened(item.raw.encode(), frame_of(draft.base).namespaces)
    for node in element.iter():
        parent = node.getparent()
        if parent is not None and node.get(writer.HREF) == f"#{gml_id}":
            parent.remove(node)
    return replaced(item, writer.closed(element))


def own(draft: EditDraft) -> dict[str, int]:
    return {"tenant_id": draft.tenant_id, "plan_id": draft.plan_id}


def rows(draft: EditDraft, made: Sequence[Made]) -> list[EditedObject]:
    """The objects of a step as the import will read them. One made twice is kept as it came last."""
    free = drafting.last_position(draft) + 1
    found: dict[int, EditedObject] = {}
    for one in made:
        position = one.position
        if position is None:
            position, free = free, free + 1
        found[position] = _row(draft, one, position)
    return list(found.values())


def _row(draft: EditDraft, one: Made, position: int) -> EditedObject:
    values: dict[str, Any] = {
        **own(draft),
        "draft": draft,
        "number": draft.head,
        "position": position,
        "gml_id": one.gml_id,
    }
    if not one.raw:
        kind = one.before.feature_type if one.before else ""
        return EditedObject(
            **values, feature_type=kind, properties=one.before.properties if one.before else {}
        )
    try:
        record, found = drafting.read(draft, one.raw)
    except UnreadableFile as error:
        raise EditRefused(findings=[error.finding]) from error
    if new := _new_faults(draft, one, found):
        raise EditRefused(findings=new)
    return EditedObject(
        **values,
        feature_type=record.feature_type,
        properties=record.properties,
        geometry=_geos(record.geometry),
        raw=one.raw.decode(),
    )


def _new_faults(draft: EditDraft, one: Made, found: list[Finding]) -> list[Finding]:
    """What the object breaks that it did not break before: nobody has to mend a delivered file to change one number."""
    if not found or one.before is None:
        return found
    _record_before, before = drafting.read(draft, one.before.raw.encode())
    known = {(finding.rule, *sorted(finding.params.items(), key=str)) for finding in before}
    return [one for one in found if (one.rule, *sorted(one.params.items(), key=str)) not in known]


def carried(old: EditDraft, new: EditDraft) -> tuple[list[Made], list[str]]:
    """The changes of one draft for another over a newer version, and what those objects are called that it changed itself."""
    before = {
        row.position: row for row in old.base.plan_objects.filter(position__in=list(drafting.overlay(old)))
    }
    made, left = [], []
    for position, row in sorted(drafting.overlay(old).items()):
        delivered = before.get(position)
        if delivered is None:
            made += [Made(row.raw.encode(), None, row.gml_id)] if row.raw else []
            continue
        there = drafting.item_of(new, delivered.gml_id) if delivered.gml_id else None
        if there is not None and there.raw == delivered.raw:
            made.append(Made(row.raw.encode(), there.position, there.gml_id, there))
        elif there is not None or row.raw:
            left.append(object_label(old.base.xplan_version, delivered.feature_type, delivered.properties))
    return made, left


def _geos(geometry: BaseGeometry | None) -> GEOSGeometry | None:
    if geometry is None:
        return None
    return GEOSGeometry(memoryview(shapely.to_wkb(geometry, output_dimension=2)), srid=settings.TWIN_SRID)


def subject(draft: EditDraft, one: Made, row: EditedObject) -> str:
    version = draft.base.xplan_version
    stated = one.before or row
    return object_label(version, stated.feature_type, stated.properties)


def called(draft: EditDraft, item: Item) -> str:
    return object_label(draft.base.xplan_version, item.feature_type, item.properties)
