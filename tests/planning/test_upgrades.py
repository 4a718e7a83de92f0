"""A plan raised to XPlanung 6.0 from its pages: by a job, with a report to read first, as a new version beside the old one."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from planning import editing, exporting, services, tasks, upgrade_words, upgrading
from planning.models import Fassung, Origin, Plan, PlanUpgrade, PlanVersion
from planning.xplanung.reader import Reader
from planning.xplanung.upgrade.report import EXAMPLES, NAMED, Loss, grouped
from planning.xplanung.upgrade.table import SOURCES
from tenants import files, jobs
from tenants.errors import Forbidden, Refused
from tenants.models import AuditEvent, JobState, PrivateFile, Tenant, User
from tenants.permissions import reach, share
from tenants.roles import Role, Share
from tenants.scope import acting_for, within, working_for
from tests.factories import xplanung as samples
from tests.factories.tenants import TenantFactory, UserFactory, county, member
from tests.planning.test_views import as_, closed
from tests.tenants.test_jobs import stored
from tests.workers import kill, until

pytestmark = [pytest.mark.django_db(transaction=True)]

GREEN = (
    '<xplan:BP_GruenFlaeche gml:id="{id}"><xplan:gehoertZuBereich xlink:href="#PLAN_1_B"/>'
    "<xplan:rechtscharakter>1000</xplan:rechtscharakter><xplan:position>{shape}</xplan:position>"
    "<xplan:flaechenschluss>false</xplan:flaechenschluss><xplan:zweckbestimmung>1000</xplan:zweckbestimmung>"
    "</xplan:BP_GruenFlaeche>"
)
PAGES = ("upgrade", "upgrade_points", "upgrade_gml", "upgrade_json", "upgrade_csv")
ACTS = ("upgrade", "cancel_upgrade", "take_over_upgrade")


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen", ags="14627140")
    return found


@pytest.fixture
def planner(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)


def parks(count: int) -> bytes:
    """A plan of 5.4 with so many parks, whose Zweckbestimmung has another form in 6.0."""
    shapes = (samples.polygon(samples.SQUARE, gml_id=f"G_{number}_P") for number in range(count))
    return samples.simple_plan(
        "5.4", *(GREEN.format(id=f"G_{number}", shape=shape) for number, shape in enumerate(shapes))
    )


def imported(data: bytes, *, tenant: Tenant, actor: User, plan: Plan | None = None) -> PlanVersion:
    uploads = [SimpleUploadedFile("plan.gml", data), SimpleUploadedFile("begruendung.pdf", b"%PDF-1.7")]
    (job,) = services.request_import(uploads, actor=actor, tenant=tenant, plan=plan)
    tasks.import_upload(tenant_id=tenant.pk, job_id=job.pk)
    with acting_for([tenant.pk]):
        found: PlanVersion = PlanVersion.objects.select_related("plan__tenant").latest("number")
    return found


@pytest.fixture
def version(queue: str, tenant: Tenant, planner: User) -> PlanVersion:
    return imported(parks(3), tenant=tenant, actor=planner)


def upgraded(version: PlanVersion, actor: User) -> PlanUpgrade:
    """As the worker does."""
    with within(reach(actor).scope):
        job = upgrading.request(version, actor=actor)
    tasks.upgrade_version(tenant_id=version.tenant_id, job_id=job.pk)
    assert stored(job).state == JobState.DONE
    return upgrade_of(version)


def upgrade_of(version: PlanVersion) -> PlanUpgrade:
    with acting_for([version.tenant_id]):
        found: PlanUpgrade = PlanUpgrade.objects.select_related(
            "file", "losses", "version__plan__tenant"
        ).get()
    assert found.version_id == version.pk
    return found


def content(file: PrivateFile | None) -> bytes:
    assert file is not None
    return files.path_of(file).read_bytes()


def is_valid(data: bytes) -> bool:
    reader = Reader(io.BytesIO(data), srid=25833, check=True)
    for _batch in reader.batches():
        pass
    return bool(reader.valid) and reader.version == "6.0"


def taken_over(upgrade: PlanUpgrade, actor: User) -> PlanVersion:
    with within(reach(actor).scope):
        job = upgrading.take_over(upgrade, actor=actor)
    tasks.import_upload(tenant_id=upgrade.tenant_id, job_id=job.pk)
    assert stored(job).state == JobState.DONE
    with acting_for([upgrade.tenant_id]):
        found: PlanVersion = PlanVersion.objects.select_related("plan", "file").latest("number")
    return found


def url(name: str, version: PlanVersion) -> str:
    return f"{reverse(f'planning:{name}', args=[version.plan.public_id])}?version={version.number}"


def recorded(tenant: Tenant) -> list[str]:
    acts = ("upgrade_plan", "take_over_upgrade")
    with acting_for([tenant.pk]):
        return list(
            AuditEvent.objects.filter(action__in=acts).order_by("pk").values_list("action", flat=True)
        )


# --- the job


def test_upgrade_lies_beside_the_plan_and_changes_nothing_of_it(version: PlanVersion, planner: User, tenant: Tenant) -> None:  # fmt: skip
    upgrade = upgraded(version, planner)
    assert is_valid(content(upgrade.file))
    report = json.loads(content(upgrade.losses))
    assert (report["source_version"], report["xplan_version"], report["structure_valid"]) == (
        "5.4",
        "6.0",
        True,
    )
    assert report["counts"] == upgrade.counts == {"converted": 3}
    (group,) = upgrade.groups
    assert (group["property"], group["count"], group["types"]) == (
        "zweckbestimmung",
        3,
        {"BP_GruenFlaeche": 3},
    )
    assert [gml_id for gml_id, _line in group["objects"]] == ["G_0", "G_1", "G_2"]
    with acting_for([tenant.pk]):
        plan = Plan.objects.get()
        assert (plan.current_version_id, plan.xplan_version) == (version.pk, "5.4")
        assert PlanVersion.objects.count() == 1
    assert recorded(tenant) == ["upgrade_plan"]


def test_upgrade_made_anew_takes_the_place_of_the_one_before(version: PlanVersion, planner: User, tenant: Tenant) -> None:  # fmt: skip
    first = upgraded(version, planner)
    second = upgraded(version, planner)
    assert first.pk != second.pk
    with acting_for([tenant.pk]):
        kept = set(PrivateFile.objects.values_list("pk", flat=True))
    assert {second.file_id, second.losses_id} <= kept
    assert not {first.file_id, first.losses_id} & kept
    assert first.file is not None
    assert not files._place(first.file).exists()


def test_what_is_under_way_is_not_started_twice(version: PlanVersion, planner: User) -> None:
    with within(reach(planner).scope):
        assert upgrading.request(version, actor=planner) == upgrading.request(version, actor=planner)


def test_cancelled_upgrade_leaves_nothing(version: PlanVersion, planner: User, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(jobs, "REPORT_EVERY", 0)
    with acting_for([tenant.pk]):
        before = PrivateFile.objects.count()
    with within(reach(planner).scope):
        job = upgrading.request(version, actor=planner)

    class Impatient(jobs.Progress):
        def __call__(self, share_done: float, step: str = "", **more: object) -> None:
            if share_done > 0.5:
                upgrading.cancel(version, actor=planner)
            super().__call__(share_done, step)

    monkeypatch.setattr(jobs, "Progress", Impatient)
    tasks.upgrade_version(tenant_id=tenant.pk, job_id=job.pk)
    assert stored(job).state == JobState.CANCELLED
    with acting_for([tenant.pk]):
        assert (PlanUpgrade.objects.count(), PrivateFile.objects.count()) == (0, before)


def test_plan_deleted_meanwhile_ends_the_upgrade(version: PlanVersion, planner: User, tenant: Tenant) -> None:
    upgraded(version, planner)
    with within(reach(planner).scope):
        job = upgrading.request(version, actor=planner)
    with acting_for([tenant.pk], [tenant.pk]):
        services.delete_plan(version.plan, actor=planner)
    tasks.upgrade_version(tenant_id=tenant.pk, job_id=job.pk)
    assert (stored(job).state, bool(stored(job).error)) == (JobState.FAILED, True)
    with acting_for([tenant.pk]):
        assert (PlanUpgrade.objects.count(), PrivateFile.objects.count()) == (0, 0)


def test_file_that_breaks_its_schema_is_refused_in_words(queue: str, tenant: Tenant, planner: User) -> None:
    broken = parks(2).replace(b"<xplan:nummer>", b"<xplan:erfunden>1</xplan:erfunden><xplan:nummer>")
    version = imported(broken, tenant=tenant, actor=planner)
    upgrade = upgraded(version, planner)
    assert (upgrade.file, upgrade.losses, upgrade.counts) == (None, None, {})
    assert upgrade.findings[0]["rule"] == "upgrade.invalid"
    page = as_(planner).get(url("upgrade", version)).content.decode()
    assert "Konnte nicht gehoben werden" in page
    assert "erfunden" in page
    assert "Als neue Version" not in page
    for name in PAGES[1:]:
        assert as_(planner).get(url(name, version)).status_code == 404
    assert as_(planner).post(url("take_over_upgrade", version)).status_code == 404


@pytest.mark.slow
def test_upgrade_survives_a_killed_worker(
    tenant: Tenant, planner: User, worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    version = imported(parks(4_000), tenant=tenant, actor=planner)
    with within(reach(planner).scope):
        job = upgrading.request(version, actor=planner)
    first = worker()
    until(lambda: stored(job).share_done > 0.05, 60)
    kill(first)
    assert stored(job).state == JobState.RUNNING
    with acting_for([tenant.pk]):
        assert PlanUpgrade.objects.count() == 0

    def handed_over() -> bool:
        with working_for([tenant.pk], [tenant.pk]):
            return jobs.hand_over_dead() == 1

    until(handed_over)
    worker()
    until(lambda: stored(job).is_over, 120)
    assert (stored(job).state, stored(job).attempts) == (JobState.DONE, 2)
    assert upgrade_of(version).counts == {"converted": 4_000}


# --- taking over


@pytest.mark.parametrize("standard", SOURCES)
def test_result_becomes_a_new_version_beside_the_old_one(standard: str, queue: str, tenant: Tenant, planner: User) -> None:  # fmt: skip
    version = imported(samples.simple_plan(standard), tenant=tenant, actor=planner)
    upgrade = upgraded(version, planner)
    new = taken_over(upgrade, planner)
    assert (new.number, new.origin, new.xplan_version) == (2, Origin.UPGRADED, "6.0")
    assert content(new.file) == content(upgrade.file)
    with acting_for([tenant.pk]):
        old = PlanVersion.objects.get(pk=version.pk)
        assert (old.superseded_by_id, old.xplan_version) == (new.pk, standard)
        assert b"".join(exporting.gml(old)) == samples.simple_plan(standard)
        assert new.plan.xplan_version == "6.0"
        assert new.documents.filter(file__isnull=False).count() == 1  # the Begründung went along
    assert recorded(tenant) == ["upgrade_plan", "take_over_upgrade"]
    # the report stays, and nothing is offered any more
    page = as_(planner).get(url("upgrade", version)).content.decode()
    assert "seit Version 2 in XPlanung 6.0" in page
    assert "Als neue Version" not in page
    assert (
        url("upgrade", new).partition("?")[0]
        not in as_(planner).get(new.plan.get_absolute_url()).content.decode()
    )


def test_published_version_stays_public_until_the_new_one_is_published(version: PlanVersion, planner: User, tenant: Tenant) -> None:  # fmt: skip
    with acting_for([tenant.pk], [tenant.pk]):
        services.publish_plan(version.plan, actor=planner, on=date(2026, 3, 2))
        frozen = {"version": version, "dated_on": date(2026, 3, 1), "frozen_at": timezone.now()}
        Fassung.objects.create(tenant=tenant, plan=version.plan, kind="draft", number=1, **frozen)
    upgrade = upgraded(version, planner)
    page = as_(planner).get(url("upgrade", version)).content.decode()
    assert "data-frozen" in page
    assert "bis Sie die neue veröffentlichen" in page
    new = taken_over(upgrade, planner)
    with acting_for([tenant.pk]):
        plan = Plan.objects.get()
        assert (plan.published_version_id, plan.current_version_id) == (version.pk, new.pk)
        assert (new.is_public, plan.xplan_version) == (False, "5.4")
        assert Fassung.objects.get().version_id == version.pk
    words = "es gibt eine neuere"
    assert words in as_(planner).get(f"{new.plan.get_absolute_url()}?version=1").content.decode()
    assert (
        words not in Client().get(new.plan.get_absolute_url()).content.decode()
    )  # a draft is nobody else's business
    answer = as_(planner).post(url("take_over_upgrade", version), follow=True)
    assert "bereits in XPlanung 6.0" in answer.content.decode()


def test_plan_that_went_on_meanwhile_refuses_the_result(version: PlanVersion, planner: User, tenant: Tenant) -> None:  # fmt: skip
    upgrade = upgraded(version, planner)
    imported(parks(4), tenant=tenant, actor=planner, plan=version.plan)
    with within(reach(planner).scope), pytest.raises(Refused):
        upgrading.take_over(upgrade, actor=planner)
    answer = as_(planner).post(url("take_over_upgrade", version), follow=True)
    assert "hat eine neuere Version" in answer.content.decode()
    answer = as_(planner).post(url("upgrade", version), follow=True)
    assert "nur die neueste Version" in answer.content.decode()
    with acting_for([tenant.pk]):
        assert PlanVersion.objects.count() == 2


def test_version_that_comes_in_before_the_jobs_turn_is_not_overrun(
    version: PlanVersion, planner: User, tenant: Tenant
) -> None:
    upgrade = upgraded(version, planner)
    with within(reach(planner).scope):
        job = upgrading.take_over(upgrade, actor=planner)
    newer = imported(parks(4), tenant=tenant, actor=planner, plan=version.plan)
    tasks.import_upload(tenant_id=tenant.pk, job_id=job.pk)
    assert stored(job).state == JobState.FAILED
    page = as_(planner).get(reverse("planning:import", args=[job.public_id])).content.decode()
    assert "Inzwischen ist Version 2 des Plans eingegangen" in page
    with acting_for([tenant.pk]):
        assert Plan.objects.get().current_version == newer
        assert PlanVersion.objects.count() == 2


def test_plan_that_is_being_edited_refuses_the_result(version: PlanVersion, planner: User) -> None:
    upgrade = upgraded(version, planner)
    with within(reach(planner).scope):
        draft = editing.begin(version.plan, actor=planner)
        with pytest.raises(Refused):
            upgrading.take_over(upgrade, actor=planner)
    assert "wird gerade bearbeitet" in as_(planner).get(url("upgrade", version)).content.decode()
    with within(reach(planner).scope):
        editing.discard(draft, actor=planner, revision=draft.revision)
    assert taken_over(upgrade, planner).number == 2


def test_second_click_makes_no_second_version(version: PlanVersion, planner: User, tenant: Tenant) -> None:
    upgrade = upgraded(version, planner)
    with within(reach(planner).scope):
        started = [upgrading.take_over(upgrade, actor=planner) for _ in range(2)]
    for job in started:
        tasks.import_upload(tenant_id=tenant.pk, job_id=job.pk)
    with acting_for([tenant.pk]):
        assert PlanVersion.objects.count() == 2
        assert (
            PrivateFile.objects.filter(name__endswith=".gml").count() == 3
        )  # two versions and what was upgraded


@pytest.mark.parametrize("standard", ["6.0", "6.1"])
def test_plan_of_the_newest_standards_is_not_offered_the_way(standard: str, queue: str, tenant: Tenant, planner: User) -> None:  # fmt: skip
    version = imported(samples.simple_plan(standard), tenant=tenant, actor=planner)
    assert "heben" not in as_(planner).get(version.plan.get_absolute_url()).content.decode()
    with within(reach(planner).scope), pytest.raises(Refused):
        upgrading.request(version, actor=planner)
    page = as_(planner).get(url("upgrade", version)).content.decode()
    assert "nur die neueste Version" in page
    assert "<form method" not in page.partition("<main")[2]


# --- who may


def test_only_who_may_change_the_plan_sees_and_starts_it(version: PlanVersion, planner: User, tenant: Tenant) -> None:  # fmt: skip
    upgrade = upgraded(version, planner)
    bureau, reader = UserFactory.create(), UserFactory.create()
    share(version.plan, holder=bureau, as_=Share.EXTERNAL_PLANNER)
    share(version.plan, holder=reader, as_=Share.READER)
    expected = [
        (planner, 200),
        (User.objects.get(pk=bureau.pk), 200),
        (reader, 403),
        (member(tenant, Role.EDITOR), 403),
        (member(TenantFactory.create(), *Role), 404),
        (member(county(), Role.COUNTY_ADMIN), 404),
        (None, 302),
    ]
    for person, status in expected:
        client = as_(person)
        assert {closed(client.get(url(name, version))).status_code for name in PAGES} == {status}, person
        if status != 200:
            assert {client.post(url(name, version)).status_code for name in ACTS} == {status}
    for stranger in (reader, member(TenantFactory.create(), Role.PLANNER)):
        for act in (upgrading.request, upgrading.cancel):
            with pytest.raises(Forbidden):
                act(version, actor=stranger)
        with pytest.raises(Forbidden):
            upgrading.take_over(upgrade, actor=stranger)
    assert taken_over(upgrade, User.objects.get(pk=bureau.pk)).number == 2


def test_action_stands_on_the_page_of_the_newest_version_alone(version: PlanVersion, planner: User, tenant: Tenant) -> None:  # fmt: skip
    action = reverse("planning:upgrade", args=[version.plan.public_id])
    address = version.plan.get_absolute_url()
    assert action in as_(planner).get(address).content.decode()
    assert action not in as_(member(tenant, Role.EDITOR)).get(address).content.decode()
    imported(parks(4), tenant=tenant, actor=planner, plan=version.plan)
    assert action in as_(planner).get(address).content.decode()
    assert action not in as_(planner).get(address, {"version": "1"}).content.decode()


# --- pages and files


def test_page_groups_what_is_the_same_and_leads_to_the_objects(
    queue: str, tenant: Tenant, planner: User
) -> None:
    version = imported(parks(NAMED + 5), tenant=tenant, actor=planner)
    upgraded(version, planner)
    answer = as_(planner).get(url("upgrade", version))
    page = answer.content.decode()
    (section,) = answer.context["sections"]
    assert (section.code, section.count, len(section.groups)) == ("changed", NAMED + 5, 1)
    assert (section.groups[0].title, section.groups[0].types) == (
        "Zweckbestimmung",
        f"Grünfläche ({NAMED + 5})",
    )
    assert section.groups[0].examples == [
        ("Parkanlage (1000)", "dasselbe, jetzt unter „Zweckbestimmung › Allgemein“")
    ]
    assert page.count("data-kz-show=") == NAMED
    assert f"{NAMED} Objekte sind genannt, gemeint sind {NAMED + 5} Werte: alle als CSV" in page
    points = as_(planner).get(url("upgrade_points", version)).json()["features"]
    assert len(points) == NAMED
    assert {point["id"] for point in points} == {f"0-{place}" for place in range(NAMED)}
    assert f'id="finding-{points[0]["id"]}"' in page


def test_page_costs_the_same_for_one_park_and_for_thirty(queue: str, tenant: Tenant, planner: User) -> None:
    costs = []
    for count in (1, 30):
        version = imported(parks(count), tenant=tenant, actor=planner)
        with within(reach(planner).scope):
            job = upgrading.request(version, actor=planner)
        tasks.upgrade_version(tenant_id=tenant.pk, job_id=job.pk)
        for name in ("upgrade", "upgrade_points"):
            client = as_(planner)
            client.get(url(name, version))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(url(name, version)).status_code == 200
            costs.append((name, len(queries)))
        with acting_for([tenant.pk], [tenant.pk]):
            services.delete_plan(version.plan, actor=planner)
    assert costs[:2] == costs[2:]


def test_file_and_report_are_downloads(queue: str, tenant: Tenant, planner: User) -> None:
    version = imported(parks(1), tenant=tenant, actor=planner)
    upgrade = upgraded(version, planner)
    client = as_(planner)
    gml: Any = client.get(url("upgrade_gml", version))
    assert gml["Content-Disposition"].endswith('-xplanung-6.0.gml"')
    assert b"".join(gml.streaming_content) == content(upgrade.file)
    closed(gml)
    told: Any = client.get(url("upgrade_json", version))
    assert json.loads(b"".join(told.streaming_content))["losses"][0]["gml_id"] == "G_0"
    closed(told)
    table = client.get(url("upgrade_csv", version))
    assert table["Content-Disposition"].endswith('-xplanung-6.0.csv"')
    (row,) = csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";")
    assert (row["gml_id"], row["property"], row["fate"]) == ("G_0", "zweckbestimmung", "umgewandelt")


# --- what is said once


def loss(number: int, **fields: Any) -> Loss:
    return Loss(**{"gml_id": f"G_{number}", "line": number, "feature_type": "BP_GruenFlaeche", "property": "x", "value": "1", "fate": "renamed", "became": "y", **fields})  # fmt: skip


def test_same_thing_is_one_group_over_types_values_and_targets() -> None:
    losses = [loss(number, value=str(number), fate="moved", became=f"G_{number + 1}") for number in range(30)]
    losses += [loss(40, feature_type="BP_WaldFlaeche", fate="moved", became="G_1")]
    (group,) = grouped(losses)
    assert (group.count, group.types) == (31, {"BP_GruenFlaeche": 30, "BP_WaldFlaeche": 1})
    assert (len(group.examples), len(group.objects)) == (EXAMPLES, NAMED)


def test_another_fate_reason_property_or_target_is_another_group() -> None:
    losses = [
        loss(1),
        loss(2, fate="dropped", became=""),
        loss(3, fate="dropped", became="", reason="code"),
        loss(4, property="z"),
        loss(5, became="z"),
        loss(6, property="", became="BP_A"),
        loss(7, property="", became="BP_A", feature_type="BP_B"),
        loss(8, feature_type="BP_WaldFlaeche"),
    ]
    assert [group.count for group in grouped(losses)] == [1] * 8


def test_object_is_named_once_in_a_group() -> None:
    (group,) = grouped([loss(1, value="a"), loss(1, value="b")])
    assert (group.count, group.objects) == (2, [("G_1", 1)])


def test_codes_are_told_in_the_words_of_their_own_type() -> None:
    """1000 is a Naturwald of a wood and a Parkanlage of a green."""
    of = {"property": "zweckbestimmung", "value": "1000", "became": "zweckbestimmung/allgemein"}
    losses = [loss(1, **of), loss(2, feature_type="BP_WaldFlaeche", **of)]
    upgrade = PlanUpgrade(groups=json.loads(json.dumps([asdict(group) for group in grouped(losses)])))
    (section,) = upgrade_words.sections(upgrade, "5.4")
    told = [group.examples for group in section.groups]
    after = "dasselbe, jetzt unter „Zweckbestimmung › Allgemein“"
    assert told == [[("Parkanlage (1000)", after)], [("Naturwald (1000)", after)]]
