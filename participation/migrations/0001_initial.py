"""Procedures and statements; kz_fold is what statements are searched by."""

import uuid
from typing import ClassVar

import django.contrib.gis.db.models.fields
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tenants.creation import CreateModels

# unaccent is only STABLE (its dictionary could be exchanged); with the dictionary named it may stand in a generated column.
FOLD = migrations.RunSQL(
    sql="""CREATE FUNCTION public.kz_fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
        AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$""",
    reverse_sql="DROP FUNCTION public.kz_fold(text)",
)


class Migration(migrations.Migration):
    initial = True
    replaces: ClassVar = [
        ("participation", "0001_procedures"),
        ("participation", "0003_submitter_language"),
        ("participation", "0004_phase_fassung"),
        ("participation", "0005_statement_of_town"),
        ("participation", "0006_phase_version"),
        ("participation", "0007_bind_phases"),
        ("participation", "0008_phase_step"),
    ]

    dependencies: ClassVar = [
        ("planning", "0002_wall"),
        ("tenants", "0002_wall"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        FOLD,
        CreateModels(
            migrations.CreateModel(
                name="Procedure",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                    ("title", models.CharField(max_length=200, verbose_name="Title")),
                    (
                        "summary",
                        models.TextField(blank=True, max_length=5000, verbose_name="What it is about"),
                    ),
                    (
                        "plan",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="procedures",
                            to="planning.plan",
                            verbose_name="Plan",
                        ),
                    ),
                    (
                        "plan_version",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="planning.planversion",
                            verbose_name="Version of the plan",
                        ),
                    ),
                    ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                    ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="Published")),
                    (
                        "decided_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="Decided or closed"),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                    (
                        "created_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Created by",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Participation procedure",
                    "verbose_name_plural": "Participation procedures",
                    "ordering": ("-created_at", "-id"),
                    "permissions": (
                        ("as_external_planner", "Shared as external_planner"),
                        ("as_body", "Shared as body"),
                        ("as_reader", "Shared as reader"),
                    ),
                    "indexes": [
                        models.Index(
                            fields=["tenant", "id"], include=("is_public",), name="procedure_of_tenant"
                        ),
                        models.Index(fields=["public_id"], name="procedure_address"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="procedure_public_id"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("plan__isnull", True), ("plan_version__isnull", True)),
                                models.Q(("plan__isnull", False), ("plan_version__isnull", False)),
                                _connector="OR",
                            ),
                            name="procedure_plan_with_version",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ReceiptCounter",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    (
                        "procedure",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="%(class)ss",
                            to="participation.procedure",
                            verbose_name="Participation procedure",
                        ),
                    ),
                    ("last", models.PositiveIntegerField(default=0)),
                ],
                options={
                    "verbose_name": "Counter of receipts",
                    "verbose_name_plural": "Counters of receipts",
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "procedure"), name="counter_of_procedure")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Phase",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    (
                        "procedure",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="%(class)ss",
                            to="participation.procedure",
                            verbose_name="Participation procedure",
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("early_public", "Frühzeitige Beteiligung der Öffentlichkeit"),
                                ("early_bodies", "Frühzeitige Beteiligung der Behörden"),
                                ("draft_public", "Veröffentlichung im Internet"),
                                ("draft_bodies", "Beteiligung der Behörden"),
                                ("repeated_public", "Erneute Veröffentlichung"),
                                ("repeated_bodies", "Erneute Beteiligung der Behörden"),
                                (
                                    "simplified_public",
                                    "Beteiligung der betroffenen Öffentlichkeit im vereinfachten Verfahren",
                                ),
                                (
                                    "simplified_bodies",
                                    "Beteiligung der berührten Behörden im vereinfachten Verfahren",
                                ),
                                ("accelerated_public", "Unterrichtung im beschleunigten Verfahren"),
                                ("consent_hearing", "Anhörung zur Zustimmung der Gemeinde"),
                                ("by_law_public", "Beteiligung zur Satzung"),
                                ("by_law_bodies", "Beteiligung der Behörden zur Satzung"),
                                ("ideas", "Collection of ideas"),
                                ("consultation", "Informal consultation"),
                            ],
                            max_length=20,
                            verbose_name="Kind",
                        ),
                    ),
                    (
                        "audience",
                        models.CharField(
                            choices=[("public", "Public"), ("bodies", "Träger öffentlicher Belange")],
                            editable=False,
                            max_length=6,
                            verbose_name="Audience",
                        ),
                    ),
                    (
                        "period",
                        django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="Period"),
                    ),
                    (
                        "fassung",
                        models.ForeignKey(
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="phases",
                            to="planning.fassung",
                            verbose_name="Fassung",
                        ),
                    ),
                    (
                        "plan_version",
                        models.ForeignKey(
                            editable=False,
                            help_text="What the phase is about; until it is bound, that of its procedure",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="planning.planversion",
                            verbose_name="Version of the plan",
                        ),
                    ),
                    (
                        "step",
                        models.UUIDField(
                            editable=False,
                            help_text="Entry of the plan's legal procedure that this phase is",
                            null=True,
                        ),
                    ),
                    ("is_public", models.BooleanField(default=False, editable=False)),
                ],
                options={
                    "verbose_name": "Phase",
                    "verbose_name_plural": "Phases",
                    "ordering": ("period", "id"),
                    "constraints": [
                        django.contrib.postgres.constraints.ExclusionConstraint(
                            expressions=(
                                ("tenant", "="),
                                ("procedure", "="),
                                ("audience", "="),
                                ("period", "&&"),
                            ),
                            name="phase_no_overlap",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("period__endswith__isnull", False),
                                ("period__isempty", False),
                                ("period__startswith__isnull", False),
                            ),
                            name="phase_is_bounded",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Category",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    (
                        "procedure",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="%(class)ss",
                            to="participation.procedure",
                            verbose_name="Participation procedure",
                        ),
                    ),
                    ("name", models.CharField(max_length=80, verbose_name="Name")),
                    ("is_public", models.BooleanField(default=False, editable=False)),
                ],
                options={
                    "verbose_name": "Category",
                    "verbose_name_plural": "Categories",
                    "ordering": ("name",),
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "procedure", "name"), name="category_name")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Statement",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    (
                        "procedure",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="statements",
                            to="participation.procedure",
                            verbose_name="Participation procedure",
                        ),
                    ),
                    (
                        "phase",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="statements",
                            to="participation.phase",
                            verbose_name="Phase",
                        ),
                    ),
                    ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                    ("number", models.PositiveIntegerField(verbose_name="Receipt number")),
                    ("secret_hash", models.CharField(editable=False, max_length=64)),
                    ("text", models.TextField(verbose_name="Statement")),
                    ("received_at", models.DateTimeField(verbose_name="Received")),
                    ("is_late", models.BooleanField(default=False, verbose_name="verspätet")),
                    ("from_body", models.BooleanField(default=False, verbose_name="From a body")),
                    (
                        "category",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="participation.category",
                            verbose_name="Category",
                        ),
                    ),
                    (
                        "publication_consent",
                        models.BooleanField(default=False, verbose_name="May be published"),
                    ),
                    (
                        "publication",
                        models.CharField(
                            choices=[
                                ("pending", "not decided"),
                                ("published", "published"),
                                ("hidden", "not published"),
                            ],
                            default="pending",
                            max_length=9,
                            verbose_name="Publication",
                        ),
                    ),
                    (
                        "publication_reason",
                        models.CharField(blank=True, max_length=500, verbose_name="Reason"),
                    ),
                    ("is_public", models.BooleanField(default=False, editable=False)),
                    (
                        "search_text",
                        models.GeneratedField(
                            db_persist=True,
                            expression=models.Func(models.F("text"), function="kz_fold"),
                            output_field=models.TextField(),
                        ),
                    ),
                    (
                        "search_vector",
                        models.GeneratedField(
                            db_persist=True,
                            expression=django.contrib.postgres.search.SearchVector(
                                models.Func(models.F("text"), function="kz_fold"), config="german"
                            ),
                            output_field=django.contrib.postgres.search.SearchVectorField(),
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Statement",
                    "verbose_name_plural": "Statements",
                    "ordering": ("-received_at", "-id"),
                    "indexes": [
                        models.Index(fields=["tenant", "-received_at", "-id"], name="statement_of_town"),
                        models.Index(fields=["procedure", "-received_at", "-id"], name="statement_recent"),
                        models.Index(
                            condition=models.Q(("is_public", True)),
                            fields=["procedure", "-received_at", "-id"],
                            name="statement_published",
                        ),
                        models.Index(
                            condition=models.Q(("publication", "pending")),
                            fields=["tenant", "received_at", "id"],
                            name="statement_queue",
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            fields=["search_vector"], name="statement_search"
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            django.contrib.postgres.indexes.OpClass("search_text", "gin_trgm_ops"),
                            name="statement_part",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="statement_public_id"),
                        models.UniqueConstraint(
                            fields=("tenant", "procedure", "number"), name="statement_number"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("text", ""), _negated=True), name="statement_has_text"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("is_public", True),
                                    ("publication", "published"),
                                    ("publication_consent", True),
                                ),
                                models.Q(
                                    ("is_public", False),
                                    models.Q(("publication", "published"), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="statement_public_with_consent",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Submitter",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    (
                        "statement",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="%(class)ss",
                            to="participation.statement",
                            verbose_name="Statement",
                        ),
                    ),
                    ("name", models.CharField(blank=True, max_length=200, verbose_name="Name")),
                    ("email", models.EmailField(blank=True, max_length=254, verbose_name="E-mail")),
                    (
                        "postal_address",
                        models.TextField(blank=True, max_length=500, verbose_name="Postal address"),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Account",
                        ),
                    ),
                    (
                        "language",
                        models.CharField(
                            choices=[("de", "German"), ("en", "English")],
                            default="de",
                            help_text="In which the form was filled in.",
                            max_length=2,
                            verbose_name="Language of mails",
                        ),
                    ),
                    (
                        "confirmed_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="E-mail confirmed"),
                    ),
                    (
                        "purge_on",
                        models.DateField(
                            blank=True,
                            help_text="Empty: stays with the file until it is archived.",
                            null=True,
                            verbose_name="Emptied on",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Submitter",
                    "verbose_name_plural": "Submitters",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("purge_on__isnull", False)),
                            fields=["purge_on"],
                            name="submitter_purge",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "statement"), name="submitter_of_statement")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Anchor",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    (
                        "statement",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="%(class)ss",
                            to="participation.statement",
                            verbose_name="Statement",
                        ),
                    ),
                    (
                        "geometry",
                        django.contrib.gis.db.models.fields.GeometryField(
                            blank=True, null=True, srid=25833, verbose_name="Place"
                        ),
                    ),
                    (
                        "plan_object",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="planning.planobject",
                            verbose_name="Plan object",
                        ),
                    ),
                    ("paragraph", models.CharField(blank=True, max_length=200, verbose_name="Paragraph")),
                    ("is_public", models.BooleanField(default=False, editable=False)),
                ],
                options={
                    "verbose_name": "Place of a statement",
                    "verbose_name_plural": "Places of statements",
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "statement"), name="anchor_of_statement"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("geometry__isnull", True), ("plan_object__isnull", True)),
                                models.Q(("geometry__isnull", True), ("paragraph", "")),
                                models.Q(("paragraph", ""), ("plan_object__isnull", True)),
                                _connector="OR",
                            ),
                            name="anchor_at_most_one",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ModerationRecord",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    (
                        "statement",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="%(class)ss",
                            to="participation.statement",
                            verbose_name="Statement",
                        ),
                    ),
                    (
                        "act",
                        models.CharField(
                            choices=[
                                ("publish", "published"),
                                ("hide", "not published"),
                                ("ask", "asked back"),
                                ("undo", "undone"),
                                ("revoke", "consent taken back by the submitter"),
                            ],
                            max_length=7,
                            verbose_name="What",
                        ),
                    ),
                    ("reason", models.CharField(blank=True, max_length=500, verbose_name="Reason")),
                    (
                        "before",
                        models.CharField(
                            choices=[
                                ("pending", "not decided"),
                                ("published", "published"),
                                ("hidden", "not published"),
                            ],
                            max_length=9,
                        ),
                    ),
                    ("before_reason", models.CharField(blank=True, max_length=500)),
                    (
                        "after",
                        models.CharField(
                            choices=[
                                ("pending", "not decided"),
                                ("published", "published"),
                                ("hidden", "not published"),
                            ],
                            max_length=9,
                        ),
                    ),
                    (
                        "undoes",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="undone_by",
                            to="participation.moderationrecord",
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="When")),
                    (
                        "actor",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Who",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Moderation",
                    "verbose_name_plural": "Moderations",
                    "ordering": ("-id",),
                    "indexes": [models.Index(fields=["statement", "-id"], name="moderation_of_statement")],
                },
            ),
            migrations.CreateModel(
                name="Question",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    (
                        "statement",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="%(class)ss",
                            to="participation.statement",
                            verbose_name="Statement",
                        ),
                    ),
                    ("text", models.TextField(max_length=5000, verbose_name="Question")),
                    ("asked_at", models.DateTimeField(verbose_name="Asked")),
                    (
                        "asked_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Asked by",
                        ),
                    ),
                    ("reply", models.TextField(blank=True, max_length=50000, verbose_name="Reply")),
                    ("replied_at", models.DateTimeField(blank=True, null=True, verbose_name="Replied")),
                ],
                options={
                    "verbose_name": "Question to a submitter",
                    "verbose_name_plural": "Questions to submitters",
                    "ordering": ("id",),
                    "indexes": [models.Index(fields=["statement", "id"], name="question_of_statement")],
                },
            ),
            migrations.CreateModel(
                name="Answer",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    (
                        "statement",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="%(class)ss",
                            to="participation.statement",
                            verbose_name="Statement",
                        ),
                    ),
                    ("text", models.TextField(max_length=20000, verbose_name="Answer")),
                    ("answered_at", models.DateTimeField(verbose_name="Answered")),
                    (
                        "answered_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Answered by",
                        ),
                    ),
                    ("is_public", models.BooleanField(default=False, editable=False)),
                ],
                options={
                    "verbose_name": "Answer",
                    "verbose_name_plural": "Answers",
                    "ordering": ("id",),
                    "indexes": [models.Index(fields=["statement", "id"], name="answer_of_statement")],
                },
            ),
        ),
    ]
