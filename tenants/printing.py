"""A page as PDF with our fonts; nothing is fetched for it, from this machine or another."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from fontTools.ttLib import woff2
from PIL import ImageFile
from weasyprint import CSS, HTML
from weasyprint.logger import PROGRESS_LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

ImageFile.LOAD_TRUNCATED_IMAGES = (
    False  # WeasyPrint turns it on for the whole process; a cut-off upload must be refused
)

FONTS = {400: "kz/fonts/FiraSans-Regular.woff2", 600: "kz/fonts/FiraSans-SemiBold.woff2"}


Told = Callable[[int], None]


def pdf(template: str, context: Mapping[str, Any], *, style: Path, told: Told | None = None) -> bytes:
    """The template as PDF; what others wrote is escaped text in it. style: a style sheet of ours; told: is called with the number of each page
    that is laid out, and may raise to end it."""
    # data: alone, so that no document can make the server read a file or call somebody
    page = HTML(
        string=render_to_string(template, dict(context)), url_fetcher=URLFetcher(allowed_protocols=("data",))
    )
    fonts = FontConfiguration()
    ours = URLFetcher(allowed_protocols=("file",))  # the fonts that this style sheet of ours names
    sheet = CSS(string=style.read_text() + _font_faces(), font_config=fonts, url_fetcher=ours)
    with _telling(told):
        return bytes(page.write_pdf(stylesheets=[sheet], font_config=fonts))


class _Pages(logging.Handler):
    """WeasyPrint tells of its pages by its log alone."""

    def __init__(self, told: Told) -> None:
        super().__init__(logging.INFO)
        self.told = told

    def emit(self, record: logging.LogRecord) -> None:
        if record.args and "Page" in str(record.msg):
            self.told(int(str(record.args[-1])))  # type: ignore[index]  # a tuple of numbers


@contextmanager
def _telling(told: Told | None) -> Iterator[None]:
    if told is None:
        yield
        return
    handler, before = _Pages(told), (PROGRESS_LOGGER.level, PROGRESS_LOGGER.propagate)
    PROGRESS_LOGGER.addHandler(handler)
    PROGRESS_LOGGER.setLevel(logging.INFO)
    PROGRESS_LOGGER.propagate = False
    try:
        yield
    finally:
        PROGRESS_LOGGER.removeHandler(handler)
        PROGRESS_LOGGER.setLevel(before[0])
        PROGRESS_LOGGER.propagate = before[1]


@cache
def _font_faces() -> str:
    """Our fonts where the front end is built; else the system's sans serif."""
    faces = []
    for weight in FONTS:
        if path := truetype(weight):  # WOFF2 would be unpacked anew for each PDF, which takes a second
            faces.append(
                f"@font-face {{ font-family: 'Fira Sans'; font-weight: {weight}; src: url({path.as_uri()}) }}"
            )
    return "\n".join(faces)


@cache
def truetype(weight: int) -> Path | None:
    """Our font for libraries that cannot read WOFF2, unpacked into memory of this process; None
    where the front end is not built."""
    path = finders.find(FONTS[weight])
    if not path:
        return None
    memory = os.memfd_create(f"FiraSans-{weight}")  # no file that a killed process would leave
    with open(memory, "wb", closefd=False) as target:
        woff2.decompress(str(path), target)
    return Path(f"/proc/self/fd/{memory}")
