"""What an execute request says: inputs by value and by reference, and which outputs it wants how (OGC API Processes 1.0, Part 1, 7.11)."""

import json
from collections.abc import Mapping
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import mapping

from tenants import fetching
from tenants.errors import FetchFailed
from twin.analysis import describing
from twin.analysis.usecase import UseCase
from twin.ogc.answering import SUMMARY, Wanted
from twin.ogc.crs import CRS84, box, in_utm
from twin.ogc.endpoint import JSON
from twin.ogc.errors import ParameterRefused
from twin.ogc.processes import BBOX_SYSTEMS, GEOMETRY, media_type

REFERENCES = 5  # inputs that one request may have fetched
SECONDS, BIGGEST = 5.0, 4 << 20  # of each: for all of it; bytes
_KINDS: Mapping[str, Any] = {"string": str, "number": (int, float), "integer": int, "boolean": bool, "object": Mapping, "array": list}  # fmt: skip


def inputs_asked(use_case: UseCase, body: Any) -> dict[str, Any]:
    """As parameters of the use case's form, which judges their values. Raises ParameterRefused."""
    inputs = body.get("inputs") if isinstance(body, Mapping) else None
    if not isinstance(inputs, Mapping):
        raise ParameterRefused("inputs", _("A JSON object is expected."))
    known = describing.inputs_of(use_case)
    for name in inputs:
        if name not in known:
            raise ParameterRefused(str(name)[:60], _("This parameter is unknown here."))
    if sum(map(_is_link, inputs.values())) > REFERENCES:
        raise ParameterRefused("inputs", _("At most %(most)s inputs may be references.") % {"most": REFERENCES})  # fmt: skip
    return {name: _value(name, said, known[name]["schema"]) for name, said in inputs.items()}


def _is_link(said: Any) -> bool:
    return isinstance(said, Mapping) and "href" in said


def _value(name: str, said: Any, schema: Mapping[str, Any]) -> Any:
    """What is given by value, also as a qualified value; or what a reference leads to, judged alike."""
    if _is_link(said):
        return _value(name, _fetched(name, said["href"], schema), schema)
    if isinstance(said, Mapping) and "value" in said and "type" not in said:
        said = said["value"]
    if schema.get("format") == GEOMETRY and isinstance(said, Mapping) and "bbox" in said and "type" not in said:  # fmt: skip
        return _area(name, said)
    kind = str(schema["type"])
    if not isinstance(said, _KINDS[kind]) or (isinstance(said, bool) and kind != "boolean"):
        raise ParameterRefused(name, _("A value of this type is expected: %(type)s") % {"type": kind})
    return said


def _area(name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """A bbox of the standard as a GeoJSON polygon in the twin's system; heights say nothing here."""
    system = said.get("crs", CRS84.uri)
    if system not in BBOX_SYSTEMS:
        raise ParameterRefused(name, _("One of these is expected: %(choices)s") % {"choices": ", ".join(BBOX_SYSTEMS)})  # fmt: skip
    numbers = said["bbox"]
    if not isinstance(numbers, list) or not all(type(each) in (int, float) for each in numbers):
        raise ParameterRefused(name, _("A box is four numbers, or six with heights."))
    try:
        places = [shapely.from_wkb(in_utm(each).wkb) for each in box(numbers, CRS84)]
    except ValueError as error:
        raise ParameterRefused(name, str(error)) from error
    if len(places) != 1 or places[0].area == 0:
        raise ParameterRefused(name, _("The box covers no area of the district."))
    found: dict[str, Any] = json.loads(json.dumps(mapping(places[0])))
    return found


def _fetched(name: str, address: Any, schema: Mapping[str, Any]) -> Any:
    """JSON, or for inputs that are texts the text itself."""
    if not isinstance(address, str):
        raise ParameterRefused(name, _("The reference names no address."))
    try:
        body = fetching.fetch(address, seconds=SECONDS, most=BIGGEST)
        text = body.decode()
        return json.loads(text) if schema["type"] != "string" or text.lstrip()[:1] == '"' else text.strip()
    except FetchFailed as error:
        raise ParameterRefused(name, _("The reference can't be read: %s") % error) from error
    except (ValueError, RecursionError):
        raise ParameterRefused(name, _("What the reference leads to is no JSON.")) from None


# --- outputs


def wanted_of(use_case: UseCase, body: Any) -> Wanted:
    """Raises ParameterRefused for outputs, formats and transmissions that there are not."""
    how, outputs = body.get("response", "raw"), body.get("outputs", {})
    if how not in ("raw", "document"):
        raise ParameterRefused("response", _("One of these is expected: %(choices)s") % {"choices": "raw, document"})  # fmt: skip
    if not isinstance(outputs, Mapping):
        raise ParameterRefused("outputs", _("A JSON object is expected."))
    return Wanted(how == "raw", tuple((name, _by_value(use_case, name, said)) for name, said in outputs.items()))  # fmt: skip


def _by_value(use_case: UseCase, name: str, said: Any) -> bool:
    if name not in {SUMMARY, *use_case.files}:
        raise ParameterRefused("outputs", _("There is no output “%s”.") % str(name)[:60])
    if not isinstance(said, Mapping) or not isinstance(said.get("format", {}), Mapping):
        raise ParameterRefused("outputs", _("A JSON object is expected."))
    kind = JSON if name == SUMMARY else media_type(use_case, name)
    if said.get("format", {}).get("mediaType", kind) != kind:
        raise ParameterRefused("outputs", _("One of these is expected: %(choices)s") % {"choices": f"{name}: {kind}"})  # fmt: skip
    transmission = said.get("transmissionMode", "value")
    if transmission not in ("value", "reference"):
        raise ParameterRefused("outputs", _("One of these is expected: %(choices)s") % {"choices": "value, reference"})  # fmt: skip
    return bool(transmission == "value")
