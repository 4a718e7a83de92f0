"""The language of a page: German, unless this visitor has switched."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers


class LanguageMiddleware:
    """In place of Django's LocaleMiddleware, which follows the browser's Accept-Language.

    Plans, their labels, notices and statements are German whatever language the frame around them has, and German is the language
    of the procedure (§ 23 VwVfG). Two people who open the same address shall read the same words, also on a borrowed device or
    with an English browser. The switch on every page offers English; a cookie remembers it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = chosen_language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language  # where third-party code expects it
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


def chosen_language(request: HttpRequest) -> str:
    """Of the cookie that the switch sets; the default where it is missing or names a language we don't have."""
    try:
        return translation.get_supported_language_variant(
            request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        )
    except LookupError:
        return settings.LANGUAGE_CODE
