"""Publishing, withdrawing, deleting and sharing a plan; closing a document."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from planning import filing, services
from planning.errors import UnknownHolder
from planning.forms import PublishForm, ShareForm
from planning.models import Plan, PlanDocument
from tenants import access
from tenants.mixins import SignedIn
from tenants.models import Tenant, User
from tenants.permissions import reach_of, shares_of
from tenants.roles import Share


class ActionMixin(SignedIn):
    """Fetches the plan of the address for `action`."""

    action: ClassVar[str]
    plan: Plan

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            plans = Plan.objects.select_related("tenant")
            self.plan = access.fetch(plans, request.user, self.action, public_id=kwargs["public_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        colleague = self.plan.tenant_id in reach_of(self.request.user).roles
        return context | {
            "plan": self.plan,
            "tenant": self.plan.tenant,
            "names": colleague,  # a bureau reads what was done, not who did it
        }


class Publish(ActionMixin, FormView[PublishForm]):
    action = "publish_plan"
    form_class = PublishForm
    template_name = "planning/plan_publish.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.plan.current_version
        return super().get_context_data(**kwargs) | {"run": version and version.validation_runs.first()}

    def form_valid(self, form: PublishForm) -> HttpResponse:
        services.publish_plan(self.plan, actor=self.person, on=form.cleaned_data["on"])
        messages.success(self.request, _("The plan is public now."))
        return redirect(self.plan)


class Withdraw(ActionMixin, TemplateView):
    action = "withdraw_plan"
    template_name = "planning/plan_withdraw.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        services.withdraw_plan(self.plan, actor=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The plan is no longer public."))
        return redirect(self.plan)


class Delete(ActionMixin, TemplateView):
    action = "delete_plan"
    template_name = "planning/plan_delete.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        services.delete_plan(self.plan, actor=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The draft was deleted."))
        return redirect("planning:plans")


class ShareDialog(ActionMixin, FormView[ShareForm]):
    action = "share"
    form_class = ShareForm
    template_name = "planning/plan_share.html"

    def form_valid(self, form: ShareForm) -> HttpResponse:
        wanted = form.cleaned_data
        try:
            holder = wanted["tenant"] or services.person_with(wanted["email"])
        except UnknownHolder:
            form.add_error("email", _("Nobody with this address has a login. Invite the person first."))
            return self.form_invalid(form)
        services.share_plan(self.plan, actor=self.person, holder=holder, as_=Share(wanted["as_"]))
        messages.success(self.request, _("The plan is shared with %s.") % holder)
        return redirect("planning:share", public_id=self.plan.public_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = dict(ShareForm.base_fields["as_"].choices)  # type: ignore[attr-defined]
        shares = [
            {
                "holder": holder,
                "kind": "tenant" if isinstance(holder, Tenant) else "user",
                "as": as_.value,
                "words": words.get(as_.value, as_.value),
            }
            for holder, as_ in shares_of(self.plan)
        ]
        return super().get_context_data(**kwargs) | {"shares": shares}


class Unshare(ActionMixin):
    """POST kind = user or tenant, holder = its id, as = the grant."""

    action = "share"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        kind, key = request.POST.get("kind"), request.POST.get("holder", "")
        for holder, as_ in shares_of(self.plan):
            same_kind = isinstance(holder, User if kind == "user" else Tenant)
            if same_kind and str(holder.pk) == key and as_.value == request.POST.get("as"):
                services.unshare_plan(self.plan, actor=request.user, holder=holder, as_=as_)  # type: ignore[arg-type]
                messages.success(request, _("The plan is no longer shared with %s.") % holder)
                return redirect("planning:share", public_id=self.plan.public_id)
        raise Http404


class CloseDocument(ActionMixin):
    """POST internal = 1 closes the document to the public, anything else opens it."""

    action = "change_plan"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        documents = PlanDocument.objects.filter(plan=self.plan).select_related("version", "plan__tenant")
        document = get_object_or_404(documents, public_id=kwargs["document_id"])
        filing.set_document_internal(
            document,
            actor=request.user,  # type: ignore[arg-type]
            internal=request.POST.get("internal") == "1",
        )
        return redirect(self.plan)
