"""A run in words: what was asked, from which data, what came out."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import get_format, localize, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenants.models import JobState, Tenant
from tenants.permissions import Person, reach_of
from twin.analysis import handing, inputs, registry, signs
from twin.analysis.forms import Drawn, plain
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase

Line = tuple[str, Any]
MOST_LINES = 20  # of one kind of data
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
KINDS = {"queued": "info", "running": "info", "done": "success", "failed": "danger", "cancelled": "warning"}


def listed(person: Person, tenant: Tenant) -> QuerySet[Run]:
    """The tenant's own, and those shared with it or the person."""
    rows = Run.objects.visible_to(person).filter(Q(tenant=tenant) | Q(pk__in=reach_of(person).scope.runs))
    found: QuerySet[Run] = rows.select_related("job", "created_by", "tenant").defer("log", "summary")
    return found


def title_of(slug: str) -> str:
    """Of a use case; its short name where this version does not know it."""
    use_case = registry.find(slug)
    return str(use_case.title) if use_case else slug


def asked(run: Run) -> list[Line]:
    """Parameters by their labels, then the data with version and day."""
    use_case = registry.find(run.use_case)
    data = {each["name"] for each in run.inputs}
    fields = {**use_case.form.base_fields, **use_case.form.BESIDES} if use_case else {}
    order = {name: number for number, name in enumerate(fields)}  # the database keeps none
    lines = [
        (
            _label(fields, name),
            _said(fields.get(name), value),
        )
        for name, value in sorted(run.parameters.items(), key=lambda pair: order.get(pair[0], len(order)))
        if name not in data
    ]
    return lines + [line for name in sorted(data) for line in _data(run, name, _label(fields, name))]


def _data(run: Run, name: str, label: str) -> list[Line]:
    """A line for each; of many their number."""
    found = [each for each in run.inputs if each["name"] == name]
    if len(found) <= MOST_LINES:
        return [(label, _delivered(each)) for each in found]
    newest = max(found, key=lambda each: str(each["of"]))
    return [
        (label, _("%(count)s, the newest: %(newest)s") % {"count": len(found), "newest": _delivered(newest)})
    ]


def _label(fields: Any, name: str) -> str:
    found = fields.get(name, name)
    return str(found.label if isinstance(found, forms.Field) else found)


def _said(field: forms.Field | None, value: Any) -> str:
    if isinstance(field, Drawn):
        return field.told(value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(str(value), value))  # type: ignore[arg-type]
    if isinstance(value, dict) and "coordinates" in value:
        return _("drawn on the map")
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_said(None, each)}" for name, each in value.items())
    if isinstance(value, float):
        return plain(value)
    return _("yes") if value is True else str(localize(value))


def _delivered(data: dict[str, Any]) -> str:
    day = parse_datetime(data["of"])
    return _("%(title)s, version %(number)s of %(day)s") % {
        "title": data["title"],
        "number": data["version"],
        "day": localize(localtime(day).date()) if day else "–",
    }


def lost(run: Run) -> list[str]:
    """Titles of what it was computed from and what was withdrawn since."""
    return [each["title"] for each in inputs.gone([run], tenant=run.tenant)[run.pk]]


def marks(run: Run) -> Iterator[dict[str, Any]]:
    """What was drawn into the question, as GeoJSON features for the map."""
    for _label, drawn in _marked(run):
        yield from drawn


def marked(run: Run) -> list[signs.Sign]:
    """What the map says of it."""
    return [
        (colour, label, tuple(shapes))
        for label, drawn in _marked(run)
        for colour, shapes in signs.shapes_of(drawn).items()
    ]


def _marked(run: Run) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    use_case = registry.find(run.use_case)
    for name, field in use_case.form.base_fields.items() if use_case else ():
        if isinstance(field, Drawn) and name in run.parameters:
            yield (
                str(field.label),
                [
                    {"type": "Feature", "id": key, "geometry": geometry, "properties": dict(properties)}
                    for key, geometry, properties in field.marks(run.parameters[name])
                ],
            )


def facts(run: Run) -> list[Line]:
    """What came out, as numbers with their units."""
    use_case = registry.find(run.use_case)
    if use_case is None:
        return list(run.summary.items())
    return [
        (str(fact.title), number(run.summary[name], fact.digits, fact.unit))
        for name, fact in use_case.facts.items()
        if name in run.summary
    ]


def number(value: float | None, digits: int | None, unit: str) -> str:
    """None: people of whom so few are not told."""
    if value is None:
        return _("fewer than 3")
    if digits is None:
        text = _with_power(f"{value:g}".replace(".", get_format("DECIMAL_SEPARATOR")))
    else:
        text = number_format(round(value, digits), digits, use_l10n=True, force_grouping=True)
    return f"{text} {unit}".strip()


def _with_power(text: str) -> str:
    """8e-10 as people write it: 8 · 10⁻¹⁰."""
    mantissa, _e, power = text.partition("e")
    return f"{mantissa} · 10{str(int(power)).translate(_RAISED)}" if power else text


def files(run: Run) -> list[dict[str, Any]]:
    """deliver: where a dataset is made of it, if one can be."""
    return [
        {
            "title": f"{file_title(run, each)} ({each['file_name']}, {filesizeformat(each['size'])})",
            "url": reverse("analysis:file", args=[run.public_id, each["name"]]),
            "deliver": reverse("analysis:deliver", args=[run.public_id, each["name"]])
            if each["content_type"] in handing.IMPORTABLE
            else "",
        }
        for each in run.outputs
    ]


def file_title(run: Run, output: dict[str, Any]) -> str:
    use_case = registry.find(run.use_case)
    return str((use_case.files if use_case else {}).get(output["name"], output["name"]))


def drawn(run: Run) -> dict[str, Any] | None:
    """The features that can be shown: name, file, title, legend (see signs)."""
    found = next((each for each in run.outputs if "colours" in each), None)
    if found is None:
        return None
    return {
        "name": found["name"],
        "file": found["file"],
        "title": file_title(run, found),
        "legend": signs.legend(found["colours"], found.get("shapes")),
    }


def maps(run: Run) -> Iterator[dict[str, Any]]:
    """The rasters that can be shown: name, title, unit, legend (see signs), steps, plays: they are moments."""
    for each in run.outputs:
        if each.get("legend"):
            legend = [(colour, words, (signs.FULL,)) for _low, colour, words in each["legend"]]
            yield {
                "name": each["name"],
                "title": file_title(run, each),
                "unit": each["unit"],
                "legend": legend,
                "steps": each.get("steps", []),
                "plays": each.get("frames", False),
            }


def step_of(output: Mapping[str, Any], asked: Mapping[str, str]) -> int:
    """The number, from 1 on, of the step that an address asks for: by itself (stufe), else the one whose value is nearest (wert); else the
    one that the run was asked about. 0: the raster has no steps."""
    steps = output.get("steps") or []
    numbers = {str(number): number for number in range(1, len(steps) + 1)}
    if asked.get("stufe") in numbers:
        return numbers[asked["stufe"]]
    value = _number(asked.get("wert", ""))
    valued = [(abs(step["value"] - value), number) for number, step in enumerate(steps, 1) if None not in (value, step["value"])]  # fmt: skip
    shown = (number for number, step in enumerate(steps, 1) if step["asked"])
    return min(valued)[1] if valued else next(shown, min(1, len(steps)))


def said_at(output: Mapping[str, Any], bands: Sequence[float], *, step: int) -> str:
    """What a raster says of a place, in the words of its legend; with the number itself where it has a unit. bands: as the file holds them there."""
    legend = output["legend"]
    if not bands:
        return ""
    if step:  # see usecase.Output
        reached = int(bands[step - 1]) if output.get("frames") else sum(0 < band <= step for band in bands)
        return legend[reached - 1][2] if reached else ""
    words = [row[2] for row in legend if bands[0] >= row[0]]  # nothing is greater than NaN
    if not words:
        return ""
    return f"{number(bands[0], 2, output['unit'])} ({words[-1]})" if output["unit"] else words[-1]


def _number(text: str) -> float | None:
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def course(run: Run) -> list[dict[str, Any]]:
    """The log for a timeline."""
    return [{"when": _moment(line["at"]), "title": line["text"], "state": "done"} for line in run.log]


def _moment(text: str) -> datetime | None:
    found = parse_datetime(text)
    return localtime(found) if found else None


def ahead(run: Run) -> str:
    """What waits before it, in words; empty where it does not wait. Of other towns nothing is told but that they take turns."""
    if run.state != JobState.QUEUED:
        return ""
    own = Run.objects.filter(tenant=run.tenant_id, job__state=JobState.QUEUED, job__lt=run.job_id).count()
    if not own:
        return _("It is the next of yours; municipalities take turns.")
    return ngettext("One analysis of yours comes before it; municipalities take turns.", "%(number)s analyses of yours come before it; municipalities take turns.", own) % {"number": own}  # fmt: skip


def about(run: Run) -> dict[str, Any]:
    """What pages and report say of a run."""
    use_case: UseCase | None = registry.find(run.use_case)
    return {
        "run": run,
        "use_case": use_case,
        "use_case_title": title_of(run.use_case),
        "asked": asked(run),
        "facts": facts(run),
        "summary": run.summary,
        "lost": lost(run),
        "state_kind": KINDS[run.state],
        "tenant": run.tenant,
        "ahead": ahead(run),
    }


def box_of(grid: dict[str, Any]) -> dict[str, Any]:
    """The rectangle of a grid, as GeoJSON."""
    west, north = grid["origin"]
    east = west + grid["width"] * grid["resolution"]
    south = north - grid["height"] * grid["resolution"]
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
