"""Prints of large plans: made by the worker, for those who may see the plan, and for nobody else."""

from datetime import date
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from planning import printing, tasks
from planning.models import Plan, PlanVersion, ProcedureStep
from tenants.models import Job, PrivateFile, Tenant, User
from tenants.permissions import share
from tenants.roles import Role, Share
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory, UserFactory, county, member
from tests.planning.test_printing import plan, tenant, words_of
from tests.tenants.test_jobs import queue

__all__ = ["plan", "queue", "tenant"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queue")]


def heavy(plan: Plan) -> Plan:
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        PlanVersion.objects.filter(plan=plan).update(feature_count=printing.HEAVY + 1)
    return plan


def post(client: Client, plan: Plan) -> Any:
    return client.post(reverse("planning:print_background", args=[plan.public_id]), {"scale": "1000", "paper": "A3"})  # fmt: skip


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def done(job: Job) -> Job:
    tasks.print_drawing(tenant_id=job.tenant_id, job_id=job.pk)
    with acting_for([job.tenant_id]):
        job.refresh_from_db()
    return job


def test_a_large_plan_is_printed_by_the_worker_for_its_planners(plan: Plan, tenant: Tenant) -> None:
    planner = signed_in(member(tenant, Role.PLANNER))
    query = {"scale": "1000", "paper": "A3"}
    assert (
        planner.get(reverse("planning:drawing_pdf", args=[heavy(plan).public_id]), query).status_code == 413
    )
    answer = post(planner, plan)
    with acting_for([tenant.pk]):
        job = Job.objects.get(task=printing.TASK)
    assert answer.url == reverse("job", args=[job.public_id])
    assert done(job).state == "done"
    document = pypdfium2.PdfDocument(body_of(planner.get(job.result["url"])))
    assert document[0].get_size()[0] * 25.4 / 72 == pytest.approx(420, abs=1)  # fmt: skip
    with acting_for([tenant.pk]):
        assert PrivateFile.objects.filter(content_type="application/pdf").count() == 1


def test_a_person_keeps_the_last_print_alone(plan: Plan, tenant: Tenant) -> None:
    planner = signed_in(member(tenant, Role.PLANNER))
    for _ in range(2):
        post(planner, heavy(plan))
        with acting_for([tenant.pk]):
            job = Job.objects.filter(task=printing.TASK).latest("pk")
        done(job)
    with acting_for([tenant.pk]):
        assert PrivateFile.objects.filter(content_type="application/pdf").count() == 1
        first = Job.objects.filter(task=printing.TASK).earliest("pk")
    assert planner.get(first.result["url"]).status_code == 404


def test_nobody_else_starts_or_reads_a_print(plan: Plan, tenant: Tenant) -> None:
    owner = signed_in(member(tenant, Role.PLANNER))
    post(owner, heavy(plan))
    with acting_for([tenant.pk]):
        job = Job.objects.get(task=printing.TASK)
    done(job)
    strangers = [member(TenantFactory.create(), Role.MUNICIPAL_ADMIN), member(county(), Role.COUNTY_ADMIN)]
    for client in map(signed_in, strangers):
        assert post(client, plan).status_code == 404
        assert client.get(job.result["url"]).status_code == 404
    assert (
        signed_in(member(tenant, Role.PLANNER)).get(job.result["url"]).status_code == 404
    )  # a colleague prints anew
    assert [post(Client(), plan).status_code, Client().get(job.result["url"]).status_code] == [302, 302]


def test_a_reader_from_outside_gets_what_is_public_of_the_procedure(plan: Plan, tenant: Tenant) -> None:
    with acting_for([tenant.pk], [tenant.pk]):
        ProcedureStep.objects.create(tenant=tenant, plan=plan, kind="adoption", on=date(2026, 6, 1), note="Noch geheim")  # fmt: skip
    reader = UserFactory.create()
    share(plan, holder=reader, as_=Share.READER)
    post(signed_in(reader), heavy(plan))
    with acting_for([tenant.pk]):
        job = Job.objects.get(task=printing.TASK)
    body = body_of(signed_in(reader).get(done(job).result["url"]))
    assert "geheim" not in words_of(pypdfium2.PdfDocument(body))
