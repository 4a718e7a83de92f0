"""Make planning/xplanung/schema/6.1.json: our 6.0 table plus what a published model says is different in 6.1.

Run by a person, after scripts/xplan_schema.py:

    python scripts/xplan_schema_61.py MODEL_6_0.py MODEL_6_1.py

The models are the modules xplan60.py and xplan61.py of the Python package xplan-tools (from PyPI); they are parsed as
text, never imported. Order of properties, types and cardinalities of the 6.0 model equal those of the 6.0 XSDs (the
script refuses to go on otherwise), which is why its 6.1 sister is trusted. No XSD of 6.1 was at hand to confirm it.
"""

import argparse
import ast
import copy
import json
from pathlib import Path
from typing import Any

from planning.xplanung.schema.labels import readable

SCHEMA = Path(__file__).resolve().parent.parent / "planning" / "xplanung" / "schema"
Json = dict[str, Any]
Model = dict[str, Json]
TYPES = {
    "CharacterString": "xs:string",
    "Boolean": "xs:boolean",
    "Date": "xs:date",
    "Decimal": "xs:double",
    "Integer": "xs:int",
    "URI": "xs:anyURI",
    "TM_Duration": "xs:duration",
    "Angle": "gml:AngleType",
    "Measure": "gml:MeasureType",
    "Velocity": "gml:MeasureType",  # as in 6.0; the profile's types for speed and measure take the same values
    "Length": "gml:LengthType",
    "Area": "gml:AreaType",
    "Volume": "gml:VolumeType",
    "Scale": "gml:ScaleType",
}
GEOMETRY = "gml:GeometryPropertyType"


def read_model(path: Path) -> Model:
    """Class -> base classes, abstract, stereotype, fields in order with their facts."""
    classes = (
        node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.ClassDef)
    )
    return {node.name: _class(node) for node in classes if node.name != "Model"}


def _class(node: ast.ClassDef) -> Json:
    facts: Json = {"bases": [ast.unparse(base) for base in node.bases], "fields": {}}
    for line in node.body:
        if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name):
            continue
        extra = next(
            (
                word.value
                for word in ast.walk(line)
                if isinstance(word, ast.keyword) and word.arg == "json_schema_extra"
            ),
            None,
        )
        if extra is not None:
            facts["fields"][line.target.id] = ast.literal_eval(extra)
        elif line.target.id in ("abstract", "stereotype") and line.value is not None:
            facts[line.target.id] = ast.literal_eval(line.value)
    return facts


class Upgrade:
    """Applies the differences between two models to a table."""

    def __init__(self, table: Json, old: Model, new: Model) -> None:
        self.table, self.old, self.new = table, old, new
        self.names = {name.replace("_", ""): name for name in table["elements"]}
        self.names |= {name: f"{name[:2]}_{name[2:]}" for name in new if name not in self.names}
        self.changed: list[str] = []

    def apply(self) -> None:
        for name in self.new:
            if name in self.old:
                self.check_order(name)
            if name not in self.old or _shape(self.old[name]) != _shape(self.new[name]):
                self.change(name)
        for facts in self.new.values():
            for fact in facts["fields"].values():
                self.enumeration(fact)

    def check_order(self, name: str) -> None:
        """Stop if the old model does not have the XSD's order: then the new one could not be trusted either."""
        element = self.table["elements"].get(self.names[name])
        parts = self.table["types"][element["type"]].get("parts", []) if element else []
        known = [part["name"] for part in parts if part.get("name") in self.old[name]["fields"]]
        ours = [field for field in self.old[name]["fields"] if field in known]
        if ours != known:
            raise SystemExit(f"{name}: the model has another order than the XSD: {ours} {known}")

    def change(self, name: str) -> None:
        full = self.names[name]
        self.changed.append(full)
        if full not in self.table["elements"]:
            self.create(name, full)
        kind = self.table["types"][self.table["elements"][full]["type"]]
        parts = {part["name"]: part for part in kind.get("parts", []) if "name" in part}
        before = self.old.get(name, {"fields": {}})["fields"]
        own = [
            self.part(field, fact, parts.get(field) if _plain(before.get(field)) == _plain(fact) else None)
            for field, fact in self.new[name]["fields"].items()
        ]
        if own:
            kind["parts"] = own
        self.rebase(name, full, kind)

    def create(self, name: str, full: str) -> None:
        """A new feature or data type with its property type."""
        self.table["elements"][full] = {"type": f"{full}Type"}
        self.table["types"][f"{full}Type"] = {}
        if self.new[name].get("abstract"):
            self.table["elements"][full]["abstract"] = 1
            self.table["types"][f"{full}Type"]["abstract"] = 1
        self.table["types"][f"{full}PropertyType"] = {"parts": [{"ref": full, "min": 0}]}

    def rebase(self, name: str, full: str, kind: Json) -> None:
        base = self.new[name]["bases"][0]
        if base == "BaseFeature" and name in self.old:
            return
        head = "gml:AbstractFeature" if base == "BaseFeature" else self.names[base]
        if self.new[name].get("stereotype") == "DataType" and base == "BaseFeature":
            return
        self.table["elements"][full]["head"] = head
        kind["base"] = self.table["elements"][head]["type"]

    def part(self, field: str, fact: Json, known: Json | None) -> Json:
        if known is not None:
            return known
        part: Json = {"name": field, **self.type_of(fact)}
        least, _, most = fact["multiplicity"].partition("..")
        if least == "0":
            part["min"] = 0
        if most and most != "1":
            part["max"] = -1 if most == "*" else int(most)
        return part

    def type_of(self, fact: Json) -> Json:
        typename, stereotype = fact["typename"], fact.get("stereotype")
        if stereotype == "Association":
            return {"type": "gml:ReferenceType", "target": _common(typename)}
        if stereotype == "Codelist":
            return {"type": "gml:CodeType", "codes": typename}
        if stereotype == "Geometry":
            return {"type": GEOMETRY}
        if stereotype == "DataType":
            return {"type": f"{typename}PropertyType"}
        return {"type": typename if stereotype == "Enumeration" else TYPES[typename]}

    def enumeration(self, fact: Json) -> None:
        """Codes of an enumeration; labels that are known stay."""
        codes = fact.get("enumDescription")
        if fact.get("stereotype") != "Enumeration" or not codes:
            return
        simple = self.table["simple"].setdefault(fact["typename"], {"base": "xs:string", "codes": {}})
        labels = simple["codes"]
        simple["codes"] = {
            code: labels.get(code) or entry.get("alias") or readable(entry["name"])
            for code, entry in codes.items()
        }


def _shape(facts: Json) -> Any:
    return (
        facts["bases"],
        facts.get("abstract"),
        [(name, _plain(fact)) for name, fact in facts["fields"].items()],
    )


def _plain(fact: Json | None) -> Any:
    """What of a field decides about validity; lists of concrete targets of an association do not."""
    if fact is None:
        return None
    typename = "*" if fact.get("stereotype") == "Association" else fact["typename"]
    return typename, fact.get("multiplicity")


def _common(typename: str | list[str]) -> str:
    """One target for an association: the common base of the listed types."""
    names = [typename] if isinstance(typename, str) else typename
    for ending, base in (("_Plan", "XP_Plan"), ("_Bereich", "XP_Bereich")):
        if len(names) > 1 and all(name.endswith(ending) for name in names):
            return base
    return names[0] if len(names) == 1 else "gml:AbstractFeature"


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the table of XPlanGML 6.1")
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    options = parser.parse_args()
    table = json.loads((SCHEMA / "6.0.json").read_text(encoding="utf-8"))
    upgrade = Upgrade(copy.deepcopy(table), read_model(options.old), read_model(options.new))
    upgrade.apply()
    result = {**upgrade.table, "version": "6.1", "namespace": "http://www.xplanung.de/xplangml/6/1"}
    text = json.dumps(result, ensure_ascii=False, separators=(",", ":"))
    (SCHEMA / "6.1.json").write_text(text + "\n", encoding="utf-8")
    print(f"6.1.json: {len(upgrade.changed)} types differ from 6.0: {', '.join(upgrade.changed)}")


if __name__ == "__main__":
    main()
