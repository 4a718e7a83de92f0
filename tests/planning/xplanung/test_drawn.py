"""What the reader keeps of a geometry as it was delivered, before it is transformed and repaired."""

import io

import shapely

from planning.xplanung.findings import Finding
from planning.xplanung.reader import FeatureRecord, Reader
from tests.factories import xplanung as samples


def read(geometry: str) -> tuple[FeatureRecord, list[Finding]]:
    reader = Reader(io.BytesIO(samples.document("6.0", samples.area("6.0", geometry=geometry))), srid=25833)
    (record,) = [record for batch in reader.batches() for record in batch]
    return record, [found for found in reader.findings if found.rule.startswith("geometry.")]


def ring(numbers: str) -> str:
    return f"<gml:LinearRing><gml:posList>{numbers}</gml:posList></gml:LinearRing>"


def polygon(outer: str, *inner: str, srs: str = "EPSG:25833") -> str:
    holes = "".join(f"<gml:interior>{ring(hole)}</gml:interior>" for hole in inner)
    return f'<gml:Polygon srsName="{srs}"><gml:exterior>{ring(outer)}</gml:exterior>{holes}</gml:Polygon>'


def test_geometry_is_kept_in_its_own_system_and_order() -> None:
    record, _found = read(
        polygon("5677700 812500 5677700 812600 5677800 812600 5677700 812500", srs="EPSG:25832")
    )

    (drawn,) = record.drawn
    assert (drawn.property, drawn.srid, drawn.turned) == ("position", 25832, True)
    assert drawn.geometry == shapely.Polygon([(812500, 5677700), (812600, 5677700), (812600, 5677800)])
    assert drawn.polygons == [shapely.Polygon([(5677700, 812500), (5677700, 812600), (5677800, 812600)])]


def test_geometry_is_kept_as_delivered_where_it_is_repaired() -> None:
    record, found = read(
        polygon("400000 5660000 400100 5660100 400100 5660000 400000 5660100 400000 5660000")
    )

    assert [finding.rule for finding in found] == ["geometry.invalid"]
    assert not record.drawn[0].geometry.is_valid
    assert record.geometry is not None
    assert record.geometry.is_valid


def test_patches_stay_apart_beside_their_union() -> None:
    boxes = ["400000 5660000 400010 5660000 400010 5660010 400000 5660010 400000 5660000", "400010 5660000 400020 5660000 400020 5660010 400010 5660010 400010 5660000"]  # fmt: skip
    patches = "".join(
        f"<gml:PolygonPatch><gml:exterior>{ring(box)}</gml:exterior></gml:PolygonPatch>" for box in boxes
    )
    record, _found = read(
        f'<gml:Surface srsName="EPSG:25833"><gml:patches>{patches}</gml:patches></gml:Surface>'
    )

    (drawn,) = record.drawn
    assert [len(patches) for patches in drawn.patches] == [2]
    assert len(drawn.polygons) == 2
    assert drawn.geometry.equals(shapely.box(400000, 5660000, 400020, 5660010))


def test_points_of_arcs_are_known() -> None:
    arc = "<gml:Arc><gml:posList>400000 5660000 400010 5660010 400000 5660020</gml:posList></gml:Arc>"
    line = "<gml:LineStringSegment><gml:posList>400000 5660020 400000 5660000</gml:posList></gml:LineStringSegment>"
    curve = f"<gml:Curve><gml:segments>{arc}{line}</gml:segments></gml:Curve>"
    record, found = read(
        f'<gml:Polygon srsName="EPSG:25833"><gml:exterior><gml:Ring><gml:curveMember>{curve}</gml:curveMember></gml:Ring></gml:exterior></gml:Polygon>'
    )

    (bend,) = record.drawn[0].bends
    assert bend[0].tolist() == [400000, 5660000]
    assert bend[-1].tolist() == [400000, 5660020]
    assert len(bend) == len(shapely.get_coordinates(record.drawn[0].geometry)) - 1
    assert found == []


def test_pieces_that_do_not_meet_are_an_error_with_its_place() -> None:
    first, second = (
        f"<gml:LineStringSegment><gml:posList>{numbers}</gml:posList></gml:LineStringSegment>"
        for numbers in ("812500 5677700 812510 5677700", "812510.001 5677700 812520 5677710")
    )
    _record, found = read(
        f'<gml:Curve srsName="EPSG:25832"><gml:segments>{first}{second}</gml:segments></gml:Curve>'
    )

    (finding,) = found
    assert (finding.rule, finding.severity) == ("geometry.segments_apart", "error")
    assert finding.point is not None
    assert shapely.Point(finding.point).distance(shapely.Point(393067.3, 5669304)) < 30


def test_what_is_valid_as_delivered_is_no_error_where_the_transformation_moves_it() -> None:
    """A hole may touch the outline in a point on a long straight edge; in the next zone the edge passes beside that point."""
    outer = "790000 5677000 796000 5677000 796000 5678000 790000 5678000 790000 5677000"
    hole = "793000 5677000 792000 5677500 794000 5677500 793000 5677000"
    record, found = read(polygon(outer, hole, srs="EPSG:25832"))

    assert record.drawn[0].geometry.is_valid
    assert found == []
    assert record.geometry is not None
    assert record.geometry.is_valid
