"""What the service says of itself, for its document of capabilities."""

from collections.abc import Iterable
from typing import Any

from twin.ogc.collections import Collection
from twin.ogc.crs import OFFERED, UTM33
from twin.ogc.wfs import filters, gml
from twin.ogc.wfs.asking import GEOJSON, GML, OPERATIONS, USUAL

_YES = ("ImplementsBasicWFS", "KVPEncoding", "XMLEncoding", "ImplementsResultPaging")
_NO = (
    "ImplementsTransactionalWFS",
    "ImplementsLockingWFS",
    "SOAPEncoding",
    "ImplementsInheritance",
    "ImplementsRemoteResolve",
    "ImplementsStandardJoins",
    "ImplementsSpatialJoins",
    "ImplementsTemporalJoins",
    "ImplementsFeatureVersioning",
    "ManageStoredQueries",
    "PagingIsTransactionSafe",
)
_FILTERS_YES = (
    "ImplementsQuery",
    "ImplementsAdHocQuery",
    "ImplementsResourceId",
    "ImplementsMinStandardFilter",
    "ImplementsStandardFilter",
    "ImplementsMinSpatialFilter",
    "ImplementsSpatialFilter",
    "ImplementsMinTemporalFilter",
    "ImplementsTemporalFilter",
    "ImplementsMinimumXPath",
)
_FILTERS_NO = (
    "ImplementsFunctions",
    "ImplementsVersionNav",
    "ImplementsSorting",
    "ImplementsExtendedOperators",
    "ImplementsSchemaElementFunc",
)
_SHAPES = ("Envelope", "Point", "LineString", "Polygon", "MultiPoint", "MultiCurve", "MultiSurface")
_PARAMETERS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "GetCapabilities": (("AcceptVersions", ("2.0.0",)),),
    "DescribeFeatureType": (("outputFormat", (GML,)),),
    "GetFeature": (("resultType", ("results", "hits")), ("outputFormat", (GML, GEOJSON))),
    "GetPropertyValue": (("resultType", ("results", "hits")), ("outputFormat", (GML,))),
}


def told(listed: Iterable[tuple[Collection, str]], *, address: str) -> dict[str, Any]:
    """listed: each collection with the address of what is said of it, empty where there is none."""
    return {
        "address": address,
        "operations": [(name, _PARAMETERS.get(name, ())) for name in OPERATIONS],
        "constraints": [*_said(_YES, _NO), ("CountDefault", USUAL)],
        "conformance": _said(_FILTERS_YES, _FILTERS_NO),
        "types": [_type(one, url) for one, url in listed],
        "default_crs": UTM33.urn,
        "other_crs": [one.urn for one in OFFERED if one != UTM33],
        "formats": (GML, GEOJSON),
        "comparisons": (*filters.COMPARISONS, "PropertyIsLike", "PropertyIsNull", "PropertyIsNil", "PropertyIsBetween"),
        "shapes": _SHAPES,
        "spatial": ("BBOX", *filters.SPATIAL),
        # the schema of capabilities forgets AnyInteracts, which that of filters has
        "temporal": [name for name in filters.TEMPORAL if name != "AnyInteracts"],
    }  # fmt: skip


def _said(yes: tuple[str, ...], no: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [*((name, "TRUE") for name in yes), *((name, "FALSE") for name in no)]


def _type(one: Collection, metadata: str) -> dict[str, Any]:
    corners = [f"{number:.6f}" for number in one.bbox] if one.bbox else []
    return {
        "name": gml.type_name(one),
        "title": one.title,
        "description": one.description,
        "keywords": one.keywords,
        "is_placed": bool(one.geometry_type),
        "lower": " ".join(corners[:2]),
        "upper": " ".join(corners[2:]),
        "metadata": metadata,
    }
