from django.urls import path

from twin.indicators.views import Cockpit, Download, Figures

urlpatterns = [
    path("kennzahlen/", Figures.as_view(), name="indicators"),
    path("kennzahlen/landkreis.csv", Download.as_view(), name="indicators_csv"),
    path(
        "kennzahlen/gemeinden.csv",
        Download.as_view(of_municipalities=True),
        name="indicators_municipalities_csv",
    ),
    path("arbeit/kennzahlen/", Cockpit.as_view(), name="cockpit"),
]
