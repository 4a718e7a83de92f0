"""Runs: a question put to a use case, what it was computed from, and what came out. Workflows: how a town gets from question to answer."""

import uuid
from typing import Any, ClassVar, Self

from django.contrib.gis.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenants.models import Job, JobState, TenantOwned, TenantQuerySet, User
from tenants.permissions import SHARE_PERMISSIONS

OPEN = (JobState.QUEUED, JobState.RUNNING)


class RunQuerySet(TenantQuerySet["Run"]):
    share_column = "id"
    share_kind = "run"

    def done(self) -> Self:
        return self.filter(finished_at__isnull=False)

    def answering(self, digest: str) -> Self:
        """Those that answered this question, or are about to."""
        return self.filter(digest=digest).filter(Q(finished_at__isnull=False) | Q(job__state__in=OPEN))


class Run(TenantOwned):
    """One answer of a use case. It never changes once it is finished; another question is another run.

    parameters: by name, as the use case's form takes them; inputs: [{"name", "dataset" | "plan" | "run": its public id, "title", "version",
    "sha256", "of", "owner", "public"}] (of: when it was delivered; owner: slug of the tenant; public: then); subject: public id of the plan, where it is about one alone;
    digest: SHA-256 of all that the answer follows from. estimate: {"cells", "memory", "seconds"} as expected.
    summary: {name: value}, whose words and units are the use case's; outputs: [{"name", "file", "size", "legend", "steps", …}].
    report: {"file", "of"}, where it is kept (see printing.py). log: [{"at", "text"}]. State, progress and cancelling are the job's.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    use_case = models.SlugField(_("Use case"), db_index=False)
    title = models.CharField(_("Title"), max_length=200)
    use_case_version = models.CharField(_("Version of the use case"), max_length=40)
    engine_version = models.CharField(_("Version of the engine"), max_length=100)
    parameters = models.JSONField(_("Parameters"), default=dict)
    inputs = models.JSONField(_("Data"), default=list)
    subject = models.UUIDField(_("Plan"), null=True)
    digest = models.CharField(max_length=64, db_collation="C")
    estimate = models.JSONField(default=dict)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Job"))
    log = models.JSONField(default=list)
    summary = models.JSONField(_("Result"), default=dict)
    outputs = models.JSONField(_("Files"), default=list)
    report = models.JSONField(_("Report"), default=dict)
    seconds = models.FloatField(_("Seconds of computing"), default=0.0)
    is_public = models.BooleanField(_("Public"), default=False)
    created_at = models.DateTimeField(_("Asked"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Asked by")
    )
    finished_at = models.DateTimeField(_("Finished"), null=True)
    objects: ClassVar[Any] = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("Analysis")
        verbose_name_plural = _("Analyses")
        ordering = ("-created_at", "-id")
        permissions = SHARE_PERMISSIONS
        constraints = (
            models.UniqueConstraint(fields=("tenant", "public_id"), name="run_public_id"),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(finished_at__isnull=False), name="run_public_is_finished"
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "-created_at"), include=("is_public",), name="run_recent"),
            models.Index(fields=("tenant", "digest"), name="run_digest"),
            models.Index(fields=("public_id",), name="run_address"),
            models.Index(
                fields=("subject", "-created_at"), condition=Q(subject__isnull=False), name="run_subject"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("analysis:run", args=[self.public_id])

    @property
    def state(self) -> JobState:
        """The job is hidden from those with whom a finished run is shared."""
        if self.finished_at is not None:
            return JobState.DONE
        return JobState(self.job.state) if self.job is not None else JobState.FAILED

    @property
    def step(self) -> str:
        """Which one it was asked about, where its maps have steps: its numbers and other files are of this one. Empty where they have none."""
        steps = (step for each in self.outputs for step in each.get("steps", ()))
        return next((str(step["title"]) for step in steps if step["asked"]), "")

    @property
    def is_over(self) -> bool:
        return self.state not in OPEN


class StepKind(models.TextChoices):
    """The steps in which a use case is worked through, in their order."""

    QUESTION = "question", _("Question")
    DATA = "data", _("Data")
    RUN = "run", pgettext_lazy("step", "Computation")
    REVIEW = "review", pgettext_lazy("step", "Review")
    RESULT = "result", _("Result")
    PUBLICATION = "publication", _("Publication")


class Workflow(TenantOwned):
    """A use case worked through by a town's people, step by step; the title is the question. closed_at: of its last step."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    use_case = models.SlugField(_("Use case"), db_index=False)
    title = models.CharField(_("Question"), max_length=200)
    created_at = models.DateTimeField(_("Begun"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("Begun by")
    )
    closed_at = models.DateTimeField(_("Finished"), null=True)

    class Meta:
        verbose_name = _("Workflow")
        verbose_name_plural = _("Workflows")
        ordering = ("-created_at", "-id")
        constraints = (models.UniqueConstraint(fields=("tenant", "public_id"), name="workflow_public_id"),)
        indexes = (models.Index(fields=("tenant", "-created_at"), name="workflow_recent"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("analysis:workflow", args=[self.public_id])


class WorkflowStep(TenantOwned):
    """One of the six steps. The first that is not done is the current one."""

    workflow = models.ForeignKey(
        Workflow, on_delete=models.CASCADE, db_constraint=False, related_name="steps"
    )
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("Step"), max_length=12, choices=StepKind.choices)
    assignee = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Who does it")
    )
    due = models.DateField(_("Due on"), null=True, blank=True)
    note = models.TextField(pgettext_lazy("workflow", "Note"), blank=True)
    done_at = models.DateTimeField(_("Done"), null=True)
    done_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Done by")
    )

    class Meta:
        verbose_name = _("Step of a workflow")
        verbose_name_plural = _("Steps of workflows")
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("tenant", "workflow", "position"), name="workflow_step_once"),
        )
        indexes = (
            models.Index(
                fields=("due",),
                condition=Q(done_at__isnull=True, due__isnull=False),
                name="workflow_step_due",
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()


class WorkflowRun(TenantOwned):
    """A run that belongs to a workflow; one answer may serve several."""

    workflow = models.ForeignKey(
        Workflow, on_delete=models.CASCADE, db_constraint=False, related_name="links"
    )
    run = models.ForeignKey(Run, on_delete=models.CASCADE, db_constraint=False, related_name="links")

    class Meta:
        verbose_name = _("Analysis of a workflow")
        verbose_name_plural = _("Analyses of workflows")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "workflow", "run"), name="workflow_run_once"),
        )

    def __str__(self) -> str:
        return f"{self.workflow_id} · {self.run_id}"
