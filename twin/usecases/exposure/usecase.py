"""Exposure: what stands in the water, how deep, and what that costs."""

from django.utils.translation import gettext_lazy as _

from tenants import geojson
from twin.analysis.usecase import Fact, Source, UseCase
from twin.usecases.exposure import adapter, telling
from twin.usecases.exposure.forms import ExposureForm

USE_CASE = UseCase(
    slug="exposure",
    title=_("Exposure: who and what stands in the water"),
    question=_(
        "Which buildings, people, roads, facilities and fields does a flood reach, how deep does the water stand there, and what damage to homes is to be expected?"
    ),
    version="2",
    engine="exposure 2",
    form=ExposureForm,
    expect=adapter.expect,
    load=adapter.load,
    compute="twin.usecases.exposure.core:compute",
    save=telling.save,
    method=_(
        "The depth of a building is looked up along all its walls, just outside them, cell by cell; its class is that of the greatest depth. A building that touches an area under water "
        "stands in it. Inhabitants of an area are shared out to the homes in it by footprint times storeys; those of an address live in the nearest building within 25 m. "
        "Roads count piece by piece, one cell long, but for bridges; agricultural land cell by cell. A facility is as deep as the building at its place. A dry building is cut off when the roads, closed where the water is as deep as named, no longer lead from it to the largest part of them that hangs together. Damage to homes: footprint times greatest damage "
        "times the share that the curve of the Joint Research Centre gives for the depth. The range goes from the mean depth along the walls with the lower value to the greatest "
        "depth with the higher one."
    ),
    sources=(
        Source("Huizinga, de Moel, Szewczyk: Global flood depth-damage functions. Methodology and the database with guidelines. JRC105688, 2017", "https://doi.org/10.2760/16510"),
        Source("Lüdtke, Schröter, Steinhausen, Weise, Figueiredo, Kreibich: A Consistent Approach for Probabilistic Residential Flood Loss Modeling in Europe. Water Resources Research 55, 2019", "https://doi.org/10.1029/2019WR026213"),
        Source("LUBW: Leitfaden Kommunales Starkregenrisikomanagement in Baden-Württemberg, 2016"),
    ),  # fmt: skip
    limits=(
        _("What stands in the water at its walls need not be wet inside: thresholds, cellar windows and protection of the building are not known. Cellars that fill from the sewer are missing."),
        _("Damage is that of homes alone, in prices of 2010, without commerce, vehicles, roads and fields. It is good for comparing, not for a single house: models of this kind missed reported losses of past floods by −43 % to +305 % (Lüdtke and others 2019)."),
        _("How people are shared out to buildings is an estimate; one and two are told as fewer than three. Where they are at the hour of the flood is not known."),
        _("A place is that of the middle of a building or a piece of road; boundaries are those of the platform on the day of the computation."),
        _("Whatever the source of the water leaves out is missing here, too."),
    ),  # fmt: skip
    template="exposure/result.html",
    facts={
        "affected": Fact(_("Buildings in the water")),
        "buildings": Fact(_("of all buildings looked at")),
        "homes": Fact(_("Homes in the water")),
        "deepest": Fact(_("Greatest depth at a wall"), "m", 2),
        "people": Fact(_("Inhabitants in the water")),
        "inhabitants": Fact(_("of all inhabitants shared out")),
        "roads": Fact(_("Roads in the water"), "km", 1),
        "cut": Fact(_("Dry buildings that are cut off")),
        "cut_people": Fact(_("Inhabitants there")),
        "facilities": Fact(_("Facilities in the water")),
        "farmland": Fact(_("Agricultural land in the water"), "ha", 1),
        "low": Fact(_("Damage to homes, from"), "EUR"),
        "middle": Fact(_("Damage to homes, middle"), "EUR"),
        "high": Fact(_("Damage to homes, up to"), "EUR"),
    },
    files={
        "features": _("What stands in the water"),
        "buildings": _("Buildings in the water"),
        "table": _("Buildings in the water as a table"),
        "places": _("Municipalities and plans as a table"),
        "sites": _("Facilities in the water as a table"),
    },
    types=dict.fromkeys(("features", "buildings"), geojson.CONTENT_TYPE) | dict.fromkeys(("table", "places", "sites"), "text/csv"),
)  # fmt: skip
