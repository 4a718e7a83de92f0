"""Turn the published XSDs of XPlanGML into our own compact tables, planning/xplanung/schema/<version>.json.

Run by a person when a version of the standard appears, never at run time:

    python scripts/xplan_schema.py --names ENUMERATIONS_OF_6_0.xml XSD_FOLDER ENUMERATIONS.xml VERSION

XSD_FOLDER holds XPlanung-Operationen.xsd and all it imports. The table keeps every fact that decides about validity
(types, order, cardinalities, facets, attributes, substitution groups) and none of the prose.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from lxml import etree

from planning.xplanung.schema.labels import readable

XS = "{http://www.w3.org/2001/XMLSchema}"
GML = "http://www.opengis.net/gml/3.2"
PREFIXES = {
    GML: "gml:",
    "http://www.w3.org/1999/xlink": "xlink:",
    "http://www.w3.org/2001/XMLSchema": "xs:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}
TARGET = Path(__file__).resolve().parent.parent / "planning" / "xplanung" / "schema"
Json = dict[str, Any]


class Compiler:
    """Collects the global definitions of a schema set and writes them out with short names."""

    def __init__(self, names: dict[str, dict[str, str]], spelled: dict[str, str]) -> None:
        self.names, self.spelled = names, spelled
        self.seen: set[Path] = set()
        self.globals: dict[tuple[str, str], tuple[etree._Element, str]] = {}
        self.elements: Json = {}
        self.types: Json = {}
        self.simple: Json = {}

    def load(self, path: Path) -> str:
        """Read one file and what it includes; returns its target namespace."""
        path = _existing(path)
        root = etree.parse(path).getroot()
        namespace = str(root.get("targetNamespace", ""))
        if path in self.seen:
            return namespace
        self.seen.add(path)
        for node in root.iterchildren(etree.Element):
            kind = _kind(node)
            if kind in ("include", "import"):
                location = node.get("schemaLocation")
                if location and "stub" not in location:
                    self.load(path.parent / location)
            elif node.get("name"):
                self.globals[kind, _short(namespace, str(node.get("name")))] = (node, namespace)
        return namespace

    def compile(self) -> None:
        for (kind, name), (node, namespace) in self.globals.items():
            if kind == "element":
                self.elements[name] = self.global_element(node, namespace, name)
            elif kind == "complexType":
                self.types[name] = self.complex_type(node, namespace, name)
            elif kind == "simpleType":
                self.simple[name] = self.simple_type(node, name)
        self.drop_extension_points()

    def global_element(self, node: etree._Element, namespace: str, name: str) -> Json:
        fact: Json = {"type": self.type_of(node, namespace, name)}
        if node.get("substitutionGroup"):
            fact["head"] = self.resolve(node, "substitutionGroup")
        for flag in ("abstract", "nillable"):
            if node.get(flag) == "true":
                fact[flag] = 1
        return fact

    def type_of(self, node: etree._Element, namespace: str, owner: str) -> str:
        """Name of an element's type; an anonymous one is filed under its owner's name."""
        if node.get("type"):
            return self.resolve(node, "type")
        for child in node.iterchildren(XS + "complexType", XS + "simpleType"):
            name = f"{owner}!"
            if _kind(child) == "complexType":
                self.types[name] = self.complex_type(child, namespace, name)
            else:
                self.simple[name] = self.simple_type(child, name)
            return name
        return "xs:anyType"

    def resolve(self, node: etree._Element, attribute: str, value: str | None = None) -> str:
        prefix, _, local = (value or str(node.get(attribute))).strip().rpartition(":")
        return _short(node.nsmap.get(prefix or None, "") or "", local)

    def complex_type(self, node: etree._Element, namespace: str, name: str) -> Json:
        fact: Json = {}
        if node.get("abstract") == "true":
            fact["abstract"] = 1
        body = node
        for content in node.iterchildren(XS + "complexContent", XS + "simpleContent"):
            body = next(content.iterchildren(XS + "extension", XS + "restriction"))
            fact["base"] = self.resolve(body, "base")
            if _kind(body) == "restriction":
                fact["restricts"] = 1
            if _kind(content) == "simpleContent":
                fact["text"] = 1
        parts = self.particles(body, namespace, name)
        if parts:
            fact["parts"] = parts
        attributes = self.attributes(body)
        if attributes:
            fact["attrs"] = attributes
        return fact

    def particles(self, node: etree._Element, namespace: str, owner: str) -> list[Json]:
        found: list[Json] = []
        for child in node.iterchildren(XS + "sequence", XS + "choice", XS + "element", XS + "group"):
            kind = _kind(child)
            if kind == "element":
                part = self.local_element(child, namespace, owner)
            elif kind == "group":
                group, home = self.globals["group", self.resolve(child, "ref")]
                part = {"all": self.particles(group, home, owner)}
            else:
                part = {"all" if kind == "sequence" else "one": self.particles(child, namespace, owner)}
                if not part.get("all", part.get("one")):
                    continue
            found.append(_with_bounds(part, child))
        if len(found) == 1 and "all" in found[0] and len(found[0]) == 1:
            return list(found[0]["all"])
        return found

    def local_element(self, node: etree._Element, namespace: str, owner: str) -> Json:
        if node.get("ref"):
            return {"ref": self.resolve(node, "ref")}
        name = _short(namespace, str(node.get("name")))
        part: Json = {"name": name, "type": self.type_of(node, namespace, f"{owner}/{name}")}
        for attribute in ("default", "fixed"):
            if node.get(attribute) is not None:
                part[attribute] = node.get(attribute)
        for key, tag in (
            ("target", "targetElement"),
            ("codes", "referenzierteCodelist"),
            ("reverse", "reversePropertyName"),
        ):
            value = next((str(hit.text) for hit in node.iter(f"{{*}}{tag}")), "")
            if value:
                part[key] = value.rpartition(":")[2].strip()
        return part

    def attributes(self, node: etree._Element) -> Json:
        found: Json = {}
        for child in node.iterchildren(XS + "attribute", XS + "attributeGroup"):
            if _kind(child) == "attributeGroup":
                group, _home = self.globals["attributeGroup", self.resolve(child, "ref")]
                found |= self.attributes(group)
                continue
            declared = child
            name = str(child.get("name"))
            if child.get("ref"):
                name = self.resolve(child, "ref")
                declared = (
                    self.globals["attribute", name][0] if ("attribute", name) in self.globals else child
                )
            found[name] = self.attribute(declared, child, name)
        return found

    def attribute(self, declared: etree._Element, used: etree._Element, name: str) -> Json:
        fact: Json = {"type": self.resolve(declared, "type") if declared.get("type") else "xs:string"}
        for inline in declared.iterchildren(XS + "simpleType"):
            fact["type"] = f"@{name}"
            self.simple[f"@{name}"] = self.simple_type(inline, f"@{name}")
        if used.get("use") == "required":
            fact["required"] = 1
        fixed = used.get("fixed") or declared.get("fixed")
        if fixed is not None:
            fact["fixed"] = fixed
        return fact

    def simple_type(self, node: etree._Element, name: str) -> Json:
        body = next(node.iterchildren(XS + "restriction", XS + "list", XS + "union"))
        inner = [self.simple_type(child, name) for child in body.iterchildren(XS + "simpleType")]
        if _kind(body) == "union":
            members = [self.resolve(body, "", member) for member in str(body.get("memberTypes", "")).split()]
            return {"union": [*members, *inner]}
        if _kind(body) == "list":
            return {"list": self.resolve(body, "itemType") if body.get("itemType") else inner[0]}
        fact: Json = {"base": self.resolve(body, "base") if body.get("base") else inner[0]}
        codes = {str(item.get("value")): item for item in body.iterchildren(XS + "enumeration")}
        if codes:
            fact["codes"] = {code: self.code_label(name, code, item) for code, item in codes.items()}
        for facet in body.iterchildren(etree.Element):
            if _kind(facet) not in ("enumeration", "annotation", "simpleType"):
                fact.setdefault(_kind(facet), []).append(str(facet.get("value")))
        return fact

    def code_label(self, type_name: str, code: str, item: etree._Element) -> str:
        enumeration = type_name.removesuffix("Type")
        known = self.names.get(type_name) or self.names.get(enumeration) or {}
        if code in known:
            return known[code]
        comment = next((str(note.text).strip() for note in item.iterchildren(etree.Comment)), "")
        return _spelling(f"{enumeration}:{code}", comment, self.spelled) if comment else code

    def drop_extension_points(self) -> None:
        """Remove the abstract hooks for application extensions that nothing in the standard fills."""
        heads = {fact.get("head") for fact in self.elements.values()}
        empty = {
            name
            for name, fact in self.elements.items()
            if fact.get("abstract") and name not in heads and "GenericApplication" in name
        }
        for fact in self.types.values():
            if "parts" in fact:
                fact["parts"] = [part for part in fact["parts"] if part.get("ref") not in empty]
        for name in empty:
            del self.elements[name]


def _existing(path: Path) -> Path:
    """The file itself; published folders differ in upper and lower case from the paths in the files."""
    found = Path(path.resolve().anchor)
    for part in path.resolve().parts[1:]:
        exact = found / part
        found = (
            exact
            if exact.exists()
            else next(hit for hit in found.iterdir() if hit.name.lower() == part.lower())
        )
    return found


def _kind(node: etree._Element) -> str:
    return etree.QName(node).localname


def _short(namespace: str, local: str) -> str:
    return PREFIXES.get(namespace, "") + local


def _with_bounds(part: Json, node: etree._Element) -> Json:
    if node.get("minOccurs", "1") != "1":
        part["min"] = int(str(node.get("minOccurs")))
    if node.get("maxOccurs", "1") != "1":
        part["max"] = -1 if node.get("maxOccurs") == "unbounded" else int(str(node.get("maxOccurs")))
    return part


def read_names(path: Path, spelled: dict[str, str]) -> dict[str, dict[str, str]]:
    """Enumeration -> code -> German label; `spelled` maps the standard's code names to published readable ones."""
    names: dict[str, dict[str, str]] = {}
    for definition in etree.parse(path).iter(f"{{{GML}}}Definition"):
        identifier = str(definition.findtext(f"{{{GML}}}identifier"))
        enumeration, _, code = identifier.partition(":")
        token, *more = [str(name.text or "").strip() for name in definition.iterchildren(f"{{{GML}}}name")]
        names.setdefault(enumeration, {})[code] = more[0] if more else _spelling(identifier, token, spelled)
    return names


def read_spellings(path: Path) -> dict[str, str]:
    """Code name -> published readable name where the newest list gives exactly one; and "enumeration:code:name" -> it."""
    found: dict[str, set[str]] = {}
    for definition in etree.parse(path).iter(f"{{{GML}}}Definition"):
        names = [str(name.text or "").strip() for name in definition.iterchildren(f"{{{GML}}}name")]
        if len(names) > 1:  # the name itself, the readable one, at times a short sign ("WA")
            found.setdefault(names[0], set()).add(names[1])
            found[f"{definition.findtext(f'{{{GML}}}identifier')}:{names[0].lower()}"] = {names[1]}
    return {token: labels.pop() for token, labels in found.items() if len(labels) == 1}


def _spelling(identifier: str, token: str, spelled: dict[str, str]) -> str:
    """Label of a code's name: as published for the same code, else for the same name elsewhere, else made of the name."""
    return spelled.get(f"{identifier}:{token.lower()}") or spelled.get(token) or readable(token)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("enumerations", type=Path)
    parser.add_argument("version")
    parser.add_argument(
        "--names", type=Path, required=True, help="newest enumeration list, for readable names"
    )
    options = parser.parse_args()
    spelled = read_spellings(options.names)
    compiler = Compiler(read_names(options.enumerations, spelled), spelled)
    namespace = compiler.load(options.folder / "XPlanung-Operationen.xsd")
    compiler.compile()
    table = {
        "version": options.version,
        "namespace": namespace,
        "elements": compiler.elements,
        "types": compiler.types,
        "simple": compiler.simple,
    }
    target = TARGET / f"{options.version}.json"
    text = json.dumps(table, ensure_ascii=False, sort_keys=False, separators=(",", ":"))
    target.write_text(text + "\n", encoding="utf-8")
    print(
        f"{target.name}: {len(compiler.elements)} elements, {len(compiler.types)} types, {target.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
