"""Addresses of procedures and statements in the REST API."""

from django.urls import path

from participation.views import api, api_acts

urlpatterns = [
    path("procedures/", api_acts.AllProcedures.as_view(), name="procedures"),
    path("procedures/<uuid:public_id>/", api_acts.WholeProcedure.as_view(), name="procedure"),
    path(
        "procedures/<uuid:public_id>/publish/", api_acts.PublishProcedure.as_view(), name="procedure_publish"
    ),
    path("procedures/<uuid:public_id>/decide/", api_acts.DecideProcedure.as_view(), name="procedure_decide"),
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
    path("statements/<uuid:public_id>/sort/", api.Sort.as_view(), name="statement_sort"),
    path("statements/<uuid:public_id>/answer/", api.AnswerStatement.as_view(), name="statement_answer"),
]
