"""Elements of the new version: made from texts, copied from the old file, wrapped and put in the order of the schema."""

from collections.abc import Mapping
from copy import deepcopy

from lxml import etree

from planning.xplanung.schema import FeatureType, Schema
from planning.xplanung.upgrade.building import Made


class Incomplete(Exception):
    """The new version wants a property of which the file says nothing. Carries its name."""


class Elements:
    """Makes elements in the namespace of the new version."""

    def __init__(self, target: Schema) -> None:
        self._target = target

    def text(self, name: str, text: str) -> etree._Element:
        element = etree.Element(f"{{{self._target.namespace}}}{name}")
        element.text = text
        return element

    def copied(self, element: etree._Element, name: str) -> etree._Element:
        """With all that stands in it and on it, under its new name."""
        new = self.text(name, element.text or "")
        for key, given in element.items():
            new.set(key, given)
        new.extend(deepcopy(child) for child in element.iterchildren(etree.Element))
        return new

    def wrapped(self, name: str, data_type: str, made: Mapping[str, list[Made]]) -> etree._Element:
        """A property whose value is a data type. Raises Incomplete where the new version has no such type."""
        outer = self.text(name, "")
        outer.text = None
        inner = etree.SubElement(outer, f"{{{self._target.namespace}}}{data_type}")
        append(inner, made, facts_of(self._target, data_type))
        return outer


def append(element: etree._Element, made: Mapping[str, list[Made]], facts: FeatureType) -> None:
    """Put new values into an element, in the order of the schema."""
    for each in facts.properties:
        for one in made.get(each.name, ()):
            element.append(one.element)


def facts_of(schema: Schema, name: str) -> FeatureType:
    """Raises Incomplete where the version has no such type."""
    found = schema.feature_type(name)
    if found is None:
        raise Incomplete(name)
    return found
