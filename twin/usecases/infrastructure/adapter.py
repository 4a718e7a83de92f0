"""Between the platform's rows and the network: what is needed beforehand, what is read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from planning.models import PlanVersion
from twin.analysis import flooding, inputs, layers, network
from twin.analysis.errors import RunRefused
from twin.analysis.forms import PLAN, Question
from twin.analysis.layers import Layer
from twin.analysis.models import Run
from twin.analysis.network import Network
from twin.analysis.usecase import Estimate
from twin.analysis.water import Shapes
from twin.catalogue.models import DatasetVersion
from twin.usecases.infrastructure.case import Estate, Facilities, Homes, Inputs, Roads
from twin.usecases.infrastructure.core import lay_out, middles
from twin.usecases.infrastructure.forms import BY_CAR, FACILITIES, HOMES, ROADS, SPEEDS

TEMPO, BRIDGE, CONDITION, KEEPER = "tempo", "bruecke", "zustand", "baulast"  # attributes of roads
NAME, KIND, BODY, PLACES = "name", "art", "traeger", "plaetze"  # of facilities, besides their condition
COUNT = "einwohner"  # of homes
FASTEST = 150.0  # km/h; what a road says beyond that is a mistake
BYTES, SECONDS = 8_000.0, 5e-4  # for each feature; about twice what was measured
MOST_TORN = 0.5  # share of the roads that may hang together with no more
WHOLE = 0.98  # share from which on that is not worth a word
MOST_NAMED = 5
MOST_KINDS = 30  # each is a computation of its own
Versions = Callable[[str], DatasetVersion | None]


def expect(question: Question) -> Estimate:
    """Raises RunRefused. The roads are put together here, too: whether they hang together is to be known before."""
    named = [name for name in (FACILITIES, ROADS, HOMES) if question.values.get(name)]
    count = layers.require_room([question.dataset(name) for name in named], each=BYTES)
    found = _read(question.parameters, lambda name: question.dataset(name) if name in question.data else None, plan=question.data.get(PLAN, [None])[0])  # fmt: skip
    _require_water(question, found)
    return Estimate(count, count * BYTES, count * SECONDS, tuple(_notes(found, lay_out(found))))


def load(run: Run) -> Inputs:
    """Raises RunRefused, InputGone."""
    with inputs.reading(run):
        plan = next(iter(inputs.plans_of(run, PLAN)), None)
        found = _read(run.parameters, lambda name: inputs.version_of(run, name), plan=plan)
        return replace(found, water=flooding.water_of(run))


# --- what is read


def _read(asked: Mapping[str, Any], versions: Versions, *, plan: Any) -> Inputs:
    """Without the water. Raises RunRefused."""
    return Inputs(
        roads=_roads(versions(ROADS), asked),
        facilities=_facilities(versions(FACILITIES), asked.get("kind", "")),
        homes=_homes(versions(HOMES)),
        estate=_estate(plan, asked),
        water=None,
        minutes=asked["minutes"],
        tolerance=asked["tolerance"],
        reach=asked["reach"],
        closing=asked["closing"],
    )


def _layer(version: DatasetVersion | None, *wanted: str) -> Layer:
    """With those of the attributes that the version has."""
    assert version is not None  # noqa: S101 - the form asks for it
    return layers.read(version, [name for name in wanted if name in layers.named(version)])


def _words(found: Layer, name: str) -> list[str]:
    return found.words(name) if name in found.values else [""] * len(found)


def _roads(version: DatasetVersion | None, asked: Mapping[str, Any]) -> Roads:
    found = _layer(version, TEMPO, BRIDGE, CONDITION, KEEPER)
    mode = asked["mode"]
    speeds = np.full(len(found), SPEEDS.get(mode, asked["speed"]))
    if mode == BY_CAR and TEMPO in found.values:
        stated = found.numbers(TEMPO)
        speeds = np.where((stated > 0) & (stated <= FASTEST), stated, speeds)
    return Roads(
        found.keys, found.shapes, speeds, found.flags(BRIDGE), _words(found, CONDITION), _words(found, KEEPER)
    )


def _facilities(version: DatasetVersion | None, kind: str) -> Facilities:
    """Raises RunRefused where there is none of the kind."""
    found = _layer(version, NAME, KIND, CONDITION, BODY, PLACES)
    kinds = _words(found, KIND)
    kept = [number for number, each in enumerate(kinds) if not kind or each.lower() == kind.lower()]
    if not kept:
        there = ", ".join(sorted({each for each in kinds if each})) or _("none is named")
        raise RunRefused(_("There is no facility of the kind “%(kind)s”; there are: %(there)s.") % {"kind": kind, "there": there})  # fmt: skip
    if (count := len({kinds[number] for number in kept})) > MOST_KINDS:
        raise RunRefused(_("The facilities are of %(count)s kinds, %(most)s can be asked about at once. Name one of them.") % {"count": count, "most": MOST_KINDS})  # fmt: skip
    names, conditions, bodies = (_words(found, name) for name in (NAME, CONDITION, BODY))
    places = found.numbers(PLACES) if PLACES in found.values else np.full(len(found), np.nan)
    return Facilities(
        names=[names[number] or str(found.keys[number]) for number in kept],
        kinds=[kinds[number] for number in kept],
        conditions=[conditions[number] for number in kept],
        bodies=[bodies[number] for number in kept],
        places=places[kept],
        shapes=found.shapes[kept],
    )


def _homes(version: DatasetVersion | None) -> Homes | None:
    if version is None:
        return None
    found = _layer(version, COUNT)
    counted = COUNT in found.values
    people = np.nan_to_num(np.fmax(found.numbers(COUNT), 0.0)) if counted else np.ones(len(found))
    return Homes(found.keys, found.shapes, people, counted)


def _estate(plan: Any, asked: Mapping[str, Any]) -> Estate | None:
    if not isinstance(plan, PlanVersion):
        return None
    shape = PlanVersion.objects.filter(pk=plan.pk).values_list(AsWKB("area"), flat=True).get()
    area = shapely.make_valid(np.asarray([shapely.from_wkb(bytes(shape))], object))
    return Estate(str(plan.plan), area, float(asked.get("units", 0)) * asked["persons"])


# --- what is refused, and what is to be known


def _require_water(question: Question, found: Inputs) -> None:
    extent = flooding.extent_of(question)
    if extent is not None and not extent.intersects(_box(found.roads.shapes)):
        raise RunRefused(_("The roads lie nowhere near the water that is asked about."))


def _notes(found: Inputs, roads: Network) -> Iterator[str]:
    """Raises RunRefused."""
    yield from _torn(found, roads)
    yield from _far(found, roads)
    if found.estate is not None and network.anchored(roads, middles(found.estate.shape), reach=found.reach).pieces[0] < 0:  # fmt: skip
        raise RunRefused(_("No road lies within %(reach)s m of the middle of the plan “%(plan)s”. Allow more metres, or deliver its roads.") % {"reach": _plain(found.reach), "plan": found.estate.name})  # fmt: skip
    if found.homes is not None and _box(found.homes.shapes).distance(_box(found.roads.shapes)) > found.reach:
        raise RunRefused(_("No home lies within %s m of a road.") % _plain(found.reach))
    if len(set(found.facilities.kinds)) > 1:
        yield _("The map shows the way to the nearest facility of whatever kind; ask for one kind alone to see that of a kind.")  # fmt: skip


def _torn(found: Inputs, roads: Network) -> Iterator[str]:
    lengths = network.groups(roads)[1]
    share, groups = float(lengths.max(initial=0.0) / max(lengths.sum(), 1.0)), int((lengths > 0).sum())
    said = {"groups": groups, "share": int(100 * share), "tolerance": number_format(found.tolerance, use_l10n=True)}  # fmt: skip
    if share < MOST_TORN:
        raise RunRefused(_("The roads fall into %(groups)s parts that do not hang together, the largest with %(share)s %% of their length; ends meet within %(tolerance)s m. Allow more, or deliver roads that meet where one can turn off.") % said)  # fmt: skip
    if share < WHOLE:
        yield _("The roads fall into %(groups)s parts that do not hang together; the largest has %(share)s %% of their length.") % said  # fmt: skip


def _far(found: Inputs, roads: Network) -> Iterator[str]:
    """Facilities without a road."""
    names = [found.facilities.names[number] for number in np.flatnonzero(roads.stops < 0)]
    said = {"names": ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else ""), "reach": _plain(found.reach)}  # fmt: skip
    if len(names) == len(found.facilities.names):
        raise RunRefused(_("No facility lies within %(reach)s m of a road: %(names)s.") % said)
    if names:
        yield _("Further than %(reach)s m from a road, so nobody reaches them: %(names)s.") % said


def _box(shapes: Shapes) -> BaseGeometry:
    found: BaseGeometry = shapely.box(*shapely.total_bounds(shapes))
    return found


def _plain(metres: float) -> str:
    return number_format(metres, 0 if metres == int(metres) else 1)
