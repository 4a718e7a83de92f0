"""Depressions and flow paths: where water gathers and where it runs, from the terrain alone."""

from django.utils.translation import gettext_lazy as _

from tenants import geojson
from twin.analysis.usecase import Fact, Source, UseCase
from twin.usecases.flow_paths import adapter, telling
from twin.usecases.flow_paths.case import VERSION
from twin.usecases.flow_paths.forms import FlowPathsForm

USE_CASE = UseCase(
    slug="flow-paths",
    title=_("Hint map: depressions and flow paths"),
    question=_(
        "Where does water gather, which way does it run, and how large is the land that drains there? From the terrain alone, for a whole municipality."
    ),
    version="1",
    engine=VERSION,
    form=FlowPathsForm,
    expect=adapter.expect,
    load=adapter.load,
    compute="twin.usecases.flow_paths.core:compute",
    save=telling.save,
    method=_(
        "Depressions are filled up to their lowest overflow (Priority-Flood, Barnes and others 2014); depth is what is filled. Over the filled ground "
        "each cell drains to the steepest of its eight neighbours (D8, O’Callaghan and Mark 1984), on level ground and over full depressions by the "
        "shortest way to an overflow; what drains through a cell is its catchment. Water leaves at the edge of the area and where there is no height. "
        "A depression within another one counts as part of it. Where buildings are given, they stand as obstacles."
    ),
    sources=(
        Source(
            "Barnes, Lehman, Mulla: Priority-Flood: An optimal depression-filling and watershed-labeling algorithm for digital elevation models. Computers & Geosciences 62, 2014",
            "https://doi.org/10.1016/j.cageo.2013.04.024",
        ),
        Source(
            "O’Callaghan, Mark: The extraction of drainage networks from digital elevation data. Computer Vision, Graphics, and Image Processing 28, 1984",
            "https://doi.org/10.1016/S0734-189X(84)80011-0",
        ),
        Source(
            "HLNUG: Fließpfadkarten für hessische Kommunen",
            "https://www.hlnug.de/themen/klimawandel-und-anpassung/projekte/klimprax-projekte/klimprax-starkregen/fliesspfadkarten",
        ),
        Source("LUBW: Leitfaden Kommunales Starkregenrisikomanagement in Baden-Württemberg, 2016"),
    ),
    limits=(
        _(
            "No sewers, culverts or passages below bridges: an embankment cuts a flow path and makes a depression even where it has a pipe."
        ),
        _(
            "No rain, no time, no infiltration: the map says where water can stand and run, not how much, how deep or how fast in an event. Depth is what fits in before it overflows."
        ),
        _(
            "On ground that falls by less than 1 % the course of flow paths is uncertain; all water of a cell goes one way, it does not spread."
        ),
        _(
            "What drains into the area from outside is missing: draw it as far as the watershed, or compute all of the model."
        ),
        _(
            "Yards that buildings enclose fill up to the height of the obstacles in the model; they are named apart and count in no sum."
        ),
        _("The result is a hint where to look, no forecast, and replaces no official hazard map."),
    ),
    template="flow_paths/result.html",
    facts={
        "depressions": Fact(_("Depressions")),
        "walled": Fact(_("of these overflowing over buildings alone")),
        "volume": Fact(_("Volume of the depressions"), "m³"),
        "deepest": Fact(_("Greatest depth"), "m", 2),
        "length": Fact(_("Length of the flow paths"), "km", 1),
        "largest": Fact(_("Largest catchment"), "ha", 1),
        "area": Fact(_("Area computed"), "m²"),
    },
    files={
        "depth": _("Depth of the depressions"),
        "catchment": _("Size of the catchment"),
        "features": _("Depressions and flow paths"),
        "table": _("All depressions as a table"),
    },
    types={"features": geojson.CONTENT_TYPE, "table": "text/csv"},
)
