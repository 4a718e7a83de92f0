"""Requests, by parameters (GET) or as XML (POST), as one and the same thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from twin.catalogue.capabilities import xml
from twin.catalogue.capabilities.errors import Unreadable
from twin.catalogue.csw import conditions
from twin.catalogue.csw.conditions import Condition
from twin.catalogue.csw.refusals import Refusal

Element = etree._Element
CSW = "http://www.opengis.net/cat/csw/2.0.2"
GMD = "http://www.isotc211.org/2005/gmd"
OPERATIONS = ("GetCapabilities", "DescribeRecord", "GetRecords", "GetRecordById")
SETS = ("brief", "summary", "full")
MOST = 100  # records of one answer


@dataclass(frozen=True)
class Asked:
    """A request that can be answered. start: from 1; sort: (property, descending)."""

    operation: str
    schema: str = CSW
    elements: str = "summary"
    hits_only: bool = True
    start: int = 1
    most: int = 10
    condition: Condition | None = None
    sort: tuple[tuple[str, bool], ...] = ()
    ids: tuple[str, ...] = field(default=())


def from_parameters(given: Mapping[str, str]) -> Asked:
    """given: names in any case. Raises Refusal."""
    said = {name.lower(): value for name, value in given.items()}
    operation = _operation(said.get("request", ""))
    if said.get("service", "CSW").upper() != "CSW":
        raise Refusal("InvalidParameterValue", "service", "The service is CSW.")
    _version(said.get("version", "2.0.2") if operation != "GetCapabilities" else "2.0.2")
    text = said.get("constraint", "")
    return Asked(
        operation,
        schema=_schema(said.get("outputschema", CSW)),
        elements=_set(said.get("elementsetname", "summary")),
        hits_only=said.get("resulttype", "hits") != "results",
        start=_number("startPosition", said.get("startposition", "1"), least=1),
        most=min(_number("maxRecords", said.get("maxrecords", "10"), least=0), MOST),
        condition=_condition(text, said.get("constraintlanguage", "CQL_TEXT")) if text.strip() else None,
        sort=tuple(_sort(one) for one in said.get("sortby", "").split(",") if one.strip()),
        ids=tuple(one.strip() for one in said.get("id", "").split(",") if one.strip()),
    )


def from_xml(body: bytes) -> Asked:
    """Raises Refusal."""
    try:
        root = xml.parse(body)
    except Unreadable:
        raise Refusal("NoApplicableCode", "request", "The request is no XML that can be read.") from None
    operation = _operation(xml.name(root))
    query = next(xml.children(root, "Query"), None)
    constraint = next(xml.children(query, "Constraint"), None)
    sort = [
        (_word(one, "PropertyName"), _word(one, "SortOrder").upper().startswith("DESC"))
        for one in xml.children(query, "SortBy", "SortProperty")
    ]
    sets = [*xml.children(query, "ElementSetName"), *xml.children(root, "ElementSetName")]
    return Asked(
        operation,
        schema=_schema(root.get("outputSchema", CSW)),
        elements=_set((sets[0].text or "").strip() if sets else "summary"),
        hits_only=root.get("resultType", "hits") != "results",
        start=_number("startPosition", root.get("startPosition", "1"), least=1),
        most=min(_number("maxRecords", root.get("maxRecords", "10"), least=0), MOST),
        condition=_constraint(constraint),
        sort=tuple(sort),
        ids=tuple((one.text or "").strip() for one in xml.children(root, "Id")),
    )


def _word(element: Element, name: str) -> str:
    found = next(xml.children(element, name), None)
    return (found.text or "").strip() if found is not None else ""


def _constraint(constraint: Element | None) -> Condition | None:
    if constraint is None:
        return None
    for one in xml.children(constraint, "Filter"):
        return conditions.from_filter(one)
    text = _word(constraint, "CqlText")
    return conditions.from_cql(text) if text else None


def _condition(text: str, language: str) -> Condition | None:
    if language.upper() == "CQL_TEXT":
        return conditions.from_cql(text)
    if language.upper() != "FILTER":
        raise Refusal("InvalidParameterValue", "constraintLanguage", "CQL_TEXT or FILTER.")
    try:
        return conditions.from_filter(xml.parse(text.encode()))
    except Unreadable:
        raise Refusal(
            "InvalidParameterValue", "constraint", "The filter is no XML that can be read."
        ) from None


def _operation(name: str) -> str:
    if not name:
        raise Refusal("MissingParameterValue", "request", "The parameter request is missing.")
    for known in OPERATIONS:
        if name.lower() == known.lower():
            return known
    raise Refusal("OperationNotSupported", "request", f"Known are {', '.join(OPERATIONS)}.")


def _version(version: str) -> None:
    if version != "2.0.2":
        raise Refusal("InvalidParameterValue", "version", "The version is 2.0.2.")


def _schema(schema: str) -> str:
    if schema not in {CSW, GMD}:
        raise Refusal("InvalidParameterValue", "outputSchema", f"{CSW} or {GMD}.")
    return schema


def _set(name: str) -> str:
    if name not in SETS:
        raise Refusal("InvalidParameterValue", "elementSetName", "brief, summary or full.")
    return name


def _number(name: str, text: str, *, least: int) -> int:
    if not (text.isdecimal() and text.isascii() and len(text) < 9 and int(text) >= least):
        raise Refusal("InvalidParameterValue", name, f"A whole number from {least} on.")
    return int(text)


def _sort(text: str) -> tuple[str, bool]:
    """property:A or property:D, where the property may have a prefix."""
    name, _, order = text.strip().rpartition(":")
    if order.upper() in {"A", "D"} and name:
        return name, order.upper() == "D"
    return text.strip(), False
