"""What Wagtail's admin shows in its lists and menus."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from twin.portal.door import explorable


@hooks.register("construct_page_chooser_queryset")
def only_own_pages(pages: Any, request: HttpRequest) -> Any:
    return pages.filter(pk__in=explorable(request).values("pk"))


@hooks.register("insert_global_admin_css")
def without_bulk_actions() -> str:
    """The door keeps acts on many things at once shut; their boxes would lead nowhere."""
    return format_html('<link rel="stylesheet" href="{}">', static("portal/editing.css"))


@hooks.register("construct_main_menu")
def without_shut_doors(request: HttpRequest, items: list[MenuItem]) -> None:
    """Reports, settings and help lead to views that the door keeps shut."""
    items[:] = [item for item in items if item.name not in {"reports", "settings", "help"}]
