"""Addresses of gauges and sensors, below /pegel/."""

from django.urls import path

from twin.sensors import pushing, staff, views

app_name = "sensors"

urlpatterns = [
    path("", views.StationList.as_view(), name="stations"),
    path("anmelden/", staff.RegisterGauge.as_view(), name="register_gauge"),
    path("sensor/", staff.AddSensor.as_view(), name="add_sensor"),
    path("senden/", pushing.Push.as_view(), name="push"),
    path("<uuid:public_id>/", views.StationPage.as_view(), name="station"),
    path("<uuid:public_id>/<slug:quantity>.csv", views.Values.as_view(), name="values"),
    path("<uuid:public_id>/abrufen/", staff.PollNow.as_view(), name="poll"),
    path("<uuid:public_id>/oeffnen/", staff.Open.as_view(), name="open"),
    path("<uuid:public_id>/alarm/", staff.Subscribe.as_view(), name="subscribe"),
    path("<uuid:public_id>/einstellungen/", staff.Settings.as_view(), name="settings"),
    path("<uuid:public_id>/groesse/", staff.AddSeries.as_view(), name="add_series"),
    path("<uuid:public_id>/groesse/<int:pk>/", staff.ChangeSeries.as_view(), name="change_series"),
    path("<uuid:public_id>/zugang/", staff.Tokens.as_view(), name="tokens"),
    path("<uuid:public_id>/zugang/<int:pk>/", staff.RevokeToken.as_view(), name="revoke_token"),
    path("<uuid:public_id>/entfernen/", staff.Remove.as_view(), name="remove"),
]
