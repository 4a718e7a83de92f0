"""The package for the state's planning portal, and the address that comes back."""

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from planning.models import Plan, PlanDocument, ProcedureStep, StepDocument
from tenants import files
from tenants.models import AuditEvent, PrivateFile, Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.planning import add_version, make_plan
from tests.factories.tenants import TenantFactory, member

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen")
    return found


@pytest.fixture
def planner(client: Client, tenant: Tenant) -> Client:
    client.force_login(member(tenant, Role.PLANNER), backend=BACKEND)
    return client


def url(plan: Plan, name: str = "portal") -> str:
    return reverse(f"planning:{name}", args=[plan.public_id])


def kept(tenant: Tenant, name: str, content: bytes) -> PrivateFile:
    return files.store([content], tenant=tenant, name=name, content_type="application/pdf")


def test_the_package_holds_what_is_public_and_lists_it(planner: Client, tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True, objects=2, name="Am Weinberg", number="7")
    version = plan.published_version
    assert version is not None
    with acting_for([tenant.pk], [tenant.pk]):
        shared: dict[str, Any] = {"tenant": tenant, "plan": plan, "version": version}
        PlanDocument.objects.create(
            **shared, title="Begründung", file=kept(tenant, "text.pdf", b"%PDF reasons"), is_public=True
        )
        PlanDocument.objects.create(
            **shared, title="Intern", file=kept(tenant, "intern.pdf", b"%PDF secret"), order=1
        )
        step = ProcedureStep.objects.create(
            tenant=tenant, plan=plan, kind="adoption", on="2020-01-02", is_public=True
        )
        for number, public in enumerate((True, False)):
            StepDocument.objects.create(tenant=tenant, plan=plan, step=step, title=f"Satzung {number}", file=kept(tenant, "TEXT.pdf", b"%PDF statute"), is_public=public)  # fmt: skip
        add_version(plan)
        plan.published_version = version
        plan.save()
    answer = planner.get(url(plan, "transfer"))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:  # type: ignore[attr-defined]
        names = archive.namelist()
        listed = json.loads(archive.read("inhalt.json"))
        for each in listed["files"]:
            content = archive.read(each["name"])
            assert (each["bytes"], each["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert archive.read("dokumente/TEXT-2.pdf") == b"%PDF statute"
    assert names == ["7-am-weinberg.gml", "metadaten/dcat-ap-plu.rdf", "metadaten/dcat-ap-plu.jsonld", "dokumente/text.pdf", "dokumente/TEXT-2.pdf", "inhalt.json"]  # fmt: skip
    assert [each["name"] for each in listed["files"]] == names[:-1]
    assert (listed["name"], listed["portal_url"]) == ("Am Weinberg", None)


def test_the_portal_s_address_is_kept_and_shown(planner: Client, tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True)
    address = "https://portal.example.org/plan/7?a=b"
    assert planner.post(url(plan), {"portal_url": address}).status_code == 302
    assert Plan.objects.get().portal_url == address
    stranger = Client()
    assert address in stranger.get(plan.get_absolute_url()).content.decode()
    assert address in stranger.get(url(plan, "dcat_ttl")).content.decode()
    with acting_for([tenant.pk]):
        event = AuditEvent.objects.get(action="set_portal_url")
    assert address in json.dumps(event.after)


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "ftp://example.org/", "data:text/html,x", "kein Ort", "https://" + "x" * 600],
)
def test_what_is_no_address_is_refused(planner: Client, tenant: Tenant, address: str) -> None:
    plan = make_plan(tenant, public=True)
    answer = planner.post(url(plan), {"portal_url": address})
    assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True)
    assert Plan.objects.get().portal_url == ""


@pytest.mark.parametrize("name", ["portal", "transfer"])
def test_others_hand_nothing_over(client: Client, tenant: Tenant, name: str) -> None:
    public, draft = make_plan(tenant, public=True), make_plan(tenant)
    assert client.get(url(public, name)).status_code == 302  # to sign in
    for role, owner, expected in ((Role.MODERATOR, tenant, 403), (Role.PLANNER, TenantFactory.create(), 404)):
        person = Client()
        person.force_login(member(owner, role), backend=BACKEND)
        assert person.get(url(public, name)).status_code == expected
        assert person.post(url(public, name), {"portal_url": "https://x.de/"}).status_code in {expected, 405}
    client.force_login(member(tenant, Role.PLANNER), backend=BACKEND)
    assert client.get(url(draft, name)).status_code == 404
