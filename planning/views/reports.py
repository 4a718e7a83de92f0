"""The report of a check: verdict, findings with filter and map, downloads, comparison, checking again."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Count, Q, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.generic import TemplateView

from planning import comparing, repeating, reporting, services, validating
from planning.explaining import title_of
from planning.forms import FindingFilter
from planning.models import Finding, Severity, ValidationRun
from planning.views.plans import PlanMixin, WorkMixin
from planning.xplanung.stages import PREFIXES
from tenants.models import Job
from tenants.permissions import can

PER_PAGE = 50
# who reads the report begins with what must be mended
WORST_FIRST = Case(*(When(severity=severity, then=rank) for rank, severity in enumerate(Severity)))
_TITLE = 60  # characters of a rule's title in the filter


class ReportMixin(PlanMixin):
    """The latest check of the version, for those who work on the plan; for all others the address does not exist."""

    run: ValidationRun | None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not can(request.user, "view", self.plan):
            raise Http404
        self.run = self.version.validation_runs.first()

    def wanted(self) -> tuple[FindingFilter, list[Finding]]:
        """The filter form, and the findings it leaves. Words are made here, not in the database, so a search reads all."""
        findings = Finding.objects.filter(run=self.run).order_by(WORST_FIRST, "order")
        form = FindingFilter(self.request.GET, rules=self._rules(findings))
        form.is_valid()  # a filter that cannot be read filters nothing
        wanted = form.cleaned_data
        rows = _filtered(findings, wanted)
        words = wanted.get("q", "").casefold().split()
        if not words:
            return form, rows
        told = reporting.told(rows, version=self.version.xplan_version)
        return form, [each.finding for each in told if _has(each, words)]

    def _rules(self, findings: QuerySet[Finding]) -> list[tuple[str, str]]:
        """Choices of the filter: rules that were broken, with their title and how often."""
        counted = findings.order_by("rule", "condition").values_list("rule", "condition")
        choices = []
        for rule, condition, count in counted.annotate(Count("pk")):
            title = title_of(rule, condition, self.version.xplan_version)
            name = f"{condition} {title}"[:_TITLE] if condition else rule
            choices.append((f"{rule}:{condition}", f"{name} ({count})"))
        return sorted(choices, key=lambda choice: choice[1])


def _filtered(findings: QuerySet[Finding], wanted: dict[str, Any]) -> Any:
    if wanted.get("severity"):
        findings = findings.filter(severity__in=wanted["severity"].split(","))
    if wanted.get("stage"):
        condition = Q()
        for prefix in PREFIXES[wanted["stage"]]:
            condition |= Q(rule__startswith=prefix)
        findings = findings.filter(condition)
    if wanted.get("rule"):
        rule, _separator, number = wanted["rule"].partition(":")
        findings = findings.filter(rule=rule, condition=number)
    return findings


Entry = tuple[repeating.Repeated[Finding], list[tuple[reporting.Told, str]]]


def _listed(group: repeating.Repeated[Finding], told: Mapping[int, reporting.Told]) -> Entry:
    """With those that are listed, each with its own words where they are not those of the group."""
    return group, [(told[each.pk], words) for each, words in group.told]


def _grouped(rows: Any) -> list[repeating.Repeated[Finding]]:
    return repeating.grouped(rows.defer("point") if isinstance(rows, QuerySet) else rows)


def _has(told: reporting.Told, words: list[str]) -> bool:
    finding = told.finding
    text = f"{told.words} {told.title} {finding.rule} {finding.condition} {finding.gml_id}".casefold()
    return all(word in text for word in words)


class Report(ReportMixin, TemplateView):
    """Findings that say the same are one entry; with ?view=list each stands for itself."""

    template_name = "planning/validationrun_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form, rows = self.wanted()
        job = self._job()
        place = {"public_id": self.plan.public_id}
        points = reverse("planning:finding_points", kwargs=place)
        return context | {
            "run": self.run,
            "verdict": reporting.verdict_of(self.run) if self.run else None,
            "stages": reporting.stage_rows(self.run) if self.run else [],
            "form": form,
            "job": job,
            "job_url": reverse("job_state", args=[job.public_id]) if job else "",
            "cancel_url": self._cancel_url(context["actions"]),
            "features_url": reverse("planning:features", kwargs=place) + context["query"],
            "points_url": f"{points}?{self.request.GET.urlencode()}",
            "comparison": self._comparison(),
            "reset": f"{self.request.path}{context['query']}",
            **self._entries(rows),
        }

    def _entries(self, rows: Any) -> dict[str, Any]:
        """A page of them."""
        listed = self.request.GET.get("view") == "list"
        groups = [] if listed else _grouped(rows)
        paginator = Paginator(rows if listed else groups, PER_PAGE)
        page: Any = paginator.get_page(self.request.GET.get("page"))
        shown = list(page) if listed else [finding for group in page for finding in group.shown]
        told = {row.finding.pk: row for row in self._told(shown)}
        return {
            "page": page,
            "count": paginator.count if listed else sum(len(group.findings) for group in groups),
            "rows": list(told.values()),
            "groups": [] if listed else [_listed(group, told) for group in page],
        }

    def _told(self, findings: list[Finding]) -> Iterator[reporting.Told]:
        """With their places, which grouping does without."""
        whole = Finding.objects.in_bulk([each.pk for each in findings])
        return reporting.told((whole[each.pk] for each in findings), version=self.version.xplan_version)

    def _job(self) -> Job | None:
        """The check that is under way or failed; a finished one speaks by its report."""
        job = validating.latest_job(self.version)
        return None if job is None or job.state == "done" else job

    def _cancel_url(self, actions: frozenset[str]) -> str:
        address = reverse("planning:cancel_check", args=[self.plan.public_id])
        return f"{address}?version={self.version.number}" if "change_plan" in actions else ""

    def _comparison(self) -> dict[str, Any] | None:
        before = comparing.run_before(self.version) if self.run else None
        if before is None or self.run is None:
            return None
        found = comparing.compare(self.run, before)
        counts = {name: len(getattr(found, name)) for name in ("new", "gone", "remaining")}
        return {"before": before.version, **counts}


@method_decorator(gzip_page, name="dispatch")
class FindingPoints(ReportMixin):
    """The places of the findings that the filter leaves, as GeoJSON in the twin's system; each with its place in the list."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        _form, rows = self.wanted()
        query = request.GET.copy()
        query["view"] = "list"  # where every finding has its place
        features = []
        for place, each in enumerate(reporting.told(rows, version=self.version.xplan_version)):
            point = each.finding.point
            if point is None:
                continue
            query["page"] = str(place // PER_PAGE + 1)
            features.append(
                {
                    "type": "Feature",
                    "id": str(each.finding.pk),
                    "geometry": {"type": "Point", "coordinates": [round(point.x, 3), round(point.y, 3)]},
                    "properties": {
                        "label": each.words,
                        "severity": each.finding.severity,
                        "url": f"?{query.urlencode()}#finding-{each.finding.pk}",
                    },
                }
            )
        body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
        return HttpResponse(
            body, content_type="application/geo+json", headers={"Cache-Control": "private, no-cache"}
        )


class Download(ReportMixin):
    """The report as file: kind pdf, json or csv."""

    kind = "pdf"
    TYPES: ClassVar[dict[str, str]] = {
        "pdf": "application/pdf",
        "json": "application/json",
        "csv": "text/csv; charset=utf-8",
    }

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if self.run is None:
            raise Http404
        name = f"{slugify(str(self.plan))[:80] or 'plan'}-{self.version.number}-pruefbericht.{self.kind}"
        answer = HttpResponse(content_type=self.TYPES[self.kind])
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "private, no-store"
        writers: dict[str, Callable[[ValidationRun], Any]] = {
            "pdf": lambda run: answer.write(reporting.as_pdf(run, self.plan, self.version)),
            "json": lambda run: answer.write(reporting.as_json(run, self.plan, self.version)),
            "csv": lambda run: reporting.write_csv(run, answer),
        }
        writers[self.kind](self.run)
        return answer


class Comparison(ReportMixin, TemplateView):
    """What is new, gone or the same since the version before. ?show=new, gone or remaining."""

    template_name = "planning/validationrun_compare.html"
    KINDS = ("new", "gone", "remaining")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before = comparing.run_before(self.version)
        if before is None or self.run is None:
            raise Http404
        found = comparing.compare(self.run, before)
        shown = self.request.GET.get("show", "new")
        shown = shown if shown in self.KINDS else "new"
        page = Paginator(getattr(found, shown), PER_PAGE).get_page(self.request.GET.get("page"))
        findings = Finding.objects.filter(pk__in=list(page)).order_by("order")
        of = before.version if shown == "gone" else self.version
        labels = {"new": _("New"), "gone": _("Gone"), "remaining": _("Remaining")}
        return super().get_context_data(**kwargs) | {
            "before": before.version,
            "kinds": [(kind, labels[kind], len(getattr(found, kind))) for kind in self.KINDS],
            "shown": shown,
            "page": page,
            "rows": list(reporting.told(findings, version=of.xplan_version)),
            "of": f"?version={of.number}",
        }


class CheckMixin(WorkMixin):
    """Acts on the check of the version."""

    http_method_names = ("post",)

    def back(self) -> HttpResponse:
        address = reverse("planning:findings", args=[self.plan.public_id])
        return redirect(f"{address}?version={self.version.number}")


class CheckAgain(CheckMixin):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        services.request_check(self.version, actor=self.person)
        return self.back()


class CancelCheck(CheckMixin):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        services.cancel_check(self.version, actor=self.person)
        messages.success(request, _("The check is being stopped. What the check before found stays."))
        return self.back()
