"""Addresses of the map; German, because people read them."""

from django.urls import path

from twin.viewer import views

app_name = "viewer"
urlpatterns = [
    path("", views.MapPage.as_view(), name="map"),
    path("suche/", views.Search.as_view(), name="search"),
    path("pegel/<slug:slug>/", views.Gauges.as_view(), name="gauges"),
    path("dienste/<uuid:public_id>/bild/", views.Picture.as_view(), name="picture"),
    path("dienste/<uuid:public_id>/legende/", views.Legend.as_view(), name="legend"),
    path(
        "dienste/<uuid:public_id>/kachel/<int:level>/<int:row>/<int:column>/",
        views.Tile.as_view(),
        name="tile",
    ),
    path("dienste/<uuid:public_id>/objekte/", views.Features.as_view(), name="features"),
    path("dienste/<uuid:public_id>/auskunft/", views.Information.as_view(), name="information"),
]
