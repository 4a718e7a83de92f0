"""The catalogue: every entry is drawn and looks like itself; every type of the standard has an entry."""

import io
import json
import re
from itertools import combinations

import numpy as np
import pytest
from lxml import etree
from PIL import Image
from resvg_py import svg_to_bytes
from shapely import LineString, Point, box

from planning.planzeichen.catalogue import SYMBOLS, as_json, fingerprint
from planning.planzeichen.figures import FIGURES
from planning.planzeichen.model import Level
from planning.planzeichen.rules import ALWAYS, BASES, GENERIC, SIGNS_BY_CODE, Look, look_of
from planning.planzeichen.svg import Drawn, draw
from planning.xplanung.schema import VERSIONS, schema

SIZE = 20  # mm
PIXELS = 6  # per mm
NUMBER = re.compile(r"^\d{1,2}(\.\d{1,2}){0,2}$")


def shapes_of(name: str) -> Drawn:
    level = SYMBOLS[name].level
    if level == Level.SIGN:
        return Drawn(Point(SIZE / 2, SIZE / 2), Look(name))
    if level in (Level.LINE, Level.BOUNDARY):
        return Drawn(LineString([(2, 15), (18, 5)]), Look(name))
    return Drawn(box(3, 3, 17, 17), Look(name))


def picture_of(drawn: Drawn) -> Image.Image:
    side = SIZE * PIXELS
    document = f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="0 0 {SIZE} {SIZE}">{draw([drawn], 1)}</svg>'
    etree.fromstring(document.encode())  # nothing that only a kind reader accepts
    return Image.open(io.BytesIO(bytes(svg_to_bytes(svg_string=document)))).convert("RGBA")


@pytest.mark.parametrize("name", [name for name in SYMBOLS if name != "schrift"])
def test_every_entry_is_drawn(name: str) -> None:
    picture = picture_of(shapes_of(name))
    assert (np.asarray(picture)[..., 3] > 0).sum() > 20


@pytest.mark.parametrize(
    "name", [name for name, symbol in SYMBOLS.items() if symbol.fill and not symbol.hatch]
)
def test_an_area_is_filled_with_its_colour(name: str) -> None:
    red, green, blue, alpha = picture_of(shapes_of(name)).getpixel((60, 60))  # type: ignore[misc]
    assert f"#{red:02x}{green:02x}{blue:02x}" == SYMBOLS[name].fill
    assert alpha == 255


def test_signs_differ_from_each_other() -> None:
    drawn = {name: picture_of(shapes_of(name)).tobytes() for name, symbol in SYMBOLS.items() if symbol.figure}
    same = {(one, two) for one, two in combinations(drawn, 2) if drawn[one] == drawn[two]}
    # the ordinance itself shows these signs twice
    assert same == {("4.1-sport", "4.2-sportanlage"), ("12.2-E", "14.1-E")}


def test_numbers_are_those_of_the_ordinance_or_none() -> None:
    assert [
        symbol.id for symbol in SYMBOLS.values() if symbol.number and not NUMBER.match(symbol.number)
    ] == []
    assert [symbol.id for symbol in SYMBOLS.values() if not symbol.title] == []


def test_everything_named_exists() -> None:
    figures = {symbol.figure for symbol in SYMBOLS.values()} | {
        symbol.marks.figure for symbol in SYMBOLS.values() if symbol.marks
    }
    assert figures - {""} <= set(FIGURES)
    named = {name for base in BASES.values() for name in (base.area, base.line, base.point, *(base.finer or {}).values())}  # fmt: skip
    named |= {name for table in SIGNS_BY_CODE.values() for name in table.values()} | set(ALWAYS.values())
    assert named <= set(SYMBOLS)


def types_with_geometry(version: str) -> set[str]:
    found = {facts.name for facts in schema(version).feature_types() if facts.geometry_properties}
    return {name for name in found if name.startswith(("BP_", "FP_", "SO_"))}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_type_with_geometry_has_an_entry_or_is_generic_on_purpose(version: str) -> None:
    names = types_with_geometry(version)
    assert {
        name for name in names if name not in BASES and name[3:] not in BASES and name[3:] not in GENERIC
    } == set()
    assert {name for name in names if name[3:] in GENERIC and name[3:] in BASES} == set()


def test_no_rule_is_for_a_type_that_no_version_knows() -> None:
    known = {facts.name for version in VERSIONS for facts in schema(version).feature_types()}
    shorts = {name[3:] for name in known}
    assert {name for name in BASES if name not in known and name not in shorts and not name.startswith("XP_")} == set()  # fmt: skip
    assert shorts >= GENERIC


@pytest.mark.parametrize("name", sorted(GENERIC))
def test_what_is_generic_gets_the_sign_of_our_own(name: str) -> None:
    found = [look_of(f"BP_{name}", {}, shape).base for shape in ("area", "line", "point")]
    assert found == ["hinweis", "hinweis-linie", "punkt"]


def test_the_catalogue_is_json_with_a_fingerprint_of_its_own() -> None:
    assert json.loads(json.dumps(as_json()))["symbols"]["1.1.3"]["letters"] == "WA"
    assert len(fingerprint()) == 12
