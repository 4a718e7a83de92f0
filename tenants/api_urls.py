"""Addresses of tenants and jobs in the REST API."""

from django.urls import path

from tenants.views import api

urlpatterns = [
    path("tenants/", api.Tenants.as_view(), name="tenants"),
    path("tenants/<slug:slug>/", api.OneTenant.as_view(), name="tenant"),
    path("jobs/", api.Jobs.as_view(), name="jobs"),
    path("jobs/<uuid:public_id>/", api.OneJob.as_view(), name="job"),
    path("jobs/<uuid:public_id>/cancel/", api.CancelJob.as_view(), name="job_cancel"),
]
