"""The receipt as PDF, made when it is asked for."""

import base64
from functools import cache
from pathlib import Path

import segno
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.timezone import localtime
from PIL import ImageFile
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from participation.models import Statement
from participation.notifications import status_link
from participation.receipts import readable

ImageFile.LOAD_TRUNCATED_IMAGES = (
    False  # WeasyPrint turns it on for the whole process; a cut-off upload must be refused
)

STYLE = Path(__file__).with_name("receipt.css")
FONTS = {400: "kz/fonts/FiraSans-Regular.woff2", 600: "kz/fonts/FiraSans-SemiBold.woff2"}


def qr_code(link: str) -> str:
    """A QR code as a data address, for pages and print. Error correction M survives a fold in the paper."""
    return str(segno.make(link, error="m", micro=False).svg_data_uri(scale=4, border=2))


def receipt_pdf(statement: Statement, *, secret: str) -> bytes:
    """The statement's text with number, time, secret and QR code; everything written by others is escaped text."""
    link = status_link(statement.receipt, secret)
    context = {
        "statement": statement,
        "received": localtime(statement.received_at),
        "secret": readable(secret),
        "link": link,
        "qr": qr_code(link),
    }
    # data: alone, so that no document can make the server read a file or call somebody
    page = HTML(
        string=render_to_string("participation/receipt_pdf.html", context),
        url_fetcher=URLFetcher(allowed_protocols=("data",)),
    )
    fonts = FontConfiguration()
    style = CSS(string=STYLE.read_text() + _font_faces(), font_config=fonts)
    return bytes(page.write_pdf(stylesheets=[style], font_config=fonts))


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
