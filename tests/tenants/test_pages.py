"""The staff pages of the ground, as people of each role meet them."""

import io
import re
import uuid
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image

from tenants import services
from tenants.middleware import SESSION_KEY
from tenants.models import AuditEvent, Invitation, Job, JobState, Membership, OutboxMessage, Tenant, User
from tenants.roles import FOR_COUNTY, FOR_MUNICIPALITY, Role
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory, UserFactory, county, member

pytestmark = pytest.mark.django_db

PAGES = {  # address -> roles that open it; everybody else gets 403
    "people": {Role.MUNICIPAL_ADMIN, Role.COUNTY_ADMIN},
    "invite": {Role.MUNICIPAL_ADMIN, Role.COUNTY_ADMIN},
    "brand": {Role.MUNICIPAL_ADMIN, Role.COUNTY_ADMIN},
    "host_names": {Role.MUNICIPAL_ADMIN, Role.COUNTY_ADMIN},
    "audit_log": {Role.MUNICIPAL_ADMIN, Role.COUNTY_ADMIN},
    "tenant_list": {Role.COUNTY_ADMIN},
    "create_tenant": {Role.COUNTY_ADMIN},
    "profile": set(Role),
    "work": set(Role),
    "emergency_access": set(),
}


@pytest.fixture
def town() -> Tenant:
    return TenantFactory.create()


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("role", list(Role))
def test_page_opens_for_its_roles_alone(role: Role, town: Tenant) -> None:
    client = as_(member(county() if role in FOR_COUNTY - FOR_MUNICIPALITY else town, role))
    for name, roles in PAGES.items():
        assert client.get(reverse(name)).status_code == (200 if role in roles else 403), name


def test_what_is_not_there_keeps_the_frame_that_the_person_works_in(town: Tenant, client: Client) -> None:
    county()
    way_back = f'href="{reverse("work")}"'
    for viewer, shown in ((as_(member(town, Role.PLANNER)), True), (client, False)):
        response = viewer.get("/gibt-es-nicht/")
        assert (response.status_code, way_back in response.content.decode()) == (404, shown)


def test_stranger_is_sent_to_sign_in_and_who_belongs_nowhere_is_told(client: Client) -> None:
    for name in PAGES:
        response = client.get(reverse(name))
        assert response["Location"] == f"{reverse('account_login')}?next={reverse(name)}"
    lost = as_(UserFactory.create())
    assert lost.get(reverse("work")).status_code == 200
    assert lost.get(reverse("people")).status_code == 403


def test_invitation_from_the_form_to_the_work_page(town: Tenant, client: Client) -> None:
    admin = as_(member(town, Role.MUNICIPAL_ADMIN))
    admin.post(reverse("invite"), {"email": "new@example.org", "name": "Neu", "roles": ["planner", "editor"]})
    with acting_for([town.pk]):
        body = OutboxMessage.objects.get().body
    found = re.search(r"/einladung/[\w-]+/", body)
    assert found
    page = client.get(found[0])
    assert page["Referrer-Policy"] == "same-origin"
    weak = client.post(found[0], {"name": "Neu", "password": "short"})
    assert "password" in weak.context["form"].errors
    done = client.post(found[0], {"name": "Neu", "password": "four words make sense"})
    assert done["Location"] == reverse("work")
    assert client.get(reverse("work")).context["active_tenant"] == town
    assert client.get(found[0]).status_code == 410


def test_wrong_account_does_not_accept(town: Tenant) -> None:
    admin = member(town, Role.MUNICIPAL_ADMIN)
    services.invite_member(town, actor=admin, email="new@example.org", roles={Role.PLANNER})
    with acting_for([town.pk]):
        found = re.search(r"/einladung/[\w-]+/", OutboxMessage.objects.get().body)
    assert found
    other = as_(UserFactory.create())
    assert other.get(found[0]).context["right_account"] is False
    refused = other.post(found[0])
    assert refused.status_code == 409
    assert "andere" in refused.content.decode()  # says why
    assert Invitation.objects.get().accepted_at is None


def test_refused_act_is_explained_on_the_form_and_changes_nothing(town: Tenant) -> None:
    admin = member(town, Role.MUNICIPAL_ADMIN)
    address = reverse("change_roles", args=[admin.pk])
    page = as_(admin).post(address, {"roles": ["planner"]})
    assert page.status_code == 200
    assert page.context["form"].non_field_errors()
    assert list(Membership.objects.values_list("role", flat=True)) == ["municipal_admin"]


def test_people_of_other_towns_are_not_there(town: Tenant) -> None:
    client, carla = as_(member(town, Role.MUNICIPAL_ADMIN)), member(TenantFactory.create(), Role.PLANNER)
    for name in ("change_roles", "deactivate_member"):
        assert client.get(reverse(name, args=[carla.pk])).status_code == 404
        assert client.post(reverse(name, args=[carla.pk]), {"roles": ["editor"]}).status_code == 404
    assert carla.email not in client.get(reverse("people")).content.decode()


def test_switching_is_visible_and_only_to_own_tenants(town: Tenant) -> None:
    anna, second = member(town, Role.PLANNER), TenantFactory.create()
    anna.memberships.create(tenant=second, role=Role.EDITOR)
    client = as_(anna)
    client.post(reverse("switch_tenant"), {"tenant": second.pk})
    assert client.get(reverse("work")).context["active_tenant"] == second
    for foreign in (TenantFactory.create().pk, 0, "x"):
        assert client.post(reverse("switch_tenant"), {"tenant": foreign}).status_code == 404
    assert client.session[SESSION_KEY] == second.pk
    assert client.get(reverse("switch_tenant")).status_code == 405


def test_address_of_a_form_s_button_says_so_to_a_person(town: Tenant) -> None:
    """Who signs in again after pressing a button comes there; a machine gets the bare status."""
    client, address = as_(member(town, Role.PLANNER)), reverse("switch_tenant")
    page, bare = client.get(address, headers={"accept": "text/html,*/*;q=0.8"}), client.get(address)
    assert (page.status_code, page["Allow"]) == (405, bare["Allow"])
    assert "Gehen Sie zurück zum Formular und senden Sie es noch einmal ab." in page.content.decode()
    assert (bare.status_code, bare.content) == (405, b"")


def test_switching_is_recorded_on_either_side_without_the_other_s_name(town: Tenant) -> None:
    anna, second = member(town, Role.PLANNER), TenantFactory.create()
    anna.memberships.create(tenant=second, role=Role.EDITOR)
    client, left = as_(anna), min(town, second, key=lambda one: one.name)
    entered = second if left == town else town
    for _ in range(2):  # the second time there is nothing to switch
        client.post(reverse("switch_tenant"), {"tenant": entered.pk})
    assert records(left) == [("switch_tenant", anna.name, {"tenant": left.name}, {})]
    assert records(entered) == [("switch_tenant", anna.name, {}, {"tenant": entered.name})]


def test_own_name_is_changed_and_recorded_where_the_person_belongs(town: Tenant) -> None:
    anna, second = member(town, Role.PLANNER), TenantFactory.create()
    anna.memberships.create(tenant=second, role=Role.EDITOR)
    before = anna.name
    assert as_(anna).post(reverse("profile"), {"name": "Anna Neu"}).status_code == 302
    anna.refresh_from_db()
    assert anna.name == "Anna Neu"
    for tenant in (town, second):
        assert records(tenant) == [("change_profile", "Anna Neu", {"name": before}, {"name": "Anna Neu"})]


def records(tenant: Tenant) -> list[tuple[Any, ...]]:
    with acting_for([tenant.pk]):
        rows = AuditEvent.objects.filter(tenant=tenant).order_by("pk")
        return list(rows.values_list("action", "actor_name", "before", "after"))


def test_appearance_is_saved_and_served_as_style_sheet(town: Tenant, client: Client) -> None:
    target = io.BytesIO()
    Image.new("RGB", (10, 10)).save(target, "PNG")
    upload = io.BytesIO(target.getvalue())
    upload.name = "wappen.png"
    words = {"name": "Neustadt", "colour": "#7a1a1a", "contact": ""}
    assert (
        as_(member(town, Role.MUNICIPAL_ADMIN))
        .post(reverse("brand"), {**words, "upload": upload})
        .status_code
        == 302
    )
    town.refresh_from_db()
    assert (town.name, town.colour, bool(town.coat_of_arms)) == ("Neustadt", "#7a1a1a", True)
    sheet = client.get(reverse("tenant_theme", args=[town.slug]))
    assert (sheet.status_code, sheet["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert b"#7a1a1a" in sheet.content
    assert client.get("/theme/nowhere.css").status_code == 404


@pytest.mark.parametrize(("colour", "code"), [("#ffee00", "contrast"), ("red", "invalid")])
def test_bad_colour_is_refused_at_its_field(town: Tenant, colour: str, code: str) -> None:
    words = {"name": "N", "colour": colour}
    page = as_(member(town, Role.MUNICIPAL_ADMIN)).post(reverse("brand"), words)
    assert [error.code for error in page.context["form"].errors.as_data()["colour"]] == [code]


def test_records_are_paged_filtered_and_stay_in_the_town(
    town: Tenant, django_assert_num_queries: object
) -> None:
    other, admin = TenantFactory.create(), member(town, Role.MUNICIPAL_ADMIN)
    for tenant, number in ((town, 60), (other, 1)):
        actor = admin if tenant == town else member(other, Role.MUNICIPAL_ADMIN)
        for index in range(number):
            services.invite_member(
                tenant, actor=actor, email=f"p{index}@{tenant.slug}.de", roles={Role.EDITOR}
            )
    client = as_(admin)
    page = client.get(reverse("audit_log"))
    assert (page.context["page"].paginator.count, len(page.context["page"])) == (60, 50)
    assert other.slug not in page.content.decode()
    found = client.get(reverse("audit_log"), {"q": "p7@", "action": "invite", "since": "2020-01-01"})
    assert [str(row) for row in found.context["page"]] == [f"invite · p7@{town.slug}.de · {town}"]
    for query in ("' OR 1=1 --", "%", "\0", "x" * 500):
        assert (
            client.get(reverse("audit_log"), {"q": query, "since": "no date", "page": "x"}).status_code == 200
        )


def test_county_sets_up_lists_and_changes_towns(town: Tenant) -> None:
    landkreis = county()
    client = as_(member(landkreis, Role.COUNTY_ADMIN))
    facts = {"name": "Glaubitz", "slug": "glaubitz", "kind": "municipality", "ags": "14627060"}
    client.post(reverse("create_tenant"), {**facts, "first_admin": "chef@example.org"})
    assert Invitation.objects.get().tenant.slug == "glaubitz"
    names = [one.name for one in client.get(reverse("tenant_list")).context["tenants"]]
    assert sorted(names) == sorted(["Glaubitz", town.name])
    client.post(
        reverse("change_tenant", args=["glaubitz"]), {**facts, "onboarded_on": "2026-01-02", "active": "on"}
    )
    assert str(Tenant.objects.get(slug="glaubitz").onboarded_on) == "2026-01-02"
    assert client.get(reverse("change_tenant", args=["landkreis"])).status_code == 404
    clash = client.post(reverse("create_tenant"), {**facts, "slug": "other"})
    assert "ags" in clash.context["form"].errors


def test_operator_opens_emergency_access_and_the_town_reads_why(town: Tenant) -> None:
    operator = UserFactory.create(is_superuser=True, is_staff=True)
    client = as_(operator)
    assert client.get(reverse("audit_log")).status_code == 403
    client.post(reverse("emergency_access"), {"tenant": town.pk, "reason": "Restore a plan", "hours": 1})
    assert client.get(reverse("work")).context["active_tenant"] == town
    record = as_(member(town, Role.MUNICIPAL_ADMIN)).get(reverse("audit_log"))
    assert "Restore a plan" in record.content.decode()


# --- jobs


def job_of(tenant: Tenant, **fields: object) -> Job:
    with acting_for([tenant.pk], [tenant.pk]):
        return Job.objects.create(tenant=tenant, task="t", title="Import", **fields)


def test_job_shows_progress_as_page_and_for_polling(town: Tenant) -> None:
    job = job_of(town, state=JobState.RUNNING, share_done=0.42, step="reading")
    client = as_(member(town, Role.PLANNER))
    assert client.get(reverse("job", args=[job.public_id])).status_code == 200
    state = client.get(reverse("job_state", args=[job.public_id]))
    assert state.json() == {
        "percent": 42,
        "text": "reading",
        "finished": False,
        "url": reverse("job", args=[job.public_id]),
    }
    assert "no-store" in state["Cache-Control"]


def test_state_of_an_open_job_stands_only_where_it_is_followed(town: Tenant) -> None:
    """Beside the bar, which is kept up to date, a second state would stand still."""
    client = as_(member(town, Role.PLANNER))
    for state, told in ((JobState.QUEUED, 1), (JobState.DONE, 2)):
        job = job_of(town, state=state)
        shown = client.get(reverse("job", args=[job.public_id])).content.decode()
        assert ("data-kz-job=" in shown) == (state == JobState.QUEUED)
        assert shown.count(f">{job.get_state_display()}<") == told


def test_who_started_a_job_cancels_it_and_a_colleague_does_not(town: Tenant) -> None:
    bureau = UserFactory.create()
    job = job_of(town, actor=bureau)
    address = reverse("cancel_job", args=[job.public_id])
    assert as_(member(town, Role.PLANNER)).post(address).status_code == 403
    assert as_(bureau).get(address).status_code == 405
    assert as_(bureau).post(address).status_code == 302
    with acting_for([town.pk]):
        assert Job.objects.get().state == JobState.CANCELLED


def test_foreign_and_missing_jobs_are_one_404(town: Tenant) -> None:
    client = as_(member(TenantFactory.create(), *Role))
    for name in ("job", "job_state", "cancel_job"):
        for key in (job_of(town).public_id, uuid.uuid4()):
            assert client.post(reverse(name, args=[key])).status_code in (404, 405)
            assert client.get(reverse(name, args=[key])).status_code in (404, 405)
    with acting_for([town.pk]):
        assert not Job.objects.filter(cancel_requested=True).exists()


def test_a_lost_session_and_a_missing_role_are_told_apart(town: Tenant) -> None:
    client = Client(enforce_csrf_checks=True)
    planner = member(town, Role.PLANNER)
    client.force_login(planner, backend="allauth.account.auth_backends.AuthenticationBackend")
    with translation.override("de"):
        words = gettext("Your session may have expired. Please go back, reload the page and try again.")
        role = gettext("Your role does not include this page. The administrators of your administration can change that.")  # fmt: skip
    assert words in client.post(reverse("profile"), {}).content.decode()
    assert role in client.get(reverse("people")).content.decode()


# --- operators' admin


def test_admin_is_for_operators_and_signs_in_at_the_one_door(town: Tenant, client: Client) -> None:
    index = reverse("admin:index")
    assert reverse("account_login") in client.get(index, follow=True).redirect_chain[-1][0]
    for person in (member(town, *Role), UserFactory.create(is_staff=True)):
        assert as_(person).get(index, follow=True).status_code == 403
    assert as_(UserFactory.create(is_superuser=True)).get(index).status_code == 200


def test_admin_holds_only_what_records_its_changes(town: Tenant) -> None:
    county_ = county()
    client = as_(UserFactory.create(is_superuser=True))
    listed = {
        model["object_name"]
        for group in client.get(reverse("admin:index")).context["app_list"]
        for model in group["models"]
    }
    assert listed == {"Tenant", "HostName", "User", "Membership", "EmergencyAccess", "Authenticator"}
    person = member(town, Role.PLANNER)
    factor = Authenticator.objects.create(user=person, type="totp", data={"secret": "geheim7q"})
    page = client.get(reverse("admin:mfa_authenticator_change", args=[factor.pk]))
    assert page.status_code == 200
    assert "geheim7q" not in page.content.decode()
    gone = client.post(reverse("admin:mfa_authenticator_delete", args=[factor.pk]), {"post": "yes"})
    assert gone.status_code == 302
    assert not Authenticator.objects.exists()
    with acting_for([county_.pk]):
        record = AuditEvent.objects.get()
    assert (record.action, record.before["label"]) == ("administer", str(factor))


def test_boundary_is_edited_on_a_map_that_the_security_policy_lets_run(town: Tenant) -> None:
    county()
    client = as_(UserFactory.create(is_superuser=True))
    page = client.get(reverse("admin:tenants_tenant_change", args=[town.pk]))
    nonce = re.search(r"'nonce-([^']+)'", page["Content-Security-Policy"])
    assert nonce
    scripts = re.findall(r"<script\b([^>]*)>", page.content.decode())
    inline = [script for script in scripts if "src=" not in script and "json" not in script]
    assert inline
    assert all(f'nonce="{nonce[1]}"' in script for script in inline)
    fields = {
        name: value for name, value in page.context["adminform"].form.initial.items() if value is not None
    }
    square = '{"type":"MultiPolygon","coordinates":[[[[13,51],[13.1,51],[13.1,51.1],[13,51]]]]}'
    saved = client.post(
        reverse("admin:tenants_tenant_change", args=[town.pk]), {**fields, "boundary": square}
    )
    assert saved.status_code == 302
    town.refresh_from_db()
    assert town.boundary is not None
    assert town.boundary.srid == 25833
    assert 350_000 < town.boundary.centroid.x < 380_000
    with acting_for([town.pk]):
        record = AuditEvent.objects.get()
    assert (record.action, record.before) == ("administer", {"boundary": None})
