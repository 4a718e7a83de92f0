"""Old plans become plans of 6.0 that are valid by its schema, and the report tells what became of each value."""

import io
from pathlib import Path

import pytest
from lxml import etree

from planning.xplanung.reader import Reader
from planning.xplanung.schema import FeatureType, Schema, schema
from planning.xplanung.upgrade.document import UpgradeRefused, upgrade
from planning.xplanung.upgrade.report import FATES, REASONS, UpgradeReport
from planning.xplanung.upgrade.table import CODES, LIFTS, MOVES, SOURCES, SPLITS, TARGET, TYPES
from tests.factories import xplanung as samples

REAL = ["rub/v5_0_1/BP2070.gml", "rub/v5_0_1/BP2135.gml", "rub/v5_0_1/Demo.gml", "rub/v5_0_1/LA22.gml", "rub/v5_0_1/LA67.gml", "sagis/bp_plan.gml", "sagis/bp_plan1.gml"]  # fmt: skip
NEW = "{http://www.xplanung.de/xplangml/6/0}"


def upgraded(data: bytes) -> tuple[UpgradeReport, etree._Element]:
    target = io.BytesIO()
    report = upgrade(io.BytesIO(data), target)
    return report, etree.fromstring(target.getvalue())


def is_valid(data: bytes) -> bool:
    reader = Reader(io.BytesIO(data), srid=25833, check=True)
    for _batch in reader.batches():
        pass
    return bool(reader.valid)


FLUSH = b"<xplan:flaechenschluss>false</xplan:flaechenschluss>"


def thing(feature_type: str, inner: str = "", *, version: str = "5.4") -> bytes:
    """A plan with one object of the type; `inner` follows what every object has."""
    head = (
        '<xplan:gehoertZuBereich xlink:href="#PLAN_1_B"/><xplan:rechtscharakter>1000</xplan:rechtscharakter>'
    )
    body = f"<xplan:position>{samples.polygon(samples.SQUARE, gml_id='X_P')}</xplan:position><xplan:flaechenschluss>false</xplan:flaechenschluss>"
    text = f'<xplan:{feature_type} gml:id="X_1">{head}{body}{inner}</xplan:{feature_type}>'
    return samples.simple_plan(version, text)


def found(root: etree._Element, path: str) -> list[str | None]:
    return [each.text for each in root.iterfind(".//" + "/".join(NEW + step for step in path.split("/")))]


def fates(report: UpgradeReport, name: str) -> list[str]:
    return [loss.fate for loss in report.losses if loss.property == name]


@pytest.mark.parametrize("version", SOURCES)
def test_plan_of_every_version_becomes_valid(version: str) -> None:
    data = samples.simple_plan(version)
    assert is_valid(data)

    report, root = upgraded(data)

    assert (report.source_version, report.version, report.objects) == (version, TARGET, 3)
    assert found(root, "BP_Plan/nummer") == ["7/26"]
    assert found(root, "BP_BaugebietsTeilFlaeche/gehoertZuBereich") == [None]


@pytest.mark.parametrize("version", ["6.0"])
def test_plan_of_the_target_version_stays_byte_for_byte(version: str) -> None:
    data, target = samples.simple_plan(version), io.BytesIO()

    report = upgrade(io.BytesIO(data), target)

    assert target.getvalue() == data
    assert report.losses == []


@pytest.mark.parametrize("name", REAL)
def test_real_file_becomes_valid_or_says_why_it_never_was(name: str, shared_data: Path) -> None:
    data, target = (shared_data / "xplan" / name).read_bytes(), io.BytesIO()
    if not is_valid(data):
        with pytest.raises(UpgradeRefused):
            upgrade(io.BytesIO(data), target)
        return

    upgrade(io.BytesIO(data), target)

    assert is_valid(target.getvalue())


def test_plan_that_nobody_named_says_so(shared_data: Path) -> None:
    data, target = (shared_data / "xplan" / "rub/v4_0/BP2070.gml").read_bytes(), io.BytesIO()

    report = upgrade(io.BytesIO(data), target)

    assert is_valid(target.getvalue())
    assert ("name", "filled", "name = ohne Namen") in {
        (each.property, each.fate, each.became) for each in report.losses
    }


def test_simple_purpose_becomes_a_complex_one() -> None:
    inner = "<xplan:zweckbestimmung>14007</xplan:zweckbestimmung><xplan:detaillierteZweckbestimmung codeSpace='urn:x'>7</xplan:detaillierteZweckbestimmung>"
    report, root = upgraded(thing("BP_GruenFlaeche", inner))

    complex_type = "zweckbestimmung/BP_KomplexeZweckbestGruen"
    assert found(root, f"{complex_type}/allgemein") == ["1400"]
    assert found(root, f"{complex_type}/detail") == ["7"]
    assert fates(report, "zweckbestimmung") == ["converted"]


def test_details_of_several_purposes_keep_their_order() -> None:
    purposes = "".join(f"<xplan:zweckbestimmung>{code}</xplan:zweckbestimmung>" for code in (1000, 1200))
    details = "".join(
        f"<xplan:detaillierteZweckbestimmung>{code}</xplan:detaillierteZweckbestimmung>" for code in "ab"
    )
    _report, root = upgraded(thing("BP_GruenFlaeche", purposes + details))

    kinds = root.findall(f".//{NEW}BP_KomplexeZweckbestGruen")
    assert [[child.text for child in each] for each in kinds] == [["1000", "a"], ["1200", "b"]]


def test_road_says_by_its_type_that_it_has_a_special_purpose() -> None:
    inner = "<xplan:zweckbestimmung>1400</xplan:zweckbestimmung>"
    report, root = upgraded(thing("BP_VerkehrsflaecheBesondererZweckbestimmung", inner))

    assert found(root, "SO_Strassenverkehr/hatDarstellungMitBesondZweckbest") == ["true"]
    assert found(root, "artDerFestlegung/SO_KomplexeZweckbestStrassenverkehr/allgemein") == ["14004"]
    assert fates(report, "") == ["renamed"]


def test_right_of_way_of_several_kinds_is_split() -> None:
    _report, root = upgraded(thing("BP_Wegerecht", "<xplan:typ>5000</xplan:typ>"))

    assert found(root, "BP_Wegerecht/typ") == ["1000", "2000", "4000"]


def test_roof_forms_move_into_one_data_type() -> None:
    roof = '<xplan:DN uom="grad">35</xplan:DN><xplan:dachform>1000</xplan:dachform>'
    _report, root = upgraded(thing("BP_BaugebietsTeilFlaeche", roof))

    assert found(root, "dachgestaltung/BP_Dachgestaltung/DN") == ["35"]
    assert found(root, "dachgestaltung/BP_Dachgestaltung/dachform") == ["1000"]


def test_code_without_a_successor_is_kept_as_generic_attribute() -> None:
    report, root = upgraded(
        thing("BP_BaugebietsTeilFlaeche", "<xplan:bebauungsArt>8000</xplan:bebauungsArt>")
    )

    assert found(root, "BP_BaugebietsTeilFlaeche/bebauungsArt") == []
    assert found(root, "XP_StringAttribut/name") == ["bebauungsArt"]
    assert found(root, "XP_StringAttribut/wert") == ["8000"]
    assert fates(report, "bebauungsArt") == ["generic"]
    assert not report.lossless


def test_object_without_a_successor_becomes_a_generic_one() -> None:
    report, root = upgraded(thing("LP_AllgGruenflaeche").replace(FLUSH, b"", 1))

    assert found(root, "LP_GenerischesObjekt/raumkonkretisierung") == ["9998"]
    assert "LP_AllgGruenflaeche" in str(found(root, "XP_StringAttribut/wert")[0])
    assert fates(report, "") == ["converted"]


def test_mandatory_value_that_nobody_states_is_never_invented() -> None:
    inner = "<xplan:gueltigkeitsDatum>2027-01-31</xplan:gueltigkeitsDatum><xplan:verlaengerung>1000</xplan:verlaengerung>"
    data, target = thing("BP_Veraenderungssperre", inner), io.BytesIO()
    assert is_valid(data)

    report = None
    try:
        report = upgrade(io.BytesIO(data), target)
    except UpgradeRefused as error:
        assert [(each.rule, each.gml_id) for each in error.findings] == [("upgrade.incomplete", "X_1")]
    assert report is None
    assert target.getvalue() == b""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        samples.simple_plan("5.4")[:900],
        samples.simple_plan("5.4").replace(b"rechtscharakter>1000", b"rechtscharakter>x"),
        samples.simple_plan("6.1"),
    ],
)
def test_what_is_no_valid_old_plan_is_refused(data: bytes) -> None:
    target = io.BytesIO()

    with pytest.raises(UpgradeRefused):
        upgrade(io.BytesIO(data), target)

    assert target.getvalue() == b""


# The table itself: whatever it names is there in the standard


def test_types_are_known_in_an_old_and_in_the_new_version() -> None:
    new, olds = schema(TARGET), [schema(version) for version in SOURCES]
    for old, retype in TYPES.items():
        facts = new.feature_type(retype.to)
        assert any(each.feature_type(old) for each in olds), old
        assert facts and not facts.abstract, retype.to
        for name, value in retype.sets.items():
            assert not facts.by_name[name].values or value in facts.by_name[name].values, (old, name)


def test_moves_lead_to_properties_of_the_new_version() -> None:
    new, olds = schema(TARGET), [schema(version) for version in SOURCES]
    known = {each.name for version in olds for kind in _all_types(version) for each in kind.properties}
    targets = {each.name: each for kind in _all_types(new) for each in kind.properties}
    for (_owner, old), move in MOVES.items():
        assert old in known or old.startswith("weitere"), old
        assert move.to.partition("/")[0] in targets, move.to


def test_codes_are_known_in_the_new_version() -> None:
    new = schema(TARGET)
    every = {code for name in new.simple for code in new.values_of(name)}
    assert {code for table in CODES.values() for code in table.values() if code} <= every
    assert {code for table in SPLITS.values() for codes in table.values() for code in codes} <= every
    assert {kind for kind, _name in LIFTS} | set(LIFTS.values()) == {"plan", "bereich", "raster"}
    assert FATES and REASONS


def _all_types(version: Schema) -> list[FeatureType]:
    return [each for name in version.elements if (each := version.feature_type(name))]


def test_what_its_absence_says_is_no_loss_and_another_form_is_named() -> None:
    """BP_Plan.veraenderungssperre: a truth value before, the data of the Veränderungssperre in 6.0."""
    for text, expected in (("false", ("converted", "absence")), ("true", ("generic", "other_form"))):
        end = b"<xplan:bereich xlink"
        stated = f"<xplan:veraenderungssperre>{text}</xplan:veraenderungssperre>".encode()
        data = samples.simple_plan("5.4").replace(end, stated + end, 1)
        report, root = upgraded(data)
        (told,) = (each for each in report.losses if each.property == "veraenderungssperre")
        assert (told.fate, told.reason) == expected
        assert found(root, "BP_Plan/veraenderungssperre") == []
