"""Lines whose discharge is told: drawn with the measures, or of a dataset."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from twin.analysis import layers
from twin.analysis.errors import RunRefused
from twin.analysis.terrain import Frame
from twin.catalogue.models import DatasetVersion
from twin.hydro.sections import Section
from twin.usecases.heavy_rain import hydrographs, wording
from twin.usecases.heavy_rain.hydrographs import Line
from twin.usecases.heavy_rain.measures import LONGEST, BadMeasure, Measure

SECTIONS = "sections"  # the parameter that names a dataset
NAMES = ("name", "bezeichnung", "gewaesser", "gewässer")  # attributes that name a line, in small letters


def sections(drawn: Sequence[Measure], version: DatasetVersion | None, part: Frame) -> list[tuple[str, Section]]:  # fmt: skip
    """Names and faces, first of those that are drawn. Lines of the dataset that lie elsewhere are left out. Raises RunRefused."""
    found = [(wording.numbered(each), hydrographs.faces(Line("", each.shape), part)) for each in drawn]
    for each, (_name, faces) in zip(drawn, found, strict=True):
        if faces is None:
            raise RunRefused(wording.said(BadMeasure("cells", each.number, each.kind)))
    if version is not None:
        found += [(line.name, hydrographs.faces(line, part)) for line in _lines(version, part)]
    kept = [(name, faces) for name, faces in found if faces is not None]
    if len(kept) > hydrographs.MOST:
        raise RunRefused(_("These are %(count)s lines across which discharge is asked for, %(most)s are allowed.") % {"count": len(kept), "most": hydrographs.MOST})  # fmt: skip
    if version is not None and len(kept) == len(drawn):
        raise RunRefused(_("None of the lines of “%s” lies in the area.") % version.dataset)
    return kept


def _lines(version: DatasetVersion, part: Frame) -> list[Line]:
    """Raises RunRefused."""
    known = {name.casefold(): name for name in layers.names(version)}
    named = next((known[each] for each in NAMES if each in known), None)
    layer = layers.read(version, [named] if named else [], rows=layers.near(version, part.bounds))
    names = layer.words(named) if named else [""] * len(layer)
    found = [Line(name or str(key), shape) for name, key, shape in zip(names, layer.keys, layer.shapes, strict=True)]  # fmt: skip
    longest = max((each.shape.length for each in found), default=0.0)
    if longest > LONGEST:
        raise RunRefused(_("“%(title)s” has a line of %(length)s km; discharge is told across lines of at most %(most)s km.") % {"title": version.dataset, "length": round(longest / 1000, 1), "most": round(LONGEST / 1000)})  # fmt: skip
    return found
