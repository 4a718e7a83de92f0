"""A page as PDF with our fonts; nothing is fetched for it, from this machine or another."""

import base64
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from PIL import ImageFile
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

ImageFile.LOAD_TRUNCATED_IMAGES = (
    False  # WeasyPrint turns it on for the whole process; a cut-off upload must be refused
)

FONTS = {400: "kz/fonts/FiraSans-Regular.woff2", 600: "kz/fonts/FiraSans-SemiBold.woff2"}


def pdf(template: str, context: Mapping[str, Any], *, style: Path) -> bytes:
    """The template as PDF; what others wrote is escaped text in it. style: a style sheet of ours."""
    # data: alone, so that no document can make the server read a file or call somebody
    page = HTML(
        string=render_to_string(template, dict(context)), url_fetcher=URLFetcher(allowed_protocols=("data",))
    )
    fonts = FontConfiguration()
    sheet = CSS(string=style.read_text() + _font_faces(), font_config=fonts)
    return bytes(page.write_pdf(stylesheets=[sheet], font_config=fonts))


@cache
def _font_faces() -> str:
    """Our fonts where the front end is built; else the system's sans serif."""
    faces = []
    for weight, name in FONTS.items():
        if path := finders.find(name):
            data = base64.b64encode(Path(str(path)).read_bytes()).decode()
            faces.append(
                f"@font-face {{ font-family: 'Fira Sans'; font-weight: {weight};"
                f" src: url(data:font/woff2;base64,{data}) }}"
            )
    return "\n".join(faces)
