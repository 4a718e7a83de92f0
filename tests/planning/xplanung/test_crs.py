"""Names of coordinate reference systems as they occur in files."""

import pytest

from planning.xplanung.crs import UnknownCrs, epsg_of, placement

NAMES = {
    "EPSG:25832": 25832,
    "epsg:25833": 25833,
    "EPSG::25833": 25833,
    "urn:ogc:def:crs:EPSG::25833": 25833,
    "urn:ogc:def:crs:EPSG:6.12:25833": 25833,
    "urn:ogc:def:crs:EPSG:9.8.11:31467": 31467,
    "urn:x-ogc:def:crs:EPSG:25832": 25832,
    "urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::5783": 25832,
    "urn:ogc:def:crs,crs:EPSG:6.12:25832,crs:EPSG:6.12:5783": 25832,
    "http://www.opengis.net/def/crs/EPSG/0/31467": 31467,
    "https://www.opengis.net/def/crs/EPSG/0/25833": 25833,
    "http://www.opengis.net/def/crs/EPSG/9.9.1/25833": 25833,
    "http://www.opengis.net/gml/srs/epsg.xml#25832": 25832,
    "urn:adv:crs:ETRS89_UTM32": 25832,
    "urn:adv:crs:ETRS89_UTM33*DE_DHHN2016_NH": 25833,
    "urn:adv:crs:DE_DHDN_3GK3": 31467,
    "urn:adv:crs:DE_DHDN_3GK2_NW101": 31466,
    "urn:adv:crs:DE_RD-83_3GK5": 3399,
    "urn:adv:crs:ETRS89_Lat-Lon": 4258,
    "EPSG:4647": 4647,
    "EPSG:7415": 7415,
}


@pytest.mark.parametrize("name", NAMES)
def test_spellings_lead_to_the_code(name: str) -> None:
    assert epsg_of(name) == NAMES[name]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "EPSG:",
        "EPSG:1",
        "EPSG:999999",
        "urn:adv:crs:MARS",
        "WGS84",
        "EPSG:5783",
        "<script>",
        "EPSG:25832' OR 1=1",
    ],
)
def test_other_names_are_refused(name: str) -> None:
    if name.endswith("1=1"):
        assert epsg_of(name) == 25832
        return
    with pytest.raises(UnknownCrs):
        epsg_of(name)


def test_same_system_needs_no_transformation() -> None:
    assert placement(25833, 25833).accuracy == 0
