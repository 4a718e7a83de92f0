"""A tenant's part of the public front: its pages, its addresses, its editors and what they may do. All of it idempotent."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)
from wagtail.signal_handlers import disable_reference_index_auto_update

from tenants.models import Membership, Tenant, TenantKind
from tenants.roles import ACTIONS, Role
from twin.portal.legal import legal_texts
from twin.portal.models import (
    LandkreisHome,
    LegalKind,
    MunicipalityPage,
    NewsIndexPage,
    ProcedureIndexPage,
    StandardPage,
)

WITH_PAGES = (
    TenantKind.COUNTY,
    TenantKind.MUNICIPALITY,
)  # an association acts for its members and has no pages
EDITORS, APPROVERS = "editors", "approvers"
ROLES = {
    EDITORS: [role for role, actions in ACTIONS.items() if "edit_pages" in actions],
    APPROVERS: [Role.MUNICIPAL_ADMIN, Role.COUNTY_ADMIN],
}
PAGE_RIGHTS = {EDITORS: ("add_page", "change_page"), APPROVERS: ("publish_page", "lock_page", "unlock_page")}
FILE_RIGHTS = (
    "add",
    "change",
    "choose",
)  # on Wagtail's own models: its policies look there, whichever model is in use


@transaction.atomic
def create_site_for(tenant: Tenant) -> MunicipalityPage | None:
    """Give a town or the county its pages, addresses, groups, collection and workflow; what is there stays as it is.

    Returns its start page; None for a tenant that has none of its own.
    """
    if tenant.kind not in WITH_PAGES:
        return None
    # Standing pages refer to nothing that Wagtail keeps count of; to find that out for each takes a fifth of the time.
    with translation.override(settings.LANGUAGE_CODE), disable_reference_index_auto_update():
        page = _town_page(tenant)
        _standing_pages(page, tenant)
    sync_hosts(tenant)
    groups = {kind: _group(tenant, kind) for kind in ROLES}
    _grant(page, groups)
    _collection(tenant, groups)
    _workflow(page, groups[APPROVERS])
    sync_editors(tenant)
    return page


def county_home() -> LandkreisHome:
    """The county's start page at the root of the default site; made when it is missing."""
    home: LandkreisHome | None = LandkreisHome.objects.first()
    if home is not None:
        return home
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    county = Tenant.objects.filter(kind=TenantKind.COUNTY).order_by("pk").first()
    home = LandkreisHome(
        title=county.name if county else _("County"),
        slug="start",
        tenant_slug=county.slug if county else "",
    )
    root.add_child(instance=home)
    _default_site(home)
    return home


def _default_site(home: LandkreisHome) -> None:
    """The canonical address shows the county; Wagtail's welcome page goes."""
    address = urlsplit(settings.BASE_URL)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname or "localhost",
            "port": _port(),
            "site_name": home.title,
            "root_page": home,
        },
    )
    Page.objects.child_of(home.get_parent()).filter(content_type__model="page", slug="home").delete()


def _port() -> int:
    address = urlsplit(settings.BASE_URL)
    return address.port or (443 if address.scheme == "https" else 80)


def _town_page(tenant: Tenant) -> MunicipalityPage:
    home = county_home()
    if tenant.kind == TenantKind.COUNTY and home.tenant_slug != tenant.slug:
        home.title, home.draft_title, home.tenant_slug = tenant.name, tenant.name, tenant.slug
        home.save()
    page: MunicipalityPage | None = MunicipalityPage.objects.filter(tenant_slug=tenant.slug).first()
    if page is None:
        page = MunicipalityPage(title=tenant.name, slug=tenant.slug, tenant_slug=tenant.slug)
        home.add_child(instance=page)
    return page


def _standing_pages(page: MunicipalityPage, tenant: Tenant) -> None:
    """Procedure list, news list and the legal pages; each made once, then the editors' own."""
    if not ProcedureIndexPage.objects.child_of(page).exists():
        page.add_child(instance=ProcedureIndexPage(title=_("Participation"), slug="beteiligung"))
    if not NewsIndexPage.objects.child_of(page).exists():
        page.add_child(instance=NewsIndexPage(title=_("News and events"), slug="aktuelles"))
    there = set(StandardPage.objects.child_of(page).values_list("kind", flat=True))
    for kind, body in legal_texts(tenant).items():
        if kind not in there:
            page.add_child(
                instance=StandardPage(
                    title=str(LegalKind(kind).label), slug=kind, kind=kind, body=[("text", body)]
                )
            )


def sync_hosts(tenant: Tenant) -> None:
    """One nested site per host name of the tenant; sites of names it no longer has go."""
    page = MunicipalityPage.objects.filter(tenant_slug=tenant.slug).first()
    if page is None:
        return
    wanted = set(tenant.host_names.values_list("host", flat=True)) - {urlsplit(settings.BASE_URL).hostname}
    for site in Site.objects.filter(root_page=page).exclude(hostname__in=wanted):
        site.delete()
    there = set(Site.objects.filter(root_page=page).values_list("hostname", flat=True))
    for host in sorted(wanted - there):
        Site.objects.create(hostname=host, port=_port(), root_page=page, site_name=tenant.name)


def _group(tenant: Tenant, kind: str) -> Group:
    group, _created = Group.objects.get_or_create(name=f"{kind}:{tenant.slug}")
    return group


def _grant(page: MunicipalityPage, groups: dict[str, Group]) -> None:
    """Editors write and submit, approvers publish; both only below the town's page."""
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    for kind, group in groups.items():
        group.permissions.add(access)
        rights = Permission.objects.filter(
            content_type__app_label="wagtailcore", codename__in=PAGE_RIGHTS[kind]
        )
        for right in rights:
            GroupPagePermission.objects.get_or_create(group=group, page=page, permission=right)


def _collection(tenant: Tenant, groups: dict[str, Group]) -> Collection:
    """The town's own shelf of pictures and documents; no other town's editor may even choose from it."""
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    own = root.get_children().filter(group_permissions__group=groups[EDITORS])
    collection = own.first() or root.add_child(name=tenant.name)
    codenames = [f"{right}_{model}" for right in FILE_RIGHTS for model in ("image", "document")]
    apps = ("wagtailimages", "wagtaildocs")
    for right in Permission.objects.filter(content_type__app_label__in=apps, codename__in=codenames):
        GroupCollectionPermission.objects.get_or_create(
            group=groups[EDITORS], collection=collection, permission=right
        )
    return collection


def _workflow(page: MunicipalityPage, approvers: Group) -> None:
    """Editor submits, approver publishes."""
    if WorkflowPage.objects.filter(page=page).exists():
        return
    word = _("approval")
    workflow = Workflow.objects.create(name=f"{page.title}: {word}")
    task = GroupApprovalTask.objects.create(name=f"{page.title}: {word}")
    task.groups.add(approvers)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=page)


def sync_editors(tenant: Tenant) -> None:
    """Bring the groups to what the memberships say; an association's people act for each of its members."""
    holders = [tenant.pk, *([tenant.association_id] if tenant.association_id else [])]
    for kind, roles in ROLES.items():
        group = Group.objects.filter(name=f"{kind}:{tenant.slug}").first()
        if group is None:
            continue
        held = Membership.objects.filter(tenant_id__in=holders, role__in=roles, tenant__active=True)
        group.user_set.set(held.values_list("user_id", flat=True) if tenant.active else [])
