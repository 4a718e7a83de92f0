"""What a person does with a run, each by POST."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from tenants.errors import Refused
from tenants.mixins import StaffPage
from tenants.models import Tenant
from twin.analysis import services
from twin.analysis.models import Run
from twin.analysis.views.reaching import Act, RunMixin
from twin.catalogue.forms import ShareForm
from twin.catalogue.models import Upload


class RunAct(RunMixin, Act):
    @cached_property
    def run(self) -> Run:
        return self.fetched()

    def back(self) -> str:
        return self.run.get_absolute_url()


class Cancel(RunAct):
    action = "analyse"

    def act(self) -> str:
        services.cancel_run(self.run, actor=self.person)
        return _("The analysis is being cancelled.")


class CancelWaiting(StaffPage, View):
    """Of the active tenant, all at once."""

    action = "analyse"
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        number = services.cancel_waiting(self.tenant, actor=self.person)
        messages.success(request, ngettext("%(number)s analysis was cancelled.", "%(number)s analyses were cancelled.", number) % {"number": number})  # fmt: skip
        return redirect("analysis:runs")


class ReportAct(RunAct):
    action = "analyse"

    def back(self) -> str:
        return reverse("analysis:report_page", args=[self.run.public_id])


class RetryReport(ReportAct):
    def act(self) -> str:
        services.retry_report(self.run, actor=self.person)
        return ""


class CancelReport(ReportAct):
    def act(self) -> str:
        services.cancel_report(self.run, actor=self.person)
        return ""


class Publish(RunAct):
    action = "publish_run"

    def act(self) -> str:
        services.publish_run(self.run, actor=self.person)
        return _("The analysis is public.")


class Withdraw(RunAct):
    action = "publish_run"

    def act(self) -> str:
        services.withdraw_run(self.run, actor=self.person)
        return _("The analysis is no longer public.")


class Deliver(RunAct):
    """A file of the run becomes a delivery, and the person goes on there."""

    action = "import_dataset"
    upload: Upload

    def act(self) -> str:
        self.upload = services.deliver_output(self.run, self.kwargs["output"], actor=self.person)
        return ""

    def after(self) -> str:
        return reverse("catalogue:upload", args=[self.upload.public_id])


class Share(RunAct):
    action = "share"

    def act(self) -> str:
        holder = self.holder()
        services.share_run(self.run, holder=holder, actor=self.person)
        return str(_("%s can read the analysis now.") % holder)

    def holder(self) -> Tenant:
        form = ShareForm(self.request.POST, owner=self.run.tenant)
        if not form.is_valid():
            raise Refused(_("Choose an administration."))
        found: Tenant = form.cleaned_data["tenant"]
        return found


class Unshare(Share):
    def act(self) -> str:
        holder = self.holder()
        services.unshare_run(self.run, holder=holder, actor=self.person)
        return str(_("%s can no longer read the analysis.") % holder)


class Delete(RunAct):
    action = "delete_run"

    def act(self) -> str:
        services.delete_run(self.run, actor=self.person)
        return _("The analysis is deleted.")

    def after(self) -> str:
        return reverse("analysis:runs")
