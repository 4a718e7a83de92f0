from django.urls import path

from twin.indicators.views import Cockpit, Download, Figures, SetTargets, TownFigures, TownsMap

urlpatterns = [
    path("kennzahlen/", Figures.as_view(), name="indicators"),
    path("kennzahlen/landkreis.csv", Download.as_view(), name="indicators_csv"),
    path(
        "kennzahlen/gemeinden.csv",
        Download.as_view(of_municipalities=True),
        name="indicators_municipalities_csv",
    ),
    path("kennzahlen/kommunen.geojson", TownsMap.as_view(), name="indicators_map"),
    path("kennzahlen/kommunen/<slug:slug>/", TownFigures.as_view(), name="indicators_town"),
    path("arbeit/kennzahlen/", Cockpit.as_view(), name="cockpit"),
    path("arbeit/kennzahlen/ziele/", SetTargets.as_view(), name="set_targets"),
]
