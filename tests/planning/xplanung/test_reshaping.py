"""A changed geometry in the file: kept rings stay as delivered, kept corners keep their numbers, arcs stay unless their ring moves."""

import io

import numpy as np
import pytest
import shapely
from lxml import etree
from shapely.geometry.base import BaseGeometry

from planning.xplanung import reshaping
from planning.xplanung.reader import FeatureRecord, Reader
from planning.xplanung.writer import NotWritable, closed, opened
from tests.factories import xplanung as samples

TWIN = 25833
HOLED = (
    '<gml:Polygon srsName="EPSG:25833" gml:id="P"><gml:exterior><gml:LinearRing><gml:posList>400000.12345 5660000 400100 5660000 400100 5660100 400000 5660100 400000.12345 5660000</gml:posList></gml:LinearRing></gml:exterior>'
    "<gml:interior><gml:Ring><gml:curveMember><gml:Curve gml:id=\"C\"><gml:segments><gml:Circle><gml:posList>400050 5660040 400060 5660050 400050 5660060</gml:posList></gml:Circle></gml:segments></gml:Curve></gml:curveMember></gml:Ring></gml:interior></gml:Polygon>"
)  # fmt: skip


def record_of(geometry: str, version: str = "6.0") -> tuple[FeatureRecord, Reader]:
    data = samples.document(
        version, samples.plan(version), samples.bereich(version), samples.area(version, geometry=geometry)
    )
    reader = Reader(io.BytesIO(data), srid=TWIN)
    records = [record for batch in reader.batches() for record in batch]
    return records[2], reader


def reshaped(record: FeatureRecord, reader: Reader, geometry: BaseGeometry) -> reshaping.Reshaped:
    return reshaping.reshaped(
        record.raw, geometry, namespaces=reader.frame.namespaces, srid=TWIN, default="EPSG:25833"
    )


def as_given_out(geometry: BaseGeometry | None) -> BaseGeometry:
    assert geometry is not None
    return shapely.transform(geometry, lambda points: np.round(points, 3))


def numbers(raw: bytes) -> list[str]:
    return [node.text or "" for node in etree.fromstring(raw).iter("{*}posList")]


def again(raw: bytes, reader: Reader) -> FeatureRecord:
    data = b"".join(
        [reader.frame.head, b"<gml:featureMember>", raw, b"</gml:featureMember></xplan:XPlanAuszug>"]
    )
    return next(record for batch in Reader(io.BytesIO(data), srid=TWIN).batches() for record in batch)


def move(geometry: BaseGeometry, old: tuple[float, float], new: tuple[float, float]) -> BaseGeometry:
    def place(points: np.ndarray) -> np.ndarray:
        return np.array([new if np.hypot(*(point - old)) < 0.01 else point for point in points])

    found: BaseGeometry = shapely.transform(geometry, place)
    return found


def test_a_moved_corner_of_the_outer_ring_leaves_the_arcs_of_the_hole_and_all_other_numbers() -> None:
    record, reader = record_of(HOLED)
    wanted = move(as_given_out(record.geometry), (400100, 5660100), (400110, 5660105))

    done = reshaped(record, reader, wanted)

    assert (done.straightened, done.rebuilt) == (0, False)
    outer, circle = numbers(done.raw)
    assert outer == "400000.12345 5660000 400100 5660000 400110 5660105 400000 5660100 400000.12345 5660000"
    assert circle == "400050 5660040 400060 5660050 400050 5660060"
    new = again(done.raw, reader).geometry
    assert new is not None
    assert (
        new.symmetric_difference(wanted).area < 0.1
    )  # half a millimetre along a side: what was given out was rounded


def test_a_moved_ring_of_arcs_becomes_lines_and_says_so() -> None:
    record, reader = record_of(HOLED)
    wanted = move(as_given_out(record.geometry), (400060, 5660050), (400061, 5660050))

    done = reshaped(record, reader, wanted)

    assert done.straightened == 1
    assert numbers(done.raw)[0].startswith("400000.12345 5660000 ")
    assert b"Circle" not in done.raw


def test_untouched_geometry_is_untouched() -> None:
    record, reader = record_of(HOLED)
    done = reshaped(record, reader, as_given_out(record.geometry))
    assert numbers(done.raw) == numbers(record_raw(record, reader))
    assert (done.straightened, done.rebuilt) == (0, False)


def record_raw(record: FeatureRecord, reader: Reader) -> bytes:
    return closed(opened(record.raw, reader.frame.namespaces))


@pytest.mark.parametrize(
    ("srs", "coordinates"),
    [
        ("EPSG:25832", "800000 5660000 800100 5660000 800100 5660100 800000 5660100 800000 5660000"),
        ("EPSG:31468", "4600000 5660000 4600100 5660000 4600100 5660100 4600000 5660100 4600000 5660000"),
        ("urn:ogc:def:crs:EPSG::4258", "51.1 13.4 51.1 13.402 51.101 13.402 51.101 13.4 51.1 13.4"),
    ],
)
def test_other_systems_and_axis_orders_come_back_in_their_own_numbers(srs: str, coordinates: str) -> None:
    record, reader = record_of(samples.polygon(coordinates, gml_id="P", srs=srs))
    given = as_given_out(record.geometry)
    corner = tuple(shapely.get_coordinates(given)[2])
    wanted = move(given, corner, (corner[0] + 5, corner[1] - 3))

    done = reshaped(record, reader, wanted)

    (text,) = numbers(done.raw)
    before, after = coordinates.split(), text.split()
    assert [float(one) for one in after[:4]] == [float(one) for one in before[:4]]
    assert after[4:6] != before[4:6]
    new = again(done.raw, reader).geometry
    assert new is not None
    assert new.hausdorff_distance(wanted) < 0.002
    assert srs.encode() in done.raw


def test_more_parts_than_before_are_written_anew() -> None:
    record, reader = record_of("")
    wanted = shapely.MultiPolygon(
        [shapely.box(400000, 5660000, 400010, 5660010), shapely.box(400020, 5660000, 400030, 5660010)]
    )
    done = reshaped(record, reader, wanted)
    assert done.rebuilt
    new = again(done.raw, reader).geometry
    assert new is not None
    assert new.equals(wanted)


def test_another_dimension_is_refused() -> None:
    record, reader = record_of("")
    with pytest.raises(NotWritable):
        reshaped(record, reader, shapely.Point(1, 2))


def test_the_envelope_of_the_object_encloses_it_again() -> None:
    data = samples.simple_plan("6.0")
    reader = Reader(io.BytesIO(data), srid=TWIN)
    plan = next(record for batch in reader.batches() for record in batch)
    wanted = move(as_given_out(plan.geometry), (400100, 5660100), (400120, 5660130))
    done = reshaped(plan, reader, wanted)
    corners = [node.text for node in etree.fromstring(done.raw).iter("{*}lowerCorner", "{*}upperCorner")]
    assert corners == ["400000 5660000", "400120 5660130"]
