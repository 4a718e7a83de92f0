"""The door of Wagtail's admin: closed by default, because Wagtail knows pages and groups but no tenants.

Only views named here are reachable, and only with pages and files of the person's own towns; what a new version of Wagtail adds
stays shut until somebody has looked at it. tests/twin/portal/test_door.py walks all addresses with a neighbour's drafts in place.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode, urlsplit

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.conf import settings
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.models import Page
from wagtail.permissions import policy_registry

from tenants.errors import Forbidden
from tenants.permissions import memberships
from tenants.roles import actions_of
from twin.portal.media import Download, Picture
from twin.portal.models import TOWN_DEPTH, LegalKind, StandardPage

View = Callable[..., HttpResponse]

# Wagtail 8 writes inline scripts (date fields, choosers, inline panels) and inline styles; everything else is as strict as elsewhere.
POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}

FOR_ALL = frozenset({"wagtailadmin_sprite", "wagtailadmin_javascript_catalog"})
PLAIN = frozenset(
    {
        "wagtailadmin_home",
        "wagtailadmin_logout",
        "wagtailadmin_dismissibles",
        "wagtailadmin_block_preview",
        "wagtailadmin_explore_root",
        "wagtailadmin_pages:search",
        "wagtailadmin_pages:search_results",
        "wagtailadmin_choose_page",
        "wagtailadmin_choose_page_search",
        "wagtailadmin_choose_page_external_link",
        "wagtailadmin_choose_page_email_link",
        "wagtailadmin_choose_page_phone_link",
        "wagtailadmin_choose_page_anchor_link",
        "wagtailadmin_api:pages:listing",
        "wagtailadmin_editing_sessions:release",
        "wagtailimages:index",
        "wagtailimages:index_results",
        "wagtailimages:add",
        "wagtailimages:add_multiple",
        "wagtailimages:create_multiple_from_uploaded_image",
        "wagtailimages:delete_upload_multiple",
        "wagtailimages_chooser:choose",
        "wagtailimages_chooser:choose_results",
        "wagtailimages_chooser:create",
        "wagtaildocs:index",
        "wagtaildocs:index_results",
        "wagtaildocs:add",
        "wagtaildocs:add_multiple",
        "wagtaildocs:create_multiple_from_uploaded_document",
        "wagtaildocs:delete_upload_multiple",
        "wagtaildocs_chooser:choose",
        "wagtaildocs_chooser:choose_results",
        "wagtaildocs_chooser:create",
    }
)
WITH_PAGE = frozenset(
    {
        "wagtailadmin_explore",
        "wagtailadmin_explore_results",
        "wagtailadmin_choose_page_child",
        "wagtailadmin_choose_page_chosen_multiple",
        "wagtailadmin_api:pages:detail",
        "wagtailadmin_editing_sessions:ping",
        *(
            f"wagtailadmin_pages:{name}"
            for name in (
                "add",
                "add_subpage",
                "preview_on_add",
                "edit",
                "preview_on_edit",
                "view_draft",
                "usage",
                "copy",
                "delete",
                "unpublish",
                "move",
                "move_confirm",
                "set_page_position",
                "lock",
                "unlock",
                "history",
                "history_results",
                "revisions_index",
                "revisions_view",
                "revisions_revert",
                "revisions_unschedule",
                "revisions_compare",
                "workflow_action",
                "collect_workflow_action_data",
                "confirm_workflow_cancellation",
                "workflow_preview",
                "workflow_history",
                "workflow_history_detail",
            )
        ),
    }
)
WITH_PICTURE = frozenset(
    {
        "wagtailimages:edit",
        "wagtailimages:delete",
        "wagtailimages:preview",
        "wagtailimages:image_usage",
        "wagtailimages:edit_multiple",
        "wagtailimages:delete_multiple",
        "wagtailimages_chooser:chosen",
        "wagtailimages_chooser:chosen_multiple",
        "wagtailimages_chooser:select_format",
    }
)
WITH_DOWNLOAD = frozenset(
    {
        "wagtaildocs:edit",
        "wagtaildocs:delete",
        "wagtaildocs:document_usage",
        "wagtaildocs:edit_multiple",
        "wagtaildocs:delete_multiple",
        "wagtaildocs_chooser:chosen",
        "wagtaildocs_chooser:chosen_multiple",
    }
)
REMOVES = frozenset(
    f"wagtailadmin_pages:{name}" for name in ("delete", "unpublish", "move", "move_confirm", "copy")
)

PAGE_KEYS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "pk", "object_id")
FILE_KEYS = ("image_id", "document_id", "doc_id", "pk")
PAGE_PARAMETERS = ("id", "target_pages[]", "new_parent_page", "parent_page_id")


def guarded(view: View) -> View:
    """Decorator for every view of Wagtail's admin."""

    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = _answer(view, request, *args, **kwargs)
        response._csp_replace = POLICY  # type: ignore[attr-defined]  # what csp.decorators.csp_replace sets
        return response

    return opened


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    name = request.resolver_match.view_name if request.resolver_match else ""
    canonical = urlsplit(settings.BASE_URL)
    if request.get_host() != canonical.netloc and getattr(request, "site_tenant", None):
        return redirect(f"{canonical.scheme}://{canonical.netloc}{request.get_full_path()}")
    if name in FOR_ALL:
        return view(request, *args, **kwargs)
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
    if name == "wagtailadmin_account":
        return redirect("account_email")
    check_person(request)
    if name == "wagtailadmin_explore" and Page.objects.filter(pk=kwargs["parent_page_id"], depth=1).exists():
        return redirect("wagtailadmin_explore_root")  # a list of search results links the root of the tree
    check_things(request, name, kwargs)
    return view(request, *args, **kwargs)


def check_person(request: HttpRequest) -> None:
    """Raise Forbidden unless the person edits pages of some town. An operator does not: Wagtail would show them everything."""
    edits = any("edit_pages" in actions_of(roles) for roles in memberships(request.user).values())
    if request.user.is_superuser or not edits:
        raise Forbidden("edit_pages")


def check_things(request: HttpRequest, name: str, kwargs: dict[str, Any]) -> None:
    """Raise Http404 for a view that is shut, and for things of other towns: the same answer as for things that are not there."""
    if name in WITH_PAGE:
        _check_pages(request, name, kwargs)
    elif name in WITH_PICTURE:
        _check_files(request, Picture, kwargs)
    elif name in WITH_DOWNLOAD:
        _check_files(request, Download, kwargs)
    elif name not in PLAIN:
        raise Http404


def _check_pages(request: HttpRequest, name: str, kwargs: dict[str, Any]) -> None:
    ids = _numbers(
        [kwargs[key] for key in PAGE_KEYS if key in kwargs]
        + [
            value
            for key in PAGE_PARAMETERS
            for value in [*request.GET.getlist(key), *request.POST.getlist(key)]
        ]
    )
    if explorable(request).filter(pk__in=ids).count() != len(ids):
        raise Http404
    if name in REMOVES and _is_fixed(kwargs.get("page_id") or kwargs.get("page_to_move_id")):
        raise Http404


def _is_fixed(pk: Any) -> bool:
    """A town's start page and its legal pages stay where they are."""
    legal = StandardPage.objects.filter(pk=pk).exclude(kind=LegalKind.NONE)
    return bool(legal.exists() or Page.objects.filter(pk=pk, depth__lte=TOWN_DEPTH).exists())


def _check_files(request: HttpRequest, model: type[Model], kwargs: dict[str, Any]) -> None:
    ids = _numbers([kwargs[key] for key in FILE_KEYS if key in kwargs] + request.GET.getlist("id"))
    own = policy_registry.get_by_type(model).instances_user_has_any_permission_for(
        request.user, ["choose", "change", "delete"]
    )
    if own.filter(pk__in=ids).count() != len(ids):
        raise Http404


def _numbers(values: Iterable[Any]) -> set[int]:
    try:
        return {int(value) for value in values if value != ""}
    except ValueError:
        raise Http404 from None


def explorable(request: HttpRequest) -> Any:
    """Pages of the person's own towns, and the way down to them."""
    return policy_registry.get_by_type(Page).explorable_instances(request.user)
