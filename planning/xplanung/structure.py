"""Is a document valid by the schema of its version? Driven by the schema facts alone; the verdict is XML Schema's.

check = StructureCheck(schema)
check.element(feature, line=12)         # any number of objects
check.skeleton(xml)                     # the document around them, each object replaced by PLACEHOLDER
check.findings
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from planning.xplanung.datatypes import Check, DataTypes, collapsed
from planning.xplanung.findings import Finding, Value
from planning.xplanung.schema import GML, XLINK, Fact, Schema

PLACEHOLDER = "object-stands-here"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_FREE_ATTRIBUTES = {f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation", f"{_XSI}nil", f"{_XSI}type"}
_PREFIXES = {
    GML: "gml:",
    XLINK: "xlink:",
    "http://www.w3.org/2001/XMLSchema": "xs:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}
Attributes = Sequence[tuple[str | bytes, str | bytes]]
Children = list[tuple[str, etree._Element]]  # an element's children with their short names
_MOST = 500  # findings; a broken export repeats itself
_SHOWN = 8  # names in a list of what would be allowed


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an element must hold."""

    type: str
    nillable: bool = False
    default: str | None = None


@dataclass(frozen=True)
class Particle:
    """A place in a content model: one element (`declarations`: allowed names), all of `parts` in order, or one of them."""

    kind: str
    minimum: int
    maximum: int | None
    parts: tuple["Particle", ...] = ()
    declarations: Mapping[str, Declaration] = field(default_factory=dict)

    @cached_property
    def can_be_empty(self) -> bool:
        return self.minimum == 0 or self.content_can_be_empty

    @cached_property
    def content_can_be_empty(self) -> bool:
        if self.kind == "element":
            return False
        test = all if self.kind == "all" else any
        return not self.parts or test(part.can_be_empty for part in self.parts)

    @cached_property
    def first(self) -> frozenset[str]:
        """Names that may begin it."""
        names = set(self.declarations)
        for part in self.parts:
            names |= part.first
            if self.kind == "all" and not part.can_be_empty:
                break
        return frozenset(names)

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(self.declarations).union(*(part.names for part in self.parts))


@dataclass(frozen=True)
class ComplexType:
    """A compiled complex type: attributes, and either a content model or text."""

    content: Particle
    attributes: Mapping[str, Fact]
    required: frozenset[str]
    text_type: str | None
    abstract: bool


_PLAIN = ComplexType(Particle("all", 1, 1), {}, frozenset(), None, False)  # attributes of a simple type: none


class StructureCheck:
    """Collects findings over one document."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.findings: list[Finding] = []
        self.broken = 0  # how many there are, also beyond those that are kept
        self._data = DataTypes(schema.simple)
        self._own = schema.namespace
        self._types: dict[str, ComplexType] = {}
        self._ids: set[str] = set()
        self._line = 0
        self._gml_id = ""
        self._names: dict[str, str] = {}

    def element(self, element: etree._Element, *, line: int) -> None:
        """Check one object against its global declaration. `line`: where its first line stands in the file."""
        self._line = line - _line(element)
        self._gml_id = element.get(f"{{{GML}}}id", "")
        name = self.name(element)
        fact = self.schema.elements.get(name)
        if fact is None or fact.get("abstract"):
            self._report(element, "structure.unknown_type", type=name, version=self.schema.version)
            return
        self._check(element, Declaration(fact["type"], bool(fact.get("nillable"))))

    def skeleton(self, xml: bytes) -> None:
        """Check what stands around the objects: root, envelope, members."""
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
        self._line, self._gml_id = 0, root.get(f"{{{GML}}}id", "")
        name = self.name(root)
        fact = self.schema.elements.get(name)
        if name == PLACEHOLDER:
            return
        if fact is None or fact.get("abstract"):
            self._report(root, "structure.root", root=name)
            return
        self._check(root, Declaration(fact["type"]))

    def name(self, element: etree._Element) -> str:
        """Short name as in the facts: the standard's own without prefix, gml: and xlink: with theirs, others in full."""
        tag = str(element.tag)
        short = self._names.get(tag)
        if short is None:
            short = self._names[tag] = self._shorten(tag)
        return short

    def _shorten(self, tag: str) -> str:
        namespace, _, local = tag.rpartition("}")
        namespace = namespace[1:]
        if namespace == self._own or tag == PLACEHOLDER:
            return local
        return (
            _PREFIXES[namespace] + local if namespace in _PREFIXES else tag if namespace else f"{{}}{local}"
        )

    def _check(self, element: etree._Element, declared: Declaration) -> None:
        type_name = declared.type
        attributes = element.items()
        if attributes:
            type_name = self._stated_type(element, type_name)
            if self._is_nil(element, declared):
                return
        if type_name == "xs:anyType":
            for child in element.iterchildren(etree.Element):
                self._check_lax(child)
        elif self._data.is_simple(type_name):
            self._check_attributes(element, attributes, _PLAIN)
            self._check_text(element, type_name, declared.default)
        else:
            compiled = self._compiled(type_name)
            if attributes or compiled.required:
                self._check_attributes(element, attributes, compiled)
            self._check_complex(element, compiled, declared.default)

    def _is_nil(self, element: etree._Element, declared: Declaration) -> bool:
        if element.get(f"{_XSI}nil", "").strip() not in ("true", "1"):
            return False
        if not declared.nillable or len(element) or element.text:
            self._report(element, "structure.nil")
        return True

    def _check_lax(self, element: etree._Element) -> None:
        fact = self.schema.elements.get(self.name(element))
        if fact:
            self._check(element, Declaration(fact["type"], bool(fact.get("nillable"))))

    def _stated_type(self, element: etree._Element, type_name: str) -> str:
        """xsi:type may name a more special type."""
        stated = element.get(f"{_XSI}type")
        if stated is None:
            return type_name
        prefix, _, local = stated.strip().rpartition(":")
        found = self._shorten(f"{{{element.nsmap.get(prefix or None, '')}}}{local}")
        general = found
        while general != type_name and general in self.schema.types:
            general = self.schema.types[general].get("base", "")
        known = found in self.schema.types or self._data.is_simple(found)
        if not known or (general != type_name and type_name != "xs:anyType"):
            self._report(element, "structure.value", value=stated, element=self.name(element), type=type_name)
            return type_name
        return found

    def _check_complex(self, element: etree._Element, compiled: ComplexType, default: str | None) -> None:
        if compiled.abstract:
            self._report(element, "structure.abstract", element=self.name(element))
        if compiled.text_type is not None:
            self._check_text(element, compiled.text_type, default)
            return
        self._check_children(element, compiled.content)

    def _check_children(self, element: etree._Element, content: Particle) -> None:
        children = []
        blank = " \t\r\n" if content.parts else ""  # an empty element may not even hold white space
        self._check_blank(element, element.text, blank)
        for child in element:
            self._check_blank(element, child.tail, blank)
            if not isinstance(child.tag, str):
                continue  # a comment
            name = self.name(child)
            if name in content.names:
                children.append((name, child))
            else:
                self._unknown(element, child, content)
        place, missing = self._match(content, children, 0)
        present = {name for name, _child in children} if missing else set()
        for particle in missing:
            if not present & particle.names:
                self._report(
                    element, "structure.missing", element=self.name(element), expected=_shown(particle.names)
                )
        for name, child in children[place:]:
            self._report(child, "structure.order", element=name, parent=self.name(element))

    def _check_blank(self, element: etree._Element, text: str | None, blank: str) -> None:
        if text and text.strip(blank):
            self._report(element, "structure.text", element=self.name(element), text=text.strip()[:40])

    def _unknown(self, element: etree._Element, child: etree._Element, content: Particle) -> None:
        if self.name(child) == PLACEHOLDER:
            return
        allowed = _shown(content.names)
        self._report(
            child,
            "structure.unknown_element",
            element=self.name(child),
            parent=self.name(element),
            expected=allowed,
        )

    def _match(self, particle: Particle, children: Children, place: int) -> tuple[int, list[Particle]]:
        """Place after the children that the particle takes, and what it misses. The schema's models never need to look ahead."""
        missing: list[Particle] = []
        count = 0
        most = particle.maximum or len(children)
        while place < len(children) and count < most and children[place][0] in particle.first:
            if particle.kind == "element":
                name, child = children[place]
                self._check(child, particle.declarations[name])
                place += 1
            else:
                place, lost = self._match_parts(particle, children, place)
                missing += lost
            count += 1
        if count < particle.minimum and not particle.content_can_be_empty:
            missing.append(particle)
        return place, missing

    def _match_parts(self, particle: Particle, children: Children, place: int) -> tuple[int, list[Particle]]:
        missing: list[Particle] = []
        parts = particle.parts
        if particle.kind == "one":
            name = children[place][0]
            parts = tuple(part for part in parts if name in part.first)[:1]
        for part in parts:
            if not part.minimum and (place == len(children) or children[place][0] not in part.first):
                continue  # most of a feature type's properties are not there
            place, lost = self._match(part, children, place)
            missing += lost
        return place, missing

    def _check_attributes(
        self, element: etree._Element, attributes: Attributes, compiled: ComplexType
    ) -> None:
        present = set()
        for key, value in attributes:
            if key in _FREE_ATTRIBUTES:
                continue
            name = self._attribute_name(str(key))
            fact = compiled.attributes.get(name)
            present.add(name)
            if fact is None:
                self._report(
                    element, "structure.unknown_attribute", attribute=name, element=self.name(element)
                )
            elif not self._check_of(fact["type"])(str(value)) or ("fixed" in fact and value != fact["fixed"]):
                self._report(
                    element,
                    "structure.attribute",
                    attribute=name,
                    element=self.name(element),
                    value=str(value)[:80],
                )
            elif fact["type"] == "xs:ID":
                self._check_id(element, collapsed(str(value)))
        for name in compiled.required - present:
            self._report(element, "structure.missing_attribute", attribute=name, element=self.name(element))

    def _check_id(self, element: etree._Element, value: str) -> None:
        if value in self._ids:
            self._report(element, "structure.duplicate_id", id=value)
        self._ids.add(value)

    def _check_text(self, element: etree._Element, type_name: str, default: str | None) -> None:
        inner = next(element.iterchildren(etree.Element), None)
        if inner is not None:
            self._report(
                inner,
                "structure.unknown_element",
                element=self.name(inner),
                parent=self.name(element),
                expected="text",
            )
            return
        text = (element.text or "") + "".join(child.tail or "" for child in element)
        if not self._check_of(type_name)(text or default or ""):
            rule = "structure.code" if self.schema.values_of(type_name) else "structure.value"
            self._report(
                element, rule, value=text[:80], element=self.name(element), type=type_name.removeprefix("xs:")
            )

    def _check_of(self, type_name: str) -> Check:
        return self._data.check(type_name)

    @staticmethod
    def _attribute_name(key: str) -> str:
        namespace, _, local = key.rpartition("}")
        return _PREFIXES.get(namespace[1:], namespace) + local if namespace else local

    def _report(self, element: etree._Element, rule: str, /, **params: Value) -> None:
        self.broken += 1
        if len(self.findings) < _MOST:
            line = self._line + _line(element)
            self.findings.append(Finding(rule, "error", params, self._gml_id, line if line > 0 else None))

    def _compiled(self, name: str) -> ComplexType:
        if name not in self._types:
            self._types[name] = self._compile(name)
        return self._types[name]

    def _compile(self, name: str) -> ComplexType:
        chain = self.schema.type_chain(name)
        attributes: dict[str, Fact] = {}
        for fact in self.schema.type_chain(name, through_restrictions=True):
            attributes |= fact.get("attrs", {})
        parts = tuple(self._particle(part) for fact in chain for part in fact.get("parts", ()))
        text = chain[0].get("base") if any(fact.get("text") for fact in chain) else None
        required = frozenset(key for key, fact in attributes.items() if fact.get("required"))
        return ComplexType(
            Particle("all", 1, 1, parts), attributes, required, text, bool(chain[-1].get("abstract"))
        )

    def _particle(self, part: Mapping[str, Any]) -> Particle:
        maximum = part.get("max", 1)
        bounds = (part.get("min", 1), None if maximum < 0 else maximum)
        for kind in ("all", "one"):
            if kind in part:
                return Particle(kind, *bounds, tuple(self._particle(inner) for inner in part[kind]))
        if "ref" in part:
            allowed = {name: self._global(name) for name in self.schema.heads.get(part["ref"], ())}
            if part["ref"] == "gml:AbstractFeature":
                allowed[PLACEHOLDER] = Declaration("xs:anyType")
            return Particle("element", *bounds, declarations=allowed)
        declared = Declaration(part["type"], False, part.get("default") or part.get("fixed"))
        return Particle("element", *bounds, declarations={part["name"]: declared})

    def _global(self, name: str) -> Declaration:
        fact = self.schema.elements[name]
        return Declaration(fact["type"], bool(fact.get("nillable")))


def _line(element: etree._Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 0


def _shown(names: frozenset[str]) -> str:
    """A few of the names, for a sentence."""
    known = sorted(names - {PLACEHOLDER})
    return ", ".join(known[:_SHOWN]) + (" …" if len(known) > _SHOWN else "")
