"""What pages about one thing have in common: the row of the address is fetched for who may do `action` with it, and it is acted on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import View

from tenants import access
from tenants.errors import Refused
from tenants.mixins import StaffPage
from tenants.models import PrivateFile
from twin.analysis import handing
from twin.analysis.errors import RowGone
from twin.analysis.models import Run


class RunMixin(View):
    action = "view"

    def fetched(self) -> Run:
        rows = Run.objects.select_related("job", "tenant", "created_by")
        found: Run = access.fetch(rows, self.request.user, self.action, public_id=self.kwargs["public_id"])
        return found

    def finished(self) -> Run:
        """One that has its answer; else 404."""
        run = self.fetched()
        if run.finished_at is None:
            raise Http404
        return run

    def output(self, run: Run) -> tuple[dict[str, Any], PrivateFile]:
        """The file that the address names; else 404."""
        found = handing.output_of(run, self.kwargs["output"])
        if found is None:
            raise Http404
        return found


class RowPage(StaffPage):
    """The row of the address decides who may, not the active tenant. What was deleted after it was looked up is said on the list."""

    list_of_rows = "analysis:runs"

    def check(self) -> None:
        pass

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except RowGone as gone:
            messages.warning(request, str(gone))
            return redirect(self.list_of_rows)


class Act(RowPage):
    """POST; the service decides who may. What it refuses stands on the row's page."""

    http_method_names = ("post",)

    def act(self) -> str:
        """What to say afterwards; may be nothing."""
        raise NotImplementedError

    def back(self) -> str:
        """Address of the row's page."""
        raise NotImplementedError

    def after(self) -> str:
        """Where the person goes on once it is done."""
        return self.back()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            said = self.act()
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(self.back())
        if said:
            messages.success(request, said)
        return redirect(self.after())
