"""Plan list, plan page, print view, export, documents, findings."""

import tempfile
from contextlib import ExitStack
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from planning import exporting, papers, presenting, queries, services, upgrading
from planning.forms import PlanFilter
from planning.lifecycle import Action, allows
from planning.models import Plan, PlanDocument, PlanVersion, StepDocument
from tenants import access, files
from tenants.mixins import SignedIn
from tenants.models import PrivateFile
from tenants.permissions import actions, can, reach_of

PER_PAGE = 25


class PlanList(TemplateView):
    """Public plans of the site's town or of all towns; staff see their own and shared ones."""

    template_name = "planning/plan_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        staff = bool(reach_of(user).scope.read or reach_of(user).scope.plans)
        form = PlanFilter(self.request.GET, staff=staff)
        form.is_valid()  # a filter that cannot be read filters nothing
        wanted = form.cleaned_data
        own = staff and wanted.get("whose") != "all"
        plans = queries.plans_for(user, site=self.request.site_tenant, own=own)  # type: ignore[attr-defined]
        plans = queries.having_words(plans, wanted.get("q", ""))
        for column in ("plan_type", "state"):
            if wanted.get(column):
                plans = plans.filter(**{column: wanted[column]})
        if wanted.get("legal_status"):
            plans = plans.filter(legal_status__in=presenting.codes_like(wanted["legal_status"]))
        if wanted.get("municipality"):
            plans = plans.filter(ags__contains=[wanted["municipality"].ags])
        page = Paginator(plans, PER_PAGE).get_page(self.request.GET.get("page"))
        active = reach_of(user).active
        return super().get_context_data(**kwargs) | {
            "tenant": active if own else None,  # whose frame: that of the person's own list, else the host's
            "form": form,
            "page": page,
            "rows": [(plan, presenting.status_of(plan)) for plan in page],
            "staff": staff,
            "may_import": active is not None and can(user, "import_plan", active),
            "may_configure": active is not None and can(user, "configure", active),
        }


class PlanMixin(View):
    """Fetches the plan of the address for `action`, and the version that the person sees."""

    action: ClassVar[str] = "view"
    plan: Plan
    version: PlanVersion

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        plans = Plan.objects.select_related("tenant", "current_version", "published_version")
        self.plan = access.fetch(plans, request.user, self.action, public_id=kwargs["public_id"])
        number = request.GET.get("version", "")
        version = queries.version_for(
            request.user, self.plan, number=int(number) if number.isdecimal() and len(number) < 6 else None
        )
        if version is None:
            raise Http404
        self.version = version

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        allowed = actions(self.request.user, self.plan)
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {
            "plan": self.plan,
            "version": self.version,
            "tenant": self.plan.tenant,
            "staff": "view" in allowed,
            "actions": allowed,
            "query": f"?version={self.version.number}" if "version" in self.request.GET else "",
        }


class WorkMixin(SignedIn, PlanMixin):
    """For work on the plan; a stranger finds nothing, a colleague without the role a closed door."""

    action = "change_plan"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if request.user.is_authenticated:
            super().setup(request, *args, **kwargs)
        else:
            View.setup(self, request, *args, **kwargs)


class PlanPage(PlanMixin, TemplateView):
    template_name = "planning/plan_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan = self.plan
        context = super().get_context_data(**kwargs)
        query = context["query"]
        versions = plan.planversions.order_by("-number")
        run = self.version.validation_runs.first() if context["staff"] else None
        place = {"public_id": plan.public_id}
        return context | {
            "facts": self._facts(),
            "dates": presenting.dates_of(plan),
            "documents": _documents(self.version, staff=context["staff"]),
            "rasters_url": reverse("planning:rasters", kwargs=place) + query,
            "rasters": self._rasters() if context["staff"] else [],
            "information": papers.information_kinds(self.version),
            "left_behind": papers.left_behind(self.version) if "change_plan" in context["actions"] else [],
            "versions": versions if context["staff"] else versions.filter(is_public=True),
            "run": run,
            "steps": presenting.steps_of(plan, on=timezone.localdate()),
            "papers": StepDocument.objects.filter(plan=plan, is_public=True),
            "features_url": reverse("planning:features", kwargs=place) + query,
            "info_url": reverse("planning:object", kwargs={**place, "key": "__id__"})
            + (f"{query}&part=1" if query else "?part=1"),
            "may": {action: allows(plan.state, action) for action in Action},
            "upgradable": upgrading.is_offered(plan, self.version),
            "sent_back": context["staff"] and self.version.is_sent_back,
            "unpublished": plan.is_public and plan.current_version_id != plan.published_version_id,
        }

    def _rasters(self) -> list[dict[str, Any]]:
        return [presenting.raster_in_words(row) for row in queries.rasters_of(self.version)]

    def _facts(self) -> list[tuple[str, Any]]:
        plan = self.plan
        return [
            (_("Kind of plan"), plan.get_plan_type_display()),
            (_("Number"), plan.number),
            (_("Municipality"), plan.place or plan.tenant.name),
            ("AGS", ", ".join(plan.ags)),
            (_("Owner of the plan"), plan.tenant.name),
            ("Rechtsstand", presenting.status_of(plan)),
            ("Verfahren", presenting.procedure_of(plan)),
            (_("XPlanGML version"), self.version.xplan_version),
            (_("Objects"), self.version.feature_count),
            ("Geltungsbereich", presenting.hectares(plan.area.area)),
        ]


def _documents(version: PlanVersion, *, staff: bool) -> Any:
    """Each with those it took the place of; world files are of no use to the public."""
    rows = version.documents.current().prefetch_related("supersedes").order_by("order")
    return rows if staff else rows.filter(is_companion=False)


class PrintPlan(PlanPage):
    """Everything of the plan on paper: facts, objects in words, documents."""

    template_name = "planning/plan_print.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = queries.content_of(self.version).defer("raw", "before", "geometry")[:5000]
        titles = [(row.position + 1, presenting.title_of(row, self.version.xplan_version)) for row in rows]
        return super().get_context_data(**kwargs) | {"objects": titles}


class Export(PlanMixin):
    """The plan as XPlanGML, or with its documents as a zip archive."""

    archive = False

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return as_file(self.version, documents=self._files() if self.archive else None)

    def _files(self) -> list[PrivateFile]:
        documents = self.version.documents.current().filter(file__isnull=False).order_by("order")
        if not can(self.request.user, "view", self.plan):
            documents = documents.filter(is_public=True)
        return services.readable_files(self.plan, documents)


def as_file(version: PlanVersion, *, documents: list[PrivateFile] | None = None) -> FileResponse:
    """A version as XPlanGML, or with documents as a zip archive."""
    archive = documents is not None
    with ExitStack() as unfinished:
        target = unfinished.enter_context(tempfile.TemporaryFile())
        if documents is None:
            exporting.write_gml(version, target)
        else:
            exporting.write_archive(version, target, documents=documents)
        target.seek(0)
        unfinished.pop_all()  # from here on the response closes it
    name = exporting.file_name_of(version, suffix=".zip" if archive else ".gml")
    kind = "application/zip" if archive else "application/gml+xml"
    return FileResponse(target, as_attachment=True, filename=name, content_type=kind)


class Document(PlanMixin):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        documents = PlanDocument.objects.filter(plan=self.plan, file__isnull=False)
        if not can(request.user, "view", self.plan):
            documents = documents.filter(is_public=True)
        document = get_object_or_404(documents, public_id=kwargs["document_id"])
        (file,) = services.readable_files(self.plan, [document])
        return get_conditional_response(request, etag=files.etag_of(file)) or files.serve(
            file, download=False
        )
