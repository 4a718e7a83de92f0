"""What is done to plans over the REST API: imported, published, withdrawn, deleted."""

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from planning import services, upgrading
from planning.forms import UploadForm
from planning.models import Plan, PlanUpgrade
from planning.serializers import (
    Delivery,
    ImportDecision,
    ImportShape,
    LossesShape,
    Opening,
    PlanShape,
    UpgradeShape,
)
from planning.uploads import TASK
from planning.views.api import OnePlan, plans
from tenants import files
from tenants.access import fetch
from tenants.models import Job, PrivateFile
from tenants.rest import CLOSED, Endpoint, Listing, Single
from tenants.serializers import JobShape

# --- importing files


def _imports(user: Any) -> Any:
    rows = Job.objects.visible_to(user).filter(task=TASK)
    return rows.select_related("tenant").defer("tenant__boundary", "checkpoint")


class PlanImports(Listing):
    titles = {"GET": _("Imports of plans, the newest first"), "POST": _("Import plan files")}
    permission_classes = CLOSED
    parser_classes = (MultiPartParser,)
    serializer_class = ImportShape

    def rows(self) -> Any:
        return _imports(self.request.user)

    @extend_schema(request={"multipart/form-data": Delivery}, responses={202: ImportShape(many=True)})
    def post(self, request: Request) -> Response:
        """One job for each plan file or archive."""
        plan = self.sent(Delivery).get("plan")
        found = (
            fetch(Plan.objects.select_related("tenant"), self.person, "import_plan", public_id=plan)
            if plan
            else None
        )
        delivered = self.checked(UploadForm(files=request.FILES))["delivered"]
        started = services.request_import(
            delivered,
            actor=self.person,
            tenant=found.tenant if found else self.tenant,
            plan=found,
        )
        return self.answer(ImportShape, started, status=202, many=True)


class OnePlanImport(Single):
    titles = {"GET": _("One import, with what became of each file")}
    permission_classes = CLOSED
    serializer_class = ImportShape

    def row(self) -> Any:
        return fetch(_imports(self.person), self.person, "view", public_id=self.kwargs["public_id"])


class DecideImport(Endpoint):
    titles = {"POST": _("Say where an imported file belongs")}

    @extend_schema(request=ImportDecision, responses={200: ImportShape})
    def post(self, request: Request, **kwargs: Any) -> Response:
        job = fetch(_imports(self.person), self.person, "view", public_id=kwargs["public_id"])
        answer = self.sent(ImportDecision)["answer"]
        if answer == "discard":
            services.discard_import(job, actor=self.person)
            job.refresh_from_db()
        else:
            job = services.decide_import(job, actor=self.person, as_new=answer == "new")
        return self.answer(ImportShape, job)


# --- acts


class PlanAct(Endpoint):
    action = ""

    def plan(self) -> Any:
        return fetch(plans(), self.person, self.action, public_id=self.kwargs["public_id"])

    def told(self, plan: Plan) -> Response:
        """The plan as it is now."""
        return self.answer(PlanShape, plans().get(pk=plan.pk))


class PublishPlan(PlanAct):
    titles = {"POST": _("Publish a plan's newest version")}
    action = "publish_plan"

    @extend_schema(request=Opening, responses={200: PlanShape})
    def post(self, request: Request, **kwargs: Any) -> Response:
        plan = self.plan()
        on = self.sent(Opening).get("on", timezone.localdate())
        services.publish_plan(plan, actor=self.person, on=on)
        return self.told(plan)


class WithdrawPlan(PlanAct):
    titles = {"POST": _("Take a plan back from the public")}
    action = "withdraw_plan"

    @extend_schema(request=None, responses={200: PlanShape})
    def post(self, request: Request, **kwargs: Any) -> Response:
        plan = self.plan()
        services.withdraw_plan(plan, actor=self.person)
        return self.told(plan)


class UpgradeAct(PlanAct):
    """The newest version of the plan and its upgrade."""

    action = upgrading.ACTION

    def version(self) -> Any:
        version = self.plan().current_version
        if version is None:
            raise Http404
        return version

    def upgrade(self) -> PlanUpgrade:
        found = upgrading.upgrade_of(self.version())
        if found is None:
            raise Http404
        return found


class UpgradePlan(UpgradeAct):
    titles = {
        "GET": _("What an upgrade to XPlanung 6.0 made of a plan's newest version"),
        "POST": _("Upgrade a plan's newest version to XPlanung 6.0, as a file beside it"),
    }

    @extend_schema(responses={200: UpgradeShape})
    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(UpgradeShape, self.upgrade())

    @extend_schema(request=None, responses={202: JobShape})
    def post(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(JobShape, upgrading.request(self.version(), actor=self.person), status=202)


class UpgradeFiles(UpgradeAct):
    def files(self) -> tuple[PrivateFile, PrivateFile]:
        """The upgraded plan and the report; none where the upgrade was refused."""
        found = upgrading.readable_files(self.upgrade())
        if found is None:
            raise Http404
        return found


class UpgradedGml(UpgradeFiles):
    titles = {"GET": _("The upgraded plan as XPlanGML")}

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        return files.serve(self.files()[0])


class UpgradeLosses(UpgradeFiles):
    titles = {"GET": _("What an upgrade made of every value")}

    @extend_schema(responses={200: LossesShape})
    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        return files.serve(self.files()[1])


class TakeOverUpgrade(UpgradeAct):
    titles = {"POST": _("Make the upgraded file a plan's newest version")}
    action = "import_plan"

    @extend_schema(request=None, responses={202: ImportShape})
    def post(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(ImportShape, upgrading.take_over(self.upgrade(), actor=self.person), status=202)


class WholePlan(OnePlan):
    titles = {**OnePlan.titles, "DELETE": _("Delete the draft of a plan")}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        plan = fetch(plans(), self.person, "delete_plan", public_id=kwargs["public_id"])
        services.delete_plan(plan, actor=self.person)
        return Response(status=204)
