"""Answers of the REST API as pages for people."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils.http import urlencode
from rest_framework.renderers import BaseRenderer
from rest_framework.utils.encoders import JSONEncoder

_ADDRESS = re.compile(r'(?<=")https?://[^"\s\\]+(?=")')


class PageRenderer(BaseRenderer):
    """The same JSON, its addresses as links, and what can be asked for here."""

    media_type, format, charset = "text/html", "html", "utf-8"
    template_name = "rest/answer.html"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> str:
        view, response = renderer_context["view"], renderer_context["response"]
        if response.status_code >= 400:
            return render_to_string("rest/problem.html", {"problem": data}, view.request._request)
        return render_to_string(self.template_name, self.context(view, data), view.request._request)

    def context(self, view: Any, data: Any) -> dict[str, Any]:
        request = view.request
        listed = data if isinstance(data, dict) and "results" in data else {}
        return {
            "title": view.titles[request.method],
            "pieces": list(pieces(data, site=request.build_absolute_uri("/"))),
            "next": listed.get("next"),
            "previous": listed.get("previous"),
            "parameters": [
                (name, field.help_text, [str(key) for key in getattr(field, "choices", ())])
                for name, field in view.query_class().fields.items()
            ],
            "json_url": f"{request.path}?{urlencode({**request.query_params.dict(), 'f': 'json'})}",
        }


def pieces(data: Any, *, site: str) -> Iterator[tuple[str, str]]:
    """The JSON as (text, address), the address empty but for those of this site."""
    text = json.dumps(data, cls=JSONEncoder, indent=2, ensure_ascii=False)
    end = 0
    for found in _ADDRESS.finditer(text):
        if found.group().startswith(site):
            yield text[end : found.start()], ""
            yield found.group(), found.group()
            end = found.end()
    yield text[end:], ""
