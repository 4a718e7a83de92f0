"""The drawing of a plan from its rows: pictures of a section, who may see them, what they refuse."""

import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.contrib.gis.geos import GeometryCollection, LineString, MultiPolygon, Point, Polygon
from django.test import Client
from django.urls import reverse
from numpy.typing import NDArray
from PIL import Image

from planning import drawing
from planning.errors import TooMuchToDraw
from planning.models import Plan, PlanVersion
from tenants.models import Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.planning import add_object, make_plan, square
from tests.factories.tenants import TenantFactory, UserFactory, county, member

pytestmark = pytest.mark.django_db

X, Y = 385_000.0, 5_668_000.0
QUERY = {
    "bbox": f"{X - 20},{Y - 20},{X + 120},{Y + 120}",
    "crs": "EPSG:25833",
    "width": "700",
    "height": "700",
}  # 5 px/m
Pixels = NDArray[np.uint8]


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(ags="14627140", name="Meißen")
    return found


def as_(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def plan_of(tenant: Tenant, *objects: dict[str, Any], public: bool = True, **fields: Any) -> Plan:
    plan = make_plan(tenant, public=public, **fields)
    with acting_for([tenant.pk], [tenant.pk]):
        for position, row in enumerate(objects):
            version = plan.current_version
            assert version is not None
            add_object(version, position, **row)
    return plan


def version_of(plan: Plan) -> PlanVersion:
    assert plan.current_version is not None
    return plan.current_version


def get(plan: Plan, user: User | None = None, **query: Any) -> Any:
    return as_(user).get(reverse("planning:picture", args=[plan.public_id]), {**QUERY, **query})


def pixels(answer: Any) -> Pixels:
    assert answer.status_code == 200, answer.content
    return np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGBA"))


def colour_at(image: Pixels, x: float, y: float) -> str:
    """At metres from the lower left corner of the square."""
    red, green, blue, _alpha = image[int((120 - y) * 5), int((x + 20) * 5)]
    return f"#{red:02x}{green:02x}{blue:02x}"


HOUSING: dict[str, Any] = {"geometry": square(X, Y), "properties": {"besondereArtDerBaulNutzung": "1200"}}


def test_a_picture_shows_the_objects_in_their_colours_at_their_places(tenant: Tenant) -> None:
    image = pixels(get(plan_of(tenant, HOUSING)))
    assert image.shape == (700, 700, 4)
    assert [colour_at(image, 10, 10), colour_at(image, 90, 90)] == ["#f5c2b3", "#f5c2b3"]
    assert [colour_at(image, -5, 50), colour_at(image, 105, 50)] == ["#ffffff", "#ffffff"]


def test_a_transparent_picture_has_no_ground(tenant: Tenant) -> None:
    image = pixels(get(plan_of(tenant, HOUSING), transparent="true"))
    assert (image[2, 2, 3], image[350, 100 + 40, 3]) == (0, 255)


@pytest.mark.parametrize(
    ("crs", "bbox"),
    [
        ("EPSG:25832", None),
        ("EPSG:4326", None),
        ("EPSG:3857", None),
    ],
)
def test_a_picture_in_another_system_shows_the_same(tenant: Tenant, crs: str, bbox: None) -> None:
    srid = int(crs.removeprefix("EPSG:"))
    box = drawing._transformer(25833, srid).transform_bounds(X - 20, Y - 20, X + 120, Y + 120)
    image = pixels(get(plan_of(tenant, HOUSING), crs=crs, bbox=",".join(map(repr, box))))
    shown = (image[..., :3] == (0xF5, 0xC2, 0xB3)).all(axis=-1)
    assert 0.35 < shown.mean() < 0.52  # 100 m of 140 m on both sides, turned a little, less the letters
    assert shown[330:340, 200:220].all()


def test_what_lies_above_is_drawn_above_whatever_the_order_of_the_file(tenant: Tenant) -> None:
    window = {"feature_type": "BP_UeberbaubareGrundstuecksFlaeche", "geometry": square(X + 20, Y + 20, size=60), "properties": {}}  # fmt: skip
    image = pixels(get(plan_of(tenant, window, HOUSING)))
    assert colour_at(image, 50, 20.4) == "#1a86c4"
    assert colour_at(image, 50, 30) == "#f5c2b3"


def test_signs_and_letters_stand_where_the_planner_placed_them(tenant: Tenant) -> None:
    area = {
        **HOUSING,
        "gml_id": "GML_area",
        "properties": {"besondereArtDerBaulNutzung": "1200", "GRZ": "0.4"},
    }
    template = {
        "feature_type": "XP_Nutzungsschablone", "geometry": Point(X + 20, Y + 20, srid=25833),
        "properties": {"dientZurDarstellungVon": [{"@href": "#GML_area"}]},
    }  # fmt: skip
    plain, placed = (pixels(get(plan_of(tenant, *objects))) for objects in ([area], [area, template]))
    middle, corner = np.s_[330:370, 330:370, :3], np.s_[480:520, 180:220, :3]
    fill = np.array([0xF5, 0xC2, 0xB3])
    assert (plain[middle] != fill).any() and not (plain[corner] != fill).any()
    assert (placed[corner] != fill).any() and not (placed[middle] != fill).any()


def test_text_without_an_object_is_drawn_and_told_to_the_browser(tenant: Tenant) -> None:
    text = {"feature_type": "XP_PTO", "geometry": Point(X + 50, Y + 110, srid=25833), "properties": {"schriftinhalt": "Elbweg"}}  # fmt: skip
    plan = plan_of(tenant, HOUSING, text)
    assert (pixels(get(plan))[30:70, 330:370, :3] < 100).any()
    collection = as_(None).get(reverse("planning:features", args=[plan.public_id])).json()
    assert collection["texts"] == [[X + 50, Y + 110, "Elbweg", 0, 1, ""]]
    assert [each["properties"]["feature_type"] for each in collection["features"]] == [
        "BP_BaugebietsTeilFlaeche"
    ]


def test_a_leader_line_of_the_planner_is_drawn_but_no_object_of_the_map(tenant: Tenant) -> None:
    line = {"feature_type": "XP_LPO", "geometry": LineString((X - 10, Y + 110), (X + 110, Y + 110), srid=25833), "properties": {}}  # fmt: skip
    plan = plan_of(tenant, line)
    assert (pixels(get(plan))[45:55, 100:600, :3] < 240).any(axis=(0, 2)).all()
    assert as_(None).get(reverse("planning:features", args=[plan.public_id])).json()["features"] == []


def test_the_browser_gets_symbol_letters_and_places(tenant: Tenant) -> None:
    school = {
        "feature_type": "BP_GemeinbedarfsFlaeche", "gml_id": "GML_s", "geometry": square(X, Y),
        "properties": {"zweckbestimmung": [{"@type": "x", "allgemein": "12000"}], "Z": "2"},
    }  # fmt: skip
    sign = {"feature_type": "XP_PPO", "geometry": Point(X + 1, Y + 2, srid=25833), "properties": {"dientZurDarstellungVon": [{"@href": "#GML_s"}]}}  # fmt: skip
    plan = plan_of(tenant, school, sign)
    (feature,) = as_(None).get(reverse("planning:features", args=[plan.public_id])).json()["features"]
    told = feature["properties"]
    assert (told["symbol"], told["signs"], told["cells"]) == ("4.1", ["4.1-schule"], [["II", ""]])
    assert told["placed"] == [["signs", X + 1, Y + 2, "", 0, 1, ""]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"bbox": ""}, "bbox"),
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "a,b,c,d"}, "bbox"),
        ({"bbox": "nan,0,1,1"}, "bbox"),
        ({"bbox": "-inf,0,inf,1"}, "bbox"),
        ({"bbox": "5,5,5,9"}, "bbox"),
        ({"bbox": "9,5,5,9"}, "bbox"),
        ({"bbox": "0,0,1e300,1"}, "bbox"),
        ({"bbox": "13,100,14,101", "crs": "EPSG:4326"}, "bbox"),
        ({"crs": "EPSG:31467"}, "crs"),
        ({"width": "0"}, "width"),
        ({"width": "999999"}, "width"),
        ({"height": "x"}, "height"),
        ({"width": "4096", "height": "4096"}, "__all__"),
    ],
)
def test_a_picture_that_cannot_be_drawn_says_why(tenant: Tenant, query: dict[str, str], field: str) -> None:
    answer = get(plan_of(tenant, HOUSING), None, **query)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_too_many_objects_are_refused(tenant: Tenant) -> None:
    plan = plan_of(tenant, HOUSING, HOUSING, HOUSING)
    frame = drawing.on_screen((X, Y, X + 9, Y + 9), srid=25833, size=(9, 9), plan_type="BP")
    assert len(drawing.objects_in(version_of(plan), frame)) == 3
    with pytest.raises(TooMuchToDraw):
        drawing.objects_in(version_of(plan), frame, most=2)


def test_hostile_contents_are_drawn_as_text_or_not_at_all(tenant: Tenant) -> None:
    evil = "</text><script>alert(1)</script>" * 1000
    rows: list[dict[str, Any]] = [
        {"geometry": square(X, Y), "properties": {"besondereArtDerBaulNutzung": "1200", "gliederung1": evil, "GRZ": "NaN", "Z": "1" * 5000}},
        {"geometry": Polygon(((X, Y), (X + 10, Y + 10), (X + 10, Y), (X, Y + 10), (X, Y)), srid=25833)},
        {"geometry": GeometryCollection(Point(X, Y), LineString((X, Y), (X + 9, Y)), srid=25833)},
        {"geometry": MultiPolygon(square(X, Y), square(X, Y), srid=25833)},
        {"geometry": Point(X, Y, srid=25833), "properties": {"@type": [1, {"a": None}]}, "feature_type": "BP_" + "x" * 90},
        {"feature_type": "XP_PTO", "geometry": Point(X, Y, srid=25833), "properties": {"schriftinhalt": evil, "drehwinkel": "NaN", "skalierung": "1e999"}},
        {"geometry": None},
    ]  # fmt: skip
    plan = plan_of(tenant, *rows)
    frame = drawing.on_screen((X, Y, X + 90, Y + 90), srid=25833, size=(300, 300), plan_type="BP")
    document = "".join(drawing.picture(drawing.objects_in(version_of(plan), frame), frame))
    assert "<script" not in document
    assert pixels(get(plan)).shape == (700, 700, 4)


def drafts() -> list[tuple[str, Callable[[Tenant], User | None], int]]:
    return [
        ("nobody", lambda tenant: None, 404),
        ("somebody", lambda tenant: UserFactory.create(), 404),
        ("another town", lambda tenant: member(TenantFactory.create(), Role.MUNICIPAL_ADMIN), 404),
        ("the county", lambda tenant: member(county(), Role.COUNTY_ADMIN), 404),
        ("a planner of the town", lambda tenant: member(tenant, Role.PLANNER), 200),
    ]


@pytest.mark.parametrize(("who", "make", "status"), drafts(), ids=[row[0] for row in drafts()])
@pytest.mark.parametrize("name", ["picture", "drawing", "drawing_pdf"])
def test_a_draft_is_drawn_for_its_town_alone(
    tenant: Tenant, who: str, make: Callable[[Tenant], User | None], status: int, name: str
) -> None:
    plan = plan_of(tenant, HOUSING, public=False)
    user = make(tenant)
    query = QUERY if name == "picture" else {"scale": "1000", "paper": "A4"}
    assert as_(user).get(reverse(f"planning:{name}", args=[plan.public_id]), query).status_code == status


def test_a_picture_is_kept_by_its_etag_and_by_nobody_else_s_cache(tenant: Tenant) -> None:
    plan = plan_of(tenant, HOUSING, public=True)
    first = get(plan)
    again = as_(None).get(
        reverse("planning:picture", args=[plan.public_id]), QUERY, headers={"if-none-match": first["ETag"]}
    )
    assert (again.status_code, first["Cache-Control"]) == (304, "public, no-cache")
    assert get(plan, member(tenant, Role.PLANNER))["Cache-Control"] == "private, no-cache"
    assert get(plan, width="701")["ETag"] != first["ETag"]


def test_the_catalogue_is_open_to_everybody_and_kept(tenant: Tenant) -> None:
    answer = as_(None).get(reverse("planning:planzeichen"))
    assert json.loads(answer.content)["symbols"]["3.5"]["number"] == "3.5"
    again = as_(None).get(reverse("planning:planzeichen"), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_signs_shrink_with_the_distance_to_a_size_that_can_be_told() -> None:
    def size(metres: float) -> float:
        return drawing.on_screen((0, 0, metres, metres), srid=25833, size=(1000, 1000), plan_type="BP").mm

    sizes = [size(metres) / drawing.SCREEN_MM for metres in (100, 280, 1120, 1e6)]
    assert sizes == pytest.approx([1, 1, 0.5, drawing.SMALLEST])
