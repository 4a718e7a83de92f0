"""Documents and rasters of a plan: added, described, replaced with a trace, carried over, closed and opened; on the map."""

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from planning import filing, papers, recording, services, tasks
from planning.errors import IllegalStep
from planning.importing import Order, import_file
from planning.models import GeoreferenceSource, Plan, PlanDocument, PlanRaster, RasterState
from planning.papers import Entry
from tenants import files
from tenants.errors import Forbidden
from tenants.models import AuditEvent, Job, JobState, PrivateFile, Tenant, User
from tenants.permissions import reach, share
from tenants.roles import Role, Share
from tenants.scope import acting_for, within
from tests.factories import pictures
from tests.factories import xplanung as samples
from tests.factories.planning import add_version, make_plan, square
from tests.factories.tenants import TenantFactory, UserFactory, member

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen")
    return found


@pytest.fixture
def planner(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)


def upload(name: str, data: bytes = PDF, kind: str = "application/pdf") -> Any:
    return SimpleUploadedFile(name, data, kind)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def got(client: Client, url: str) -> tuple[int, bytes]:
    """Status and body; a file that nobody reads would stay open."""
    answer = client.get(url)
    return answer.status_code, b"".join(answer) if answer.streaming else answer.content


def add(plan: Plan, planner: User, *uploads: Any, **entry: Any) -> list[PlanDocument]:
    with within(reach(planner).scope):
        return filing.add_documents(plan, list(uploads), actor=planner, entry=Entry(**{"title": "", **entry}))


def state(plan: Plan) -> list[tuple[str, bool, bool]]:
    with acting_for([plan.tenant_id]):
        rows = PlanDocument.objects.filter(plan=plan).current().order_by("order")
        return [(row.title, row.is_public, row.file.is_public) for row in rows if row.file]


# --- documents


def test_added_document_belongs_to_the_newest_version_with_checksum_and_record(tenant: Tenant, planner: User) -> None:  # fmt: skip
    plan = make_plan(tenant, public=True)
    (row,) = add(plan, planner, upload("bericht.pdf"), kind="1050", dated_on=date(2026, 3, 2), goods=("soil", "water"))  # fmt: skip
    assert (row.title, row.version_id, row.kind_label) == (
        "bericht",
        plan.current_version_id,
        "Umweltbericht",
    )
    assert state(plan) == [("bericht", True, True)]
    with acting_for([tenant.pk]):
        event = AuditEvent.objects.get(action="add_document")
    assert (event.after["sha256"], event.after["goods"]) == (row.sha256, ["soil", "water"])
    assert got(Client(), reverse("planning:document", args=[plan.public_id, row.public_id])) == (200, PDF)


def test_type_is_that_of_the_content_whatever_the_browser_says(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant)
    page = upload("bild.png", b"<!DOCTYPE html><script>alert(1)</script>", "image/png")
    lie = upload("plan.pdf", b"nothing of the kind", "application/pdf")
    rows = add(plan, planner, page, lie, upload("text.pdf"))
    with acting_for([tenant.pk]):
        kinds = [row.file.content_type for row in rows if row.file]
    assert kinds == ["text/html", "application/octet-stream", "application/pdf"]
    client = client_of(planner)
    for row, inline in zip(rows, (False, False, True), strict=True):
        answer = client.get(reverse("planning:document", args=[plan.public_id, row.public_id]))
        assert answer["Content-Disposition"].startswith("attachment") is not inline
        assert answer["X-Content-Type-Options"] == "nosniff"
        b"".join(answer)


def test_pdf_with_script_is_a_download_with_safe_headers(tenant: Tenant, planner: User, tmp_path: Path) -> None:  # fmt: skip
    plan = make_plan(tenant, public=True)
    active = pictures.pdf(tmp_path / "x.pdf", script="\n9 0 obj << /S /JavaScript /JS (x) >> endobj")
    (row,) = add(plan, planner, upload("x.pdf", active.read_bytes()))
    answer = Client().get(reverse("planning:document", args=[plan.public_id, row.public_id]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    b"".join(answer)


def test_replaced_document_leaves_a_trace_for_the_staff_alone(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant, public=True)
    (old,) = add(plan, planner, upload("a.pdf"), title="Begründung", kind="1010", goods=("none",))
    with within(reach(planner).scope):
        new = filing.replace_document(PlanDocument.objects.get(pk=old.pk), upload("b.pdf", PDF + b"2"), actor=planner)  # fmt: skip
    assert (new.title, new.kind, new.goods) == ("Begründung", "1010", ["none"])
    assert state(plan) == [("Begründung", True, True)]
    url = reverse("planning:document", args=[plan.public_id, old.public_id])
    assert Client().get(url).status_code == 404
    assert got(client_of(planner), url) == (200, PDF)
    with acting_for([tenant.pk]):
        event = AuditEvent.objects.get(action="replace_document")
    assert event.before["sha256"] != event.after["sha256"]
    with within(reach(planner).scope), pytest.raises(IllegalStep):
        filing.replace_document(PlanDocument.objects.get(pk=old.pk), upload("c.pdf"), actor=planner)


def test_document_of_a_frozen_fassung_stays(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant)
    (row,) = add(plan, planner, upload("a.pdf"), goods=("none",))
    assert plan.current_version
    with within(reach(planner).scope):
        recording.name_fassung(plan.current_version, actor=planner, kind="draft", dated_on=date(2026, 1, 2))
        services.publish_plan(plan, actor=planner, on=timezone.localdate())
        with pytest.raises(IllegalStep):
            filing.replace_document(PlanDocument.objects.get(pk=row.pk), upload("b.pdf"), actor=planner)
    assert state(plan) == [("a", True, True)]


def test_file_that_two_versions_share_stays_public_while_one_of_them_is(tenant: Tenant, planner: User) -> None:  # fmt: skip
    plan = make_plan(tenant, public=True)
    add(plan, planner, upload("a.pdf"), goods=("soil",))
    with acting_for([tenant.pk], [tenant.pk]):
        plan.refresh_from_db()
        version = add_version(plan)
        assert [row.title for row in papers.left_behind(version)] == ["a"]
    with within(reach(planner).scope):
        (copy,) = filing.take_over(plan, actor=planner)
        assert papers.left_behind(version) == []
        filing.set_document_internal(copy, actor=planner, internal=True)
    assert copy.goods == ["soil"]
    with acting_for([tenant.pk]):
        assert PrivateFile.objects.get(sha256=copy.sha256).is_public


def test_what_was_said_of_a_file_holds_in_the_next_version(tenant: Tenant, planner: User, tmp_path: Path) -> None:  # fmt: skip
    def deliver(name: str) -> Plan:
        source = tmp_path / "plan.zip"
        with zipfile.ZipFile(source, "w") as archive:
            archive.writestr("plan.gml", samples.document("6.0", samples.plan("6.0", name=name), samples.bereich("6.0"), samples.area("6.0")))  # fmt: skip
            archive.writestr("bericht.pdf", PDF)
        with within(reach(planner).scope):
            (report,) = import_file(source, name="plan.zip", order=Order(tenant, planner))
        return report.plans[0]

    plan = deliver("Am Weinberg")
    values = {"title": "Umweltbericht", "kind": "1050", "dated_on": date(2026, 5, 4), "goods": ["air"]}
    with within(reach(planner).scope):
        row = PlanDocument.objects.get(plan=plan, title="bericht.pdf")
        filing.describe_document(row, values, actor=planner)
        filing.set_document_internal(row, actor=planner, internal=True)
    again = deliver("Am Weinberg, 2. Entwurf")
    assert again.pk == plan.pk
    with acting_for([tenant.pk]):
        new = PlanDocument.objects.filter(plan=plan).latest("pk")
    assert new.pk != row.pk or new.version_id == plan.current_version_id
    assert {name: getattr(new, name) for name in values} == values
    assert new.is_internal


def test_strangers_and_readers_change_nothing(tenant: Tenant, planner: User) -> None:
    plan = make_plan(tenant, public=True)
    (row,) = add(plan, planner, upload("a.pdf"))
    stranger, reader = member(TenantFactory.create(), Role.PLANNER), UserFactory.create()
    share(plan, holder=reader, as_=Share.READER)
    place = [plan.public_id, row.public_id]
    urls = [reverse("planning:add_documents", args=place[:1]), reverse("planning:describe", args=place), reverse("planning:replace", args=place)]  # fmt: skip
    for person, status in ((stranger, 404), (reader, 403)):
        assert [client_of(person).get(url).status_code for url in urls] == [status] * 3
    with within(reach(reader).scope), pytest.raises(Forbidden):
        filing.set_document_internal(row, actor=reader, internal=True)


def test_kinds_of_environmental_information_are_collected_from_open_documents(tenant: Tenant, planner: User) -> None:  # fmt: skip
    plan = make_plan(tenant, public=True)
    add(plan, planner, upload("a.pdf"), goods=("water", "soil"))
    add(plan, planner, upload("b.pdf", PDF + b"b"), goods=("soil",))
    add(plan, planner, upload("c.pdf", PDF + b"c"), goods=("air",), is_internal=True)
    add(plan, planner, upload("d.pdf", PDF + b"d"), goods=("none",))
    assert plan.current_version
    with acting_for([tenant.pk]):
        found = papers.information_kinds(plan.current_version)
    assert [(good, [row.title for row in rows]) for good, rows in found] == [("Boden", ["a", "b"]), ("Wasser", ["a"])]  # fmt: skip


# --- rasters


def prepared(plan: Plan) -> PlanRaster:
    """The plan's only raster after the worker."""
    with acting_for([plan.tenant_id]):
        job = Job.objects.filter(task=tasks.prepare_rasters.name).latest("pk")
    return worked(job, plan)


def worked(job: Job, plan: Plan) -> PlanRaster:
    tasks.prepare_rasters(tenant_id=plan.tenant_id, job_id=job.pk)
    with acting_for([plan.tenant_id]):
        job.refresh_from_db()
        assert (job.state, job.error) == (JobState.DONE, "")
        found: PlanRaster = PlanRaster.objects.select_related("document", "file").get(plan=plan)
        return found


def image(path: Path, srid: int = 25833) -> Any:
    return upload("plan.tif", pictures.geotiff(path / "plan.tif", srid).read_bytes(), "image/tiff")


def under(tenant: Tenant, *, public: bool = False) -> Plan:
    """A plan whose square lies under the pictures."""
    area = MultiPolygon(square(385_050, 5_668_200, size=50), srid=25833)
    return make_plan(tenant, public=public, area=area)


class Worker:
    """Marks tests whose jobs are worked on: session scope needs real commits."""

    pytestmark = pytest.mark.django_db(transaction=True)


class TestRasters(Worker):
    def test_uploaded_geotiff_lies_under_the_plan_as_tiles(self, tenant: Tenant, planner: User, tmp_path: Path) -> None:  # fmt: skip
        plan = under(tenant, public=True)
        add(plan, planner, image(tmp_path), goods=())
        raster = prepared(plan)
        assert (raster.state, raster.source, raster.system) == (RasterState.READY, GeoreferenceSource.GEOTIFF, "EPSG:25833")  # fmt: skip
        assert raster.findings == []
        assert raster.file is not None
        assert raster.file.is_public
        answer = Client().get(reverse("planning:rasters", args=[plan.public_id])).json()["rasters"]
        assert [(each["title"], each["origin"], each["resolution"]) for each in answer] == [("plan", [385_000, 5_668_300], 0.5)]  # fmt: skip
        tile = Client().get(answer[0]["tiles"].replace("__tile__", "0-0-0"))
        assert (tile.status_code, tile["Content-Type"], tile["Cache-Control"]) == (200, "image/webp", "public, no-cache")  # fmt: skip
        again = Client().get(answer[0]["tiles"].replace("__tile__", "0-0-0"), headers={"If-None-Match": tile["ETag"]})  # fmt: skip
        assert (again.status_code, again.content) == (304, b"")
        assert Client().get(answer[0]["tiles"].replace("__tile__", "0-9-9")).status_code == 404

    def test_picture_with_world_file_is_placed_in_the_systems_order(self, tenant: Tenant, planner: User, tmp_path: Path) -> None:  # fmt: skip
        plan = under(tenant)
        scan = upload("scan.jpg", pictures.write(tmp_path / "scan.jpg").read_bytes(), "image/jpeg")
        add(plan, planner, scan, upload("scan.jgw", pictures.world_file(), "text/plain"))
        raster = prepared(plan)
        assert (raster.state, raster.source) == (RasterState.READY, GeoreferenceSource.WORLD_FILE)
        with acting_for([tenant.pk]):
            companion = PlanDocument.objects.get(plan=plan, title="scan", file__name="scan.jgw")
        assert companion.is_companion

    def test_picture_in_a_false_system_is_warned_of_and_set_right(self, tenant: Tenant, planner: User, tmp_path: Path) -> None:  # fmt: skip
        """A scan in UTM 32 whose world file, as always, names no system: assumed to be in that of the plan, 33."""
        plan = under(tenant)
        scan = upload("scan.png", pictures.write(tmp_path / "scan.png").read_bytes(), "image/png")
        add(plan, planner, scan, upload("scan.pgw", pictures.world_file(25832), "text/plain"))
        raster = prepared(plan)
        (finding,) = raster.findings
        assert finding["rule"] == "raster.elsewhere_fits"
        assert finding["params"]["km"] > 100
        assert 25832 in finding["systems"]
        page = client_of(planner).get(plan.get_absolute_url())
        assert b'data-rule="raster.elsewhere_fits"' in page.content
        url = reverse("planning:place_raster", args=[plan.public_id, raster.public_id])
        answer = client_of(planner).post(url, {"srid": "25832"})
        assert answer.status_code == 302
        before = raster.file
        raster = prepared(plan)
        assert (raster.findings, raster.system) == ([], "EPSG:25832")
        assert raster.file != before
        with acting_for([tenant.pk]):
            assert before is not None
            assert not PrivateFile.objects.filter(pk=before.pk).exists()
            assert not files.path_of(before).exists()

    def test_picture_that_cannot_be_shown_says_why_and_stays_a_document(self, tenant: Tenant, planner: User, tmp_path: Path) -> None:  # fmt: skip
        plan = under(tenant)
        bomb = upload("plan.png", pictures.bomb(tmp_path / "plan.png").read_bytes(), "image/png")
        add(plan, planner, bomb, upload("plan.pgw", pictures.world_file(), "text/plain"))
        raster = prepared(plan)
        assert (raster.state, raster.file, [each["rule"] for each in raster.findings]) == (RasterState.REFUSED, None, ["raster.too_large"])  # fmt: skip
        assert client_of(planner).get(reverse("planning:rasters", args=[plan.public_id])).json() == {"rasters": []}  # fmt: skip

    def test_rasters_of_an_archive_are_found_by_the_plans_own_references(self, tenant: Tenant, planner: User, tmp_path: Path) -> None:  # fmt: skip
        source = tmp_path / "plan.zip"
        scan = (
            "<xplan:refScan><xplan:XP_ExterneReferenz><xplan:georefURL>Lage.wld</xplan:georefURL><xplan:art>PlanMitGeoreferenz</xplan:art>"
            "<xplan:referenzName>Planzeichnung</xplan:referenzName><xplan:referenzURL>scan.png</xplan:referenzURL></xplan:XP_ExterneReferenz></xplan:refScan>"
        )
        there = samples.bereich("6.0").replace("<xplan:gehoertZuPlan", scan + "<xplan:gehoertZuPlan")
        with zipfile.ZipFile(source, "w") as archive:
            archive.writestr("plan.gml", samples.document("6.0", samples.plan("6.0"), there))
            archive.writestr("scan.png", pictures.write(tmp_path / "scan.png").read_bytes())
            archive.writestr("lage.wld", pictures.world_file())
            archive.writestr("foto.png", pictures.write(tmp_path / "foto.png").read_bytes())
        with within(reach(planner).scope):
            (report,) = import_file(source, name="plan.zip", order=Order(tenant, planner))
        (plan,) = report.plans
        raster = prepared(plan)
        assert (raster.state, raster.source, str(raster)) == (RasterState.READY, GeoreferenceSource.WORLD_FILE, "Planzeichnung")  # fmt: skip

    def test_tiles_of_a_draft_are_shown_to_those_who_may_see_it(self, tenant: Tenant, planner: User, tmp_path: Path) -> None:  # fmt: skip
        plan = under(tenant)
        add(plan, planner, image(tmp_path))
        raster = prepared(plan)
        url = reverse("planning:raster_tile", args=[plan.public_id, raster.public_id, "0-0-0"])
        bureau = UserFactory.create()
        share(plan, holder=bureau, as_=Share.EXTERNAL_PLANNER)
        neighbour = member(TenantFactory.create(), Role.PLANNER)
        statuses = {name: client.get(url).status_code for name, client in (("planner", client_of(planner)), ("bureau", client_of(bureau)), ("neighbour", client_of(neighbour)), ("nobody", Client()))}  # fmt: skip
        assert statuses == {"planner": 200, "bureau": 200, "neighbour": 404, "nobody": 404}
        assert client_of(planner).get(url)["Cache-Control"] == "private, no-cache"

    def test_public_plan_shows_no_internal_picture_and_a_withdrawn_one_none(self, tenant: Tenant, planner: User, tmp_path: Path) -> None:  # fmt: skip
        plan = under(tenant)
        add(plan, planner, image(tmp_path))
        raster = prepared(plan)
        url = reverse("planning:raster_tile", args=[plan.public_id, raster.public_id, "0-0-0"])

        def seen() -> tuple[int, int]:
            answer = Client().get(reverse("planning:rasters", args=[plan.public_id]))
            return Client().get(url).status_code, len(answer.json()["rasters"]) if answer.status_code == 200 else -1  # fmt: skip

        with within(reach(planner).scope):
            services.publish_plan(plan, actor=planner, on=timezone.localdate())
        assert seen() == (200, 1)
        for internal, expected in ((True, (404, 0)), (False, (200, 1))):
            with within(reach(planner).scope):
                filing.set_document_internal(PlanDocument.objects.get(pk=raster.document_id), actor=planner, internal=internal)  # fmt: skip
            assert seen() == expected
        with within(reach(planner).scope):
            services.withdraw_plan(plan, actor=planner)
        assert seen() == (404, -1)

    def test_deleted_plan_leaves_no_picture_behind(self, tenant: Tenant, planner: User, tmp_path: Path) -> None:  # fmt: skip
        plan = under(tenant)
        add(plan, planner, image(tmp_path))
        raster = prepared(plan)
        assert raster.file is not None
        path = files.path_of(raster.file)
        assert path.exists()
        with within(reach(planner).scope):
            services.delete_plan(plan, actor=planner)
        with acting_for([tenant.pk]):
            assert PlanRaster.objects.count() == 0
        assert not path.exists()

    @pytest.mark.parametrize("content", [b"", b"geheim", b"II*\0" + b"\0" * 20])
    def test_damaged_store_gives_no_tile_and_no_error_page(self, tenant: Tenant, planner: User, tmp_path: Path, content: bytes) -> None:  # fmt: skip
        plan = under(tenant, public=True)
        add(plan, planner, image(tmp_path))
        raster = prepared(plan)
        assert raster.file is not None
        files.path_of(raster.file).write_bytes(content)
        url = reverse("planning:raster_tile", args=[plan.public_id, raster.public_id, "0-0-0"])
        assert Client().get(url).status_code == 404


def test_plan_page_costs_the_same_queries_with_one_and_three_documents(tenant: Tenant, planner: User) -> None:
    counts = []
    for documents in (1, 3):
        plan = make_plan(tenant, public=True)
        for number in range(documents):
            add(plan, planner, upload(f"{number}.pdf", PDF + str(number).encode()), goods=("none",))
        Client().get(plan.get_absolute_url())  # what surrounds the town's pages is kept
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(plan.get_absolute_url()).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
