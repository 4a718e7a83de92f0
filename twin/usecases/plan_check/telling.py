"""What came out, in words for the page and the report, as features for the map and as a table."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenants import geojson, tables
from twin.analysis.models import Run
from twin.analysis.usecase import Answer, Output
from twin.catalogue.models import AreaRole
from twin.usecases.plan_check import permitting, wording
from twin.usecases.plan_check.balance import SINCE, Balance, Row
from twin.usecases.plan_check.case import Depth, Finding, Outcome, Site
from twin.usecases.plan_check.core import AREA, LINE, POINT
from twin.usecases.plan_check.depths import DEEP, SHALLOW
from twin.usecases.plan_check.rules import ORDER, Verdict
from twin.usecases.plan_check.uses import Use

MOST_ROWS = 200  # on the page and in the report; all are in the table
MOST_BALANCES = 10  # shown with their uses
OUTLINE = "#595959"
Words = dict[str, Any]


def save(run: Run, outcome: Outcome, folder: Path) -> Answer:
    rows = _headed([_row(number, each, outcome) for number, each in enumerate(outcome.findings, 1)])
    drawn, table = folder / "pruefhinweise.geojson", folder / "pruefhinweise.csv"
    drawn.write_text(_collection(outcome, rows))
    with table.open("w", encoding="utf-8", newline="") as target:
        _write(rows, target)
    legend = ((0.0, OUTLINE, "Geltungsbereich"), *((0.0, wording.COLOURS[each], str(wording.VERDICTS[each])) for each in ORDER))  # fmt: skip
    outputs = (
        Output("areas", drawn, geojson.CONTENT_TYPE, legend=legend),
        Output("table", table, "text/csv"),
    )
    return Answer(_summary(run, outcome, rows), outputs)


def _row(number: int, finding: Finding, outcome: Outcome) -> Words:
    rule, site = finding.rule, finding.site
    return {
        "id": f"h{number}",
        "plan": outcome.inputs.plans[finding.plan].title,
        **_named(site),
        **_met(finding),
        **_sized(finding),
        "percent": round(finding.percent, 2),
        "verdict": str(rule.verdict),
        "verdict_words": str(wording.VERDICTS[rule.verdict]),
        "kind": wording.KINDS[rule.verdict],
        "rule": rule.key,
        "words": str(wording.WORDS[rule.key]),
        "law": wording.cited(rule, on=outcome.inputs.on),
    }


def _headed(rows: list[Words]) -> list[Words]:
    """head: what the row and those below it meet, where it is another than above; detail: what is told of the row alone."""
    above = None
    for row in rows:
        whose = f"{row['source']} ({row['owner']}, {row['of']})" if row["source"] else ""
        alone = [whose, row["said"]] if row["said"] else []  # a plan of a neighbour, or depths
        row["detail"] = ": ".join(filter(None, alone))
        met = row["role"] if alone or not whose else f"{row['role']}: {whose}"
        row["head"] = "" if above == (row["plan"], met) else met
        above = (row["plan"], met)
    return rows


def _named(site: Site | None) -> Words:
    """Lines and points are told by their kind, all of a plan together."""
    if site is None:
        return {"title": "Geltungsbereich", "gml_id": ""}
    if site.dimension == AREA:
        return {"title": site.title, "gml_id": site.gml_id}
    return {"title": site.words, "gml_id": ""}


def _sized(finding: Finding) -> Words:
    """area: m²; length: m; number: of the lines or points that meet, of so many."""
    dimension = finding.site.dimension if finding.site else AREA
    if dimension == AREA:
        return {"area": round(finding.size, 1)}
    length = {"length": round(finding.size, 1)} if dimension == LINE else {}
    return {**length, "number": finding.met, "of_number": finding.of}


def _met(finding: Finding) -> Words:
    """With what it meets, whose data that are and of which day."""
    if finding.source is not None:
        source = finding.source
        return {"role": str(AreaRole(source.role).label), "source": source.title, "owner": source.owner, "of": wording.day(source.of), "said": ""}  # fmt: skip
    if finding.beside is not None:
        beside = finding.beside
        said = _("meets it") if beside.area > 0 else _("%s m away") % number_format(beside.distance, 0)
        return {"role": _("Plan of a neighbour"), "source": beside.title, "owner": beside.owner, "of": wording.day(beside.of), "said": said}  # fmt: skip
    assert finding.depth is not None  # noqa: S101 - there is no fourth kind
    return {"role": _("Simulated depth of water"), "source": "", "owner": "", "of": "", "said": _deep(finding.depth)}  # fmt: skip


def _deep(depth: Depth) -> str:
    shares = {"shallow": depth.deeper[SHALLOW], "deep": depth.deeper[DEEP], "covered": depth.covered}
    percents = {name: number_format(100 * share, 0) for name, share in shares.items()}
    if depth.covered < 1:
        return _("%(shallow)s %% deeper than 10 cm, %(deep)s %% deeper than 50 cm, of the %(covered)s %% for which depths are known") % percents  # fmt: skip
    return _("%(shallow)s %% deeper than 10 cm, %(deep)s %% deeper than 50 cm") % percents


# --- the summary


def _summary(run: Run, outcome: Outcome, rows: list[Words]) -> Words:
    counts = Counter(str(each.rule.verdict) for each in outcome.findings)
    told = [_balance(number, outcome) for number in range(len(outcome.inputs.plans))]
    balanced = [each for each in outcome.balances if each is not None]
    strongest = outcome.findings[0].rule.verdict if outcome.findings else None
    laws = dict.fromkeys(each.rule.law for each in outcome.findings)
    stated = Counter(site.dimension for site in outcome.inputs.sites.values())
    return {
        "notes": [*run.summary.get("notes", ()), *_notes(outcome)],
        "on": wording.day(outcome.inputs.on),
        "binding": str(wording.BINDING),
        "plans": len(outcome.inputs.plans),
        "sites": stated[AREA],
        "lines": stated[LINE],
        "points": stated[POINT],
        **{str(verdict): counts[str(verdict)] for verdict in ORDER},
        "verdict": str(strongest) if strongest else None,
        "rows": [
            {name: value for name, value in each.items() if name != "words"} for each in rows[:MOST_ROWS]
        ],
        "grouped": True,  # earlier answers have no heads
        "left_out": max(0, len(rows) - MOST_ROWS),
        "rules": _rules(rows),
        "announced": [text for law in laws if (text := wording.announced(law, on=outcome.inputs.on))],
        "by_plan": _by_plan(outcome) if len(outcome.inputs.plans) > 1 else [],
        "sources": _sources(outcome),
        **_conditions(outcome),
        "permits": permitting.told(outcome) if len(outcome.inputs.plans) <= MOST_BALANCES else [],
        "balances": [each for each in told if each],
        **{name: round(sum(getattr(each, name) for each in balanced), 1) for name in _SUMS if balanced},
        "assumed": vars(outcome.inputs.assumed),
    }


_SUMS = ("area", "sealed", "units", "before", "after")


def _rules(rows: list[Words]) -> list[Words]:
    """Each that applied once, the strongest first."""
    found = {row["law"] + row["rule"]: row for row in reversed(rows)}
    names = ("law", "verdict_words", "words")
    return [{name: row[name] for name in names} for row in reversed(found.values())]


def _notes(outcome: Outcome) -> Iterator[str]:
    sites = outcome.inputs.sites.values()
    mended = [site.gml_id or site.title for site in sites if not site.valid and site.dimension == AREA]
    if mended:
        named = ", ".join(mended[:5]) + (" …" if len(mended) > 5 else "")
        yield ngettext(
            "One area crosses itself; for measuring it was mended: %(named)s",
            "%(count)s areas cross themselves; for measuring they were mended: %(named)s",
            len(mended),
        ) % {"count": len(mended), "named": named}
    bare = [outcome.inputs.plans[site.plan].title for site in sites if site.use is Use.OUTLINE]
    if bare:
        yield _("Without areas as objects, so the Geltungsbereich alone is checked: %s") % "; ".join(bare[:5])


def _by_plan(outcome: Outcome) -> list[Words]:
    counts: dict[int, Counter[Verdict]] = {number: Counter() for number in range(len(outcome.inputs.plans))}
    for each in outcome.findings:
        counts[each.plan][each.rule.verdict] += 1
    order = sorted(counts, key=lambda number: [-counts[number][verdict] for verdict in ORDER])
    return [
        {
            "plan": outcome.inputs.plans[number].title,
            "address": outcome.inputs.plans[number].address,
            "version": outcome.inputs.plans[number].number,
            **{str(verdict): counts[number][verdict] for verdict in ORDER},
        }
        for number in order
    ]


def _sources(outcome: Outcome) -> list[Words]:
    met = Counter(each.source for each in outcome.findings if each.source is not None)
    return [
        {
            "title": each.title,
            "owner": each.owner,
            "role": str(AreaRole(each.role).label),
            "of": wording.day(each.of),
            "met": met[each],
        }  # fmt: skip
        for each in outcome.inputs.sources
    ]


def _conditions(outcome: Outcome) -> Words:
    """The nine of § 78 Abs. 2 WHG, where an area is barred but for them."""
    concerned = [each for each in outcome.findings if each.rule.conditions and each.site is not None]
    if not concerned:
        return {"conditions": [], "conditions_for": []}
    named = dict.fromkeys(f"{outcome.inputs.plans[each.plan].title}: {each.site.title}" for each in concerned if each.site)  # fmt: skip
    return {"conditions": [str(each) for each in wording.CONDITIONS], "conditions_for": list(named)[:MOST_ROWS]}  # fmt: skip


def _balance(number: int, outcome: Outcome) -> Words:
    """Of one plan; empty where there is none."""
    found, plan = outcome.balances[number], outcome.inputs.plans[number]
    if found is None:
        return {}
    few = len(outcome.inputs.plans) <= MOST_BALANCES
    return {
        "plan": plan.title,
        "rows": [_use(each) for each in found.rows] if few else [],
        **{name: round(getattr(found, name), 1) for name in _SUMS},
        "missing": list(_missing(found, plan.year)),
    }


def _use(row: Row) -> Words:
    numbers = {name: getattr(row, name) for name in ("area", "footprint", "sealed", "units")}
    return {"words": row.words, "grz": row.grz, **{name: value if value is None else round(value, 1) for name, value in numbers.items()}}  # fmt: skip


def _missing(found: Balance, year: int | None) -> Iterator[str]:
    if year is None:
        yield _(
            "Which version of the BauNVO the plan follows is not stated; it is reckoned by the rule since 1990."
        )
    elif year < SINCE:
        yield _("The plan follows the BauNVO of %s, which does not limit what garages, car parks and drives seal.") % year  # fmt: skip
    if found.unstated:
        yield _("For %s m² what may be sealed is not stated (no Grundflächenzahl); they are in no sum of sealing and rain.") % number_format(found.unstated, 0, force_grouping=True)  # fmt: skip
    if found.unhoused:
        yield _("For %s m² of land for dwellings neither Geschossflächenzahl nor storeys are stated; their dwellings are not estimated.") % number_format(found.unhoused, 0, force_grouping=True)  # fmt: skip


# --- the files


def _collection(outcome: Outcome, rows: list[Words]) -> str:
    """In the twin's system, for the map and for programs."""
    features = [
        geojson.feature(f"p{number}", plan.shape, {"label": plan.title, "outline": True, "colour": OUTLINE})
        for number, plan in enumerate(outcome.inputs.plans)
        if plan.shape
    ]
    features += [  # what bars lies on top, last
        geojson.feature(row["id"], _one(found.shapes), _drawn(row, found))
        for row, found in reversed([*zip(rows, outcome.findings, strict=True)])
        if found.shapes and found.site is not None and found.site.use is not Use.PLAN
    ]
    return geojson.file(features, srid=settings.TWIN_SRID)


def _one(shapes: Sequence[str]) -> str:
    """All of one dimension, as one."""
    if len(shapes) == 1:
        return shapes[0]
    found = [json.loads(shape) for shape in shapes]
    many = [each["coordinates"] if each["type"].startswith("Multi") else [each["coordinates"]] for each in found]  # fmt: skip
    kind = f"Multi{found[0]['type'].removeprefix('Multi')}"
    return json.dumps({"type": kind, "coordinates": [part for parts in many for part in parts]})


def _drawn(row: Mapping[str, Any], finding: Finding) -> Words:
    names = ("plan", "title", "gml_id", "role", "source", "of", "area", "length", "number", "percent", "verdict_words", "law")  # fmt: skip
    colour = wording.COLOURS[finding.rule.verdict]
    return {
        "label": f"{row['title']}: {row['role']}",
        "colour": colour,
        **{name: row[name] for name in names if name in row},
    }


_COLUMNS = ("plan", "title", "gml_id", "role", "source", "owner", "of", "said", "area", "percent", "verdict_words", "law", "words", "length", "number")  # fmt: skip


def _write(rows: list[Words], target: Any) -> None:
    """With decimal commas, as German spreadsheets expect."""
    head = (_("Plan"), _("Area of the plan"), "gml:id", _("Meets"), _("Dataset"), _("Of whom"), _("Data of"), _("Measured"), _("m²"), _("Percent"), _("Classed as"), _("Law"), _("What it says"), "m", _("How many"))  # fmt: skip
    cells = ((tables.said(row.get(name)) for name in _COLUMNS) for row in rows)
    tables.write_csv(target, head, (dict(zip(head, each, strict=True)) for each in cells))
