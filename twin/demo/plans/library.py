"""All demo plans by name."""

from collections.abc import Callable

from twin.demo.plans import grossenhain, meissen, nuenchritz, riesa
from twin.demo.plans.sheet import Sheet, render

SHEETS: dict[str, Callable[[], Sheet]] = {
    "meissen-elbauenquartier": meissen.sheet,
    "riesa-hafenblick": riesa.sheet,
    "grossenhain-roederbogen": grossenhain.sheet,
    "nuenchritz-fnp": nuenchritz.sheet,
}


def document(slug: str) -> bytes:
    """One plan as an XPlanGML file. Raises KeyError for an unknown name."""
    return render(SHEETS[slug]())
