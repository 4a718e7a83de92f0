"""The report of a run as PDF: question, data with dates, result, map, method, sources, limits."""

import base64
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone
from PIL import Image

from planning.reporting import STYLE
from tenants import files
from tenants.models import PrivateFile
from tenants.printing import Told, pdf
from twin.analysis import painting, presenting
from twin.analysis.models import Run

MOST = 1200  # pixels of a map's longer side
LEAST = 800  # of one on few cells, each drawn as a square of pixels
SKETCHED = 480  # of one that is drawn in lines, as it stands on the page


def report(run: Run, rows: Mapping[int, PrivateFile], *, told: Told | None = None) -> bytes:
    """rows: the files of the run by their keys; told: see tenants.printing.pdf."""
    outputs = {each["name"]: each for each in run.outputs}
    marks, signs = list(presenting.marks(run)), presenting.marked(run)
    pictures = [
        {
            **each,
            "picture": _drawn(outputs[each["name"]], rows, marks),
            "legend": [*each["legend"], *signs],
            "width": _width(outputs[each["name"]]["grid"]),
        }
        for each in presenting.maps(run)
        if not each["steps"]  # paper shows the one step that was asked for
    ]
    if drawn := presenting.drawn(run):
        pictures.append(_sketched(drawn, files.path_of(rows[drawn["file"]])))
    context = {**presenting.about(run), "pictures": pictures, "printed": timezone.localtime()}
    return pdf("analysis/run_report.html", context, style=STYLE, told=told)


def _sketched(drawn: dict[str, Any], path: Path) -> dict[str, Any]:
    svg, width = painting.sketch(json.loads(path.read_bytes())["features"], most=SKETCHED)
    return {**drawn, "picture": _inline(svg, "image/svg+xml"), "width": round(width)}


def _inline(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _width(grid: Mapping[str, Any]) -> int:
    """Metres."""
    return int(round(grid["width"] * grid["resolution"]))


def _drawn(output: Mapping[str, Any], rows: Mapping[int, PrivateFile], marks: Sequence[Mapping[str, Any]]) -> str:  # fmt: skip
    image = painting.picture(files.path_of(rows[output["file"]]), legend=output["legend"], most=MOST)
    times = max(1, LEAST // max(image.size))
    image = image.resize((times * image.width, times * image.height), Image.Resampling.NEAREST)
    painting.mark(image, marks, grid=output["grid"])
    target = io.BytesIO()
    image.save(target, "PNG", optimize=True)
    return _inline(target.getvalue(), "image/png")
