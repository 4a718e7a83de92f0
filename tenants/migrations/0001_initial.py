"""People, tenants and the ground that everything stands on."""

import uuid
from typing import ClassVar

import django.contrib.gis.db.models.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from tenants.creation import CreateModels


class Migration(migrations.Migration):
    initial = True
    replaces: ClassVar = [
        ("tenants", "0001_people_and_ground"),
        ("tenants", "0003_sending_and_own_jobs"),
        ("tenants", "0004_file_script"),
        ("tenants", "0005_api_tokens"),
        ("tenants", "0006_token_may_write"),
    ]

    dependencies: ClassVar = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations: ClassVar = [
        CreateModels(
            migrations.CreateModel(
                name="User",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("password", models.CharField(max_length=128, verbose_name="password")),
                    ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                    (
                        "is_superuser",
                        models.BooleanField(
                            default=False,
                            help_text="Designates that this user has all permissions without explicitly assigning them.",
                            verbose_name="superuser status",
                        ),
                    ),
                    (
                        "is_staff",
                        models.BooleanField(
                            default=False,
                            help_text="Designates whether the user can log into this admin site.",
                            verbose_name="staff status",
                        ),
                    ),
                    (
                        "is_active",
                        models.BooleanField(
                            default=True,
                            help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                            verbose_name="active",
                        ),
                    ),
                    (
                        "date_joined",
                        models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                    ),
                    ("email", models.EmailField(max_length=254, unique=True, verbose_name="E-mail")),
                    ("name", models.CharField(max_length=150, verbose_name="Name")),
                    ("is_service", models.BooleanField(default=False, verbose_name="Service account")),
                    (
                        "groups",
                        models.ManyToManyField(
                            blank=True,
                            help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                            related_name="user_set",
                            related_query_name="user",
                            to="auth.group",
                            verbose_name="groups",
                        ),
                    ),
                    (
                        "user_permissions",
                        models.ManyToManyField(
                            blank=True,
                            help_text="Specific permissions for this user.",
                            related_name="user_set",
                            related_query_name="user",
                            to="auth.permission",
                            verbose_name="user permissions",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Person",
                    "verbose_name_plural": "People",
                },
            ),
            migrations.CreateModel(
                name="Tenant",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("county", "County"),
                                ("association", "Verwaltungsgemeinschaft"),
                                ("municipality", "Municipality"),
                            ],
                            max_length=12,
                            verbose_name="Kind",
                        ),
                    ),
                    ("name", models.CharField(max_length=120, verbose_name="Name")),
                    ("slug", models.SlugField(unique=True, verbose_name="Short name in addresses")),
                    (
                        "ags",
                        models.CharField(
                            blank=True,
                            max_length=8,
                            null=True,
                            unique=True,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^(\\d{5}|\\d{8})$", "The AGS has 8 digits (a county's 5)."
                                )
                            ],
                            verbose_name="AGS",
                        ),
                    ),
                    (
                        "ars",
                        models.CharField(
                            blank=True,
                            max_length=12,
                            null=True,
                            unique=True,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^(\\d{5}|\\d{9}|\\d{12})$",
                                    "The ARS has 12 digits (an association's 9, a county's 5).",
                                )
                            ],
                            verbose_name="ARS",
                        ),
                    ),
                    (
                        "association",
                        models.ForeignKey(
                            blank=True,
                            limit_choices_to={"kind": "association"},
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="members",
                            to="tenants.tenant",
                            verbose_name="Verwaltungsgemeinschaft",
                        ),
                    ),
                    (
                        "boundary",
                        django.contrib.gis.db.models.fields.MultiPolygonField(
                            blank=True, null=True, srid=25833, verbose_name="Boundary"
                        ),
                    ),
                    (
                        "population",
                        models.PositiveIntegerField(blank=True, null=True, verbose_name="Inhabitants"),
                    ),
                    (
                        "colour",
                        models.CharField(
                            default="#1a4b7a",
                            max_length=7,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^#[0-9a-f]{6}$", "A colour such as #1a5f8a."
                                )
                            ],
                            verbose_name="Colour",
                        ),
                    ),
                    (
                        "coat_of_arms",
                        models.ImageField(blank=True, upload_to="wappen/", verbose_name="Coat of arms"),
                    ),
                    ("contact", models.TextField(blank=True, verbose_name="Contact shown to the public")),
                    ("active", models.BooleanField(default=True, verbose_name="Active")),
                    ("onboarded_on", models.DateField(blank=True, null=True, verbose_name="Onboarded on")),
                    ("trained_on", models.DateField(blank=True, null=True, verbose_name="Staff trained on")),
                    (
                        "group",
                        models.OneToOneField(
                            editable=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="tenant",
                            to="auth.group",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Tenant",
                    "verbose_name_plural": "Tenants",
                    "ordering": ("name",),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("association__isnull", True), ("kind", "municipality"), _connector="OR"
                            ),
                            name="tenant_only_municipality_in_association",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="HostName",
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
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="host_names",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    (
                        "host",
                        models.CharField(
                            max_length=253,
                            unique=True,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$",
                                    "A host name in lower case such as beteiligung.example.de.",
                                )
                            ],
                            verbose_name="Host name",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Host name",
                    "verbose_name_plural": "Host names",
                },
            ),
            migrations.CreateModel(
                name="Membership",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="memberships",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Person",
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="memberships",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("county_admin", "County administrator"),
                                ("county_analyst", "County analyst"),
                                ("municipal_admin", "Municipal administrator"),
                                ("planner", "Planner"),
                                ("editor", "Editor"),
                                ("moderator", "Moderator"),
                            ],
                            max_length=16,
                            verbose_name="Role",
                        ),
                    ),
                    ("since", models.DateTimeField(auto_now_add=True, verbose_name="Since")),
                ],
                options={
                    "verbose_name": "Membership",
                    "verbose_name_plural": "Memberships",
                    "constraints": [
                        models.UniqueConstraint(fields=("user", "tenant", "role"), name="membership_unique")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Invitation",
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
                            related_name="invitations",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    ("email", models.EmailField(max_length=254, verbose_name="E-mail")),
                    ("name", models.CharField(blank=True, max_length=150, verbose_name="Name")),
                    ("roles", models.JSONField(default=list, verbose_name="Roles")),
                    ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                    (
                        "invited_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Invited by",
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Invited at")),
                    ("expires_at", models.DateTimeField(verbose_name="Expires at")),
                    ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="Accepted at")),
                    ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="Revoked at")),
                ],
                options={
                    "verbose_name": "Invitation",
                    "verbose_name_plural": "Invitations",
                    "ordering": ("-created_at",),
                },
            ),
            migrations.CreateModel(
                name="ApiToken",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="access_tokens",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Person",
                        ),
                    ),
                    (
                        "tenant",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.tenant",
                            verbose_name="Tenant",
                        ),
                    ),
                    ("name", models.CharField(max_length=80, verbose_name="What it is for")),
                    ("may_write", models.BooleanField(default=False, verbose_name="May change things")),
                    ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Made")),
                    ("expires_at", models.DateTimeField(verbose_name="Expires at")),
                    (
                        "last_used_at",
                        models.DateTimeField(editable=False, null=True, verbose_name="Last used"),
                    ),
                ],
                options={
                    "verbose_name": "Access token",
                    "verbose_name_plural": "Access tokens",
                    "ordering": ("-created_at", "-pk"),
                },
            ),
            migrations.CreateModel(
                name="EmergencyAccess",
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
                        "operator",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Operator",
                        ),
                    ),
                    ("reason", models.TextField(verbose_name="Reason")),
                    ("opened_at", models.DateTimeField(verbose_name="Opened")),
                    ("expires_at", models.DateTimeField(verbose_name="Expires")),
                ],
                options={
                    "verbose_name": "Emergency access",
                    "verbose_name_plural": "Emergency accesses",
                },
            ),
            migrations.CreateModel(
                name="Job",
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
                    ("task", models.CharField(help_text="Name of the Celery task", max_length=200)),
                    ("title", models.CharField(max_length=300, verbose_name="Title")),
                    ("params", models.JSONField(default=dict)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("queued", "waiting"),
                                ("running", "running"),
                                ("done", "done"),
                                ("failed", "failed"),
                                ("cancelled", "cancelled"),
                            ],
                            default="queued",
                            max_length=10,
                            verbose_name="State",
                        ),
                    ),
                    ("share_done", models.FloatField(default=0.0, verbose_name="Share done")),
                    ("step", models.CharField(blank=True, max_length=300, verbose_name="Step")),
                    ("checkpoint", models.JSONField(default=dict)),
                    ("result", models.JSONField(default=dict)),
                    ("error", models.TextField(blank=True, verbose_name="Error")),
                    ("attempts", models.PositiveSmallIntegerField(default=0)),
                    ("cancel_requested", models.BooleanField(default=False)),
                    (
                        "actor",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Started by",
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                    (
                        "sent_at",
                        models.DateTimeField(help_text="When it was last given to the worker", null=True),
                    ),
                    ("started_at", models.DateTimeField(null=True, verbose_name="Started")),
                    ("finished_at", models.DateTimeField(null=True, verbose_name="Finished")),
                ],
                options={
                    "verbose_name": "Job",
                    "verbose_name_plural": "Jobs",
                    "ordering": ("-created_at",),
                    "indexes": [models.Index(fields=["tenant", "-created_at"], name="job_recent")],
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="job_public_id")
                    ],
                },
            ),
            migrations.CreateModel(
                name="AuditEvent",
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
                    ("at", models.DateTimeField(db_index=True, verbose_name="When")),
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
                    ("actor_name", models.CharField(max_length=150, verbose_name="Who")),
                    ("action", models.CharField(max_length=60, verbose_name="What")),
                    ("kind", models.CharField(max_length=60, verbose_name="Kind of thing")),
                    ("object_id", models.CharField(max_length=60)),
                    ("label", models.CharField(max_length=300, verbose_name="Thing")),
                    ("before", models.JSONField(default=dict, verbose_name="Before")),
                    ("after", models.JSONField(default=dict, verbose_name="After")),
                ],
                options={
                    "verbose_name": "Audit record",
                    "verbose_name_plural": "Audit records",
                    "ordering": ("-at", "-id"),
                    "indexes": [models.Index(fields=["tenant", "-at"], name="audit_recent")],
                },
            ),
            migrations.CreateModel(
                name="UsageEvent",
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
                    ("at", models.DateTimeField(verbose_name="When")),
                    ("kind", models.CharField(max_length=60, verbose_name="Kind")),
                    ("use_case", models.CharField(blank=True, max_length=60, verbose_name="Use case")),
                    (
                        "user",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Who",
                        ),
                    ),
                    ("by_county", models.BooleanField(default=False, verbose_name="Done by the county")),
                ],
                options={
                    "verbose_name": "Usage event",
                    "verbose_name_plural": "Usage events",
                    "indexes": [models.Index(fields=["tenant", "at"], name="usage_when")],
                },
            ),
            migrations.CreateModel(
                name="PrivateFile",
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
                    ("name", models.CharField(max_length=255, verbose_name="File name")),
                    ("content_type", models.CharField(max_length=100, verbose_name="Type")),
                    ("size", models.PositiveBigIntegerField(verbose_name="Size in bytes")),
                    ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                    ("is_public", models.BooleanField(default=False, verbose_name="Public")),
                    (
                        "has_script",
                        models.BooleanField(
                            default=False,
                            help_text="Given out as a download alone",
                            verbose_name="May run something",
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Uploaded")),
                    (
                        "created_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Uploaded by",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "File",
                    "verbose_name_plural": "Files",
                    "constraints": [
                        models.UniqueConstraint(fields=("tenant", "public_id"), name="file_public_id")
                    ],
                },
            ),
            migrations.CreateModel(
                name="OutboxMessage",
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
                        "key",
                        models.CharField(
                            help_text="What the mail is about; the same key is never queued twice",
                            max_length=200,
                        ),
                    ),
                    ("recipient", models.EmailField(max_length=254, verbose_name="To")),
                    ("subject", models.CharField(max_length=300, verbose_name="Subject")),
                    ("body", models.TextField(verbose_name="Text")),
                    (
                        "confidential",
                        models.BooleanField(
                            default=False, help_text="The text holds a secret and is emptied once it is sent"
                        ),
                    ),
                    (
                        "attachment",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="tenants.privatefile",
                        ),
                    ),
                    ("message_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("sent_at", models.DateTimeField(null=True)),
                    ("retry_at", models.DateTimeField(help_text="Not tried again before", null=True)),
                    ("attempts", models.PositiveSmallIntegerField(default=0)),
                    ("last_error", models.TextField(blank=True)),
                ],
                options={
                    "verbose_name": "Outgoing mail",
                    "verbose_name_plural": "Outgoing mails",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("sent_at__isnull", True)),
                            fields=["created_at"],
                            name="outbox_unsent",
                        )
                    ],
                    "constraints": [models.UniqueConstraint(fields=("tenant", "key"), name="outbox_key")],
                },
            ),
        ),
    ]
