"""The state's planning portal: its package of a plan, and the address under which it shows the plan."""

import tempfile
from contextlib import ExitStack
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from planning import exporting, transferring
from planning.forms import PortalForm
from planning.views.actions import ActionMixin


class PublicPlanMixin(ActionMixin):
    """A plan that is public: another one has nothing to hand over."""

    action = "change_plan"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and not self.plan.is_public:
            raise Http404


class Portal(PublicPlanMixin, FormView[PortalForm]):
    form_class = PortalForm
    template_name = "planning/plan_portal.html"

    def get_initial(self) -> dict[str, Any]:
        return {"portal_url": self.plan.portal_url}

    def form_valid(self, form: PortalForm) -> HttpResponse:
        transferring.set_portal_url(self.plan, actor=self.request.user, url=form.cleaned_data["portal_url"])  # type: ignore[arg-type]
        messages.success(self.request, _("Saved."))
        return redirect(self.plan)


class Package(PublicPlanMixin, View):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        version = self.plan.published_version
        if version is None:
            raise Http404
        with ExitStack() as unfinished, translation.override("de"):
            target = unfinished.enter_context(tempfile.TemporaryFile())
            transferring.write_package(self.plan, version, target, on=timezone.localdate())
            target.seek(0)
            unfinished.pop_all()  # from here on the response closes it
        name = exporting.file_name_of(version, suffix="-landesportal.zip")
        return FileResponse(target, as_attachment=True, filename=name, content_type="application/zip")
