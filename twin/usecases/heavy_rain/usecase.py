"""Heavy rain: where the water stands, how fast it runs, when it comes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from twin.analysis.usecase import Fact, Source, UseCase
from twin.hydro.scheme import VERSION
from twin.usecases.heavy_rain import adapter
from twin.usecases.heavy_rain.forms import HeavyRainForm

USE_CASE = UseCase(
    slug="heavy-rain",
    title=_("Heavy rain"),
    question=_(
        "Where does water stand after heavy rain, how deep, how fast does it run, and when does it come?"
    ),
    version="3",
    engine=VERSION,
    form=HeavyRainForm,
    expect=adapter.expect,
    load=adapter.load,
    compute="twin.usecases.heavy_rain.core:compute",
    save=adapter.save,
    method=_(
        "Shallow water on the cells of the elevation model by the local inertial method (Bates and others 2010, de Almeida and others 2012) with "
        "friction by Manning. Rain falls everywhere alike, or as a raster says; where buildings are given, they stand as obstacles and their rain runs off beside them. "
        "Shown is the greatest depth and speed of each cell, taken at every eighth step."
    ),
    sources=(
        Source(
            "Bates, Horritt, Fewtrell: A simple inertial formulation of the shallow water equations. Journal of Hydrology 387, 2010",
            "https://doi.org/10.1016/j.jhydrol.2010.03.027",
        ),
        Source(
            "de Almeida, Bates, Freer, Souvignet: Improving the stability of a simple formulation of the shallow water equations. Water Resources Research 48, 2012",
            "https://doi.org/10.1029/2011WR011570",
        ),
        Source(
            "DWD: KOSTRA-DWD-2020, Starkniederschlagshöhen in Abhängigkeit von Dauer und Wiederkehrintervall, 2023",
            "https://doi.org/10.5676/DWD/KOSTRA-DWD-2020",
        ),
        Source("Chow: Open-Channel Hydraulics. McGraw-Hill, 1959, Tabelle 5-6 (Rauheit nach Landnutzung)"),
        Source(
            "BKG: Hinweiskarte Starkregengefahren: außergewöhnlich (einmal in 100 Jahren) und extrem (100 mm in einer Stunde)"
        ),
        Source("LUBW: Leitfaden Kommunales Starkregenrisikomanagement in Baden-Württemberg, 2016"),
    ),
    limits=(
        _(
            "No sewers, and no culverts or passages below bridges but those that a dataset names: a road on an embankment dams the water up in the model even where it has a pipe. Those that are named without a size are as wide as a cell and open at the top; those with a diameter, or with what they take at most, let no more through, without the friction inside of a long pipe."
        ),
        _(
            "No momentum of the flow: jets, dam breaks and what happens within the width of a building are out of reach."
        ),
        _(
            "Measures are shapes of the ground alone, without slopes, throttles and pumps; a basin does not empty itself. What is narrower than a "
            "cell takes whole cells."
        ),
        _("Speeds where the water is less than 5 cm deep say nothing and are not counted."),
        _(
            "The result is a Prüfhinweis: it shows where to look, and replaces no official hazard map and no expert report."
        ),
    ),
    template="heavy_rain/result.html",
    asking="heavy_rain/measures.html",
    facts={
        "deepest": Fact(_("Greatest depth"), "m", 2),
        "fastest": Fact(_("Greatest speed"), "m/s", 2),
        "wet": Fact(_("Area with 5 cm and more"), "m²"),
        "area": Fact(_("Area computed"), "m²"),
        "rained": Fact(_("Rain"), "m³"),
        "soaked": Fact(_("Infiltrated"), "m³"),
        "left": Fact(pgettext_lazy("water", "Run off over the edge"), "m³"),
        "volume": Fact(_("Still there at the end"), "m³"),
        "error": Fact(_("Error of the balance, as a share of the rain"), digits=None),
        "minutes": Fact(_("Time computed"), "min"),
        "steps": Fact(_("Time steps")),
    },
    files={
        "depth": _("Greatest depth of water"),
        "speed": _("Greatest speed"),
        "flow": _("Depth times speed, at most"),
        "arrival": _("Time until 5 cm"),
        "course": _("Course of the water"),
        "hydrographs": _("Discharge over time"),
    },
    types={"hydrographs": "text/csv"},
)
