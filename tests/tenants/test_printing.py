"""PDFs carry our fonts, and read no file for a document."""

import ctypes

import pypdfium2
import pytest
from pypdfium2 import raw

from participation.printing import STYLE
from tenants import printing


def printed(monkeypatch: pytest.MonkeyPatch, body: str) -> pypdfium2.PdfDocument:
    monkeypatch.setattr(printing, "render_to_string", lambda template, context: f"<html lang='de'><body>{body}</body></html>")  # fmt: skip
    return pypdfium2.PdfDocument(printing.pdf("", {}, style=STYLE), autoclose=True)


def fonts(document: pypdfium2.PdfDocument) -> set[str]:
    found = set()
    for one in document[0].get_objects([raw.FPDF_PAGEOBJ_TEXT]):
        name = ctypes.create_string_buffer(100)
        raw.FPDFFont_GetBaseFontName(raw.FPDFTextObj_GetFont(one.raw), name, 100)
        found.add(name.value.decode().partition("+")[2])
    return found


def test_text_is_set_in_our_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fonts(printed(monkeypatch, "<p>Größe <b>fett</b></p>")) == {"Fira-Sans", "Fira-Sans-Semi-Bold"}


def test_document_makes_nobody_read_a_file(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    font = printing.truetype(400)
    assert font is not None
    styled = (
        f"<style>@font-face {{ font-family: X; src: url({font.as_uri()}) }} p {{ font-family: X }}</style>"
    )
    printed(monkeypatch, f"{styled}<p>Text</p><img src='{font.as_uri()}'>")
    said = "\n".join(caplog.messages)
    assert "Font-face 'X' cannot be loaded" in said
    assert "URI uses disallowed protocol" in said
