"""Between the platform's rows and what stands in the water: what is needed beforehand, what is read."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.utils.translation import gettext as _

from planning.models import PlanVersion
from tenants.models import Tenant, TenantKind
from twin.analysis import flooding, inputs, layers
from twin.analysis.errors import RunRefused
from twin.analysis.forms import Question
from twin.analysis.layers import Layer
from twin.analysis.models import Run
from twin.analysis.usecase import Estimate
from twin.analysis.water import Shapes
from twin.catalogue.models import DatasetVersion
from twin.hydro.classes import DEPTHS, RIVER_DEPTHS
from twin.usecases.exposure.case import Buildings, Facilities, Inputs, People, Places, Roads, Worth
from twin.usecases.exposure.forms import BUILDINGS, FACILITIES, FARMLAND, PEOPLE, PLANS, ROADS

COUNT, STOREYS, USE, NAME, KIND, BRIDGE = (
    "einwohner",
    "geschosse",
    "nutzung",
    "name",
    "art",
    "bruecke",
)  # attributes
HOMES = ("wohn", "misch", "gemischt")  # what the use of a building where people live begins with
SCALES = {"rain": DEPTHS, "river": RIVER_DEPTHS}
ANYWHERE = (0.0,)  # the class of areas whose depth is not known
BYTES, SECONDS = 6_000.0, 1e-4  # for each feature; about twice what was measured


def expect(question: Question) -> Estimate:
    """Raises RunRefused."""
    water, buildings = flooding.extent_of(question), question.dataset(BUILDINGS)
    named = [name for name in (BUILDINGS, PEOPLE, ROADS, FACILITIES, FARMLAND) if question.values.get(name)]
    count = layers.require_room([question.dataset(name) for name in named], each=BYTES)
    if water is not None and buildings.extent is not None and not water.intersects(shapely.box(*buildings.extent.extent)):  # fmt: skip
        raise RunRefused(_("The buildings of “%s” lie nowhere near the water that is asked about.") % buildings.dataset)  # fmt: skip
    if question.values.get(PEOPLE) and COUNT not in layers.named(question.dataset(PEOPLE)):
        raise RunRefused(_("“%(title)s” has no attribute “%(name)s”, so it does not say how many people live there.") % {"title": question.dataset(PEOPLE).dataset, "name": COUNT})  # fmt: skip
    return Estimate(count, count * BYTES, count * SECONDS, tuple(_notes(question, buildings)))


def _notes(question: Question, buildings: DatasetVersion) -> Sequence[str]:
    found, attributes = [], layers.named(buildings)
    if USE not in attributes:
        found.append(_("The buildings don't say what they are used for (attribute “%s”): all from the size that is named on count as homes.") % USE)  # fmt: skip
    if (question.values.get(PEOPLE) or question.values.get("inhabitants")) and STOREYS not in attributes:
        found.append(_("The buildings don't say how many storeys they have (attribute “%s”): people are shared out by footprint alone.") % STOREYS)  # fmt: skip
    return found


def load(run: Run) -> Inputs:
    """Raises RunRefused, InputGone."""
    asked = run.parameters
    with inputs.reading(run):
        water, version = flooding.water_of(run), inputs.version_of(run, BUILDINGS)
        assert water is not None and version is not None  # noqa: S101 - the form asks for both
        deep = flooding.are_deep(asked)
        return Inputs(
            water=water,
            ends=SCALES[asked["scale"]] if deep else ANYWHERE,
            deep=deep,
            buildings=_buildings(version, smallest=asked["smallest"]),
            worth=Worth(asked["worth"], asked["spread"] / 100) if deep else None,
            people=_people(run),
            roads=_roads(run),
            facilities=_facilities(run),
            farmland=_shapes(run, FARMLAND),
            towns=_towns(version),
            plans=_plans(run) if asked.get("by_plan") else None,
        )


def _read(version: DatasetVersion, *wanted: str) -> Layer:
    """With those of the attributes that the version has."""
    return layers.read(version, [name for name in wanted if name in layers.named(version)])


def _roads(run: Run) -> Roads | None:
    version = inputs.version_of(run, ROADS)
    if version is None:
        return None
    found = _read(version, BRIDGE)
    return Roads(found.shapes, found.flags(BRIDGE), run.parameters["closing"])


def _shapes(run: Run, name: str) -> Shapes | None:
    version = inputs.version_of(run, name)
    return layers.read(version).shapes if version else None


def _buildings(version: DatasetVersion, *, smallest: float) -> Buildings:
    found = _read(version, STOREYS, USE)
    storeys = found.numbers(STOREYS) if STOREYS in found.values else np.ones(len(found))
    homes = shapely.area(found.shapes) >= smallest
    if USE in found.values:
        homes &= np.array([use.lower().startswith(HOMES) for use in found.words(USE)], bool)
    return Buildings(found.keys, found.shapes, np.fmax(storeys, 1.0), homes)


def _people(run: Run) -> People | None:
    version = inputs.version_of(run, PEOPLE)
    if version is not None:
        found = layers.read(version, [COUNT])
        return People(np.nan_to_num(np.fmax(found.numbers(COUNT), 0.0)), found.shapes)
    number = run.parameters.get("inhabitants")
    return People(np.array([float(number)])) if number else None


def _facilities(run: Run) -> Facilities | None:
    version = inputs.version_of(run, FACILITIES)
    if version is None:
        return None
    found = _read(version, NAME, KIND)
    names = found.words(NAME) if NAME in found.values else [str(key) for key in found.keys]
    return Facilities(names, found.words(KIND) if KIND in found.values else [""] * len(found), found.shapes)


def _towns(version: DatasetVersion) -> Places:
    """Municipalities whose boundaries may hold one of the buildings."""
    rows = Tenant.objects.filter(kind=TenantKind.MUNICIPALITY, boundary__isnull=False)
    if version.extent is not None:
        rows = rows.filter(boundary__bboverlaps=version.extent)
    found = list(rows.order_by("name").values_list("name", AsWKB("boundary")))
    return Places([name for name, _shape in found], _from_wkb([shape for _name, shape in found]), [""] * len(found))  # fmt: skip


def _plans(run: Run) -> Places:
    versions = inputs.plans_of(run, PLANS)
    rows = PlanVersion.objects.filter(pk__in=[each.pk for each in versions])
    areas = dict(rows.values_list("pk", AsWKB("area")))
    return Places(
        [str(each.plan) for each in versions],
        _from_wkb([areas[each.pk] for each in versions]),
        [each.plan.get_absolute_url() for each in versions],
    )


def _from_wkb(shapes: Sequence[Any]) -> Shapes:
    found: Shapes = np.asarray(shapely.from_wkb([bytes(each) for each in shapes]), object)
    return shapely.make_valid(found)
