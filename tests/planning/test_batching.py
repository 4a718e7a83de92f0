"""Many plan files in one go: every file has its verdict, none stops another one, and a killed worker loses nothing."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planning import batch_report, deliveries, tasks
from planning.errors import ImportRefused
from planning.models import Batch, BatchItem, Plan, PlanDocument
from tenants import jobs
from tenants.errors import Forbidden
from tenants.models import Job, PrivateFile, Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for, working_for
from tests.factories import xplanung as samples
from tests.factories.tenants import TenantFactory, member
from tests.tenants.test_jobs import stored
from tests.workers import kill, until

pytestmark = pytest.mark.django_db(transaction=True)
V = "6.0"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(slug="meissen", ags="14627140")
    return found


@pytest.fixture
def planner(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)


def plan(number: int, *, extra: str = "") -> bytes:
    """Plans of their own: other names and ids."""
    key = f"PLAN_{number}"
    area = samples.area(V, gml_id=f"BT_{number}", bereich_id=f"{key}_B", extra=extra)
    text = samples.document(
        V,
        samples.plan(V, gml_id=key, name=f"Plan {number}"),
        samples.bereich(V, gml_id=f"{key}_B", plan_id=key),
        area,
    )
    return text.replace(
        b"<xplan:nummer>7/26</xplan:nummer>", f"<xplan:nummer>{number}</xplan:nummer>".encode()
    )


def archive(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in members.items():
            found.writestr(name, content)
    return target.getvalue()


def upload(name: str, content: bytes) -> Any:
    return SimpleUploadedFile(name, content, "application/octet-stream")


MIXED = {
    "a/1.gml": plan(1),
    "a/2.gml": b"no xml at all",
    "3.gml": plan(3),
    "4.gml": samples.document("9.9"),
    "5.gml": plan(1),
}


def requested(planner: User, tenant: Tenant, *delivered: Any) -> Batch:
    return deliveries.request_batch(delivered, actor=planner, tenant=tenant)


def take_apart(batch: Batch) -> Job:
    assert batch.job is not None
    tasks.take_apart(tenant_id=batch.tenant_id, job_id=batch.job.pk)
    return stored(batch.job)


def import_all(batch: Batch) -> None:
    with acting_for([batch.tenant_id]):
        keys = [
            item.job.pk for item in BatchItem.objects.filter(batch=batch).select_related("job") if item.job
        ]
    for pk in keys:
        tasks.import_upload(tenant_id=batch.tenant_id, job_id=pk)


def verdicts(batch: Batch) -> dict[str, str]:
    with acting_for([batch.tenant_id]):
        fresh = Batch.objects.select_related("job").get(pk=batch.pk)
        return {row.item.name: row.verdict for row in batch_report.rows(fresh)}


def done(planner: User, tenant: Tenant, *delivered: Any) -> Batch:
    batch = requested(planner, tenant, *delivered)
    take_apart(batch)
    import_all(batch)
    return batch


def test_every_file_of_an_archive_has_its_verdict(planner: User, tenant: Tenant) -> None:
    batch = done(planner, tenant, upload("alle.zip", archive(**MIXED)))
    assert verdicts(batch) == {
        "a/1.gml": "imported",
        "a/2.gml": "refused",
        "3.gml": "imported",
        "4.gml": "refused",
        "5.gml": "unchanged",
    }
    with acting_for([tenant.pk]):
        assert sorted(Plan.objects.values_list("name", flat=True)) == ["Plan 1", "Plan 3"]
        kept = set(PrivateFile.objects.values_list("name", flat=True))
    assert kept == {"1.gml", "3.gml"}  # neither the archive nor what was refused


def test_files_beside_one_another_are_a_batch_too(planner: User, tenant: Tenant) -> None:
    delivered = [
        upload("1.gml", plan(1)),
        upload("2.gml", plan(2)),
        upload("bad.zip", b"PK\x03\x04"),
        upload("x.zip", archive(**{"y.gml": plan(9)})),
    ]
    assert deliveries.holds_several(delivered)
    assert verdicts(done(planner, tenant, *delivered)) == {
        "1.gml": "imported",
        "2.gml": "imported",
        "bad.zip": "refused",
        "y.gml": "imported",
    }


@pytest.mark.parametrize(
    ("delivered", "several"),
    [
        ([upload("1.gml", plan(1))], False),
        ([upload("1.gml", plan(1)), upload("plan.pdf", b"%PDF-1.7")], False),
        ([upload("one.zip", archive(**{"1.gml": plan(1), "plan.pdf": b"%PDF-1.7"}))], False),
        ([upload("two.zip", archive(**{"1.gml": plan(1), "2.gml": plan(2)}))], True),
        ([upload("broken.zip", b"PK\x03\x04")], False),
    ],
)
def test_one_plan_is_no_batch(delivered: list[Any], several: bool) -> None:
    assert deliveries.holds_several(delivered) is several


REFERENCE = (
    "<xplan:externeReferenz><xplan:XP_SpezExterneReferenz><xplan:referenzName>{0}</xplan:referenzName>"
    "<xplan:referenzURL>{0}</xplan:referenzURL></xplan:XP_SpezExterneReferenz></xplan:externeReferenz>"
)


def test_documents_go_with_the_plan_that_names_them(planner: User, tenant: Tenant) -> None:
    second = plan(2).replace(
        b"<xplan:gemeinde>", REFERENCE.format("Begründung 2.pdf").encode() + b"<xplan:gemeinde>", 1
    )
    content = archive(
        **{
            "1.gml": plan(1),
            "2.gml": second,
            "Begründung 2.pdf": b"%PDF-1.7 two",
            "lose.pdf": b"%PDF-1.7 lose",
        }
    )
    done(planner, tenant, upload("alle.zip", content))
    with acting_for([tenant.pk]):
        found = {
            (row.plan.name, row.title)
            for row in PlanDocument.objects.select_related("plan").filter(file__isnull=False)
        }
    assert found == {("Plan 2", "Begründung 2.pdf"), ("Plan 1", "lose.pdf")}


@pytest.mark.slow
def test_a_killed_worker_goes_on_where_it_was(queue: str, planner: User, tenant: Tenant, worker: Any) -> None:
    """Killed while it takes 60 files apart: the next one finishes, and no file is there twice."""
    members = {f"{number}.gml": plan(number) for number in range(60)}
    batch = requested(planner, tenant, upload("alle.zip", archive(**members)))
    process = worker()
    until(lambda: _items(batch) >= 3)
    kill(process)
    reached = _items(batch)

    def handed_over() -> bool:
        with working_for([tenant.pk], [tenant.pk]):
            return jobs.hand_over_dead() >= 1

    if reached < len(members):  # else the machine was faster than the kill; then nothing is to be resumed
        until(handed_over)
        take_apart(batch)
    assert _items(batch) == len(members)
    import_all(batch)
    assert set(verdicts(batch).values()) == {"imported"}
    with acting_for([tenant.pk]):
        assert Plan.objects.count() == len(members)


def _items(batch: Batch) -> int:
    with acting_for([batch.tenant_id]):
        return BatchItem.objects.filter(batch=batch).count()


def test_taking_apart_again_doubles_nothing(planner: User, tenant: Tenant) -> None:
    batch = requested(planner, tenant, upload("alle.zip", archive(**MIXED)), upload("9.gml", plan(9)))
    job = take_apart(batch)
    assert job.state == "done"
    with acting_for([tenant.pk], [tenant.pk]):
        Job.objects.filter(pk=job.pk).update(state="queued")
    take_apart(batch)
    assert _items(batch) == 6


def test_all_that_wait_are_answered_at_once(planner: User, tenant: Tenant) -> None:
    done(planner, tenant, upload("alle.zip", archive(**{"1.gml": plan(1), "2.gml": plan(2)})))
    changed = {f"{number}.gml": plan(number, extra="<xplan:GRZ>0.3</xplan:GRZ>") for number in (1, 2)}
    batch = done(planner, tenant, upload("neu.zip", archive(**changed, **{"3.gml": plan(3)})))
    assert verdicts(batch) == {"1.gml": "asks", "2.gml": "asks", "3.gml": "imported"}
    with acting_for([tenant.pk]):
        fresh = Batch.objects.select_related("tenant").get(pk=batch.pk)
    assert deliveries.decide_batch(fresh, actor=planner, answer="version") == 2
    import_all(batch)
    assert set(verdicts(batch).values()) == {"imported"}
    with acting_for([tenant.pk]):
        numbers = Plan.objects.filter(name__in=["Plan 1", "Plan 2"]).values_list(
            "current_version__number", flat=True
        )
        assert list(numbers) == [2, 2]


def test_discarded_and_cancelled_files_leave_nothing(planner: User, tenant: Tenant) -> None:
    done(planner, tenant, upload("alle.zip", archive(**{"1.gml": plan(1), "2.gml": plan(2)})))
    changed = {f"{number}.gml": plan(number, extra="<xplan:GRZ>0.3</xplan:GRZ>") for number in (1, 2)}
    batch = done(planner, tenant, upload("neu.zip", archive(**changed)))
    other = requested(planner, tenant, upload("mehr.zip", archive(**{"4.gml": plan(4), "5.gml": plan(5)})))
    take_apart(other)
    with acting_for([tenant.pk]):
        first, second = (
            Batch.objects.select_related("tenant", "job__tenant").get(pk=each.pk) for each in (batch, other)
        )
        deliveries.decide_batch(first, actor=planner, answer="discard")
        deliveries.cancel_batch(second, actor=planner)
    import_all(other)
    assert set(verdicts(batch).values()) == {"discarded"}
    assert set(verdicts(other).values()) == {"cancelled"}
    with acting_for([tenant.pk]):
        assert set(PrivateFile.objects.values_list("name", flat=True)) == {"1.gml", "2.gml"}


def test_only_planners_of_the_tenant_deliver(tenant: Tenant) -> None:
    for person in (member(tenant, Role.MODERATOR), member(TenantFactory.create(), Role.PLANNER)):
        with pytest.raises(Forbidden):
            requested(person, tenant, upload("1.gml", plan(1)))


def test_no_plan_is_no_batch(planner: User, tenant: Tenant) -> None:
    with pytest.raises(ImportRefused):
        requested(planner, tenant, upload("x.pdf", b"%PDF-1.7"))
    with acting_for([tenant.pk]):
        assert not Batch.objects.exists()


# --- pages


@pytest.fixture
def client(client: Client, planner: User) -> Client:
    client.force_login(planner, backend=BACKEND)
    return client


def test_the_report_page_filters_and_downloads(client: Client, planner: User, tenant: Tenant) -> None:
    answer = client.post(reverse("planning:upload"), {"delivered": [upload("alle.zip", archive(**MIXED))]})
    with acting_for([tenant.pk]):
        batch = Batch.objects.select_related("job").get()
    assert answer["Location"] == reverse("planning:batch", args=[batch.public_id])
    state = reverse("planning:batch_state", args=[batch.public_id])
    assert (client.get(answer["Location"]).context["over"], client.get(state).json()["finished"]) == (
        False,
        False,
    )
    take_apart(batch)
    assert client.get(state).json()["percent"] == 10
    import_all(batch)
    assert client.get(state).json() == {
        "percent": 100,
        "text": client.get(state).json()["text"],
        "finished": True,
        "url": answer["Location"],
    }
    page = client.get(answer["Location"], {"verdict": "refused,failed"})
    assert [row.item.name for row in page.context["page"]] == ["a/2.gml", "4.gml"]
    assert [row.item.name for row in client.get(answer["Location"], {"q": "PLAN 3"}).context["page"]] == [
        "3.gml"
    ]
    told = json.loads(client.get(reverse("planning:batch_json", args=[batch.public_id])).content)
    assert (told["counts"], len(told["files"])) == ({"imported": 2, "unchanged": 1, "refused": 2}, 5)
    assert told["files"][1]["messages"]
    table = client.get(reverse("planning:batch_csv", args=[batch.public_id])).content.decode("utf-8-sig")
    assert [row["verdict"] for row in csv.DictReader(io.StringIO(table), delimiter=";")] == [
        each["verdict"] for each in told["files"]
    ]
    assert batch.title in client.get(reverse("planning:imports")).content.decode()


def test_the_page_of_many_files_asks_no_more_than_that_of_few(
    client: Client, planner: User, tenant: Tenant
) -> None:
    counts = []
    for number in (2, 12):
        members = {f"{index}.gml": plan(100 * number + index) for index in range(number)}
        batch = done(planner, tenant, upload("alle.zip", archive(**members)))
        url = reverse("planning:batch", args=[batch.public_id])
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_stranger_sees_no_batch(planner: User, tenant: Tenant) -> None:
    batch = requested(planner, tenant, upload("1.gml", plan(1)), upload("2.gml", plan(2)))
    stranger = Client()
    stranger.force_login(member(TenantFactory.create(), Role.PLANNER), backend=BACKEND)
    for name in ("batch", "batch_state", "batch_json", "batch_csv"):
        assert stranger.get(reverse(f"planning:{name}", args=[batch.public_id])).status_code == 404
    for name in ("batch_cancel", "batch_decide"):
        assert (
            stranger.post(reverse(f"planning:{name}", args=[batch.public_id]), {"answer": "new"}).status_code
            == 404
        )
