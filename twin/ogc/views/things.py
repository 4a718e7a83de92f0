"""OGC SensorThings API 1.1: reads gauges, sensors and their values."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twin.ogc.endpoint import Told
from twin.ogc.errors import ParameterRefused
from twin.ogc.features import limited
from twin.ogc.sta import asking
from twin.ogc.sta.entities import KINDS
from twin.ogc.sta.writing import NoSuchEntity, Writer, target

_SPEC = "http://www.opengis.net/spec/iot_sensing/1.1/req"
_KINDS = (
    "thing",
    "location",
    "datastream",
    "sensor",
    "observed-property",
    "observation",
    "feature-of-interest",
)
# HistoricalLocations, functions in $filter and all that writes are missing, so the classes around them are not named.
CONFORMANCE = [
    *(f"{_SPEC}/datamodel/{kind}" for kind in _KINDS),
    f"{_SPEC}/resource-path/resource-path-to-entities",
    *(f"{_SPEC}/request-data/{option}" for option in ("order", "expand", "select", "orderby", "skip", "top", "count", "pagination", "status-code")),
]  # fmt: skip


class Things(Told):
    """Every address below the service's root."""

    title = "SensorThings 1.1"
    people = ("sensors:stations", gettext_lazy("Gauges for people"))
    parameters: ClassVar[frozenset[str]] = frozenset(asking.OPTIONS)

    def as_json(self, resource: str = "") -> Any:
        base = self.at("sensorthings")
        path = asking.segments(resource)
        if not path:
            sets = [{"name": name, "url": f"{base}/{name}"} for name in KINDS]
            return {"value": sets, "serverSettings": {"conformance": CONFORMANCE}}
        asked = asking.options(self.asked)
        with limited():
            return self._found(base, path, asked)

    def _found(self, base: str, path: list[asking.Segment], asked: asking.Asked) -> Any:
        found, writer = target(path, self.request.user), Writer(base, self.request.user)
        if found.member:
            return self._member(writer.one(found.kind, found.row, asking.Asked())[found.member], found)
        if found.row is not None:
            if not asked.is_plain:
                raise ParameterRefused(
                    "path", _("This is one entity: of it there is $select and $expand alone.")
                )
            return writer.one(found.kind, found.row, asked)
        following = self.here(**{"$skip": str(asked.skip + asked.top)})
        return writer.page(found.kind, found.rows, asked, following=following)

    def _member(self, value: Any, found: Any) -> Any:
        if not found.raw:
            return {found.member: value}
        if isinstance(value, dict):
            raise NoSuchEntity(found.member)
        return HttpResponse("" if value is None else str(value), content_type="text/plain; charset=utf-8")
