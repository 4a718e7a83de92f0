"""Infrastructure: how facilities are reached over the roads, and what water on the roads and a new area change."""

from django.utils.translation import gettext_lazy as _

from tenants import geojson
from twin.analysis.usecase import Fact, Source, UseCase
from twin.usecases.infrastructure import adapter, telling
from twin.usecases.infrastructure.forms import InfrastructureForm

USE_CASE = UseCase(
    slug="infrastructure",
    title=_("Infrastructure: who reaches what, and how fast"),
    question=_(
        "How far is it to the next school, fire station or practice over the roads, who is cut off when water closes some, and what does a new area mean for the facilities?"
    ),
    version="2",
    engine="network 2",
    form=InfrastructureForm,
    expect=adapter.expect,
    load=adapter.load,
    compute="twin.usecases.infrastructure.core:compute",
    save=telling.save,
    method=_(
        "The lines of the roads become a network: they meet where they share a corner or where one ends on another, within the tolerance that is named; where they only cross they don't (a bridge). "
        "Pieces are at most 50 m long and take their length by their speed. From all facilities at once the shortest times to every place are computed (Dijkstra, SciPy). Facilities and homes join the nearest road; the way up to it takes no time. "
        "Water closes a piece where it stands at least as deep as named anywhere along it, but for bridges; a facility that it stands at as deeply serves nobody. Each kind of facility is reckoned alone, and people go to the nearest one of each kind, as those of the new area do from the middle of the plan."
    ),
    sources=(
        Source("Dijkstra: A note on two problems in connexion with graphs. Numerische Mathematik 1, 1959", "https://doi.org/10.1007/BF01386390"),
        Source("Virtanen and others: SciPy 1.0: fundamental algorithms for scientific computing in Python. Nature Methods 17, 2020", "https://doi.org/10.1038/s41592-019-0686-2"),
        Source("Empfehlung des Sächsischen Staatsministeriums des Innern zum Brandschutzbedarfsplan vom 7. November 2005 (SächsABl. Nr. 48 vom 01.12.2005, S. 1168); nicht geprüft, ob sie noch gilt"),
    ),  # fmt: skip
    limits=(
        _("Roads can be gone both ways: one-way streets, turns that are forbidden, traffic lights and traffic jams are not known. Times are those of an empty road."),
        _("The way is that of the vehicle or of the people alone: alarm and turning out of a fire brigade, waiting and the way to the stop are not in it. How many minutes count is for who asks to say."),
        _("People go to the nearest facility, whatever its size, its catchment area and its hours."),
        _("What is closed follows from the depth on the ground; whether a road on a dam or under a bridge is passable is to be checked on the spot."),
        _("Which Hilfsfrist fire brigades in Saxony have to keep was not verified: none is laid down here. What holds is the Brandschutzbedarfsplan."),
        _("One and two people are told as fewer than three."),
    ),  # fmt: skip
    template="infrastructure/result.html",
    facts={
        "facilities": Fact(_("Facilities")),
        "roads": Fact(_("Roads"), "km", 1),
        "people": Fact(_("People or addresses looked at")),
        "within": Fact(_("of these in the minutes asked")),
        "share": Fact(_("Share that is reached in time"), "%", 1),
        "closed": Fact(_("Roads closed by water"), "km", 2),
        "drowned": Fact(_("Facilities in the water")),
        "within_flooded": Fact(_("In the minutes asked with the water")),
        "lost": Fact(_("Cut off by the water")),
        "added": Fact(_("People in the new area")),
    },
    files={
        "features": _("Minutes to the nearest facility"),
        "roads": _("Roads with their minutes"),
        "table": _("Facilities as a table"),
        "homes": _("Homes with their minutes as a table"),
    },
    types=dict.fromkeys(("features", "roads"), geojson.CONTENT_TYPE) | dict.fromkeys(("table", "homes"), "text/csv"),
)  # fmt: skip
