"""Old plans from a line of the list to valid XPlanGML with the picture under it; lists; hostile scans; other towns' rows."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from planning import legacy, tasks
from planning.models import (
    LegacyPlan,
    LegacyState,
    Origin,
    Plan,
    PlanRaster,
    RasterState,
    ValidationRun,
)
from tenants import files
from tenants.models import Job, JobState, PrivateFile, Tenant, User
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import acting_for, within
from tests.factories import pictures
from tests.factories.tenants import TenantFactory, member

pytestmark = pytest.mark.django_db(transaction=True)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# Corners of the picture and where they lie: half a metre per pixel.
PAIRS = [(0, 0, 385_000, 5_668_300), (400, 0, 385_200, 5_668_300), (400, 300, 385_200, 5_668_150), (0, 300, 385_000, 5_668_150)]  # fmt: skip
CORNERS = "385025 5668250\n385075 5668250\n385075 5668200\n385025 5668200"  # the red rectangle
FACTS = {"name": "Am Weinberg", "number": "7/94", "ags": "14627140", "form": "1000", "status": "4000", "in_force": "1994-05-02", "baunvo": "1990-01-23", "procedure": "1000"}  # fmt: skip


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen", ags="14627140")
    return found


@pytest.fixture
def planner(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)


@pytest.fixture
def client(planner: User) -> Client:
    signed_in = Client()
    signed_in.force_login(planner, backend=BACKEND)
    return signed_in


def line(tenant: Tenant, planner: User, name: str = "Am Weinberg", **fields: str) -> LegacyPlan:
    values = {"plan_type": "BP", "number": "7/94", "name": name, "year": "1994", "note": "", **fields}
    with within(reach(planner).scope):
        return legacy.add_to_list(tenant, [values], actor=planner)[0]


def url(name: str, row: LegacyPlan, *more: str) -> str:
    return reverse(f"planning:{name}", args=[row.public_id, *more])


def now(row: LegacyPlan) -> LegacyPlan:
    with acting_for([row.tenant_id]):
        return LegacyPlan.objects.select_related("plan", "scan", "sheet", "picture").get(pk=row.pk)


def run_job(tenant: Tenant, task: Any) -> Job:
    with acting_for([tenant.pk]):
        job = Job.objects.filter(task=task.name).latest("pk")
    task(tenant_id=tenant.pk, job_id=job.pk)
    with acting_for([tenant.pk]):
        job.refresh_from_db()
    return job


def pairs(points: Any = PAIRS, **more: str) -> dict[str, str]:
    data = {"pairs-TOTAL_FORMS": str(max(len(points), 6)), "pairs-INITIAL_FORMS": "0", **more}
    for number, point in enumerate(points):
        for name, value in zip(("column", "row", "easting", "northing"), point, strict=True):
            data[f"pairs-{number}-{name}"] = str(value)
    return data


def upload_scan(client: Client, row: LegacyPlan, path: Path) -> Any:
    scan = SimpleUploadedFile(path.name, path.read_bytes(), "application/octet-stream")
    return client.post(url("legacy_scan", row), {"scan": scan, "page": "1"})


def through(client: Client, tenant: Tenant, row: LegacyPlan, scan: Path, points: Any = PAIRS) -> Job:
    """The whole way in the browser's words; gives the job of the import."""
    assert upload_scan(client, row, scan).status_code == 302
    assert run_job(tenant, tasks.prepare_legacy).state == JobState.DONE
    assert now(row).state == LegacyState.SCANNED
    assert client.post(url("legacy_points", row), pairs(points, place="1")).status_code == 302
    assert run_job(tenant, tasks.prepare_legacy).state == JobState.DONE
    assert now(row).state == LegacyState.PLACED
    assert client.post(url("legacy_outline", row), {"corners": CORNERS}).status_code == 302
    assert client.post(url("legacy_facts", row), FACTS).status_code == 302
    answer = client.post(url("legacy_finish", row))
    assert answer.status_code == 302
    job = run_job(tenant, tasks.import_upload)
    assert (job.state, job.error) == (JobState.DONE, "")
    return job


def test_scan_becomes_a_valid_plan_with_its_picture_under_it(tenant: Tenant, planner: User, client: Client, tmp_path: Path) -> None:  # fmt: skip
    row = line(tenant, planner)
    through(client, tenant, row, pictures.write(tmp_path / "scan.png"))
    done = now(row)
    assert done.state == LegacyState.DONE
    plan = done.plan
    assert plan is not None
    assert (plan.name, plan.number, plan.ags, plan.legal_status) == (
        "Am Weinberg",
        "7/94",
        ["14627140"],
        "4000",
    )
    assert plan.area.area == pytest.approx(2500)
    run_job(tenant, tasks.check_version)
    run_job(tenant, tasks.prepare_rasters)
    with acting_for([tenant.pk]):
        assert plan.current_version is not None
        assert (plan.current_version.origin, plan.current_version.xplan_version) == (Origin.LEGACY, "6.0")
        check = ValidationRun.objects.get(version=plan.current_version)
        assert (check.errors, check.warnings, check.structure_valid, check.is_complete) == (0, 0, True, True)
        raster = PlanRaster.objects.get(plan=plan)
        assert (raster.state, raster.findings) == (RasterState.READY, [])
        names = sorted(plan.current_version.documents.values_list("file__name", flat=True))
    assert names == ["794-am-weinberg-georeferenziert.tif", "794-am-weinberg-scan.png"]
    assert shapely.from_wkb(bytes(raster.footprint.wkb)).hausdorff_distance(shapely.box(385_000, 5_668_150, 385_200, 5_668_300)) < 1  # type: ignore[union-attr]  # fmt: skip


def test_going_on_later_makes_a_new_version_of_the_same_plan(tenant: Tenant, planner: User, client: Client, tmp_path: Path) -> None:  # fmt: skip
    row = line(tenant, planner)
    through(client, tenant, row, pictures.write(tmp_path / "scan.png"))
    first = now(row).plan
    assert first is not None
    primary = html.fromstring(client.get(url("legacy", row)).content).xpath("//main//*[contains(@class, 'kern-btn--primary')]/@href")  # fmt: skip
    assert primary == [first.get_absolute_url()]
    client.post(url("legacy_facts", row), {**FACTS, "name": "Am Weinberg II"})
    client.post(url("legacy_finish", row))
    run_job(tenant, tasks.import_upload)
    with acting_for([tenant.pk]):
        (plan,) = Plan.objects.select_related("current_version")
        assert plan.current_version is not None
        assert (plan, plan.name, plan.current_version.number) == (first, "Am Weinberg II", 2)


def test_page_of_a_pdf_becomes_the_sheet(tenant: Tenant, planner: User, client: Client, tmp_path: Path) -> None:  # fmt: skip
    row = line(tenant, planner)
    upload_scan(client, row, pictures.pdf(tmp_path / "scan.pdf"))
    run_job(tenant, tasks.prepare_legacy)
    grid = now(row).sheet_grid
    assert (grid["origin"], grid["resolution"], grid["width"], grid["height"]) == ([0, 0], 1, 3509, 2480)
    answer = client.get(url("legacy_grid", row, "blatt")).json()["rasters"]
    assert client.get(answer[0]["tiles"].replace("__tile__", "0-0-0"))["Content-Type"] == "image/webp"
    assert client.get(url("legacy_grid", row, "bild")).json() == {"rasters": []}


@pytest.mark.parametrize(("kind", "rule"), [("bomb", "raster.too_large"), ("cut", "raster.broken"), ("pdf", "raster.pdf")])  # fmt: skip
def test_hostile_scan_says_what_is_wrong_and_can_be_replaced(kind: str, rule: str, tenant: Tenant, planner: User, client: Client, tmp_path: Path) -> None:  # fmt: skip
    row = line(tenant, planner)
    path = tmp_path / "scan.png"
    if kind == "bomb":
        pictures.bomb(path)
    else:
        path.write_bytes({"cut": pictures.write(path).read_bytes()[:200], "pdf": b"%PDF-1.7 x"}[kind])
    upload_scan(client, row, path)
    assert run_job(tenant, tasks.prepare_legacy).state == JobState.DONE
    assert (now(row).problem["rule"], now(row).state) == (rule, LegacyState.OPEN)
    assert client.get(row.get_absolute_url()).status_code == 200
    before = now(row).scan
    upload_scan(client, row, pictures.write(tmp_path / "good.png"))
    run_job(tenant, tasks.prepare_legacy)
    assert (now(row).problem, now(row).state) == ({}, LegacyState.SCANNED)
    assert before is not None
    assert not files.path_of(before).exists()


def test_what_is_no_scan_is_refused_at_once_and_nothing_is_kept(tenant: Tenant, planner: User, client: Client, tmp_path: Path) -> None:  # fmt: skip
    row = line(tenant, planner)
    (tmp_path / "plan.tif").write_bytes(b"<svg onload=alert(1)>")
    assert upload_scan(client, row, tmp_path / "plan.tif").status_code == 200
    with acting_for([tenant.pk]):
        assert (PrivateFile.objects.count(), Job.objects.count()) == (0, 0)


def test_points_are_kept_and_answered_with_their_misses(tenant: Tenant, planner: User, client: Client) -> None:  # fmt: skip
    row = line(tenant, planner)
    moved = [*PAIRS[:3], (PAIRS[3][0], PAIRS[3][1], PAIRS[3][2] + 4, PAIRS[3][3])]
    answer = client.post(url("legacy_points", row), pairs(moved), headers={"Accept": "application/json"})
    told = answer.json()
    assert (told["residuals"], told["rms"], told["pixel"], told["exact"]) == ([1, 1, 1, 1], 1, pytest.approx(0.5, abs=0.01), False)  # fmt: skip
    assert now(row).points == [list(map(float, point)) for point in moved]
    assert client.post(url("legacy_points", row), pairs(PAIRS[:1]), headers={"Accept": "application/json"}).json()["error"]  # fmt: skip
    half = {**pairs(PAIRS[:1]), "pairs-1-column": "5"}
    assert client.post(url("legacy_points", row), half, headers={"Accept": "application/json"}).status_code == 400  # fmt: skip
    assert client.post(url("legacy_points", row), {**pairs(PAIRS), "pairs-0-row": "nan"}).status_code == 400
    assert client.post(url("legacy_points", row), {**pairs(PAIRS), "pairs-0-row": "0,5"}).status_code == 302
    assert now(row).points[0][1] == 0.5


@pytest.mark.parametrize(("scale", "coarse"), [(1, False), (50, True)])
def test_a_sheet_larger_than_any_plan_is_warned_of(tenant: Tenant, planner: User, client: Client, scale: int, coarse: bool) -> None:  # fmt: skip
    row = line(tenant, planner)
    far = [(column, down, 385_000 + (east - 385_000) * scale, 5_668_150 + (north - 5_668_150) * scale) for column, down, east, north in PAIRS]  # fmt: skip
    told = client.post(url("legacy_points", row), pairs(far), headers={"Accept": "application/json"}).json()
    assert (told["coarse"], "viel größer als jeder Plan" in told["sentence"]) == (coarse, coarse)


def test_map_of_the_points_begins_at_the_town(tenant: Tenant, planner: User, client: Client) -> None:
    box = Polygon.from_bbox((380_000, 5_660_000, 390_000, 5_670_000))
    Tenant.objects.filter(pk=tenant.pk).update(boundary=MultiPolygon(box, srid=25833))
    page = client.get(url("legacy_points", line(tenant, planner))).content.decode()
    assert 'data-extent="380000,5660000,390000,5670000"' in page


def test_points_changed_while_the_worker_worked_make_its_picture_useless(tenant: Tenant, planner: User, client: Client, tmp_path: Path) -> None:  # fmt: skip
    row = line(tenant, planner)
    upload_scan(client, row, pictures.write(tmp_path / "scan.png"))
    run_job(tenant, tasks.prepare_legacy)
    client.post(url("legacy_points", row), pairs(PAIRS, place="1"))
    run_job(tenant, tasks.prepare_legacy)
    first = now(row).picture
    client.post(url("legacy_points", row), pairs(PAIRS[:3], place="1"))
    run_job(tenant, tasks.prepare_legacy)
    assert now(row).picture != first
    with acting_for([tenant.pk]):
        assert not PrivateFile.objects.filter(pk=first.pk).exists()  # type: ignore[union-attr]


def test_outline_is_taken_from_chosen_parcels(tenant: Tenant, planner: User, client: Client, tmp_path: Path) -> None:  # fmt: skip
    row = line(tenant, planner)
    squares = [shapely.box(385_000 + x, 5_668_000, 385_050 + x, 5_668_100) for x in (0, 50, 200)]
    collection = shapely.to_geojson(shapely.GeometryCollection(squares))
    features = ",".join(f'{{"type":"Feature","properties":{{"name":"{n}"}},"geometry":{shapely.to_geojson(s)}}}' for n, s in enumerate(squares))  # fmt: skip
    text = f'{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"EPSG:25833"}}}},"features":[{features}]}}'
    assert collection
    sent = SimpleUploadedFile("parcels.json", text.encode(), "application/json")
    client.post(url("legacy_areas", row), {"areas": sent})
    shown = client.get(url("legacy_areas", row)).json()["features"]
    assert [each["properties"]["label"] for each in shown] == ["0", "1", "2"]
    assert client.post(url("legacy_outline", row), {"corners": "", "parcels": ["0", "1"]}).status_code == 302
    outline = now(row).outline
    assert outline is not None
    assert outline.area == pytest.approx(10_000)
    assert len(outline) == 1
    assert client.post(url("legacy_outline", row), {"corners": "", "parcels": ["7"]}).status_code == 200
    assert client.post(url("legacy_outline", row), {"corners": "1 2\n3 4"}).status_code == 200
    assert client.post(url("legacy_outline", row), {"corners": "1 1\n2 2\n3 3"}).status_code == 200
    bad = SimpleUploadedFile("parcels.json", b"{", "application/json")
    assert client.post(url("legacy_areas", row), {"areas": bad}).status_code == 302
    assert len(now(row).areas) == 3


def test_plan_is_not_made_before_everything_is_there(tenant: Tenant, planner: User, client: Client) -> None:
    row = line(tenant, planner)
    client.post(url("legacy_facts", row), FACTS)
    assert client.post(url("legacy_finish", row)).status_code == 302
    assert client.post(url("legacy_points", row), pairs(PAIRS, place="1")).status_code == 302
    with acting_for([tenant.pk]):
        assert Job.objects.count() == 0
    assert client.post(url("legacy_facts", row), {**FACTS, "ags": "09999999"}).status_code == 200


# --- the list


def spreadsheet(*rows: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


LISTS = {
    "csv": "Nr.;Bezeichnung;Jahr;Art;Bemerkung\n7/94;Am Weinberg;1994;BP;\n;Flächennutzungsplan;1999;FNP;Lücken\n".encode(),
    "excel csv": "Nr.;Bezeichnung;Jahr;Art;Bemerkung\r\n7/94;Am Weinberg;1994;BP;\r\n;Flächennutzungsplan;1999;FNP;Lücken\r\n".encode("cp1252"),
    "comma": '\ufeffNummer,Name,Jahr,Planart,Hinweis\n7/94,"Am Weinberg",1994,B-Plan,\n,Flächennutzungsplan,1999,FP,Lücken'.encode(),
    "xlsx": spreadsheet(("Stadt Meißen",), ("Nr.", "Name", "Jahr", "Art", "Bemerkung"), ("7/94", "Am Weinberg", 1994, None, None), (None, "Flächennutzungsplan", 1999.0, "FNP", "Lücken"), (None, None, None)),
}  # fmt: skip


def listed(tenant: Tenant) -> list[tuple[str, ...]]:
    with acting_for([tenant.pk]):
        return list(LegacyPlan.objects.order_by("pk").values_list("plan_type", "number", "name", "year", "note"))  # fmt: skip


@pytest.mark.parametrize("kind", LISTS)
def test_list_of_a_town_becomes_lines_to_work_through(kind: str, tenant: Tenant, client: Client) -> None:
    for _ in range(2):  # the second time all of them are known
        sent = SimpleUploadedFile("liste", LISTS[kind])
        assert client.post(reverse("planning:legacy_upload"), {"file": sent}).status_code == 302
        assert listed(tenant) == [
            ("BP", "7/94", "Am Weinberg", "1994", ""),
            ("FP", "", "Flächennutzungsplan", "1999", "Lücken"),
        ]


@pytest.mark.parametrize(
    "content",
    [b"", b"a;b\n1;2", b"Name\n", b"\0\1\2", b"PK\x03\x04 broken", b"Name\n" + b"x\n" * 2001, b"\xff\xfe" + "Name\nx".encode("utf-16-le")],
)  # fmt: skip
def test_list_that_is_none_is_refused(content: bytes, tenant: Tenant, client: Client) -> None:
    answer = client.post(reverse("planning:legacy_upload"), {"file": SimpleUploadedFile("liste", content)})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert listed(tenant) == []


def test_formula_in_a_list_is_text(tenant: Tenant, client: Client) -> None:
    content = b'Name;Jahr\n"=HYPERLINK(""http://x"")";@SUM(1)\n'
    client.post(reverse("planning:legacy_upload"), {"file": SimpleUploadedFile("liste", content)})
    assert listed(tenant) == [("BP", "", 'HYPERLINK("http://x")', "SUM(1)", "")]


def test_list_shows_progress_at_the_same_cost(tenant: Tenant, planner: User, client: Client) -> None:
    counts = []
    client.get(reverse("planning:legacies"))  # what is asked once
    for number in range(3):
        line(tenant, planner, f"Plan {number}")
        if number in (0, 2):
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(reverse("planning:legacies"))
            counts.append(len(captured))
    assert counts[0] == counts[1]
    assert (answer.context["done"], answer.context["total"]) == (0, 3)
    found = client.get(reverse("planning:legacies"), {"q": "plan 1", "state": "open"})
    assert [row.name for row in found.context["page"]] == ["Plan 1"]


# --- others


def test_neighbours_and_readers_reach_nothing(tenant: Tenant, planner: User, client: Client, tmp_path: Path) -> None:  # fmt: skip
    row = line(tenant, planner)
    upload_scan(client, row, pictures.write(tmp_path / "scan.png"))
    run_job(tenant, tasks.prepare_legacy)
    neighbour, editor = member(TenantFactory.create(), Role.PLANNER), member(tenant, Role.EDITOR)
    addresses = [
        url("legacy_tile", row, "blatt", "0-0-0"),
        url("legacy_grid", row, "blatt"),
        *(url(name, row) for name in ("legacy", "legacy_points", "legacy_outline", "legacy_areas", "legacy_facts", "legacy_scan", "legacy_remove")),
    ]  # fmt: skip
    assert {client.get(address).status_code for address in addresses} == {200}
    for person, status in ((neighbour, 404), (editor, 403)):
        other = Client()
        other.force_login(person, backend=BACKEND)
        assert {other.get(address).status_code for address in addresses} == {status}
        assert other.post(url("legacy_finish", row)).status_code == status
    assert {Client().get(address).status_code for address in addresses} == {302}
    with acting_for([neighbour.memberships.get().tenant_id]):
        assert LegacyPlan.objects.count() == 0


def test_removed_line_takes_its_files_along(tenant: Tenant, planner: User, client: Client, tmp_path: Path) -> None:  # fmt: skip
    row = line(tenant, planner)
    upload_scan(client, row, pictures.write(tmp_path / "scan.png"))
    run_job(tenant, tasks.prepare_legacy)
    assert client.post(url("legacy_remove", row)).status_code == 302
    with acting_for([tenant.pk]):
        assert (LegacyPlan.objects.count(), PrivateFile.objects.count()) == (0, 0)
