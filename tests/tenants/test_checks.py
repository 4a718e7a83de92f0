"""Each hole in the wall turns a check red; here each hole is really cut."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core import checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps

from tenants import rls
from tenants.checks import every_model_has_an_owner
from tenants.database import as_owner
from tenants.errors import WallTooWeak
from tenants.models import Job, OutboxMessage, PrivateFile, TenantOwned
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory


def as_owner_do(sql: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(sql)


@contextmanager
def cut(hole: str, mend: str) -> Iterator[None]:
    """A change by the owner of the tables, taken back afterwards."""
    as_owner_do(hole)
    try:
        yield
    finally:
        as_owner_do(mend)


def codes() -> list[str | None]:
    return [found.id for found in checks.run_checks(databases=["default"]) if isinstance(found, checks.Error)]


@pytest.mark.django_db(transaction=True)
def test_wall_stands() -> None:
    assert codes() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("hole", "mend"),
    [
        (
            "ALTER TABLE tenants_job DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE tenants_job ENABLE ROW LEVEL SECURITY",
        ),
        (
            "ALTER POLICY kz_read ON tenants_job RENAME TO gone",
            "ALTER POLICY gone ON tenants_job RENAME TO kz_read",
        ),
    ],
)
def test_table_without_policy_turns_red(hole: str, mend: str) -> None:
    with cut(hole, mend):
        assert codes() == ["tenants.E003"]
        with pytest.raises(SystemCheckError, match="tenants.Job"):
            call_command("check", databases=["default"])


@pytest.mark.django_db(transaction=True)
def test_view_round_the_wall_turns_red() -> None:
    with cut("CREATE VIEW hole AS SELECT * FROM tenants_job", "DROP VIEW hole"):
        assert codes() == ["tenants.E005"]
    with cut("CREATE VIEW safe WITH (security_invoker=true) AS SELECT * FROM tenants_job", "DROP VIEW safe"):
        assert codes() == []


@pytest.mark.django_db(transaction=True)
def test_serving_login_that_owns_a_table_is_refused() -> None:
    rls.refuse_weak_login()
    with cut("CREATE TABLE mine (id int)", "DROP TABLE mine"), as_owner():
        (reason,) = rls.weaknesses()
        assert "owns" in reason
        with pytest.raises(WallTooWeak):
            rls.refuse_weak_login()


@pytest.mark.django_db(transaction=True)
def test_row_of_another_towns_parent_is_refused_by_the_key() -> None:
    own, other = TenantFactory.create(), TenantFactory.create()
    with acting_for([other.pk], [other.pk]):
        foreign = PrivateFile.objects.create(tenant=other, name="n", content_type="t", size=0, sha256="")
    with pytest.raises(IntegrityError, match="same_tenant"), acting_for([own.pk], [own.pk]):
        OutboxMessage.objects.create(
            tenant=own, key="k", recipient="a@example.org", subject="s", body="b", attachment=foreign
        )


@pytest.mark.django_db
def test_unguarded_row_of_another_tenant_is_refused_also_as_raw_sql() -> None:
    own, other = TenantFactory.create(), TenantFactory.create()
    with acting_for([own.pk, other.pk], [own.pk]), connection.cursor() as cursor:
        job = Job.objects.create(tenant=own, task="t", title="t")
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            cursor.execute("UPDATE tenants_job SET tenant_id = %s WHERE id = %s", [other.pk, job.pk])


# --- models that a colleague could write tomorrow


def red(monkeypatch: pytest.MonkeyPatch, *found: type[models.Model]) -> list[str]:
    monkeypatch.setattr(apps, "get_models", lambda **kwargs: list(found))
    return [str(message.id) for message in every_model_has_an_owner(None)]


@isolate_apps("tenants")
def test_model_without_owner_turns_red(monkeypatch: pytest.MonkeyPatch) -> None:
    class Note(models.Model):  # noqa: DJ008
        class Meta:
            app_label = "tenants"

    Note.__module__ = "planning.models"
    assert red(monkeypatch, Note) == ["tenants.E001"]


@isolate_apps("tenants")
def test_hidden_table_between_two_models_turns_red(monkeypatch: pytest.MonkeyPatch) -> None:
    class Tag(TenantOwned):
        jobs = models.ManyToManyField(Job, related_name="+")

        class Meta:
            app_label = "tenants"

    Tag.__module__ = "planning.models"
    through = Tag.jobs.through
    through.__module__ = "planning.models"
    assert red(monkeypatch, Tag, through) == ["tenants.E001"]


@isolate_apps("tenants")
def test_key_that_tells_strangers_what_exists_turns_red(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plan(TenantOwned):
        number = models.CharField(max_length=9, unique=True)
        title = models.CharField(max_length=9)
        period = models.CharField(max_length=9)

        class Meta:
            app_label = "tenants"
            unique_together = (("title", "number"),)
            constraints = (
                models.UniqueConstraint(fields=("title",), name="by_title"),
                models.UniqueConstraint(fields=("tenant", "period"), name="by_period"),
                ExclusionConstraint(expressions=[("period", "&&")], name="overlap"),
                ExclusionConstraint(expressions=[("tenant", "="), ("period", "&&")], name="overlap_here"),
                models.CheckConstraint(condition=models.Q(title__gt=""), name="titled"),
            )

    Plan.__module__ = "planning.models"
    assert red(monkeypatch, Plan) == ["tenants.E002"] * 4
