"""What Wagtail's admin shows in its lists and menus."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from twin.portal.door import explorable


@hooks.register("construct_page_chooser_queryset")
def only_own_pages(pages: Any, request: HttpRequest) -> Any:
    return pages.filter(pk__in=explorable(request).values("pk"))


@hooks.register("construct_main_menu")
def without_shut_doors(request: HttpRequest, items: list[MenuItem]) -> None:
    """Reports, settings and help lead to views that the door keeps shut."""
    items[:] = [item for item in items if item.name not in {"reports", "settings", "help"}]
