"""A plan on its way to XPlanung 6.0: started, followed, read, taken along as a file, taken over as a new version."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.gis.db.models.functions import AsGeoJSON, PointOnSurface
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from planning import drafting, upgrade_words, upgradework, upgrading
from planning.models import Fassung, Origin, PlanUpgrade
from planning.views.plans import WorkMixin
from planning.xplanung.upgrade.table import SOURCES, TARGET
from tenants import files, geojson, tables
from tenants.errors import Refused
from tenants.models import PrivateFile


class UpgradeMixin(WorkMixin):
    """The upgrade of the version of the address; None where there is none yet."""

    upgrade: PlanUpgrade | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.upgrade = upgrading.upgrade_of(self.version)

    @property
    def done(self) -> PlanUpgrade:
        """Raises Http404 where nothing was upgraded."""
        if self.upgrade is None or self.upgrade.file_id is None:
            raise Http404
        return self.upgrade

    @property
    def of(self) -> str:
        return f"?version={self.version.number}"

    def at(self, name: str) -> str:
        return reverse(f"planning:{name}", args=[self.plan.public_id]) + self.of

    def back(self) -> HttpResponse:
        return redirect(self.at("upgrade"))


class Upgrade(UpgradeMixin, TemplateView):
    """What it does, how far it is, what became of the plan; POST starts it."""

    template_name = "planning/planupgrade_detail.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            upgrading.request(self.version, actor=self.person)
        except Refused as error:
            messages.error(request, str(error))
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = upgradework.latest_job(self.version)
        return super().get_context_data(**kwargs) | {
            "upgrade": self.upgrade,
            "target": TARGET,
            "oldest": SOURCES[0],
            "newest": SOURCES[-1],
            "of": self.of,
            "offered": upgrading.is_offered(self.plan, self.version),
            "job": None if job is None or job.state == "done" else job,
            "job_url": reverse("job_state", args=[job.public_id]) if job else "",
            "cancel_url": self.at("cancel_upgrade"),
            **(self._report(self.upgrade) if self.upgrade else {}),
        }

    def _report(self, upgrade: PlanUpgrade) -> dict[str, Any]:
        frozen = Fassung.objects.filter(version=self.version, frozen_at__isnull=False)
        made = self.plan.planversions.filter(origin=Origin.UPGRADED, number__gt=self.version.number)
        return {
            "sections": upgrade_words.sections(upgrade, self.version.xplan_version),
            "findings": upgrade_words.refusal(upgrade),
            "frozen": frozen.first(),
            "edited": drafting.open_draft_of(self.plan) is not None,
            "made": made.order_by("number").first(),
            "features_url": self.at("features"),
            "points_url": self.at("upgrade_points"),
        }


class UpgradePoints(UpgradeMixin):
    """The places of the objects that the report names, as GeoJSON in the twin's system."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        answer = geojson.answer(self._features())
        answer["Cache-Control"] = "private, no-cache"
        return answer

    def _features(self) -> Iterator[str]:
        sections = upgrade_words.sections(self.done, self.version.xplan_version)
        told = [group for section in sections for group in section.groups]
        rows = self.version.plan_objects.filter(geometry__isnull=False)
        rows = rows.filter(gml_id__in={each.gml_id for group in told for each in group.objects})
        place = AsGeoJSON(PointOnSurface("geometry"), precision=3)
        places = dict(rows.annotate(place=place).values_list("gml_id", "place"))
        for group in told:
            for each in group.objects:
                if shape := places.get(each.gml_id):
                    properties = {"label": group.words, "severity": group.level, "url": f"{self.of}#finding-{each.key}"}  # fmt: skip
                    yield geojson.feature(each.key, shape, properties)


class UpgradeFile(UpgradeMixin):
    """kind: gml, the upgraded plan; json or csv, what became of every value."""

    kind = "gml"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        found = upgrading.readable_files(self.done)
        if found is None:
            raise Http404
        file, losses = found
        return _as_csv(losses) if self.kind == "csv" else files.serve(file if self.kind == "gml" else losses)


def _as_csv(losses: PrivateFile) -> HttpResponse:
    answer = tables.download(f"{losses.name.removesuffix('.json')}.csv")
    upgradework.write_csv(losses, answer)
    return answer


class CancelUpgrade(UpgradeMixin):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        upgrading.cancel(self.version, actor=self.person)
        messages.success(request, _("The upgrade is being stopped. The plan is as it was."))
        return self.back()


class TakeOverUpgrade(UpgradeMixin):
    """POST: make the upgraded file the plan's newest version."""

    action = "import_plan"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            job = upgrading.take_over(self.done, actor=self.person)
        except Refused as error:
            messages.error(request, str(error))
            return self.back()
        return redirect("planning:import", public_id=job.public_id)
