"""A plan on paper at a true scale: sheets with the drawing, title block, legend, scale bar, north arrow, Verfahrensvermerke."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from planning import drawing, exporting, presenting, queries
from planning.errors import TooManySheets, TooMuchToDraw
from planning.models import Plan, PlanVersion
from planning.planzeichen import legend, svg
from planning.planzeichen.svg import Drawn
from planning.xplanung.plans import as_list, text_of
from tenants import files
from tenants.errors import JobFailed
from tenants.jobs import Progress
from tenants.models import Job, PrivateFile
from tenants.printing import pdf

STYLE = Path(__file__).with_name("print.css")
PAPERS = {"A4": (210, 297), "A3": (297, 420), "A2": (420, 594), "A1": (594, 841), "A0": (841, 1189)}  # mm
COLUMNS = {"A4": 66, "A3": 80, "A2": 110, "A1": 150, "A0": 190}  # mm, beside the drawing
SCALES = (500, 1_000, 2_500, 5_000, 10_000, 25_000)
LEAST, GREATEST = 100, 200_000  # denominators of a scale of one's own
EDGE = 8  # mm, that printers leave white
AROUND = 8  # mm between the Geltungsbereich and the frame
MOST_SHEETS = 30
ROW = 9.5  # mm that a line of the legend takes at least
BLOCK = 118  # mm of the column that the title block takes
STEP = 10  # mm that a Verfahrensvermerk takes
BAR = 36  # mm, about the length of the scale bar
PLANUNTERLAGE = "1040"  # XP_ExterneReferenzTyp "Plangrundlage"


TASK = "planning.tasks.print_drawing"
HEAVY = 4_000  # objects; a print of so many takes about five seconds
Told = Callable[[float, str], None]


def _untold(_share: float, _step: str) -> None:
    """Nobody waits for a word."""


@dataclass(frozen=True)
class Order:
    """What was asked for. denominator: 1000 stands for 1:1000; upright: the longer side from top to bottom."""

    denominator: int
    paper: str
    upright: bool = False

    @property
    def size(self) -> tuple[int, int]:
        short, long = PAPERS[self.paper]
        return (short, long) if self.upright else (long, short)

    @property
    def window(self) -> tuple[float, float]:
        """Width and height of the drawing, mm."""
        width, height = self.size
        return width - 2 * EDGE - COLUMNS[self.paper], height - 2 * EDGE


@dataclass(frozen=True)
class Sheet:
    """One page with a part of the drawing. svg: the inside of an <svg> in millimetres."""

    number: int
    svg: SafeString


def params_of(version: PlanVersion, order: Order, *, public: bool) -> dict[str, Any]:
    """What a job needs to know of a print."""
    return {"plan": version.plan_id, "version": version.pk, "order": asdict(order), "public": public}


def work(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Make the print of a job in the worker; the file replaces what the same person had printed before."""
    version = PlanVersion.objects.select_related("plan__tenant").filter(pk=job.params["version"]).first()
    if version is None:
        raise JobFailed(_("The plan is no longer there."))
    try:
        body = print_plan(
            version.plan,
            version,
            Order(**job.params["order"]),
            public=job.params["public"],
            progress=progress,
        )
    except (TooManySheets, TooMuchToDraw) as error:
        raise JobFailed(_("The print would be too large. Choose another scale or paper.")) from error
    earlier = Job.objects.filter(task=TASK, actor=job.actor, tenant=job.tenant).exclude(pk=job.pk)
    for row in PrivateFile.objects.filter(pk__in=[each.result.get("file", 0) for each in earlier]):
        files.remove(row)
    name = exporting.file_name_of(version, suffix=".pdf")
    row = files.store([body], tenant=job.tenant, name=name, content_type="application/pdf", by=job.actor)
    url = reverse("planning:print_download", args=[version.plan.public_id, job.public_id])
    return {"file": row.pk, "url": url}


def frames(version: PlanVersion, order: Order) -> list[drawing.Frame]:
    """The parts of the plan, row by row from the north-west, around its middle. Raises TooManySheets."""
    west, south, east, north = version.area.extent
    width, height = order.window
    metres = order.denominator / 1000  # on the ground, of one millimetre
    columns = max(1, math.ceil(((east - west) / metres + 2 * AROUND) / width))
    rows = max(1, math.ceil(((north - south) / metres + 2 * AROUND) / height))
    if columns * rows > MOST_SHEETS:
        raise TooManySheets(columns * rows, MOST_SHEETS)
    wide, high = width * metres, height * metres
    left, top = (west + east - columns * wide) / 2, (south + north + rows * high) / 2
    boxes = (
        (left + column * wide, top - (row + 1) * high, left + (column + 1) * wide, top - row * high)
        for row in range(rows)
        for column in range(columns)
    )
    return [drawing.Frame(box, settings.TWIN_SRID, width, height, mm=1) for box in boxes]


def smallest_paper(version: PlanVersion, denominator: int) -> Order:
    """The smallest sheet that holds the whole plan, lying or upright; else A0."""
    for paper in PAPERS:
        for upright in (False, True):
            order = Order(denominator, paper, upright)
            if _sheets(version, order) == 1:
                return order
    return Order(denominator, "A0")


def _sheets(version: PlanVersion, order: Order) -> int:
    try:
        return len(frames(version, order))
    except TooManySheets as error:
        return error.sheets


def is_heavy(version: PlanVersion) -> bool:
    """Whether a print takes more seconds than a page may: then a worker makes it."""
    return version.feature_count > HEAVY


def print_plan(
    plan: Plan, version: PlanVersion, order: Order, *, public: bool = False, progress: Told = _untold
) -> bytes:
    """The PDF. public: what everybody may see, alone. Raises TooManySheets, TooMuchToDraw."""
    present: dict[Any, Drawn] = {}
    sheets = []
    found = frames(version, order)
    for number, frame in enumerate(found, start=1):
        progress(0.6 * (number - 1) / len(found), _("Sheet %(number)s") % {"number": number})
        objects = drawing.objects_in(version, frame)
        present.update({(drawn.look, drawn.lettering): drawn for drawn in objects})
        sheets.append(Sheet(number, mark_safe(svg.draw(objects, 1))))
    entries = [_Row(entry.number, entry.title, mark_safe(entry.drawing)) for entry in legend.legend_of(present.values())]  # fmt: skip
    room = max(0, int((order.window[1] - BLOCK) / ROW))
    steps = presenting.steps_of(plan, on=timezone.localdate(), public=public)
    beside = BLOCK + len(entries) * ROW + len(steps) * STEP < order.window[1]
    progress(0.6, _("Putting the sheets together"))
    context = {
        "plan": plan,
        "version": version,
        "order": order,
        "size": order.size,
        "window": order.window,
        "column": COLUMNS[order.paper],
        "edge": EDGE,
        "sheets": sheets,
        "facts": _facts(plan, version, order, public=public),
        "legend": entries[:room],
        "more": entries[room:],
        "beside": steps if beside else [],
        "steps": [] if beside else steps,
        "bar": _bar(order.denominator),
        "printed": timezone.localtime(),
        "picture": {"width": legend.WIDTH, "height": legend.HEIGHT},
    }
    return pdf("planning/plan_sheet.html", context, style=STYLE)


@dataclass(frozen=True)
class _Row:
    number: str
    title: str
    drawing: SafeString


def _facts(plan: Plan, version: PlanVersion, order: Order, *, public: bool) -> list[tuple[str, str]]:
    fassungen = version.fassungen.filter(is_public=True) if public else version.fassungen.all()
    fassung = fassungen.first()
    found = [
        (_("Municipality"), plan.place or plan.tenant.name),
        ("Rechtsstand", presenting.status_of(plan)),
        ("Fassung", _dated(str(fassung), str(fassung.dated_on)) if fassung else ""),
        (_("File revision"), _dated(str(version.number), str(timezone.localdate(version.created_at)))),
        ("Planunterlage", "; ".join(_grounds(version))),
        (_("Scale"), f"1 : {order.denominator:,}".replace(",", " ")),
        (_("Reference system"), f"ETRS89 / UTM 33N (EPSG:{settings.TWIN_SRID})"),
    ]
    return [(label, value) for label, value in found if value]


def _dated(words: str, day: str) -> str:
    return _("%(words)s of %(day)s") % {"words": words, "day": presenting.day(day)}


def _grounds(version: PlanVersion) -> Iterator[str]:
    """The Planunterlage with its date (§ 1 Abs. 2 PlanZV), where the file tells it."""
    for properties in queries.plan_properties(version):
        for reference in (
            *as_list(properties.get("externeReferenz")),
            *as_list(properties.get("refPlangrundlage")),
        ):
            if not isinstance(reference, dict) or text_of(reference.get("typ")) not in ("", PLANUNTERLAGE):
                continue
            if "externeReferenz" in properties and not text_of(reference.get("typ")):
                continue
            name, day = text_of(reference.get("referenzName")), text_of(reference.get("datum"))
            yield " ".join(filter(None, (name[:80], presenting.day(day))))


def _bar(denominator: int) -> dict[str, Any]:
    """A scale bar of a round length: metres, millimetres on paper, and its four parts."""
    metres = BAR * denominator / 1000
    power = 10 ** math.floor(math.log10(metres))
    rounded = next(step * power for step in (5, 2, 1) if step * power <= metres)
    length = rounded * 1000 / denominator
    parts = [{"x": round(length * part / 4, 3), "dark": part % 2 == 0} for part in range(4)]
    half = rounded / 2
    return {
        "metres": f"{rounded:g}",
        "half": f"{half:g}",
        "length": length,
        "part": length / 4,
        "parts": parts,
    }
