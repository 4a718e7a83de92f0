"""Flood of a river: where its water stands at a level of a gauge, and at each class of discharge."""

from django.utils.translation import gettext_lazy as _

from twin.analysis.usecase import Fact, Source, UseCase
from twin.usecases.river_flood import adapter, telling
from twin.usecases.river_flood.case import VERSION
from twin.usecases.river_flood.forms import RiverFloodForm

USE_CASE = UseCase(
    slug="river-flood",
    title=_("River flood"),
    question=_(
        "Where does the river’s water stand at a level of the gauge, or at a discharge from MQ to HQ500, how deep, and what do levees keep dry?"
    ),
    version="1",
    engine=VERSION,
    form=RiverFloodForm,
    expect=adapter.expect,
    load=adapter.load,
    compute="twin.usecases.river_flood.core:compute",
    save=telling.save,
    method=_(
        "The level of the water goes along the river between the stations of the water levels, and, for a level at the gauge or a discharge, between "
        "the two classes around it, in the same share everywhere (as hyd1d does with FLYS). It is carried straight across: each cell has the level "
        "of the nearest place of the axis. Depth is the level minus the ground. Flooded is what is lower than the level and connected with the river "
        "over the sides of cells; levees stand as raised cells, and hold until the level is higher than their crest."
    ),
    sources=(
        Source(
            "Weber, Hatz, Schröder: hyd1d, 1d water level interpolation along federal waterways in Germany. Bundesanstalt für Gewässerkunde",
            "https://doi.org/10.5675/hyd1d",
        ),
        Source("Bundesanstalt für Gewässerkunde: FLYS – Flusshydrologische Software (Wasserspiegellagen)"),
        Source(
            "LAWA: Empfehlungen zur Aufstellung von Hochwassergefahrenkarten und Hochwasserrisikokarten, 2018"
        ),
        Source(
            "Wing, Bates and others: Validation of a 30 m resolution flood hazard model of the conterminous United States. Water Resources Research 53, 2017 (hit rate, false alarm ratio, critical success index)",
            "https://doi.org/10.1002/2017WR020917",
        ),
    ),
    limits=(
        _(
            "Still levels, no flow: how fast water comes, how much of it there is and how long it lasts stay open. Large areas behind a short overflow are shown as full."
        ),
        _(
            "Levees and walls are as safe here as they are high: breaches, seepage and rising groundwater are missing. What lies lower than the water without a connection is shown apart."
        ),
        _(
            "Culverts, gates and mobile walls are not known; a bridge or embankment in the elevation model holds water back."
        ),
        _(
            "Where the river bends sharply, the nearest place of its axis may be across a neck of land; backwater in tributaries follows the level of the main river alone."
        ),
        _(
            "In the river itself the depth is that above the elevation model, which mostly shows the surface of the day it was measured on."
        ),
        _("The result is a Prüfhinweis and replaces no official hazard map and no forecast."),
    ),
    template="river_flood/result.html",
    facts={
        "stage": Fact(_("Level at the gauge"), "cm"),
        "level": Fact(_("That is"), "m ü. NHN", 2),
        "discharge": Fact(_("Discharge"), "m³/s"),
        "flooded": Fact(_("Flooded area"), "ha", 1),
        "behind": Fact(_("Lower than the water, but not connected"), "ha", 1),
        "deepest": Fact(_("Greatest depth"), "m", 2),
        "area": Fact(_("Area computed"), "ha", 1),
        "hits": Fact(_("Hit rate: of the official area also flooded here"), "%", 1),
        "false_alarms": Fact(_("False alarm ratio: of the area flooded here not official"), "%", 1),
        "csi": Fact(_("Critical success index: both, of what one of them floods"), "%", 1),
        "both": Fact(_("Flooded in both"), "ha", 1),
        "official": Fact(_("In the official map alone"), "ha", 1),
        "computed": Fact(_("In this analysis alone"), "ha", 1),
    },
    files={
        "steps": _("Step by step"),
        "depth": _("Depth of water, as asked"),
        "agreement": _("Agreement with the official map"),
        "table": _("Areas of all steps as a table"),
    },
    types={"table": "text/csv"},
)
