"""What stands around every page of a town: its menu, legal pages and address. Public, the same for everybody, asked for by each
page; so it is kept in the cache until a page, a site or a tenant changes.
"""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import get_language

from tenants import kept
from twin.portal.models import MunicipalityPage

FRAMES = "portal-frames"  # its generation changes with everything that frames show
_KEPT = 600  # seconds; a change shows at once, this only bounds what a lost signal could do


@dataclass(frozen=True)
class Frame:
    """path: of the town's page in the tree; url: its address, empty for a town without pages."""

    path: str = ""
    url: str = ""
    entries: tuple[dict[str, Any], ...] = ()
    legal: tuple[dict[str, str], ...] = ()


def frame_of(slug: str, request: HttpRequest) -> Frame:
    """The frame of a town (by its tenant's short name) under this host and in this language."""
    key = f"portal-frame:{kept.generation(FRAMES)}:{slug}:{get_language()}:{request.get_host()}"
    found: Frame | None = cache.get(key)
    if found is None:
        found = _read(slug, request)
        cache.set(key, found, _KEPT)
    return found


def _read(slug: str, request: HttpRequest) -> Frame:
    page = MunicipalityPage.objects.live().filter(tenant_slug=slug).first()
    if page is None or page.tenant is None:
        return Frame()
    url = page.get_url(request) or ""
    return Frame(page.path, url, tuple(page.entries(request)), tuple(page.legal_pages(request)))
