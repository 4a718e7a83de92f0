"""Is a document valid by the schema of its version? Driven by the schema facts alone; the verdict is XML Schema's.

check = StructureCheck(schema)
check.element(feature, line=12)         # any number of objects
check.object(raw, feature, line=12)     # the same, quicker, where it is known how it stands in the file
check.skeleton(xml)                     # the document around them, each object replaced by PLACEHOLDER
check.findings
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial

from lxml import etree

from planning.xplanung.contentmodels import PLACEHOLDER, CompiledType, ContentModels, Declaration
from planning.xplanung.datatypes import DataTypes, collapsed
from planning.xplanung.findings import MOST_OF_A_RULE, Finding, Value
from planning.xplanung.repeats import Judge, Pattern, Repeats, taken_apart, values_of
from planning.xplanung.schema import GML, Schema

_ID = f"{{{GML}}}id"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_FREE_ATTRIBUTES = {f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation", f"{_XSI}nil", f"{_XSI}type"}
_REMEMBERED, _SHORT = 20_000, 100  # values whose verdict is kept, and characters up to which one is
Attributes = Sequence[tuple[str | bytes, str | bytes]]


class StructureCheck:
    """Collects findings over one document."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.findings: list[Finding] = []
        self._counts: Counter[str] = Counter()
        self.broken = 0  # how many there are, also beyond those that are kept
        self._data = DataTypes(schema.simple)
        self._models = ContentModels(schema, self._data)
        self._remembered_fit = lru_cache(_REMEMBERED)(self._judge)
        self._ids: set[str] = set()
        self._repeats = Repeats()
        # of one object's attributes and texts: their type, and the value where it is fixed
        self._judged: dict[tuple[etree._Element, str], tuple[str, str | None]] = {}
        self._line = 0
        self._gml_id = ""

    def object(self, raw: bytes, element: etree._Element, *, line: int) -> None:
        """As `element`, where raw is the object as it stands in the file. What is not simply valid is checked in full."""
        markup, values = taken_apart(raw)
        pattern = self._repeats.find(markup)
        if pattern is not None and self._fits_in(pattern, values):
            return
        broken = self.broken
        self.element(element, line=line)
        if markup and pattern is None and self.broken == broken:
            self._remember(markup, values, element)

    def _fits_in(self, pattern: Pattern, values: Sequence[str]) -> bool:
        ids = {collapsed(values[place]) for place in pattern.ids}
        if len(ids) < len(pattern.ids) or not self._ids.isdisjoint(ids):
            return False
        if not all(judge(value) for judge, value in zip(pattern.judges, values, strict=True)):
            return False
        self._ids |= ids
        return True

    def _remember(self, markup: str, values: Sequence[str], element: etree._Element) -> None:
        """A valid object, unless its validity also depends on something else than the values that were judged."""
        found = list(values_of(element))
        judged = [self._judged[owner, name] for owner, name, _ in found if (owner, name) in self._judged]
        if len(judged) == len(found) and values == [value for *_, value in found]:
            judges = [self._judge_of(*one) for one in judged]
            ids = [place for place, (type_name, _) in enumerate(judged) if type_name == "xs:ID"]
            self._repeats.remember(markup, Pattern(tuple(judges), tuple(ids)))

    def _judge_of(self, type_name: str, fixed: str | None) -> Judge:
        return partial(self._fits, type_name) if fixed is None else fixed.__eq__

    def element(self, element: etree._Element, *, line: int) -> None:
        """Check one object against its global declaration. `line`: where its first line stands in the file."""
        self._judged = {}
        self._line = line - _line(element)
        self._gml_id = element.get(_ID, "")
        name = self.name(element)
        declared = self._models.declared(name)
        if declared is None:
            self._report(element, "structure.unknown_type", type=name, version=self.schema.version)
            return
        self._check(element, declared)

    def skeleton(self, xml: bytes) -> None:
        """Check what stands around the objects: root, envelope, members."""
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
        self._line, self._gml_id = 0, root.get(_ID, "")
        name = self.name(root)
        if name == PLACEHOLDER:
            return
        declared = self._models.declared(name)
        if declared is None:
            self._report(root, "structure.root", root=name)
            return
        self._check(root, Declaration(declared.type))

    def name(self, element: etree._Element) -> str:
        return self._models.name(str(element.tag))

    def _check(self, element: etree._Element, declared: Declaration) -> None:
        type_name = declared.type
        attributes = element.items()
        if attributes:
            type_name = self._stated_type(element, type_name)
            if self._is_nil(element, declared):
                return
        compiled = self._models.type(type_name)
        if compiled.lax:
            self._check_lax(element.iterchildren(etree.Element))
            return
        if attributes or compiled.required:
            self._check_attributes(element, attributes, compiled)
        if compiled.abstract:
            self._report(element, "structure.abstract", element=self.name(element))
        if compiled.text_type is not None:
            self._check_text(element, compiled.text_type, declared.default)
        else:
            self._check_children(element, compiled)

    def _is_nil(self, element: etree._Element, declared: Declaration) -> bool:
        if element.get(f"{_XSI}nil", "").strip() not in ("true", "1"):
            return False
        if not declared.nillable or len(element) or element.text:
            self._report(element, "structure.nil")
        return True

    def _check_lax(self, elements: Iterable[etree._Element]) -> None:
        for element in elements:
            fact = self.schema.elements.get(self.name(element))
            if fact:
                self._check(element, Declaration(fact["type"], bool(fact.get("nillable"))))

    def _stated_type(self, element: etree._Element, type_name: str) -> str:
        """xsi:type may name a more special type."""
        stated = element.get(f"{_XSI}type")
        if stated is None:
            return type_name
        prefix, _, local = stated.strip().rpartition(":")
        found = self._models.name(f"{{{element.nsmap.get(prefix or None, '')}}}{local}")
        general = found
        while general != type_name and general in self.schema.types:
            general = self.schema.types[general].get("base", "")
        if not self._models.is_known(found) or (general != type_name and type_name != "xs:anyType"):
            self._report(element, "structure.value", value=stated, element=self.name(element), type=type_name)
            return type_name
        return found

    def _check_children(self, element: etree._Element, compiled: CompiledType) -> None:
        children = list(element)
        texts = [element.text or "", *[child.tail or "" for child in children]]
        # an element that may hold nothing may not even hold white space
        if text := "".join(texts).strip(" \t\r\n" if compiled.content.parts else ""):
            self._report(element, "structure.text", element=self.name(element), text=text.strip()[:40])
        arrangement = self._models.arrange(compiled, tuple([child.tag for child in children]))
        for fault in arrangement.faults:
            parent = {"element" if fault.child is None else "parent": self.name(element)}
            where = element if fault.child is None else children[fault.child]
            self._report(where, fault.rule, **fault.params, **parent)
        for place, declared in arrangement.expected:
            self._check(children[place], declared)

    def _check_attributes(
        self, element: etree._Element, attributes: Attributes, compiled: CompiledType
    ) -> None:
        present = set()
        for key, value in attributes:
            if key in _FREE_ATTRIBUTES:
                continue
            name, text = self._models.attribute_name(str(key)), str(value)
            fact = compiled.attributes.get(name)
            present.add(name)
            if fact:
                self._judged[element, str(key)] = fact["type"], fact.get("fixed")
            if fact is None:
                self._report(
                    element, "structure.unknown_attribute", attribute=name, element=self.name(element)
                )
            elif not self._fits(fact["type"], text) or ("fixed" in fact and text != fact["fixed"]):
                self._report(
                    element,
                    "structure.attribute",
                    attribute=name,
                    element=self.name(element),
                    value=text[:80],
                )
            elif fact["type"] == "xs:ID":
                self._check_id(element, collapsed(text))
        for name in compiled.required - present:
            self._report(element, "structure.missing_attribute", attribute=name, element=self.name(element))

    def _check_id(self, element: etree._Element, value: str) -> None:
        if value in self._ids:
            self._report(element, "structure.duplicate_id", id=value)
        self._ids.add(value)

    def _check_text(self, element: etree._Element, type_name: str, default: str | None) -> None:
        text = element.text or ""
        if len(element):
            inner = next(element.iterchildren(etree.Element), None)
            if inner is not None:
                params = {"element": self.name(inner), "parent": self.name(element)}
                self._report(inner, "structure.unknown_element", **params, expected="text")
                return
            text += "".join(child.tail or "" for child in element)
        self._judged[element, ""] = type_name, None
        if not self._fits(type_name, text or default or ""):
            rule = "structure.code" if self.schema.values_of(type_name) else "structure.value"
            self._report(
                element, rule, value=text[:80], element=self.name(element), type=type_name.removeprefix("xs:")
            )

    def _fits(self, type_name: str, text: str) -> bool:
        return (self._remembered_fit if len(text) <= _SHORT else self._judge)(type_name, text)

    def _judge(self, type_name: str, text: str) -> bool:
        return self._data.check(type_name)(text)

    def _report(self, element: etree._Element, rule: str, /, **params: Value) -> None:
        self.broken += 1
        self._counts[rule] += 1
        if self._counts[rule] <= MOST_OF_A_RULE:
            line = self._line + _line(element)
            self.findings.append(Finding(rule, "error", params, self._gml_id, line if line > 0 else None))


def _line(element: etree._Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 0
