"""What meets -> what is to be said of it; pure, loaded by the worker."""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import Any

from twin.analysis.stage import Stage
from twin.usecases.plan_check.balance import SINCE, Balance, Parcel, balance
from twin.usecases.plan_check.case import Finding, Inputs, Outcome, Overlap, Site
from twin.usecases.plan_check.depths import SHALLOW
from twin.usecases.plan_check.permits import Permits, permits
from twin.usecases.plan_check.rules import DEPTH, NEIGHBOUR, ORDER, ORIGIN, Rule, rule_for
from twin.usecases.plan_check.uses import Use, dwelling_share, measure, ratio

LEAST = 0.01  # share of a site that stands deeper; less is not worth a word
AREA, LINE, POINT = 2, 1, 0  # dimensions
Kind = tuple[int, str, int]  # plan, words, dimension


def compute(inputs: Inputs, saved: Mapping[str, Any] | None) -> Generator[Stage, None, Outcome]:
    """saved: of no use, it is done in a moment."""
    found = [*_areas(inputs), *_lines_and_points(inputs), *_depths(inputs), *_besides(inputs)]
    yield Stage(0.5, dict)
    sites: list[list[Site]] = [[] for _plan in inputs.plans]
    for site in inputs.sites.values():
        sites[site.plan].append(site)
    balances = tuple(_balance(inputs, number, each) for number, each in enumerate(sites))
    found.sort(key=_order)
    return Outcome(inputs, tuple(_together(found)), balances, _permits(inputs))


def _order(finding: Finding) -> tuple[int, int, int, float]:
    dimension = finding.site.dimension if finding.site else AREA
    return ORDER.index(finding.rule.verdict), finding.plan, -dimension, -finding.size


def _together(found: list[Finding]) -> list[Finding]:
    """Those of one verdict and plan that meet the same stand together, where the first of them stands."""
    first: dict[Any, int] = {}
    for number, each in enumerate(found):
        first.setdefault(_meeting(each), number)
    return sorted(found, key=lambda each: first[_meeting(each)])


def _meeting(finding: Finding) -> tuple[Any, ...]:
    met = finding.source or ("beside" if finding.beside is not None else "depth")
    return finding.rule.verdict, finding.plan, met


def _ruled(inputs: Inputs) -> Iterator[tuple[Overlap, Site, Rule]]:
    for each in inputs.overlaps:
        site = inputs.sites[each.site]
        rule = rule_for(inputs.sources[each.source].role, site.use, on=inputs.on)
        if rule is not None:
            yield each, site, rule


def _areas(inputs: Inputs) -> Iterator[Finding]:
    for each, site, rule in _ruled(inputs):
        if site.dimension == AREA:
            percent = 100 * each.size / site.size
            yield Finding(
                site.plan, rule, site, inputs.sources[each.source], each.size, percent, (each.shape,)
            )


def _lines_and_points(inputs: Inputs) -> Iterator[Finding]:
    """Those of one kind together: a plan has hundreds of them."""
    number: Counter[Kind] = Counter()
    size: dict[Kind, float] = {}
    for site in inputs.sites.values():
        number[_kind(site)] += 1
        size[_kind(site)] = size.get(_kind(site), 0.0) + site.size
    together: dict[tuple[Kind, int, Rule], list[tuple[Overlap, Site, Rule]]] = {}
    for each, site, rule in _ruled(inputs):
        if site.dimension != AREA:
            together.setdefault((_kind(site), each.source, rule), []).append((each, site, rule))
    for (kind, source, rule), rows in together.items():
        met = sum(each.size for each, _site, _rule in rows)
        yield Finding(
            kind[0],
            rule,
            rows[0][1],
            inputs.sources[source],
            met,
            100 * met / size[kind],
            tuple(each.shape for each, _site, _rule in rows),
            of=number[kind] if kind[2] == LINE else round(size[kind]),
            met=len(rows) if kind[2] == LINE else round(met),
        )


def _kind(site: Site) -> Kind:
    return site.plan, site.words, site.dimension


def _depths(inputs: Inputs) -> Iterator[Finding]:
    for key, depth in inputs.depths.items():
        site = inputs.sites[key]
        rule = rule_for(DEPTH, site.use, on=inputs.on)
        share = depth.deeper[SHALLOW]
        if rule is not None and share >= LEAST:
            area = site.size * depth.covered * share
            yield Finding(site.plan, rule, site, size=area, percent=100 * area / site.size, depth=depth)


def _besides(inputs: Inputs) -> Iterator[Finding]:
    rule = rule_for(NEIGHBOUR, Use.PLAN, on=inputs.on)
    if rule is None:
        return
    whole = {site.plan: site.size for site in inputs.sites.values() if site.use in (Use.PLAN, Use.OUTLINE)}
    for each in inputs.besides:
        percent = 100 * each.area / whole[each.plan]
        yield Finding(each.plan, rule, None, size=each.area, percent=percent, beside=each)


def _permits(inputs: Inputs) -> dict[int, Permits | None]:
    """Of the plans that meet a Hochwasserentstehungsgebiet; None where no area of it is marked as part of the whole. What two datasets hold counts once."""
    met: dict[int, float] = {}
    for each in inputs.overlaps:
        if inputs.sources[each.source].role == ORIGIN:
            met[each.site] = max(met.get(each.site, 0.0), each.size)
    sites: dict[int, list[Site]] = {}
    for key in met:
        sites.setdefault(inputs.sites[key].plan, []).append(inputs.sites[key])
    return {plan: _permits_of(inputs, plan, each, met) for plan, each in sites.items()}


def _permits_of(inputs: Inputs, plan: int, sites: list[Site], met: Mapping[int, float]) -> Permits | None:
    parcels = [replace(_parcel(site), area=met[site.key]) for site in sites if site.flush]
    if not parcels:
        return None
    roads = sum(met[site.key] for site in sites if site.dimension == LINE and site.use is Use.TRAFFIC)
    return permits(parcels, roads=roads, limited=_limited(inputs, plan))


def _limited(inputs: Inputs, plan: int) -> bool:
    """By the version of the BauNVO that the plan follows."""
    year = inputs.plans[plan].year
    return year is None or year >= SINCE


def _balance(inputs: Inputs, plan: int, sites: list[Site]) -> Balance | None:
    parcels = [_parcel(site) for site in sites if site.flush]
    if not parcels:
        return None
    return balance(parcels, inputs.assumed, limited=_limited(inputs, plan))


def _parcel(site: Site) -> Parcel:
    stated = site.properties
    return Parcel(
        site.words,
        site.use,
        site.size,
        grz=ratio(stated, "GRZ", "GRZmax", absolute=("GR", "GRmax"), area=site.size),
        gfz=ratio(stated, "GFZ", "GFZmax", absolute=("GF", "GFmax"), area=site.size),
        floors=measure(stated, "Z", "Zzwingend", "Zmax"),
        dwellings=dwelling_share(stated) if site.use is Use.BUILDING else 0.0,
    )
