"""Two towns with their sites, and things of the neighbour that could leak; each carries the marker."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from wagtail.models import Collection, Page, Site

from tenants.models import Tenant, User
from tenants.roles import Role
from tests.factories.tenants import TenantFactory, county, member
from twin.portal.media import Download, Picture
from twin.portal.models import MunicipalityPage, NewsIndexPage, NewsPage
from twin.portal.services import create_site_for

MARKER = "Zinnober"


class Town(NamedTuple):
    tenant: Tenant
    page: MunicipalityPage
    editor: User
    approver: User
    collection: Collection


@pytest.fixture(autouse=True)
def _forget_site_roots() -> Iterator[None]:
    """Wagtail keeps the addresses of sites in the cache, which a rolled back test does not clear."""
    Site.clear_site_root_paths_cache()
    yield
    Site.clear_site_root_paths_cache()


@pytest.fixture
def landkreis(db: None) -> Tenant:
    tenant = county()
    create_site_for(tenant)
    return tenant


def town(name: str, slug: str) -> Town:
    tenant = TenantFactory.create(name=name, slug=slug)
    page = create_site_for(tenant)
    assert page is not None
    editor = member(tenant, Role.EDITOR, name=f"{name} Redaktion", email=f"redaktion@{slug}.example.org")
    approver = member(
        tenant, Role.MUNICIPAL_ADMIN, name=f"{name} Leitung", email=f"leitung@{slug}.example.org"
    )
    collection = Collection.objects.get(
        group_permissions__group__name=f"editors:{slug}", group_permissions__permission__codename="add_image"
    )
    return Town(tenant, page, editor, approver, collection)


@pytest.fixture
def own(landkreis: Tenant) -> Town:
    return town("Ahausen", "ahausen")


@pytest.fixture
def neighbour(landkreis: Tenant) -> Town:
    return town(MARKER, MARKER.lower())


def news(where: Town, title: str, *, live: bool = True) -> NewsPage:
    """A news page with a revision, published or a draft."""
    index = NewsIndexPage.objects.child_of(where.page).get()
    page = NewsPage(title=title, date=timezone.localdate(), teaser=title, live=live, owner=where.editor)
    index.add_child(instance=page)
    page.save_revision(user=where.editor, log_action=True)
    return page


def picture(where: Town, title: str) -> Picture:
    content = ContentFile(b"", name=f"{title}.png")
    Image.new("RGB", (4, 4)).save(content, "PNG")
    content.seek(0)
    return Picture.objects.create(
        title=title,
        file=ImageFile(content, name=f"{title}.png"),
        collection=where.collection,
        uploaded_by_user=where.editor,
    )


def download(where: Town, title: str) -> Download:
    return Download.objects.create(
        title=title,
        file=ContentFile(b"%PDF-1.4", name=f"{title}.pdf"),
        collection=where.collection,
        uploaded_by_user=where.editor,
    )


def parts(page: Page) -> list[str]:
    return [child.slug for child in page.get_children()]


def as_person(user: User) -> Client:
    client = Client(headers={"host": settings.BASE_URL.split("//")[1]}, raise_request_exception=True)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
