"""Addresses of the analyses; German, because people read them."""

from django.urls import path

from twin.analysis import views, workflow_views

app_name = "analysis"
_WORKFLOW = "bearbeitungen/<uuid:workflow_id>/"
urlpatterns = [
    path("bearbeitungen/", workflow_views.Workflows.as_view(), name="workflows"),
    path("bearbeitungen/neu/", workflow_views.Begin.as_view(), name="begin_workflow"),
    path(_WORKFLOW, workflow_views.WorkflowPage.as_view(), name="workflow"),
    path(f"{_WORKFLOW}frage/", workflow_views.AskFor.as_view(), name="workflow_ask"),
    path(f"{_WORKFLOW}schritte/<slug:kind>/", workflow_views.PlanStep.as_view(), name="workflow_step"),
    path(
        f"{_WORKFLOW}schritte/<slug:kind>/erledigt/", workflow_views.FinishStep.as_view(), name="finish_step"
    ),
    path(
        f"{_WORKFLOW}schritte/<slug:kind>/zurueck/", workflow_views.ReopenStep.as_view(), name="reopen_step"
    ),
    path(f"{_WORKFLOW}analysen/", workflow_views.JoinRun.as_view(), name="join_run"),
    path(f"{_WORKFLOW}analysen/<uuid:public_id>/loesen/", workflow_views.PartRun.as_view(), name="part_run"),
    path(f"{_WORKFLOW}loeschen/", workflow_views.RemoveWorkflow.as_view(), name="remove_workflow"),
    path("", views.Runs.as_view(), name="runs"),
    path("neu/<slug:slug>/", views.Ask.as_view(), name="ask"),
    path("<uuid:public_id>/", views.RunPage.as_view(), name="run"),
    path("<uuid:public_id>/bericht.pdf", views.Report.as_view(), name="report"),
    path("<uuid:public_id>/vergleich/", views.Comparison.as_view(), name="compare"),
    path("<uuid:public_id>/vergleich/karte.png", views.Difference.as_view(), name="difference"),
    path("<uuid:public_id>/gebiet.geojson", views.Area.as_view(), name="area"),
    path("<uuid:public_id>/dateien/<slug:output>/", views.Download.as_view(), name="file"),
    path("<uuid:public_id>/dateien/<slug:output>/datensatz/", views.Deliver.as_view(), name="deliver"),
    path("<uuid:public_id>/karte/<slug:output>/", views.Grids.as_view(), name="grids"),
    path("<uuid:public_id>/karte/<slug:output>/<str:tile>.webp", views.Tile.as_view(), name="tile"),
    path("<uuid:public_id>/karte/<slug:output>/<str:tile>.bin", views.Tile.as_view(), name="numbers"),
    path("<uuid:public_id>/abbrechen/", views.Cancel.as_view(), name="cancel"),
    path("<uuid:public_id>/veroeffentlichen/", views.Publish.as_view(), name="publish"),
    path("<uuid:public_id>/zurueckziehen/", views.Withdraw.as_view(), name="withdraw"),
    path("<uuid:public_id>/teilen/", views.Share.as_view(), name="share"),
    path("<uuid:public_id>/teilen/beenden/", views.Unshare.as_view(), name="unshare"),
    path("<uuid:public_id>/loeschen/", views.Delete.as_view(), name="delete"),
]
