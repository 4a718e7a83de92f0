"""Addresses of plans; German, because people read them."""

from django.urls import include, path

from planning.views import actions, auskunft, board, imports, lifecycle, objects, plans, register, reports

app_name = "planning"

of_a_plan = [
    path("", plans.PlanPage.as_view(), name="plan"),
    path("drucken/", plans.PrintPlan.as_view(), name="print"),
    path("pruefbericht/", reports.Report.as_view(), name="findings"),
    path("pruefbericht/punkte.geojson", reports.FindingPoints.as_view(), name="finding_points"),
    path("pruefbericht/vergleich/", reports.Comparison.as_view(), name="findings_compared"),
    path("pruefbericht/pruefen/", reports.CheckAgain.as_view(), name="check"),
    path("pruefbericht/abbrechen/", reports.CancelCheck.as_view(), name="cancel_check"),
    path("pruefbericht.pdf", reports.Download.as_view(kind="pdf"), name="report_pdf"),
    path("pruefbericht.json", reports.Download.as_view(kind="json"), name="report_json"),
    path("pruefbericht.csv", reports.Download.as_view(kind="csv"), name="report_csv"),
    path("xplan.gml", plans.Export.as_view(), name="gml"),
    path("xplan.zip", plans.Export.as_view(archive=True), name="zip"),
    path("dokumente/<uuid:document_id>/", plans.Document.as_view(), name="document"),
    path("dokumente/<uuid:document_id>/intern/", actions.CloseDocument.as_view(), name="document_internal"),
    path("objekte.geojson", objects.Features.as_view(), name="features"),
    path("objekte/", objects.ObjectList.as_view(), name="objects"),
    path("objekte/<path:key>/", objects.ObjectPage.as_view(), name="object"),
    path("veroeffentlichen/", actions.Publish.as_view(), name="publish"),
    path("zurueckziehen/", actions.Withdraw.as_view(), name="withdraw"),
    path("loeschen/", actions.Delete.as_view(), name="delete"),
    path("verfahren/", lifecycle.Lifecycle.as_view(), name="lifecycle"),
    path("verfahren/art/", lifecycle.SetCase.as_view(), name="case"),
    path("verfahren/rechtsstand/", lifecycle.WriteRechtsstand.as_view(), name="write_rechtsstand"),
    path("verfahren/schritte/neu/", lifecycle.RecordStep.as_view(), name="record_step"),
    path("verfahren/schritte/<uuid:entry>/", lifecycle.CorrectStep.as_view(), name="correct_step"),
    path("verfahren/schritte/<uuid:entry>/dokument/", lifecycle.AddPaper.as_view(), name="add_paper"),
    path("verfahren/dokumente/<uuid:document_id>/", lifecycle.Paper.as_view(), name="paper"),
    path("verfahren/fassungen/", lifecycle.NameFassung.as_view(), name="name_fassung"),
    path(
        "verfahren/fassungen/<uuid:fassung_id>/festschreiben/",
        lifecycle.FreezeFassung.as_view(),
        name="freeze_fassung",
    ),
    path("teilen/", actions.ShareDialog.as_view(), name="share"),
    path("teilen/beenden/", actions.Unshare.as_view(), name="unshare"),
]

urlpatterns = [
    path("", plans.PlanList.as_view(), name="plans"),
    path("auskunft/", auskunft.PlanInformation.as_view(), name="auskunft"),
    path("erfassung/", auskunft.Capture.as_view(), name="capture"),
    path("register/", register.RegisterList.as_view(), name="registers"),
    path("register/<slug:slug>/", register.RegisterPage.as_view(), name="register"),
    path("register/<slug:slug>.atom", register.RegisterFeed.as_view(), name="register_feed"),
    path("hochladen/", imports.Upload.as_view(), name="upload"),
    path("importe/", imports.ImportList.as_view(), name="imports"),
    path("importe/<uuid:public_id>/", imports.ImportPage.as_view(), name="import"),
    path("importe/<uuid:public_id>/stand/", imports.ImportState.as_view(), name="import_state"),
    path("importe/<uuid:public_id>/abbrechen/", imports.CancelImport.as_view(), name="import_cancel"),
    path("importe/<uuid:public_id>/entscheiden/", imports.DecideImport.as_view(), name="import_decide"),
    path("stand/", board.Board.as_view(), name="board"),
    path("termine/", board.Agenda.as_view(), name="agenda"),
    path("termine/adresse/", board.CalendarAddress.as_view(), name="calendar_address"),
    path("termine/<str:token>.ics", board.Feed.as_view(), name="feed"),
    path("<uuid:public_id>/", include(of_a_plan)),
]
