"""Wagtail's admin behind our door; signing in is /konto/, never Wagtail's own form."""

from django.urls import URLPattern, URLResolver
from wagtail.admin.urls import urlpatterns as wagtail_patterns
from wagtail.utils.urlpatterns import decorate_urlpatterns

from twin.portal.door import guarded

urlpatterns: list[URLPattern | URLResolver] = decorate_urlpatterns(wagtail_patterns, guarded)
