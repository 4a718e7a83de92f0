"""Names of coordinate reference systems in XPlanGML, axis order, and the transformation into the twin's own system."""

import re
import warnings
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import TransformerGroup

Coordinates = npt.NDArray[np.float64]

_EPSG = re.compile(r"EPSG(?:\.xml)?[^0-9]*(?:\d+(?:\.\d+)*[:/])?:?(\d{4,6})(?!\d)", re.IGNORECASE)
_ADV = re.compile(r"urn:adv:crs:([A-Za-z0-9_-]+)", re.IGNORECASE)
# Identifiers of the surveying administrations (AdV, GeoInfoDok 6.0, ch. 7); heights after "*" do not matter here.
_ADV_CODES = {
    "ETRS89_LAT-LON": 4258,
    "ETRS89_UTM31": 25831,
    "ETRS89_UTM32": 25832,
    "ETRS89_UTM33": 25833,
    "DE_DHDN_3GK2": 31466,
    "DE_DHDN_3GK3": 31467,
    "DE_DHDN_3GK4": 31468,
    "DE_DHDN_3GK5": 31469,
    "DE_42-83_3GK3": 2397,
    "DE_42-83_3GK4": 2398,
    "DE_42-83_3GK5": 2399,
    "DE_PD-83_3GK3": 3396,
    "DE_PD-83_3GK4": 3397,
    "DE_RD-83_3GK4": 3398,
    "DE_RD-83_3GK5": 3399,
    "DE_SOLDNER-BERLIN": 3068,
}
_ADV_REGIONAL = re.compile(r"^(DE_DHDN_3GK[2-5])_.+$")  # regional realisations share the zone's projection
# Germany with the sea and a margin, degrees: what lies outside was read in the wrong system or axis order.
_WEST, _EAST, _SOUTH, _NORTH = 3.0, 17.0, 46.0, 57.0


class UnknownCrs(ValueError):
    """No coordinate reference system of that name."""


@dataclass(frozen=True, slots=True)
class Placement:
    """What happened to the coordinates on their way: method and accuracy in metres (-1: not stated by PROJ)."""

    method: str
    accuracy: float


def epsg_of(name: str) -> int:
    """EPSG code of a name as it stands in files. Raises UnknownCrs.

    Known spellings: EPSG:25832, urn:ogc:def:crs:EPSG::25833, urn:ogc:def:crs,crs:EPSG:6.12:25833,crs:EPSG:6.12:5783,
    http(s)://www.opengis.net/def/crs/EPSG/0/31467, http://www.opengis.net/gml/srs/epsg.xml#25832, urn:adv:crs:ETRS89_UTM33."""
    found = _EPSG.search(name)
    code = int(found.group(1)) if found else _adv_code(name)
    if code is None or _crs(code) is None:
        raise UnknownCrs(name)
    return code


def epsg_of_system(text: str) -> int:
    """EPSG code of a system as GDAL names it: by its code, or spelled out. Raises UnknownCrs."""
    if text.startswith("EPSG:"):
        return epsg_of(text)
    try:
        code = CRS.from_user_input(text).to_epsg(min_confidence=70)
    except CRSError:
        code = None
    if code is None:
        raise UnknownCrs(text)
    return int(code)


def _adv_code(name: str) -> int | None:
    found = _ADV.search(name)
    if not found:
        return None
    identifier = found.group(1).upper()
    regional = _ADV_REGIONAL.match(identifier)
    return _ADV_CODES.get(regional.group(1) if regional else identifier)


@cache
def _crs(code: int) -> CRS | None:
    try:
        crs = CRS.from_epsg(code)
    except CRSError:
        return None
    return crs if crs.is_projected or crs.is_geographic or crs.is_compound else None


def in_germany(points: Coordinates, code: int) -> npt.NDArray[np.bool_]:
    """Which of (n, 2) points (easting, northing or longitude, latitude) lie in or near Germany.

    The axis order in files follows no rule, so the place decides: what lies here only the other way round was swapped."""
    east, north = _to_degrees(code).transform(points[:, 0], points[:, 1])
    inside: npt.NDArray[np.bool_] = (_WEST < east) & (east < _EAST) & (_SOUTH < north) & (north < _NORTH)
    return inside


@cache
def _to_degrees(code: int) -> Transformer:
    return Transformer.from_crs(code, 4258, always_xy=True)


@cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


@cache
def placement(source: int, target: int) -> Placement:
    """Best transformation at hand; with the grid BETA2007 if PROJ has it, else by seven parameters (about 3 m)."""
    if source == target:
        return Placement("none", 0.0)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", UserWarning
        )  # PROJ warns that a grid is missing; the accuracy says it
        best = TransformerGroup(source, target, always_xy=True).transformers
    return Placement(best[0].description, best[0].accuracy) if best else Placement("ballpark", -1.0)


def transform(points: Coordinates, *, source: int, target: int) -> Coordinates:
    """(n, 2) easting, northing -> the same in the target system. Raises UnknownCrs where PROJ has no way."""
    if source == target or not len(points):
        return points
    try:
        east, north = _transformer(source, target).transform(points[:, 0], points[:, 1])
    except ProjError as error:
        raise UnknownCrs(str(error)) from error
    return np.column_stack([east, north])


def is_plane(code: int) -> bool:
    """Does the system count in metres on a plane?"""
    crs = _crs(code)
    return crs is not None and crs.is_projected and crs.axis_info[0].unit_name == "metre"
