"""Pages of what there is much of: how many at once, and from where on."""

from django.utils.translation import gettext as _

from twin.ogc.endpoint import Endpoint
from twin.ogc.errors import ParameterRefused
from twin.ogc.features import Position


class PagedEndpoint(Endpoint):
    def limit(self, default: int, *, most: int) -> int:
        """Clamped to what one answer may hold; a smaller page is a right answer, too."""
        text = self.asked.get("limit", str(default))
        if not text.isascii() or not text.isdecimal() or not text.strip("0"):
            raise ParameterRefused("limit", _("A whole number from 1 is expected."))
        return min(int(text[:9]), most)

    def start(self) -> Position:
        return Position.of(self.asked["after"]) if "after" in self.asked else Position()
