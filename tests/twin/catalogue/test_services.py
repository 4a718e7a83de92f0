"""What a person does with datasets: who may, what others see afterwards, what is recorded."""

from collections.abc import Callable

import pytest

from tenants import files, jobs
from tenants.errors import Forbidden, Refused
from tenants.models import AuditEvent, Job, JobState, PrivateFile, Tenant, UsageEvent, User
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import acting_for, within
from tests.factories.catalogue import arrival, deliver, make_dataset
from tests.factories.tenants import TenantFactory, county, member
from twin.catalogue import publishing, services
from twin.catalogue.errors import NoDescription, NoLicence, NothingDelivered, VersionUnknown
from twin.catalogue.models import Dataset, DatasetVersion, Feature, Record

pytestmark = pytest.mark.django_db
SEEN = (Dataset, DatasetVersion, Feature, Record)


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create()
    return found


@pytest.fixture
def editor(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)


def seen() -> list[int]:
    with acting_for([]):
        return [model.objects.count() for model in SEEN]


def test_published_dataset_is_seen_with_its_current_version_alone(tenant: Tenant, editor: User) -> None:
    dataset, _other = make_dataset(tenant), make_dataset(tenant)
    deliver(dataset, arrival("1", {"name": "neu"}), arrival("9", {"name": "neu"}))
    with within(reach(editor).scope):
        services.publish_dataset(dataset, actor=editor, description="Alle Bäume")
    assert seen() == [1, 1, 2, 1]
    with acting_for([tenant.pk]):
        assert DatasetVersion.objects.get(is_public=True).number == 2
        assert UsageEvent.objects.filter(kind="dataset_published").count() == 1
        assert AuditEvent.objects.get(action="publish_dataset").before == {"is_public": False}


def test_withdrawn_dataset_is_seen_no_more(tenant: Tenant, editor: User) -> None:
    dataset = make_dataset(tenant, public=True)
    assert seen() == [1, 1, 3, 1]
    with within(reach(editor).scope):
        services.withdraw_dataset(dataset, actor=editor)
    assert seen() == [0, 0, 0, 0]


def test_large_dataset_is_published_and_withdrawn_by_the_worker(tenant: Tenant, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """All of it at the end, with the person who asked in the record."""
    monkeypatch.setattr(publishing, "AT_ONCE", 6)
    monkeypatch.setattr(publishing, "_STEP", 3)
    dataset, small = make_dataset(tenant, features=7), make_dataset(tenant, features=6)
    with acting_for([tenant.pk], [tenant.pk]):
        Record.objects.update(description="Alle Bäume")
    for act, expected in (
        (services.publish_dataset, [1, 1, 7, 1]),
        (services.withdraw_dataset, [0, 0, 0, 0]),
    ):
        before = seen()
        with within(reach(editor).scope):
            job = act(dataset, actor=editor)
            assert job is not None
            with pytest.raises(Refused):
                act(dataset, actor=editor)
        assert seen() == before
        with acting_for([tenant.pk], [tenant.pk]):
            jobs.work_on(job.pk, publishing.work)
            job.refresh_from_db()
        assert (job.state, job.result) == (JobState.DONE, {"url": dataset.get_absolute_url()})
        assert seen() == expected
    with acting_for([tenant.pk]):
        acts = AuditEvent.objects.filter(actor=editor).order_by("pk").values_list("action", flat=True)
        assert list(acts) == ["publish_dataset", "withdraw_dataset"]
    with within(reach(editor).scope):
        assert services.publish_dataset(small, actor=editor) is None
    assert seen() == [1, 1, 6, 1]


def test_publishing_tells_how_far_it_is(
    tenant: Tenant, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_STEP", 3)
    dataset = make_dataset(tenant, features=7)
    told: list[float] = []
    with acting_for([tenant.pk], [tenant.pk]):
        publishing.make_public(dataset, licence="", actor=editor, tell=told.append)
    assert (told, seen()) == ([3 / 7, 6 / 7], [1, 1, 7, 1])


def test_large_dataset_without_licence_is_refused_at_once(tenant: Tenant, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(publishing, "AT_ONCE", 2)
    dataset = make_dataset(tenant)
    with within(reach(editor).scope):
        Record.objects.update(licence="")
        with pytest.raises(NoLicence):
            services.publish_dataset(dataset, actor=editor)
        assert Job.objects.count() == 0


def test_dataset_without_licence_description_or_data_stays_closed(tenant: Tenant, editor: User) -> None:
    dataset = make_dataset(tenant)
    with within(reach(editor).scope):
        Record.objects.update(description="")
        with pytest.raises(NoDescription):
            services.publish_dataset(dataset, actor=editor)
        Record.objects.update(description="Alle Bäume")
        Record.objects.update(licence="")
        with pytest.raises(NoLicence):
            services.publish_dataset(dataset, actor=editor)
        services.publish_dataset(dataset, actor=editor, licence="cc-zero")
        assert Record.objects.get().licence == "cc-zero"
        empty = Dataset.objects.create(tenant=tenant, title="Leer", slug="leer", kind="vector")
        Record.objects.create(tenant=tenant, dataset=empty, identifier="x", title="Leer", licence="cc-zero")
        with pytest.raises(NothingDelivered):
            services.publish_dataset(empty, actor=editor)


def test_restored_version_is_a_new_one_and_as_public_as_the_dataset(tenant: Tenant, editor: User) -> None:
    dataset = make_dataset(tenant, public=True)
    deliver(dataset, arrival("1", {"name": "neu"}))
    with within(reach(editor).scope):
        version = services.restore_version(dataset, number=1, actor=editor)
        assert (version.number, version.restored_from, version.feature_count, version.added) == (3, 1, 3, 2)
        with pytest.raises(VersionUnknown):
            services.restore_version(dataset, number=3, actor=editor)
        with pytest.raises(VersionUnknown):
            services.restore_version(dataset, number=7, actor=editor)
    assert seen() == [1, 1, 3, 1]


def test_shared_dataset_is_read_by_the_other_tenant_and_nobody_else(tenant: Tenant, editor: User) -> None:
    dataset, lkr = make_dataset(tenant), county()
    reader = member(lkr, Role.COUNTY_ANALYST)
    with within(reach(reader).scope):
        assert Dataset.objects.count() == 0
    with within(reach(editor).scope):
        services.share_dataset(dataset, holder=lkr, actor=editor)
    with within(reach(reader).scope):
        assert [model.objects.count() for model in SEEN] == [1, 1, 3, 1]
        with pytest.raises(Forbidden):
            services.publish_dataset(dataset, actor=reader)
    with within(reach(editor).scope):
        services.unshare_dataset(dataset, holder=lkr, actor=editor)
    with within(reach(reader).scope):
        assert Feature.objects.count() == 0


def test_deleted_dataset_leaves_no_row_and_no_file(tenant: Tenant, editor: User) -> None:
    dataset, other = make_dataset(tenant), make_dataset(tenant)
    with acting_for([tenant.pk], [tenant.pk]):
        file = files.store([b"x"], tenant=tenant, name="a.gpkg", content_type="x/y")
        DatasetVersion.objects.filter(dataset=dataset).update(file=file)
    with within(reach(editor).scope):
        services.share_dataset(dataset, holder=county(), actor=editor)
        services.delete_dataset(dataset, actor=editor)
        assert [model.objects.count() for model in SEEN] == [1, 1, 3, 1]
        assert Dataset.objects.get() == other
        assert PrivateFile.objects.count() == 0


@pytest.mark.parametrize(
    "act",
    [
        lambda dataset, actor: services.publish_dataset(dataset, actor=actor),
        lambda dataset, actor: services.withdraw_dataset(dataset, actor=actor),
        lambda dataset, actor: services.restore_version(dataset, number=1, actor=actor),
        lambda dataset, actor: services.share_dataset(dataset, holder=actor, actor=actor),
        lambda dataset, actor: services.unshare_dataset(dataset, holder=actor, actor=actor),
        lambda dataset, actor: services.delete_dataset(dataset, actor=actor),
    ],
)
def test_who_lacks_the_role_changes_nothing(tenant: Tenant, act: Callable[[Dataset, User], object]) -> None:
    dataset = make_dataset(tenant)
    for stranger in (member(tenant, Role.MODERATOR), member(TenantFactory.create(), Role.PLANNER)):
        with pytest.raises(Forbidden):
            act(dataset, stranger)
    assert seen() == [0, 0, 0, 0]
