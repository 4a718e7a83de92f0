"""Plan check: what flood areas, protected areas, neighbours and depths of water say to each area of a plan, and what it does to the land."""

from django.utils.translation import gettext_lazy as _

from tenants import geojson
from twin.analysis.usecase import Fact, Source, UseCase
from twin.usecases.plan_check import adapter, telling
from twin.usecases.plan_check.forms import PlanCheckForm

USE_CASE = UseCase(
    slug="plan-check",
    title=_("Prüfhinweise for plans"),
    question=_(
        "Which areas of a Bauleitplan meet flood areas, protected areas, simulated water or plans of neighbours, and what does the law say to that? How much land is sealed, how many dwellings does it make, how much rain runs off?"
    ),
    version="2",
    engine="PostGIS",
    form=PlanCheckForm,
    expect=adapter.expect,
    load=adapter.load,
    compute="twin.usecases.plan_check.core:compute",
    save=telling.save,
    method=_(
        "All areas, lines and points of the plan are cut with the areas of the datasets in EPSG:25833; overlaps narrower than 10 cm everywhere and lines shorter than that count as none, since what two sources draw alike never coincides. To each pair of a meaning in law and a kind of use belongs a rule with its paragraph and the day of its wording. The balance adds up the areas that are marked as parts of the whole (Flächenschluss): sealed may be what the Grundflächenzahl permits with half as much again for garages, car parks, drives and annexes, at most 0.8 (§ 19 Abs. 4 BauNVO since 1990); traffic areas count as sealed, verges do not. A Grundfläche in m² counts as the ratio that it makes. Dwellings: floor area (Geschossflächenzahl or Geschossfläche, else Grundflächenzahl times storeys) by the floor area of a dwelling; in mixed areas half of it. Rain: its depth times area times runoff coefficient."
    ),
    sources=(
        Source("Wasserhaushaltsgesetz (WHG)", "https://www.gesetze-im-internet.de/whg_2009/"),
        Source("Sächsisches Wassergesetz (SächsWG)"),
        Source("Bundesnaturschutzgesetz (BNatSchG)", "https://www.gesetze-im-internet.de/bnatschg_2009/"),
        Source("Baugesetzbuch (BauGB)", "https://www.gesetze-im-internet.de/bbaug/"),
        Source("Baunutzungsverordnung (BauNVO)", "https://www.gesetze-im-internet.de/baunvo/"),
    ),
    limits=(
        _("The result is a Prüfhinweis. Only what the untere Wasserbehörde answers is binding."),
        _(
            "It knows the data that it names, as of their days, and nothing else: what they don't hold is not checked."
        ),
        _(
            "Whether a Baugebiet is new, whether it lies in the Außenbereich, and what stands in the texts of a plan or an ordinance is not read."
        ),
        _(
            "Lines and points are told by kind, with length and number; the balance and depths of water are of areas alone."
        ),
        _(
            "The law is cited as worded on the day that is named; later changes of the law are to be checked. For the SächsWG another version is announced for 01.01.2027."
        ),
        _(
            "Dwellings and rain are estimates by the assumptions that are named; a Grundflächenzahl that a plan does not state is not guessed."
        ),
    ),
    template="plan_check/result.html",
    facts={
        "plans": Fact(_("Plans checked")),
        "sites": Fact(_("Areas of plans checked")),
        "lines": Fact(_("Lines of plans checked")),
        "points": Fact(_("Points of plans checked")),
        "bars": Fact(_("What stands against it")),
        "weigh": Fact(_("What is to be weighed")),
        "inform": Fact(_("Hints")),
        "area": Fact(_("Area in the balance"), "m²"),
        "sealed": Fact(_("Sealed at most"), "m²"),
        "units": Fact(_("Dwellings, estimated")),
        "before": Fact(_("Rain that runs off today"), "m³", 1),
        "after": Fact(_("Rain that runs off afterwards"), "m³", 1),
    },
    files={"areas": _("Overlaps on the map"), "table": _("All Prüfhinweise as a table")},
    types={"areas": geojson.CONTENT_TYPE, "table": "text/csv"},
    at_import=adapter.at_import,
)
