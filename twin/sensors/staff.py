"""Gauges and sensors for the tenant's own people: register, describe, open, remove; tokens; alarms by mail."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from tenants import access
from tenants.errors import Refused
from tenants.mixins import SignedIn, StaffPage
from twin.catalogue.scheduling import claim
from twin.sensors import services, tasks
from twin.sensors.forms import GaugeForm, SensorForm, SeriesForm, SeriesSettingsForm, StationForm, TokenForm
from twin.sensors.models import FeedKind, SensorToken, Series
from twin.sensors.polling import NoSuchStages
from twin.sensors.views import StationMixin


class RegisterGauge(StaffPage, FormView[GaugeForm]):
    action = "harvest"
    form_class = GaugeForm
    template_name = "sensors/gauge_form.html"

    def form_valid(self, form: GaugeForm) -> HttpResponse:
        try:
            station = services.register_gauge(
                self.tenant, actor=self.person, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            field = "stages_number" if isinstance(refused, NoSuchStages) else "number"
            form.add_error(field, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, _("The gauge is registered and is asked every 15 minutes."))
        return redirect(station)

    def form_invalid(self, form: GaugeForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)


class AddSensor(StaffPage, FormView[SensorForm]):
    action = "harvest"
    form_class = SensorForm
    template_name = "sensors/sensor_form.html"

    def form_valid(self, form: SensorForm) -> HttpResponse:
        place = {name: form.cleaned_data.pop(name) for name in ("name", "water", "place")}
        station = services.add_sensor(self.tenant, station=place, series=form.cleaned_data, actor=self.person)
        messages.success(
            self.request, _("The sensor is there. Now make a token with which it sends its values.")
        )
        return redirect("sensors:tokens", station.public_id)


class StationForms(SignedIn, StationMixin):
    """A page for who may change the station."""

    action = "harvest"


class AddSeries(StationForms, FormView[SeriesForm]):
    form_class = SeriesForm
    template_name = "sensors/series_form.html"

    def form_valid(self, form: SeriesForm) -> HttpResponse:
        try:
            services.add_series(self.station, actor=self.person, **form.cleaned_data)
        except Refused as refused:
            form.add_error("quantity", str(refused))
            return self.form_invalid(form)
        return redirect(self.station)


class ChangeSeries(StationForms, FormView[SeriesSettingsForm]):
    """Of an own sensor."""

    form_class = SeriesSettingsForm
    template_name = "sensors/series_form.html"
    series: Series

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = Series.objects.filter(station=self.station, station__feed=FeedKind.OWN)
            self.series = access.fetch(rows, request.user, self.action, pk=kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return SeriesSettingsForm.values_of(self.series)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"series": self.series}

    def form_valid(self, form: SeriesSettingsForm) -> HttpResponse:
        services.change_series(self.series, actor=self.person, **form.cleaned_data)
        messages.success(self.request, _("The settings are saved."))
        return redirect(self.station)


class Settings(StationForms, FormView[StationForm]):
    form_class = StationForm
    template_name = "sensors/station_form.html"

    def get_initial(self) -> dict[str, Any]:
        return StationForm.values_of(self.station)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"station": self.station}

    def form_valid(self, form: StationForm) -> HttpResponse:
        try:
            services.change_station(
                self.station,
                actor=self.person,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except NoSuchStages as refused:
            form.add_error("stages_number", str(refused))
            return self.form_invalid(form)
        messages.success(self.request, _("The settings are saved."))
        return redirect(self.station)


@method_decorator(never_cache, name="dispatch")
class Tokens(StationForms, FormView[TokenForm]):
    """A new token stands on the answer itself, once: neither in a session nor in an address."""

    form_class = TokenForm
    template_name = "sensors/token_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "tokens": SensorToken.objects.filter(station=self.station),
            "series": self.station.series.order_by("pk"),
            "address": self.request.build_absolute_uri("/pegel/senden/"),
        }

    def form_valid(self, form: TokenForm) -> HttpResponse:
        try:
            secret = services.make_token(self.station, actor=self.person, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=self.form_class(), secret=secret))


class StationAct(StationForms):
    """POST alone."""

    http_method_names = ("post",)


class RevokeToken(StationAct):
    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
        rows = SensorToken.objects.filter(station=self.station)
        services.revoke_token(access.fetch(rows, request.user, "harvest", pk=pk), actor=self.person)
        messages.success(request, _("The token is revoked."))
        return redirect("sensors:tokens", self.station.public_id)


class PollNow(StationAct):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if self.station.feed == FeedKind.OWN:
            raise Http404  # there is nobody to ask
        if claim(self.station, last="polled_at", at=timezone.now()):
            tasks.poll_soon(self.station)
        messages.success(request, _("The source is being asked. Look again in a moment."))
        return redirect(self.station)


class Open(StationAct):
    """public = 1 or 0"""

    action = "publish_dataset"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        public = request.POST.get("public") == "1"
        services.open_station(self.station, actor=self.person, public=public)
        messages.success(request, _("The station is public now.") if public else _("The station is no longer public."))  # fmt: skip
        return redirect(self.station)


class Subscribe(StationAct):
    """wanted = 1 or 0"""

    action = "view"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        wanted = request.POST.get("wanted") == "1"
        services.subscribe(self.station, actor=self.person, wanted=wanted)
        messages.success(request, _("You will get a mail when an alarm stage is reached.") if wanted else _("You get no more mails about this station."))  # fmt: skip
        return redirect(self.station)


class Remove(StationForms, TemplateView):
    template_name = "sensors/station_delete.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        services.remove_station(self.station, actor=self.person)
        messages.success(request, _("The station was removed."))
        return redirect("sensors:stations")
