"""Addresses of procedures and statements in the REST API."""

from django.urls import path

from participation.views import api

urlpatterns = [
    path("procedures/", api.Procedures.as_view(), name="procedures"),
    path("procedures/<uuid:public_id>/", api.OneProcedure.as_view(), name="procedure"),
    path(
        "procedures/<uuid:public_id>/statements/",
        api.PublishedStatements.as_view(),
        name="published_statements",
    ),
    path(
        "procedures/<uuid:public_id>/statements/<uuid:statement_id>/",
        api.OnePublished.as_view(),
        name="published_statement",
    ),
    path("statements/", api.Statements.as_view(), name="statements"),
    path("statements/<uuid:public_id>/", api.OneStatement.as_view(), name="statement"),
    path("statements/<uuid:public_id>/moderate/", api.Moderate.as_view(), name="statement_moderate"),
]
