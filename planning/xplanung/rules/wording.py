"""What a finding's message is filled with: names of the standard with their German label, codes with their meaning."""

from collections.abc import Mapping
from functools import cache

from planning.xplanung.findings import Value
from planning.xplanung.schema import Schema
from planning.xplanung.schema.labels import readable

_NAMES = frozenset({"name", "names", "other", "others", "given", "against", "missing", "needed", "then", "back", "plan", "type", "types"})  # fmt: skip
_CODES = {"code": ("name",), "found": ("other", "name"), "wanted": ("other",), "codes": ("other",)}


def params(details: Mapping[str, Value], *, facts: Schema, type_name: str, holder: str) -> dict[str, Value]:
    """`details` as a person reads them, and "object": what they are about."""
    shown: dict[str, Value] = {
        "object": f"{named(holder)} › {named(type_name)}" if holder else named(type_name)
    }
    for key, value in details.items():
        if not isinstance(value, str):
            shown[key] = value
        elif key in _NAMES:
            shown[key] = ", ".join(map(named, value.split(", ")))
        else:
            owners = [str(details[owner]) for owner in _CODES.get(key, ()) if owner in details]
            labels = _labels(facts, type_name, owners[0]) if owners else {}
            shown[key] = ", ".join(_coded(code, labels) for code in value.split(", "))
    return shown


@cache
def named(name: str) -> str:
    """ "Bauweise (bauweise)"."""
    label = readable(name)
    return name if label == name else f"{label} ({name})"


def _coded(code: str, labels: Mapping[str, str]) -> str:
    return f"{code} ({labels[code]})" if code in labels else code


def _labels(facts: Schema, type_name: str, name: str) -> Mapping[str, str]:
    """Meaning of the codes of a property of the type, or of a property of the data types in it."""
    declared = facts.feature_type(type_name)
    if declared is None:
        return {}
    if name in declared.by_name and declared.by_name[name].values:
        return declared.by_name[name].values
    inner = (facts.feature_type(each.data_type) for each in declared.properties if each.data_type)
    return next((each.by_name[name].values for each in inner if each and name in each.by_name), {})
