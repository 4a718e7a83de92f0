"""Addresses of participation: public ones under /beteiligung/, those for staff under /arbeit/."""

from django.urls import path

from participation.views import moderation, procedures, public, published, receipt

app_name = "participation"
urlpatterns = [
    path("beteiligung/aufgabe/", public.ChallengeView.as_view(), name="challenge"),
    path("beteiligung/quittung/", receipt.ReceiptView.as_view(), name="receipt"),
    path("beteiligung/quittung/pdf/", receipt.ReceiptPdfView.as_view(), name="receipt_pdf"),
    path("beteiligung/stand/", receipt.StatusView.as_view(), name="status"),
    path("beteiligung/stand/ende/", receipt.ForgetView.as_view(), name="forget"),
    path("beteiligung/stand/widerruf/", receipt.RevokeView.as_view(), name="revoke"),
    path("beteiligung/stand/antwort/<int:question_id>/", receipt.ReplyView.as_view(), name="reply"),
    path("beteiligung/bestaetigung/<str:token>/", receipt.ConfirmView.as_view(), name="confirm"),
    path("beteiligung/<uuid:public_id>/", published.ProcedureView.as_view(), name="procedure"),
    path("beteiligung/<uuid:public_id>/stellungnahme/", public.StatementView.as_view(), name="submit"),
    path("beteiligung/<uuid:public_id>/orte.geojson", published.PlacesView.as_view(), name="places"),
    path("beteiligung/<uuid:public_id>/objekte.geojson", public.ObjectsView.as_view(), name="objects"),
    path(
        "beteiligung/<uuid:public_id>/stellungnahmen/<uuid:statement_id>/",
        published.PublishedView.as_view(),
        name="published",
    ),
    path("arbeit/beteiligung/", procedures.ProcedureListView.as_view(), name="procedures"),
    path("arbeit/beteiligung/neu/", procedures.ProcedureCreateView.as_view(), name="procedure_new"),
    path(
        "arbeit/beteiligung/<uuid:public_id>/", procedures.ProcedureWorkView.as_view(), name="procedure_work"
    ),
    path(
        "arbeit/beteiligung/<uuid:public_id>/aendern/",
        procedures.ProcedureChangeView.as_view(),
        name="procedure_change",
    ),
    path(
        "arbeit/beteiligung/<uuid:public_id>/schritt/publish/",
        procedures.ProcedureStepView.as_view(),
        {"step": "publish"},
        name="procedure_publish",
    ),
    path(
        "arbeit/beteiligung/<uuid:public_id>/schritt/decide/",
        procedures.ProcedureStepView.as_view(),
        {"step": "decide"},
        name="procedure_decide",
    ),
    path("arbeit/moderation/", moderation.QueueView.as_view(), name="queue"),
    path("arbeit/moderation/<uuid:public_id>/", moderation.ModerateView.as_view(), name="moderate"),
    path("arbeit/stellungnahmen/<uuid:public_id>/ort.geojson", moderation.PlaceView.as_view(), name="place"),
    path("arbeit/stellungnahmen/<uuid:public_id>/thema/", moderation.SortView.as_view(), name="sort"),
    path("arbeit/stellungnahmen/", moderation.StatementListView.as_view(), name="statements"),
    path(
        "arbeit/stellungnahmen/<uuid:public_id>/", moderation.StatementDetailView.as_view(), name="statement"
    ),
]
