"""A tenant's site: made once, editors follow the memberships, addresses follow the host names."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client, override_settings
from wagtail.models import Collection, Page, Site, Task, Workflow

from tenants.models import AuditEvent, HostName, Membership, Tenant, TenantKind
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory, member
from tests.twin.portal.conftest import Town, download, news, parts, picture
from twin.portal.models import LandkreisHome, MunicipalityPage, NewsPage
from twin.portal.services import create_site_for

pytestmark = pytest.mark.django_db
KINDS = (Page, Site, Group, Collection, Workflow, Task)


def test_site_is_made_once(own: Town) -> None:
    before = [kind.objects.count() for kind in KINDS]
    assert create_site_for(own.tenant) == own.page
    assert [kind.objects.count() for kind in KINDS] == before
    assert parts(own.page) == [
        "beteiligung",
        "aktuelles",
        "impressum",
        "datenschutz",
        "barrierefreiheit",
        "leichte-sprache",
    ]


def test_new_tenant_gets_its_site_after_commit(
    landkreis: Tenant, with_sites: None, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        tenant = TenantFactory.create()
    assert MunicipalityPage.objects.filter(tenant_slug=tenant.slug).exists()


def test_association_has_no_pages_but_its_people_edit_for_the_members(landkreis: Tenant) -> None:
    association = TenantFactory.create(kind=TenantKind.ASSOCIATION)
    town = TenantFactory.create(association=association)
    assert create_site_for(association) is None
    create_site_for(town)
    editor = member(association, Role.EDITOR)
    assert [group.name for group in editor.groups.all()] == [f"editors:{town.slug}"]


def test_groups_follow_the_roles(own: Town) -> None:
    assert [group.name for group in own.editor.groups.all()] == ["editors:ahausen"]
    assert {group.name for group in own.approver.groups.all()} == {"editors:ahausen", "approvers:ahausen"}
    Membership.objects.filter(user=own.editor).delete()
    assert list(own.editor.groups.all()) == []


def test_planner_gets_no_rights_on_pages(own: Town) -> None:
    assert list(member(own.tenant, Role.PLANNER).groups.all()) == []


def test_inactive_tenant_loses_editors_and_pages(own: Town, client: Client) -> None:
    Tenant.objects.filter(pk=own.tenant.pk).update(active=False)
    own.tenant.refresh_from_db()
    create_site_for(own.tenant)
    assert list(own.editor.groups.all()) == []
    assert client.get("/ahausen/").status_code == 404


def test_pages_answer_under_both_addresses(own: Town) -> None:
    HostName.objects.create(tenant=own.tenant, host="ahausen.localhost")
    with override_settings(ALLOWED_HOSTS=[".localhost", "localhost"]):
        for host, path in (
            ("localhost:8000", "/ahausen/impressum/"),
            ("ahausen.localhost:8000", "/impressum/"),
            ("localhost:8000", "/impressum/"),
        ):
            answer = Client(headers={"host": host}).get(path)
            assert (host, path, answer.status_code) == (host, path, 200)
            assert answer.context["tenant"].slug == (
                "landkreis" if path == "/impressum/" and host == "localhost:8000" else "ahausen"
            )


def test_site_goes_with_its_host_name(own: Town) -> None:
    name = HostName.objects.create(tenant=own.tenant, host="ahausen.localhost")
    assert (
        Site.objects.filter(root_page=own.page).values_list("hostname", flat=True)[0] == "ahausen.localhost"
    )
    name.delete()
    assert not Site.objects.filter(root_page=own.page).exists()


def test_editor_may_not_publish_and_the_approver_may(own: Town) -> None:
    draft = news(own, "Entwurf", live=False)
    assert not draft.permissions_for_user(own.editor).can_publish()
    assert draft.permissions_for_user(own.approver).can_publish()


def test_workflow_leads_from_editor_to_approver(own: Town, neighbour: Town) -> None:
    draft = news(own, "Entwurf", live=False)
    state = draft.get_workflow().start(draft, own.editor)
    task = state.current_task_state.task.specific
    assert task.user_can_access_editor(draft, own.approver)
    assert not task.user_can_access_editor(draft, neighbour.approver)
    state.current_task_state.approve(user=own.approver)
    assert NewsPage.objects.get(pk=draft.pk).live
    with acting_for([own.tenant.pk, neighbour.tenant.pk]):
        record = AuditEvent.objects.get(action="publish_page")
    assert (record.tenant, record.actor, record.label) == (own.tenant, own.approver, "Entwurf")


def test_county_home_is_the_start_page(landkreis: Tenant, client: Client) -> None:
    assert client.get("/").context["tenant"] == landkreis
    assert LandkreisHome.objects.get().tenant_slug == "landkreis"


def test_uploaded_file_has_an_address_that_nobody_guesses(own: Town) -> None:

    assert len(str(download(own, "Entwurf").file.name).split("/")[1]) == 36
    assert len(picture(own, "Entwurf").file.name.split("/")[1]) == 36
