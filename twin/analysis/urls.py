"""Addresses of the analyses; German, because people read them."""

from django.urls import path

from twin.analysis.views import acts, comparison, files, runs, workflows

app_name = "analysis"
_WORKFLOW = "bearbeitungen/<uuid:workflow_id>/"
urlpatterns = [
    path("bearbeitungen/", workflows.Workflows.as_view(), name="workflows"),
    path("bearbeitungen/neu/", workflows.Begin.as_view(), name="begin_workflow"),
    path(_WORKFLOW, workflows.WorkflowPage.as_view(), name="workflow"),
    path(f"{_WORKFLOW}frage/", workflows.AskFor.as_view(), name="workflow_ask"),
    path(f"{_WORKFLOW}schritte/<slug:kind>/", workflows.PlanStep.as_view(), name="workflow_step"),
    path(f"{_WORKFLOW}schritte/<slug:kind>/erledigt/", workflows.FinishStep.as_view(), name="finish_step"),
    path(f"{_WORKFLOW}schritte/<slug:kind>/zurueck/", workflows.ReopenStep.as_view(), name="reopen_step"),
    path(f"{_WORKFLOW}analysen/", workflows.JoinRun.as_view(), name="join_run"),
    path(f"{_WORKFLOW}analysen/<uuid:public_id>/loesen/", workflows.PartRun.as_view(), name="part_run"),
    path(f"{_WORKFLOW}loeschen/", workflows.RemoveWorkflow.as_view(), name="remove_workflow"),
    path("", runs.Runs.as_view(), name="runs"),
    path("wartende/abbrechen/", acts.CancelWaiting.as_view(), name="cancel_waiting"),
    path("neu/<slug:slug>/", runs.Ask.as_view(), name="ask"),
    path("<uuid:public_id>/", runs.RunPage.as_view(), name="run"),
    path("<uuid:public_id>/bericht.pdf", files.Report.as_view(), name="report"),
    path("<uuid:public_id>/bericht/", files.ReportPage.as_view(), name="report_page"),
    path("<uuid:public_id>/bericht/neu/", acts.RetryReport.as_view(), name="retry_report"),
    path("<uuid:public_id>/bericht/abbrechen/", acts.CancelReport.as_view(), name="cancel_report"),
    path("<uuid:public_id>/vergleich/", comparison.Comparison.as_view(), name="compare"),
    path("<uuid:public_id>/vergleich/karte.png", comparison.Difference.as_view(), name="difference"),
    path("<uuid:public_id>/gebiet.geojson", files.Area.as_view(), name="area"),
    path("<uuid:public_id>/dateien/<slug:output>/", files.Download.as_view(), name="file"),
    path("<uuid:public_id>/dateien/<slug:output>/datensatz/", acts.Deliver.as_view(), name="deliver"),
    path("<uuid:public_id>/karte/<slug:output>/", files.Grids.as_view(), name="grids"),
    path("<uuid:public_id>/karte/<slug:output>/wert/", files.Value.as_view(), name="value"),
    path("<uuid:public_id>/karte/<slug:output>/<str:tile>.webp", files.Tile.as_view(), name="tile"),
    path("<uuid:public_id>/karte/<slug:output>/<str:tile>.bin", files.Tile.as_view(), name="numbers"),
    path("<uuid:public_id>/abbrechen/", acts.Cancel.as_view(), name="cancel"),
    path("<uuid:public_id>/veroeffentlichen/", acts.Publish.as_view(), name="publish"),
    path("<uuid:public_id>/zurueckziehen/", acts.Withdraw.as_view(), name="withdraw"),
    path("<uuid:public_id>/teilen/", acts.Share.as_view(), name="share"),
    path("<uuid:public_id>/teilen/beenden/", acts.Unshare.as_view(), name="unshare"),
    path("<uuid:public_id>/loeschen/", acts.Delete.as_view(), name="delete"),
]
