"""What people say in a procedure. The text never changes; acts on it are rows beside it."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import connection
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from participation.models.procedures import Category, Phase, Procedure
from tenants.models import TenantOwned, TenantQuerySet, User

TEXT_LENGTH = 50_000  # characters; about 15 printed pages, far below the 1 MB that a tsvector holds


class Publication(models.TextChoices):
    PENDING = "pending", _("not decided")
    PUBLISHED = "published", _("published")
    HIDDEN = "hidden", _("not published")


class StatementQuerySet(TenantQuerySet["Statement"]):
    def published(self) -> Self:
        return self.filter(is_public=True)

    def pending(self) -> Self:
        return self.filter(publication=Publication.PENDING)


class StatementManager(models.Manager.from_queryset(StatementQuerySet)):  # type: ignore[misc]
    """Leaves the search columns in the database: they are only ever compared there."""

    def reserve_key(self) -> int:
        """A primary key for a statement yet to be written; one that is never used leaves no trace (keys are no receipt numbers)."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('participation_statement_id_seq')")
            return int(cursor.fetchone()[0])

    def get_queryset(self) -> StatementQuerySet:
        queryset: StatementQuerySet = super().get_queryset().defer("search_text", "search_vector")
        return queryset


class Statement(TenantOwned):
    """What somebody said. The serving login can change publication, consent and category only, and remove nothing.

    Single shares open no statement: who a procedure is shared with sees what was published, like everybody.
    """

    procedure = models.ForeignKey(
        Procedure,
        verbose_name=_("Participation procedure"),
        on_delete=models.PROTECT,
        related_name="statements",
        db_constraint=False,
    )
    phase = models.ForeignKey(
        Phase,
        verbose_name=_("Phase"),
        on_delete=models.PROTECT,
        related_name="statements",
        db_constraint=False,
    )
    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(_("Receipt number"))
    secret_hash = models.CharField(max_length=64, editable=False)
    text = models.TextField(_("Statement"))
    received_at = models.DateTimeField(_("Received"))
    is_late = models.BooleanField("verspätet", default=False)
    from_body = models.BooleanField(_("From a body"), default=False)
    category = models.ForeignKey(
        Category,
        verbose_name=_("Category"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    publication_consent = models.BooleanField(_("May be published"), default=False)
    publication = models.CharField(
        _("Publication"), max_length=9, choices=Publication, default=Publication.PENDING
    )
    publication_reason = models.CharField(_("Reason"), max_length=500, blank=True)
    is_public = models.BooleanField(default=False, editable=False)
    search_text = models.GeneratedField(
        expression=Func(F("text"), function="kz_fold"), output_field=models.TextField(), db_persist=True
    )
    search_vector = models.GeneratedField(
        expression=SearchVector(Func(F("text"), function="kz_fold"), config="german"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    objects: ClassVar[Any] = StatementManager()

    class Meta:
        verbose_name = _("Statement")
        verbose_name_plural = _("Statements")
        ordering = ("-received_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "public_id"), name="statement_public_id"),
            models.UniqueConstraint(fields=("tenant", "procedure", "number"), name="statement_number"),
            models.CheckConstraint(condition=~Q(text=""), name="statement_has_text"),
            models.CheckConstraint(
                condition=Q(is_public=True, publication=Publication.PUBLISHED, publication_consent=True)
                | (Q(is_public=False) & ~Q(publication=Publication.PUBLISHED)),
                name="statement_public_with_consent",
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "-received_at", "-id"), name="statement_of_town"),
            models.Index(fields=("procedure", "-received_at", "-id"), name="statement_recent"),
            models.Index(
                fields=("procedure", "-received_at", "-id"),
                condition=Q(is_public=True),
                name="statement_published",
            ),
            models.Index(
                fields=("tenant", "received_at", "id"),
                condition=Q(publication="pending"),
                name="statement_queue",
            ),
            GinIndex(fields=("search_vector",), name="statement_search"),
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="statement_part"),
        )

    def __str__(self) -> str:
        return self.receipt

    def get_absolute_url(self) -> str:
        return reverse("participation:statement", args=[self.public_id])

    @property
    def receipt(self) -> str:
        """The number as people read it; without the secret it reveals nothing."""
        return f"{self.tenant_id}-{self.procedure_id}-{self.number:05d}"


class StatementChild(TenantOwned):
    """Abstract: a row beside a statement, for the tenant alone unless it has `is_public`."""

    statement = models.ForeignKey(
        Statement,
        verbose_name=_("Statement"),
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        db_constraint=False,
    )

    class Meta:
        abstract = True


class Submitter(StatementChild):
    """Who said it, as far as they told. Apart from the text, never public, emptied on its purge date."""

    name = models.CharField(_("Name"), max_length=200, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    postal_address = models.TextField(_("Postal address"), blank=True, max_length=500)
    user = models.ForeignKey(
        User,
        verbose_name=_("Account"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    language = models.CharField(
        _("Language of mails"),
        max_length=2,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=_("In which the form was filled in."),
    )
    confirmed_at = models.DateTimeField(_("E-mail confirmed"), null=True, blank=True)
    purge_on = models.DateField(
        _("Emptied on"),
        null=True,
        blank=True,
        help_text=_("Empty: stays with the file until it is archived."),
    )

    class Meta:
        verbose_name = _("Submitter")
        verbose_name_plural = _("Submitters")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "statement"), name="submitter_of_statement"),
        )
        indexes = (
            models.Index(fields=("purge_on",), condition=Q(purge_on__isnull=False), name="submitter_purge"),
        )

    def __str__(self) -> str:
        return str(self.statement_id)


class Anchor(StatementChild):
    """The spot a statement speaks of: a place, an object of the plan, a paragraph of a document, or none."""

    geometry = models.GeometryField(_("Place"), srid=settings.TWIN_SRID, null=True, blank=True)
    plan_object = models.ForeignKey(
        "planning.PlanObject",
        verbose_name=_("Plan object"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    paragraph = models.CharField(_("Paragraph"), max_length=200, blank=True)
    is_public = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("Place of a statement")
        verbose_name_plural = _("Places of statements")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "statement"), name="anchor_of_statement"),
            models.CheckConstraint(
                condition=Q(geometry__isnull=True, plan_object__isnull=True)
                | Q(geometry__isnull=True, paragraph="")
                | Q(plan_object__isnull=True, paragraph=""),
                name="anchor_at_most_one",
            ),
        )

    def __str__(self) -> str:
        return str(self.statement_id)


class ModerationAct(models.TextChoices):
    PUBLISH = "publish", _("published")
    HIDE = "hide", _("not published")
    ASK = "ask", _("asked back")
    UNDO = "undo", _("undone")
    REVOKE = "revoke", _("consent taken back by the submitter")


class ModerationRecord(StatementChild):
    """One act on the publication of a statement. The serving login can only add rows."""

    act = models.CharField(_("What"), max_length=7, choices=ModerationAct)
    reason = models.CharField(_("Reason"), max_length=500, blank=True)
    before = models.CharField(max_length=9, choices=Publication)
    before_reason = models.CharField(max_length=500, blank=True)
    after = models.CharField(max_length=9, choices=Publication)
    undoes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="undone_by", db_constraint=False
    )
    at = models.DateTimeField(_("When"))
    actor = models.ForeignKey(
        User, verbose_name=_("Who"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("Moderation")
        verbose_name_plural = _("Moderations")
        ordering = ("-id",)
        indexes = (models.Index(fields=("statement", "-id"), name="moderation_of_statement"),)

    def __str__(self) -> str:
        return f"{self.act} · {self.statement_id}"


class Question(StatementChild):
    """A moderator asks the submitter back; the reply comes over the status page."""

    text = models.TextField(_("Question"), max_length=5000)
    asked_at = models.DateTimeField(_("Asked"))
    asked_by = models.ForeignKey(
        User, verbose_name=_("Asked by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    reply = models.TextField(_("Reply"), blank=True, max_length=TEXT_LENGTH)
    replied_at = models.DateTimeField(_("Replied"), null=True, blank=True)

    class Meta:
        verbose_name = _("Question to a submitter")
        verbose_name_plural = _("Questions to submitters")
        ordering = ("id",)
        indexes = (models.Index(fields=("statement", "id"), name="question_of_statement"),)

    def __str__(self) -> str:
        return str(self.statement_id)


class Answer(StatementChild):
    """An official answer that everybody reads; in formal phases only after the decision."""

    text = models.TextField(_("Answer"), max_length=20_000)
    answered_at = models.DateTimeField(_("Answered"))
    answered_by = models.ForeignKey(
        User, verbose_name=_("Answered by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_public = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("Answer")
        verbose_name_plural = _("Answers")
        ordering = ("id",)
        indexes = (models.Index(fields=("statement", "id"), name="answer_of_statement"),)

    def __str__(self) -> str:
        return str(self.statement_id)
