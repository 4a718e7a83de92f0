"""Pages of plans: who sees what, one 404, constant query counts, uploads from a browser."""

import gzip
import json
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext
from lxml import html

from planning.importing import Order, import_file
from planning.models import Plan, PlanDocument, PlanObject, PlanVersion, Severity, ValidationRun
from planning.tasks import import_upload
from planning.views.plans import PER_PAGE
from tenants import files
from tenants.models import HostName, Job, PrivateFile, Tenant, User
from tenants.permissions import share
from tenants.roles import Role, Share
from tenants.scope import acting_for
from tests.factories import xplanung as samples
from tests.factories.planning import add_object, add_version, make_plan, square
from tests.factories.tenants import TenantFactory, UserFactory, county, member

pytestmark = pytest.mark.django_db

V = "6.0"


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(ags="14627140", name="Meißen")
    return found


def as_(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def closed(answer: Any) -> Any:
    """Close the file of a download; the answer's own close() would close the test's database connection with it."""
    for close in answer._resource_closers:
        close()
    return answer


def status(user: User | None, url: str, query: dict[str, str] | None = None) -> int:
    code: int = closed(as_(user).get(url, query)).status_code
    return code


def downloaded(user: User | None, url: str) -> bytes:
    answer: Any = as_(user).get(url)
    body = b"".join(answer.streaming_content)
    closed(answer)
    return body


def imported(
    tenant: Tenant, folder: Path, data: bytes = samples.simple_plan(V), *, public: bool = False
) -> Plan:
    path = folder / "plan.gml"
    path.write_bytes(data)
    with acting_for([tenant.pk], [tenant.pk]):
        (report,) = import_file(path, name="plan.gml", order=Order(tenant, None))
        assert report.ok, report.findings
        (plan,) = report.plans
        if public:
            PlanVersion.objects.update(is_public=True)
            plan.planobjects.update(is_public=True)
            Plan.objects.update(is_public=True, state="published", published_version=plan.current_version)
    return plan


def address(name: str, plan: Plan, **kwargs: Any) -> str:
    return reverse(f"planning:{name}", kwargs={"public_id": plan.public_id, **kwargs})


def document_of(plan: Plan, *, public: bool) -> PlanDocument:
    version = plan.current_version
    assert version is not None
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        file = files.store([b"%PDF-1.7"], tenant=plan.tenant, name="text.pdf", content_type="application/pdf")
        PrivateFile.objects.filter(pk=file.pk).update(is_public=public)
        row: PlanDocument = PlanDocument.objects.create(
            tenant=plan.tenant, plan=plan, version=version, title="Begründung", file=file, is_public=public
        )
    return row


READS = ("plan", "print", "gml", "zip", "features", "objects")


@pytest.mark.parametrize("page", READS)
def test_draft_is_there_for_its_tenant_and_for_nobody_else(page: str, tenant: Tenant, tmp_path: Path) -> None:
    plan = imported(tenant, tmp_path)
    bureau, stranger = UserFactory.create(), UserFactory.create()
    share(plan, holder=bureau, as_=Share.EXTERNAL_PLANNER)
    anna, bert = member(tenant, Role.EDITOR), member(county(), Role.COUNTY_ADMIN)
    carla = member(TenantFactory.create(), Role.PLANNER)
    answers = [status(user, address(page, plan)) for user in (anna, bureau, bert, carla, stranger, None)]
    assert answers == [200, 200, 404, 404, 404, 404]


@pytest.mark.parametrize("page", READS)
def test_published_plan_is_there_for_everybody(page: str, tenant: Tenant, tmp_path: Path) -> None:
    plan = imported(tenant, tmp_path, public=True)
    for user in (member(tenant, Role.PLANNER), member(TenantFactory.create(), Role.PLANNER), None):
        assert status(user, address(page, plan)) == 200


WRITES = ("publish", "withdraw", "delete", "share")


@pytest.mark.parametrize("page", WRITES)
def test_strangers_find_no_door_and_colleagues_a_closed_one(page: str, tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True)
    stranger, editor = member(TenantFactory.create(), Role.PLANNER), member(tenant, Role.EDITOR)
    draft = make_plan(tenant)
    for method in ("get", "post"):
        assert getattr(as_(stranger), method)(address(page, draft)).status_code == 404
        assert getattr(as_(editor), method)(address(page, plan)).status_code == 403
        assert getattr(as_(None), method)(address(page, plan)).status_code == 302
    plan.refresh_from_db()
    assert plan.is_public


def test_missing_plan_and_hidden_plan_answer_alike(tenant: Tenant) -> None:
    def page(public_id: object) -> str:
        answer = as_(None).get(reverse("planning:plan", args=[public_id]))
        assert answer.status_code == 404
        text = answer.content.decode().replace(str(public_id), "")
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)

    assert page(make_plan(tenant).public_id) == page("00000000-0000-4000-8000-000000000000")


def test_unpublished_version_of_a_public_plan_is_hidden(tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True, objects=1)
    with acting_for([tenant.pk], [tenant.pk]):
        add_version(plan, objects=2)
    assert status(None, address("plan", plan), {"version": "2"}) == 404
    assert len(as_(None).get(address("features", plan)).json()["features"]) == 1
    planner = as_(member(tenant, Role.PLANNER))
    assert len(planner.get(address("features", plan)).json()["features"]) == 2
    assert len(planner.get(address("features", plan), {"version": "1"}).json()["features"]) == 1


# --- the list


def listed(user: User | None, **query: str) -> list[str]:
    response = as_(user).get(reverse("planning:plans"), query)
    assert response.status_code == 200
    return [plan.name for plan, _ in response.context["rows"]]


def test_list_shows_public_plans_and_to_staff_their_own(tenant: Tenant) -> None:
    other: Tenant = TenantFactory.create()
    make_plan(tenant, name="own draft")
    make_plan(other, name="other draft")
    make_plan(other, name="other public", public=True)
    shared = make_plan(other, name="shared draft")
    planner = member(tenant, Role.PLANNER)
    share(shared, holder=planner, as_=Share.READER)
    assert listed(None) == ["other public"]
    assert set(listed(planner)) == {"own draft", "shared draft"}
    assert set(listed(planner, whose="all")) == {"own draft", "shared draft", "other public"}


def test_who_has_no_plan_is_led_to_those_of_others(tenant: Tenant) -> None:
    make_plan(tenant, name="public", public=True)
    analyst = member(county(), Role.COUNTY_ANALYST)
    assert listed(analyst) == []
    page = html.fromstring(as_(analyst).get(reverse("planning:plans")).content)
    assert page.xpath("string(//*[@class='kz-empty']/a/@href)") == "?whose=all"
    assert listed(analyst, whose="all") == ["public"]


def test_site_of_a_town_lists_plans_of_and_for_it(tenant: Tenant, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["meissen.localhost"]
    HostName.objects.create(tenant=tenant, host="meissen.localhost")
    association: Tenant = TenantFactory.create(kind="association", ags=None)
    make_plan(tenant, name="its own", public=True)
    make_plan(association, name="for it", public=True, ags=["14627140"])
    make_plan(association, name="elsewhere", public=True, ags=["14627010"])
    response = Client(headers={"host": "meissen.localhost"}).get(reverse("planning:plans"))
    assert {plan.name for plan, _ in response.context["rows"]} == {"its own", "for it"}


def test_list_is_filtered(tenant: Tenant) -> None:
    make_plan(tenant, name="Hochwasserschutzmaßnahmen Elbe", number="7", public=True, legal_status="4000")
    make_plan(tenant, name="Gewerbegebiet Nord", number="8 %", public=True, plan_type="FP", ags=["14627010"])
    TenantFactory.create(ags="14627010")
    assert listed(None, q="hochwasserschutz") == ["Hochwasserschutzmaßnahmen Elbe"]
    assert listed(None, q="Gewerbegebiete") == ["Gewerbegebiet Nord"]  # by stem
    assert listed(None, q="wasser elbe") == ["Hochwasserschutzmaßnahmen Elbe"]
    assert listed(None, q="8") == ["Gewerbegebiet Nord"]
    assert listed(None, plan_type="FP") == ["Gewerbegebiet Nord"]
    assert listed(None, legal_status="4000") == ["Hochwasserschutzmaßnahmen Elbe"]
    make_plan(tenant, name="Alter Regionalplan", plan_type="RP", public=True, legal_status="6000")
    assert listed(None, legal_status="50001") == ["Alter Regionalplan"]  # reads "Außer Kraft" as well
    assert listed(None, municipality="14627010") == ["Gewerbegebiet Nord"]


@pytest.mark.parametrize(
    "field", ["q", "municipality", "plan_type", "legal_status", "state", "whose", "page"]
)
@pytest.mark.parametrize(
    "attack", ["' OR 1=1 --", "\\", "%", "\x00", "<script>alert(1)</script>", "🦆" * 200, "-1"]
)
def test_no_filter_takes_an_attack(field: str, attack: str, tenant: Tenant) -> None:
    make_plan(tenant, name="draft that must not leak")
    response = as_(None).get(reverse("planning:plans"), {field: attack})
    assert response.status_code == 200
    assert b"must not leak" not in response.content
    assert b"<script>alert" not in response.content


def test_list_and_plan_page_need_the_same_queries_for_one_and_three(tenant: Tenant) -> None:
    def queries(url: str, user: User | None) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert status(user, url) == 200
        return len(captured)

    planner = member(tenant, Role.PLANNER)
    plans = [make_plan(tenant, public=True, objects=1)]
    url = reverse("planning:plans")
    for shown in (url, address("plan", plans[0])):
        status(None, shown)  # what surrounds the pages is kept
    queries(url, planner)  # what surrounds the page goes into the cache
    first = queries(url, None), queries(url, planner)
    plans += [make_plan(tenant, public=True, objects=3) for _ in range(2)]
    assert (queries(url, None), queries(url, planner)) == first
    document_of(plans[1], public=True)
    for page in ("plan", "features", "objects", "print"):
        assert queries(address(page, plans[0]), None) == queries(address(page, plans[2]), None)


def test_list_is_paged(tenant: Tenant) -> None:
    for _ in range(PER_PAGE + 1):
        make_plan(tenant, public=True)
    assert len(listed(None)) == PER_PAGE
    assert len(listed(None, page="2")) == 1


# --- objects


def test_features_are_what_the_map_reads(tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True, objects=2)
    with acting_for([tenant.pk], [tenant.pk]):
        assert plan.current_version is not None
        add_object(plan.current_version, 2, feature_type="XP_PPO")  # a sign of the drawing
        first = plan.planobjects.get(position=0)
        add_object(plan.current_version, 3, gml_id=first.gml_id, geometry=None)  # an id used twice
    body = as_(None).get(address("features", plan)).json()
    ids = [feature["id"] for feature in body["features"]]
    assert ids == [first.gml_id, body["features"][1]["properties"]["gml_id"], "@3"]
    assert body["features"][0]["geometry"] == json.loads(square(size=10).geojson)
    properties = body["features"][0]["properties"]
    assert (properties["symbol"], properties["head"]) == ("1.1.3", ["WA"])
    assert properties["feature_type"] == "BP_BaugebietsTeilFlaeche"
    assert properties["legend"] == "Baugebietsteilfläche: Allgemeines Wohngebiet"
    assert properties["label"] == "Baugebietsteilfläche: Allgemeines Wohngebiet, GRZ 0,4"
    assert body["features"][2]["geometry"] is None


def test_features_are_packed_and_not_sent_twice(tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True, objects=20)
    client = as_(None)
    answer = client.get(address("features", plan), headers={"accept-encoding": "gzip"})
    assert len(json.loads(gzip.decompress(answer.content))["features"]) == 20
    assert answer["Cache-Control"] == "public, no-cache"
    again = client.get(address("features", plan), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    planner = as_(member(tenant, Role.PLANNER)).get(address("features", plan))
    assert planner["Cache-Control"] == "private, no-cache"


def test_object_is_shown_in_words_with_a_permanent_link(tenant: Tenant, tmp_path: Path) -> None:
    plan = imported(tenant, tmp_path, public=True)
    page = as_(None).get(address("object", plan, key="BT_1"))
    assert page.status_code == 200
    assert b"<html" in page.content
    part = as_(None).get(address("object", plan, key="BT_1"), {"part": "1"})
    assert b"<html" not in part.content
    assert part.context["permalink"] == address("object", plan, key="BT_1")
    rows = {row.label: row for row in part.context["rows"]}
    assert rows["Rechtscharakter"].value == "Festsetzung BPlan"
    assert rows["Flächenschluss"].value == gettext("yes")
    links = [row.url for row in part.context["rows"] if row.target]
    assert links == [address("object", plan, key="PLAN_1_B")]
    assert as_(None).get(address("object", plan, key="@2")).context["object"].gml_id == "BT_1"
    for missing in ("nothing", "@99", "@x", "../../etc/passwd", "' OR 1=1 --"):
        assert status(None, address("object", plan, key=missing)) == 404


def test_script_in_texts_is_shown_as_text(tenant: Tenant, tmp_path: Path) -> None:
    attack = b"&lt;script&gt;alert(1)&lt;/script&gt;"
    data = samples.simple_plan(V).replace(b"Am Weinberg", attack).replace("Meißen".encode(), attack)
    plan = imported(tenant, tmp_path, data, public=True)
    pages = [address(name, plan) for name in ("plan", "print", "objects")]
    for url in [*pages, reverse("planning:plans"), address("object", plan, key="PLAN_1")]:
        content = as_(None).get(url).content
        assert b"<script>alert" not in content
        assert b"&lt;script&gt;alert" in content


# --- files


def test_export_is_the_delivered_file(tenant: Tenant, tmp_path: Path) -> None:
    plan = imported(tenant, tmp_path, public=True)
    assert downloaded(None, address("gml", plan)) == samples.simple_plan(V)


def test_documents_are_served_to_those_who_may_see_them(tenant: Tenant, tmp_path: Path) -> None:
    plan = imported(tenant, tmp_path, public=True)
    closed, open_ = document_of(plan, public=False), document_of(plan, public=True)
    bureau = UserFactory.create()
    share(plan, holder=bureau, as_=Share.READER)
    for user, seen in ((None, [404, 200]), (bureau, [200, 200]), (member(tenant, Role.EDITOR), [200, 200])):
        urls = [address("document", plan, document_id=row.public_id) for row in (closed, open_)]
        assert [status(user, url) for url in urls] == seen
        archive = BytesIO(downloaded(user, address("zip", plan)))
        assert len(zipfile.ZipFile(archive).namelist()) == 2  # both documents bear the same name


def test_findings_are_for_those_who_work_on_the_plan(tenant: Tenant, tmp_path: Path) -> None:
    bow = samples.polygon(
        "400000 5660000 400010 5660010 400010 5660000 400000 5660010 400000 5660000", gml_id="G"
    )
    data = samples.simple_plan(V, samples.area(V, gml_id="BOW", geometry=bow)).replace(b"14627140", b"1")
    plan = imported(tenant, tmp_path, data, public=True)
    assert status(None, address("findings", plan)) == 404
    answer = as_(member(tenant, Role.PLANNER)).get(address("findings", plan))
    found = {row.finding.rule: row.finding for row in answer.context["rows"]}
    assert found["plan.ags"].point is None
    place = found["geometry.invalid"].point
    assert place is not None
    assert (place.x, place.y) == (400_005, 5_660_005)
    assert f'data-kz-show="{found["geometry.invalid"].pk}"'.encode() in answer.content


# --- acts


def test_planner_publishes_and_withdraws_in_the_browser(tenant: Tenant) -> None:
    plan = make_plan(tenant, objects=1)
    planner = as_(member(tenant, Role.PLANNER))
    assert "Fehler" not in planner.get(address("publish", plan)).content.decode()
    with acting_for([tenant.pk], [tenant.pk]):
        version = plan.planversions.get()
        run = ValidationRun.objects.create(tenant=tenant, plan=plan, version=version, errors=104)
    warned = planner.get(address("publish", plan)).content.decode()
    assert "104 Fehler" in warned
    assert address("findings", plan) in warned
    with acting_for([tenant.pk], [tenant.pk]):
        run.delete()
    assert planner.post(address("publish", plan), {"on": "2026-11-02"}).status_code == 302
    assert status(None, address("plan", plan)) == 200
    assert planner.post(address("withdraw", plan)).status_code == 302
    assert status(None, address("plan", plan)) == 404
    assert planner.post(address("delete", plan)).status_code == 409
    draft = make_plan(tenant)
    assert planner.post(address("delete", draft)).status_code == 302
    assert planner.get(address("plan", draft)).status_code == 404


def test_planner_shares_and_stops_sharing_in_the_browser(tenant: Tenant) -> None:
    plan = make_plan(tenant)
    planner, bureau = as_(member(tenant, Role.PLANNER)), UserFactory.create()
    unknown = planner.post(address("share", plan), {"email": "nobody@example.org", "as_": "reader"})
    assert unknown.context["form"].errors.keys() == {"email"}
    both = planner.post(address("share", plan), {"as_": "reader"})
    assert both.context["form"].non_field_errors()
    assert (
        planner.post(address("share", plan), {"email": bureau.email, "as_": "external_planner"}).status_code
        == 302
    )
    assert status(bureau, address("plan", plan)) == 200
    assert planner.get(address("share", plan)).context["shares"][0]["holder"] == bureau
    ended = {"kind": "user", "holder": bureau.pk, "as": "external_planner"}
    assert planner.post(address("unshare", plan), ended).status_code == 302
    assert status(bureau, address("plan", plan)) == 404
    assert planner.post(address("unshare", plan), ended).status_code == 404


# --- uploads


def upload(name: str = "plan.gml", data: bytes = samples.simple_plan(V)) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_upload_starts_a_job_whose_page_only_its_people_see(tenant: Tenant, queue: str) -> None:
    planner = member(tenant, Role.PLANNER)
    answer = as_(planner).post(
        reverse("planning:upload"), {"delivered": [upload(), upload("a.pdf", b"%PDF")]}
    )
    assert answer.status_code == 302
    with acting_for([tenant.pk]):
        job = Job.objects.get()
        assert PrivateFile.objects.count() == 2
    assert answer["Location"] == reverse("planning:import", args=[job.public_id])
    state = as_(planner).get(reverse("planning:import_state", args=[job.public_id])).json()
    assert state == {"percent": None, "text": job.get_state_display(), "finished": False, "url": None}
    for user, expected in ((planner, 200), (member(TenantFactory.create(), Role.PLANNER), 404), (None, 302)):
        for name in ("import", "import_state"):
            assert status(user, reverse(f"planning:{name}", args=[job.public_id])) == expected
    stranger = as_(member(TenantFactory.create(), Role.PLANNER))
    assert stranger.post(reverse("planning:import_cancel", args=[job.public_id])).status_code == 404
    assert as_(planner).post(reverse("planning:import_cancel", args=[job.public_id])).status_code == 302
    assert as_(planner).get(reverse("planning:import_state", args=[job.public_id])).json()["finished"]


def test_upload_that_is_no_plan_is_explained_and_not_kept(
    tenant: Tenant, queue: str, tmp_path: Path, settings: LazySettings
) -> None:
    settings.UPLOAD_MAX_BYTES = 1 << 20
    planner = as_(member(tenant, Role.PLANNER))
    for chosen in ([], [upload("photo.png")], [upload(data=b" " * (2 << 20))]):
        answer = planner.post(reverse("planning:upload"), {"delivered": chosen})
        assert answer.status_code == 400
        assert answer.context["form"].errors.keys() == {"delivered"}
    assert [path for path in (tmp_path / "private").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "cut",
    [
        b'filename="plan.gml"\r\n\r\n<?xml',
        b'filename="karte.pdf"',
        b"%PDF-1.7 " + b"x" * 9_000,
        b"\r\n--x--",  # the closing boundary itself
    ],
)
def test_upload_cut_off_is_refused_as_a_whole(tenant: Tenant, queue: str, tmp_path: Path, cut: bytes) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="delivered"; filename="%s"\r\n\r\n%s\r\n'
    pdf = b"%PDF-1.7 " + b"x" * (2 << 20)  # longer than what Django keeps in memory
    whole = head % (b"plan.gml", samples.simple_plan(V)) + head % (b"karte.pdf", pdf) + b"--x--\r\n"
    part = whole[: whole.index(cut) + len(cut) - 1]
    kind = "multipart/form-data; boundary=x"
    answer = as_(member(tenant, Role.PLANNER)).generic("POST", reverse("planning:upload"), part, kind)
    assert answer.status_code == 400
    assert "Es ist nicht alles angekommen" in answer.content.decode()
    with acting_for([tenant.pk]):
        assert not Job.objects.exists()
    assert [path for path in (tmp_path / "private").rglob("*") if path.is_file()] == []


def test_report_of_an_import_says_how_grave_a_finding_is(tenant: Tenant) -> None:
    found: dict[str, Any] = {
        "rule": "file.empty",
        "severity": "fatal",
        "params": {},
        "gml_id": "",
        "line": None,
    }
    report = {"file": "leer.gml", "ok": False, "plan_ids": [], "findings": [found], "proposals": []}
    with acting_for([tenant.pk], [tenant.pk]):
        job = Job.objects.create(
            tenant=tenant, task=import_upload.name, title="leer.gml", result={"reports": [report]}
        )
    page = as_(member(tenant, Role.PLANNER)).get(reverse("planning:import", args=[job.public_id]))
    words = html.fromstring(page.content).xpath("string(//li[@data-rule='file.empty'])")
    assert str(Severity.FATAL.label) in str(words)
    assert "file.empty" not in str(words)


def test_references_to_other_sites_are_links_that_say_so_and_others_stay_text(tenant: Tenant) -> None:
    plan = make_plan(tenant, objects=1)
    addresses = ["https://example.org/a?b=1&c='2'", "javascript:alert(1)", "umweltbericht.pdf"]
    with acting_for([tenant.pk], [tenant.pk]):
        for href in addresses:
            own = {"tenant": tenant, "plan": plan, "version": plan.current_version}
            PlanDocument.objects.create(**own, title=f"Titel von {href[:5]}", href=href)
        PlanObject.objects.update(properties={"referenzURL": addresses})
        key = PlanObject.objects.get().gml_id
    planner = as_(member(tenant, Role.PLANNER))
    for page in (plan.get_absolute_url(), address("object", plan, key=key)):
        tree: Any = html.fromstring(planner.get(page).content)
        (link,) = tree.xpath("//a[@rel='noopener noreferrer external']")
        assert link.get("href") == addresses[0]
        assert "andere Website" in link.getparent().text_content()
        assert not tree.xpath("//a[starts-with(@href, 'javascript:')]")
        assert "javascript:alert(1)" in tree.text_content()


def test_upload_is_for_planners(tenant: Tenant, queue: str) -> None:
    plan, other = make_plan(tenant), make_plan(tenant)
    bureau = UserFactory.create()
    share(plan, holder=bureau, as_=Share.EXTERNAL_PLANNER)
    page = reverse("planning:upload")
    assert status(member(tenant, Role.PLANNER), page) == 200
    assert status(member(tenant, Role.EDITOR), page) == 403
    assert status(bureau, page) == 403
    assert status(bureau, page, {"plan": str(plan.public_id)}) == 200
    assert status(bureau, page, {"plan": str(other.public_id)}) == 404
    assert status(bureau, page, {"plan": "no id"}) == 404
    assert status(None, page) == 302
    posted = as_(bureau).post(f"{page}?plan={plan.public_id}", {"delivered": [upload()]})
    assert status(bureau, posted["Location"]) == 200
