"""The answer on paper."""

from datetime import datetime
from pathlib import Path
from typing import Any

from planning.auskunft import measuring, telling, wording
from planning.auskunft.answering import Answer
from tenants.printing import pdf

STYLE = Path(__file__).parents[1] / "report.css"


def as_pdf(answer: Answer, *, printed: datetime, url: str) -> bytes:
    """url: where the same can be asked again; empty for an area."""
    return pdf("planning/auskunft_pdf.html", {**rows(answer), "printed": printed, "url": url}, style=STYLE)


def rows(answer: Answer) -> dict[str, Any]:
    """What page and paper show alike."""
    return {
        "answer": answer,
        "where": telling.place_words(answer.place),
        "plans": telling.plan_rows(answer),
        "statutes": telling.statute_rows(answer),
        "captured": telling.capture_rows(answer),
        "binding": wording.BINDING,
        "tolerance": round(measuring.WIDTH * 100),
    }
