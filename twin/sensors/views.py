"""Gauges for everybody: the list, a station, its values as a table."""

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from tenants import access
from tenants.models import Tenant
from tenants.permissions import actions, can, reach_of
from tenants.tables import download, write_csv
from twin.sensors import presenting, queries, wording
from twin.sensors.models import FeedKind, Series, Station, Subscription
from twin.sensors.offers import offers_of

PER_PAGE = 100


class StationMixin(View):
    """Fetches the station of the address for `action`."""

    action: ClassVar[str] = "view"
    station: Station

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.action == "view" or request.user.is_authenticated:
            rows = Station.objects.select_related("tenant")
            self.station = access.fetch(rows, request.user, self.action, public_id=kwargs["public_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"station": self.station, "tenant": self.station.tenant}


class StationList(TemplateView):
    """Public gauges, of a town alone under its host name or by ?ort=, and the own ones of who is signed in."""

    template_name = "sensors/station_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reach = reach_of(self.request.user)
        town = self._town()
        rows = queries.stations(self.request.user)
        rows = rows.filter(tenant=town) if town else rows
        page, now = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page")), timezone.now()
        return super().get_context_data(**kwargs) | {
            "page": page,
            "rows": [_row(station, now) for station in page],
            "town": town,
            "may_harvest": reach.active is not None and can(self.request.user, "harvest", reach.active),
        }

    def _town(self) -> Tenant | None:
        site: Tenant | None = self.request.site_tenant  # type: ignore[attr-defined]
        slug = self.request.GET.get("ort")
        return get_object_or_404(Tenant, slug=slug, active=True) if slug else site


def _row(station: Station, now: Any) -> dict[str, Any]:
    """A station by the first thing measured there."""
    series: Any = next(iter(station.series.all()), None)
    if series is None:
        return {"station": station}
    return {
        "station": station,
        "series": series,
        "latest": presenting.in_unit(series.latest_value, series),
        "trend": wording.trend(series.rise, series.quantity),
        "stage": wording.stage_in_words(series.stage) if series.levels else "",
        "old": presenting.is_old(series, now),
    }


class StationPage(StationMixin, TemplateView):
    template_name = "sensors/station_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        station, person = self.station, self.request.user
        span = span_of(self.request)
        series = (
            Series.objects.visible_to(person).filter(station=station).select_related("station").order_by("pk")
        )
        staff = station.tenant_id in reach_of(person).roles
        shown = [presenting.show(each, span=span, now=timezone.now()) for each in series]
        subscribers = Subscription.objects.filter(station=station) if staff else []
        subscribed = any(row.user_id == person.pk for row in subscribers)
        return super().get_context_data(**kwargs) | {
            "shown": shown,
            "span": span,
            "spans": [(each, presenting.span_words(each)) for each in presenting.SPANS],
            "source": presenting.source_of(station),
            "offers": offers_of(station, person),
            "own": station.feed == FeedKind.OWN,
            "staff": staff,
            "actions": actions(person, station),
            "subscribed": subscribed,
            "may_subscribe": staff and (subscribed or any(one.stages for one in shown)),
        }  # fmt: skip


def span_of(request: HttpRequest) -> str:
    """Raises Http404."""
    span = request.GET.get("zeitraum", presenting.MONTH)
    if span not in presenting.SPANS:
        raise Http404
    return span


class Values(StationMixin):
    """What the chart shows, as CSV: each value of a month, each day of more."""

    def get(self, request: HttpRequest, quantity: str, **kwargs: Any) -> HttpResponse:
        rows = Series.objects.visible_to(request.user).filter(station=self.station)
        series = get_object_or_404(rows, quantity=quantity)
        span = span_of(request)
        start, end = presenting.extent(series, span, now=timezone.now())
        answer = download(f"pegel-{self.station.number or self.station.pk}-{quantity}-{span}.csv")
        if span == presenting.MONTH:
            moment, value, doubt = _("Moment (UTC)"), f"{series} ({series.unit})", _("In doubt")
            found = queries.values(series, start=start, end=end)
            table = ({moment: f"{one.at:%Y-%m-%dT%H:%M:%SZ}", value: one.value, doubt: _("yes") if one.is_suspect else ""} for one in found.iterator())  # fmt: skip
            write_csv(answer, (moment, value, doubt), table)
        else:
            names = {"day": _("Day"), "low": _("Lowest"), "high": _("Highest"), "total": _("Sum"), "number": _("Values")}  # fmt: skip
            days = queries.days(series, start=start, end=end)
            write_csv(answer, list(names.values()), ({word: getattr(one, name) for name, word in names.items()} for one in days))  # fmt: skip
        return answer
