"""Flood of small streams: what lies how high above the nearest stream, from the terrain alone."""

from django.utils.translation import gettext_lazy as _

from tenants import geojson
from twin.analysis.usecase import Fact, Source, UseCase
from twin.usecases.small_streams import adapter, telling
from twin.usecases.small_streams.case import VERSION
from twin.usecases.small_streams.forms import SmallStreamsForm

USE_CASE = UseCase(
    slug="small-streams",
    title=_("Flood of small streams"),
    question=_(
        "What lies within reach of a stream that rises by a metre, or by two? For streams without a gauge or water levels, from the terrain alone."
    ),
    version="1",
    engine=VERSION,
    form=SmallStreamsForm,
    expect=adapter.expect,
    load=adapter.load,
    compute="twin.usecases.small_streams.core:compute",
    save=telling.save,
    method=_(
        "Streams are where as much land drains through as asked (depressions filled by Priority-Flood, then the steepest of eight neighbours, D8). Each cell "
        "is told by its height above the bed of the stream that it drains to (HAND, height above nearest drainage). The water stands equally high above "
        "the bed everywhere; flooded is what lies lower and can be reached on the way that the cell drains. Where the bed would rise by more than 2 in 100 downstream, "
        "an embankment is assumed, whose culvert the model does not show."
    ),
    sources=(
        Source(
            "Rennó, Nobre, Cuartas and others: HAND, a new terrain descriptor using SRTM-DEM. Remote Sensing of Environment 112, 2008",
            "https://doi.org/10.1016/j.rse.2008.03.018",
        ),
        Source(
            "Nobre, Cuartas, Momo and others: HAND contour: a new proxy predictor of inundation extent. Hydrological Processes 30, 2016",
            "https://doi.org/10.1002/hyp.10581",
        ),
        Source(
            "Barnes, Lehman, Mulla: Priority-Flood: An optimal depression-filling and watershed-labeling algorithm for digital elevation models. Computers & Geosciences 62, 2014",
            "https://doi.org/10.1016/j.cageo.2013.04.024",
        ),
        Source(
            "O’Callaghan, Mark: The extraction of drainage networks from digital elevation data. Computer Vision, Graphics, and Image Processing 28, 1984",
            "https://doi.org/10.1016/S0734-189X(84)80011-0",
        ),
    ),
    limits=(
        _(
            "How high the water of a stream will stand, and how often, is not computed: the height is an assumption, the same at a spring and at a mouth. It is no flood of a return period."
        ),
        _(
            "The bed is that of the elevation model, which mostly shows the water of the day it was measured on. Pipes, culverts and streams below ground are not known; where an embankment stands across a stream, its course above is uncertain."
        ),
        _("No flow and no storage: what a wide valley holds back, and how fast water comes, stay open."),
        _(
            "What drains into the area from outside is missing: a stream that comes in shows only where enough land inside the area drains to it. Draw the area as far as the watershed, or compute all of the model."
        ),
        _(
            "Each cell belongs to the stream it drains to; on flat ground between two streams this is uncertain, and water that crosses a divide is not seen. Where there are water levels, choose the flood of a river."
        ),
        _("The result is a Prüfhinweis and replaces no official hazard map and no expert report."),
    ),
    template="small_streams/result.html",
    facts={
        "height": Fact(_("Height of the water above the bed"), "m", 2),
        "flooded": Fact(_("Flooded area"), "ha", 1),
        "deepest": Fact(_("Greatest depth"), "m", 2),
        "streams": Fact(_("Length of the streams"), "km", 1),
        "largest": Fact(_("Largest catchment"), "ha", 1),
        "area": Fact(_("Area computed"), "ha", 1),
        "beside": Fact(_("of this draining out without meeting a stream"), "ha", 1),
    },
    files={
        "steps": _("Step by step"),
        "depth": _("Depth of water, as asked"),
        "above": _("Height above the stream"),
        "features": _("Streams"),
        "table": _("Areas of all steps as a table"),
    },
    types={"features": geojson.CONTENT_TYPE, "table": "text/csv"},
)
