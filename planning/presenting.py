"""Objects in words: German labels of types, properties and code values; GeoJSON for the map."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from planning.drawing import as_properties, lone_texts, shape_of
from planning.messages import text_of
from planning.models import Fassung, Plan, PlanObject, PlanRaster, PlanVersion, Source
from planning.planzeichen.presentation import Placed
from planning.xplanung.documents import is_remote
from planning.xplanung.naming import group_label, object_label
from planning.xplanung.plans import as_list
from planning.xplanung.schema import FeatureType, Property, schema, value_label
from planning.xplanung.schema.labels import readable

_TYPES = ("BP", "FP", "RP", "LP", "SO")
_HECTARE = 10_000  # m²
_NEWEST = "6.0"  # its labels are shown where no version is at hand, as in a filter over all plans


@dataclass
class Row:
    """One property: what it is, what it says, what lies inside it. target: gml:id of an object; url: its page, or an address of
    another site, which people may follow and we never fetch."""

    label: str
    value: str = ""
    target: str = ""
    url: str = ""
    rows: list["Row"] = field(default_factory=list)

    @property
    def is_external(self) -> bool:
        return is_remote(self.url)


def edition_of(version: PlanVersion) -> str:
    """ "Entwurf vom 02.03.2026" where the town named it and who asks may know, else "Version 2"."""
    return edition(version, version.fassungen.first())


def edition(version: PlanVersion, fassung: Fassung | None) -> str:
    if fassung is None:
        return _("version %(number)s") % {"number": version.number}
    day = date_format(fassung.dated_on, "SHORT_DATE_FORMAT")
    return _("%(fassung)s of %(day)s") % {"fassung": fassung, "day": day}


@cache
def legal_statuses() -> dict[str, str]:
    """Code -> label of all Rechtsstand values, in the order of their codes; of equal labels the first code stands for all."""
    found: dict[str, str] = {}
    for code, words in sorted(_all_statuses().items()):
        if words not in found.values():
            found[code] = words
    return found


def codes_like(code: str) -> list[str]:
    """All Rechtsstand codes that read like this one."""
    known = _all_statuses()
    return [each for each, words in known.items() if words == known[code]]


@cache
def _all_statuses() -> dict[str, str]:
    facts = schema(_NEWEST)
    found: dict[str, str] = {}
    for kind in _TYPES:
        known = facts.feature_type(f"{kind}_Plan")
        status = known.by_name.get("rechtsstand") if known else None
        for code, words in (status.values if status else {}).items():
            found.setdefault(code, words)
    return found


def status_of(plan: Plan) -> str:
    return _plan_code(plan, "rechtsstand", plan.legal_status)


def procedure_of(plan: Plan) -> str:
    return _plan_code(plan, "verfahren", plan.procedure_kind)


def _plan_code(plan: Plan, name: str, code: str) -> str:
    return value_label(plan.xplan_version, f"{plan.plan_type}_Plan.{name}", code) if code else ""


def dates_of(plan: Plan) -> list[tuple[str, str]]:
    """The plan's dates as (label, days as people write them), in the order of the file."""
    return [(readable(name), ", ".join(map(day, days))) for name, days in plan.dates.items()]


def steps_of(plan: Plan, *, on: date, public: bool = False) -> list[dict[str, Any]]:
    """The recorded steps for _timeline.html, as everybody reads them; what is known by hearsay says so. public: those alone."""
    found = []
    steps = plan.proceduresteps.filter(is_current=True, is_void=False)
    for step in steps.filter(is_public=True) if public else steps:
        doubt = _("To be checked: known by hearsay alone.") if step.source == Source.HEARSAY else ""
        until = f" – {date_format(step.until, 'SHORT_DATE_FORMAT')}" if step.until else ""
        found.append(
            {
                "when": f"{date_format(step.on, 'SHORT_DATE_FORMAT')}{until}",
                "title": step.get_kind_display(),
                "text": " ".join(filter(None, (step.note, doubt))),
                "state": "" if step.on > on else "current" if step.until and on <= step.until else "done",
            }
        )
    return found


def raster_in_words(raster: PlanRaster) -> dict[str, Any]:
    """A picture for the staff: raster; findings with `words`; systems in which it would lie on the plan."""
    findings = [{**each, "words": text_of(each["rule"], each["params"])} for each in raster.findings]
    return {"raster": raster, "findings": findings, "systems": systems_of(raster)}


def systems_of(raster: PlanRaster) -> list[int]:
    return [code for each in raster.findings for code in each.get("systems", ())]


def title_of(row: PlanObject, version: str) -> str:
    """What an object is called wherever people meet it: list, map, information, choice in a form."""
    return object_label(version, row.feature_type, row.properties)


def hectares(area: float) -> str:
    """ "2.410,07 ha"; area: m²."""
    return f"{number_format(area / _HECTARE, 2, force_grouping=True)} ha"


def size_of(row: PlanObject) -> str:
    """ "1.250 m²", "2,41 ha", "86 m"; empty for a point and for what lies nowhere. row: of queries.measured."""
    area, length = getattr(row, "area", None) or 0, getattr(row, "length", None) or 0
    if area >= _HECTARE:
        return hectares(area)
    if area:
        return f"{number_format(area, 0, force_grouping=True)} m²"
    return f"{number_format(length, 0, force_grouping=True)} m" if length else ""


def describe(row: PlanObject, version: str) -> list[Row]:
    """All properties of an object in words, in the order of the file."""
    facts = schema(version).feature_type(row.feature_type)
    return list(_rows(row.properties, facts, version))


def worded(feature_type: str, properties: Mapping[str, Any], version: str) -> dict[str, str]:
    """Label of each property -> all it says on one line, to compare two states of an object."""
    found: dict[str, list[str]] = {}
    for row in _rows(properties, schema(version).feature_type(feature_type), version):
        found.setdefault(row.label, []).append(_line(row))
    return {name: "; ".join(lines) for name, lines in found.items()}


def _line(row: Row) -> str:
    return ", ".join(f"{one.label}: {_line(one)}" for one in row.rows) if row.rows else row.value


def _rows(values: Mapping[str, Any], facts: FeatureType | None, version: str) -> Iterator[Row]:
    known = facts.by_name if facts else {}
    for name, value in values.items():
        if name.startswith("@"):
            continue
        words = known[name].label if name in known else readable(name.removeprefix("gml:"))
        codes = _values_of(known[name]) if name in known else {}
        for item in as_list(value):
            row = _row(words, item, codes, version)
            if row is None:
                continue
            if name in known and known[name].type == "xs:date":
                row.value = day(row.value)
            yield row


def day(text: str) -> str:
    """As people write it; unchanged where the file holds something else."""
    try:
        return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
    except ValueError:
        return text


def _values_of(item: Property) -> Mapping[str, str]:
    if item.type == "xs:boolean":
        yes, no = _("yes"), _("no")
        return {"true": yes, "1": yes, "false": no, "0": no}
    return item.values


def _row(words: str, value: Any, codes: Mapping[str, str], version: str) -> Row | None:
    """None for a geometry: the map shows it."""
    if not isinstance(value, Mapping):
        text = str(value)
        return Row(words, codes.get(text, text), url=_address(text))
    if "@geometry" in value:
        return None
    if "@type" in value:
        inner = schema(version).feature_type(str(value["@type"]))
        return Row(words, rows=list(_rows(value, inner, version)))
    if "@href" in value:
        href = str(value["@href"])
        target = href[1:] if href.startswith("#") else ""
        return Row(words, str(value.get("@title", "")) or href, target=target, url=_address(href))
    text = str(value.get("@text", ""))
    return Row(words, f"{codes.get(text, text)} {value.get('@uom', '')}".strip())


def _address(text: str) -> str:
    """Of the web alone; what else a file calls an address stays text."""
    return text if is_remote(text) else ""


def links(rows: Iterable[Row]) -> Iterator[Row]:
    """All rows that lead to another object, at any depth."""
    for row in rows:
        if row.target:
            yield row
        yield from links(row.rows)


def feature_collection(
    rows: Iterable[dict[str, Any]], version: str, places: Mapping[str, Sequence[Placed]]
) -> Iterator[str]:
    """GeoJSON in the twin's system. rows: queries.for_map; places: drawing.presented. An id is the gml:id, or @position where that is missing or used before."""
    seen: set[str] = set()
    yield '{"type":"FeatureCollection","features":['
    separator = ""
    for row in rows:
        key = row["gml_id"] if row["gml_id"] and row["gml_id"] not in seen else f"@{row['position']}"
        seen.add(key)
        properties = json.dumps(
            _map_properties(row, version, places.get(row["gml_id"], ())),
            ensure_ascii=False,
            separators=(",", ":"),
        )
        yield f'{separator}{{"type":"Feature","id":{json.dumps(key)},"geometry":{row["shape"] or "null"},"properties":{properties}}}'
        separator = ","
    yield f'],"texts":{json.dumps(lone_texts(places), ensure_ascii=False, separators=(",", ":"))}}}'


def _map_properties(row: Mapping[str, Any], version: str, places: Iterable[Placed]) -> dict[str, Any]:
    kind, properties = row["feature_type"], row["properties"]
    return {
        "feature_type": kind,
        "label": object_label(version, kind, properties),
        "legend": group_label(version, kind, properties),
        "gml_id": row["gml_id"],
        **as_properties(row, shape_of(row["kind"] or ""), places),
    }
