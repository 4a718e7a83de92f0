"""The receipt as PDF, made when it is asked for."""

from pathlib import Path

import segno
from django.utils.timezone import localtime

from participation.models import Statement
from participation.notifications import status_link
from participation.receipts import readable
from tenants.printing import pdf

STYLE = Path(__file__).with_name("receipt.css")


def qr_code(link: str) -> str:
    """A QR code as a data address, for pages and print. Error correction M survives a fold in the paper."""
    return str(segno.make(link, error="m", micro=False).svg_data_uri(scale=4, border=2))


def receipt_pdf(statement: Statement, *, secret: str, place: str) -> bytes:
    """The statement's text with number, time, place, secret and QR code; everything written by others is escaped text."""
    link = status_link(statement.receipt, secret)
    context = {
        "statement": statement,
        "received": localtime(statement.received_at),
        "place": place,
        "secret": readable(secret),
        "link": link,
        "qr": qr_code(link),
    }
    return pdf("participation/receipt_pdf.html", context, style=STYLE)
