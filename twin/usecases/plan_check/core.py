"""Areas that meet -> what is to be said of them; pure, loaded by the worker."""

from collections.abc import Generator, Iterator, Mapping
from typing import Any

from twin.analysis.stage import Stage
from twin.usecases.plan_check.balance import SINCE, Balance, Parcel, balance
from twin.usecases.plan_check.case import Finding, Inputs, Outcome, Site
from twin.usecases.plan_check.depths import SHALLOW
from twin.usecases.plan_check.rules import DEPTH, NEIGHBOUR, ORDER, rule_for
from twin.usecases.plan_check.uses import Use, dwelling_share, measure

LEAST = 0.01  # share of a site that stands deeper; less is not worth a word


def compute(inputs: Inputs, saved: Mapping[str, Any] | None) -> Generator[Stage, None, Outcome]:
    """saved: of no use, it is done in a moment."""
    found = [*_overlaps(inputs), *_depths(inputs), *_besides(inputs)]
    yield Stage(0.5, dict)
    sites: list[list[Site]] = [[] for _plan in inputs.plans]
    for site in inputs.sites.values():
        sites[site.plan].append(site)
    balances = tuple(_balance(inputs, number, each) for number, each in enumerate(sites))
    found.sort(key=lambda each: (ORDER.index(each.rule.verdict), each.plan, -each.area))
    return Outcome(inputs, tuple(found), balances)


def _overlaps(inputs: Inputs) -> Iterator[Finding]:
    for each in inputs.overlaps:
        site, source = inputs.sites[each.site], inputs.sources[each.source]
        rule = rule_for(source.role, site.use, on=inputs.on)
        if rule is not None:
            percent = 100 * each.area / site.area
            yield Finding(site.plan, rule, site, source, each.area, percent, each.shape)


def _depths(inputs: Inputs) -> Iterator[Finding]:
    for key, depth in inputs.depths.items():
        site = inputs.sites[key]
        rule = rule_for(DEPTH, site.use, on=inputs.on)
        share = depth.deeper[SHALLOW]
        if rule is not None and share >= LEAST:
            area = site.area * depth.covered * share
            yield Finding(site.plan, rule, site, area=area, percent=100 * area / site.area, depth=depth)


def _besides(inputs: Inputs) -> Iterator[Finding]:
    rule = rule_for(NEIGHBOUR, Use.PLAN, on=inputs.on)
    if rule is None:
        return
    whole = {site.plan: site.area for site in inputs.sites.values() if site.use in (Use.PLAN, Use.OUTLINE)}
    for each in inputs.besides:
        percent = 100 * each.area / whole[each.plan]
        yield Finding(each.plan, rule, None, area=each.area, percent=percent, beside=each)


def _balance(inputs: Inputs, plan: int, sites: list[Site]) -> Balance | None:
    parcels = [_parcel(site) for site in sites if site.flush]
    if not parcels:
        return None
    year = inputs.plans[plan].year
    return balance(parcels, inputs.assumed, limited=year is None or year >= SINCE)


def _parcel(site: Site) -> Parcel:
    stated = site.properties
    return Parcel(
        site.words,
        site.use,
        site.area,
        grz=measure(stated, "GRZ", "GRZmax"),
        gfz=measure(stated, "GFZ", "GFZmax"),
        floors=measure(stated, "Z", "Zzwingend", "Zmax"),
        dwellings=dwelling_share(stated) if site.use is Use.BUILDING else 0.0,
    )
