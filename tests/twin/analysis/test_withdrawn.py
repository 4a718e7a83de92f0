"""Data withdrawn after they were computed from: the answer says so to everybody who sees it, and its town is told once."""

from pathlib import Path

import pypdfium2
import pytest
from django.test import Client

from tenants import permissions
from tenants.models import OutboxMessage, Tenant, User
from tenants.permissions import reach
from tenants.roles import Role, Share
from tenants.scope import acting_for, within
from tests.factories.tenants import TenantFactory, member
from tests.twin.analysis.test_runs import ask, compute, elevation, stored
from twin.analysis import services, tasks
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase
from twin.catalogue import publishing
from twin.catalogue.models import Dataset

pytestmark = pytest.mark.django_db(transaction=True)
NOTICE = "Eingangsdaten inzwischen zurückgezogen"


@pytest.fixture
def planner(town: Tenant) -> User:
    return member(town, Role.PLANNER)


def show(dataset: Dataset, *, public: bool) -> None:
    with acting_for([dataset.tenant_id], [dataset.tenant_id]):
        if public:
            publishing.make_public(dataset, licence="dl-by-de/2.0", actor=None)
        else:
            publishing.withdraw(dataset, actor=None)


def published(use_case: UseCase, planner: User, dataset: Dataset, steps: int = 1) -> Run:
    run = compute(ask(use_case, planner, steps=steps, elevation=str(dataset.public_id))[0])
    planner.reach = reach(planner)
    with within(planner.reach.scope):
        services.publish_run(run, actor=planner)
    return run


def pages(run: Run, client: Client) -> tuple[bool, bool]:
    """Whether page and report say it."""
    page = client.get(run.get_absolute_url()).content.decode()
    report = client.get(f"{run.get_absolute_url()}bericht.pdf")
    printed = "".join(sheet.get_textpage().get_text_range() for sheet in pypdfium2.PdfDocument(report.content))  # fmt: skip
    return NOTICE in page, NOTICE in printed


def mails() -> list[tuple[str, str]]:
    tasks.tell_lost()
    with acting_for(list(Tenant.objects.values_list("pk", flat=True))):
        return list(OutboxMessage.objects.order_by("pk").values_list("recipient", "body"))


def test_withdrawn_data_are_told_to_readers_and_to_the_town(counting: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    """A neighbour's; what was asked of other data says nothing, and who may not publish gets no mail."""
    neighbour: Tenant = TenantFactory.create()
    member(neighbour, Role.PLANNER)
    moderator = member(town, Role.MODERATOR)
    theirs, own = elevation(neighbour, tmp_path), elevation(town, tmp_path)
    show(theirs, public=True)
    run, other = published(counting, planner, theirs), published(counting, planner, own)
    reader, staff = Client(), Client()
    staff.force_login(planner)
    assert (pages(run, reader), mails()) == ((False, False), [])
    show(theirs, public=False)
    assert (pages(run, reader), pages(other, reader)) == ((True, True), (False, False))
    assert staff.get("/analysen/").content.decode().count("Daten zurückgezogen") == 1
    ((recipient, body),) = mails()
    assert recipient == planner.email != moderator.email
    assert (run.get_absolute_url() in body, other.get_absolute_url() in body) == (True, False)
    assert len(mails()) == 1  # of the same once
    show(theirs, public=True)
    assert (pages(run, reader), len(mails())) == ((False, False), 1)


def test_own_data_count_where_they_were_public(counting: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    dataset = elevation(town, tmp_path)
    show(dataset, public=True)
    run = published(counting, planner, dataset)
    show(dataset, public=False)
    assert pages(run, Client()) == (True, True)
    assert [recipient for recipient, _body in mails()] == [planner.email]
    later = published(counting, planner, dataset, steps=2)  # asked of what was closed then
    assert pages(later, Client()) == (False, False)


def test_what_is_no_longer_shared_is_told_to_the_town_alone(counting: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    neighbour: Tenant = TenantFactory.create()
    theirs = elevation(neighbour, tmp_path)
    with acting_for([neighbour.pk], [neighbour.pk]):
        permissions.share(theirs, holder=town, as_=Share.READER)
    run = compute(ask(counting, planner, steps=1, elevation=str(theirs.public_id))[0])
    staff = Client()
    staff.force_login(planner)
    assert pages(run, staff) == (False, False)
    with acting_for([neighbour.pk], [neighbour.pk]):
        permissions.unshare(theirs, holder=town, as_=Share.READER)
    assert pages(run, staff) == (True, True)
    assert mails() == []  # nobody outside reads it


def test_what_was_published_later_and_withdrawn_counts_too(counting: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    """Closed when it was asked about, then public, then not any more; before that, and while it is public, nothing is said."""
    dataset = elevation(town, tmp_path)
    show(dataset, public=True)
    show(dataset, public=False)  # before anybody asked
    run, reader = published(counting, planner, dataset), Client()
    assert (pages(run, reader), mails()) == ((False, False), [])
    show(dataset, public=True)
    assert pages(run, reader) == (False, False)
    show(dataset, public=False)
    assert pages(run, reader) == (True, True)
    assert [recipient for recipient, _body in mails()] == [planner.email]


def test_what_is_shared_still_but_public_no_more_counts_for_readers(counting: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    neighbour: Tenant = TenantFactory.create()
    theirs = elevation(neighbour, tmp_path)
    with acting_for([neighbour.pk], [neighbour.pk]):
        permissions.share(theirs, holder=town, as_=Share.READER)
    run = compute(ask(counting, planner, steps=1, elevation=str(theirs.public_id))[0])
    show(theirs, public=True)
    planner.reach = reach(planner)
    with within(planner.reach.scope):
        services.publish_run(stored(run), actor=planner)
    assert pages(run, Client()) == (False, False)
    show(theirs, public=False)
    assert pages(run, Client()) == (True, True)
