"""Addresses of plans in the REST API."""

from django.urls import path

from planning.views import api, api_acts, api_batches, api_steps

_VERSION = "plans/<uuid:public_id>/versions/<int:number>/"
urlpatterns = [
    path("plan-imports/", api_acts.PlanImports.as_view(), name="plan_imports"),
    path("plan-imports/<uuid:public_id>/", api_acts.OnePlanImport.as_view(), name="plan_import"),
    path("plan-imports/<uuid:public_id>/decide/", api_acts.DecideImport.as_view(), name="plan_import_decide"),
    path("plan-batches/", api_batches.Batches.as_view(), name="plan_batches"),
    path("plan-batches/<uuid:public_id>/", api_batches.OneBatch.as_view(), name="plan_batch"),
    path(
        "plan-batches/<uuid:public_id>/cancel/", api_batches.CancelBatch.as_view(), name="plan_batch_cancel"
    ),
    path(
        "plan-batches/<uuid:public_id>/decide/", api_batches.DecideBatch.as_view(), name="plan_batch_decide"
    ),
    path("plans/<uuid:public_id>/publish/", api_acts.PublishPlan.as_view(), name="plan_publish"),
    path("plans/<uuid:public_id>/withdraw/", api_acts.WithdrawPlan.as_view(), name="plan_withdraw"),
    path("plans/<uuid:public_id>/upgrade/", api_acts.UpgradePlan.as_view(), name="plan_upgrade"),
    path("plans/<uuid:public_id>/upgrade/gml/", api_acts.UpgradedGml.as_view(), name="plan_upgrade_gml"),
    path(
        "plans/<uuid:public_id>/upgrade/losses/",
        api_acts.UpgradeLosses.as_view(),
        name="plan_upgrade_losses",
    ),
    path(
        "plans/<uuid:public_id>/upgrade/take-over/",
        api_acts.TakeOverUpgrade.as_view(),
        name="plan_upgrade_take_over",
    ),
    path("plans/", api.Plans.as_view(), name="plans"),
    path("plans/<uuid:public_id>/", api_acts.WholePlan.as_view(), name="plan"),
    path("plans/<uuid:public_id>/steps/", api_steps.AllSteps.as_view(), name="steps"),
    path("plans/<uuid:public_id>/steps/<uuid:entry>/", api_steps.OneStep.as_view(), name="step"),
    path("plans/<uuid:public_id>/steps/<uuid:entry>/void/", api_steps.StrikeStep.as_view(), name="step_void"),
    path("plans/<uuid:public_id>/steps/<uuid:entry>/papers/", api_steps.Papers.as_view(), name="papers"),
    path(
        "plans/<uuid:public_id>/papers/<uuid:paper_id>/file/",
        api_steps.PaperFile.as_view(),
        name="paper_file",
    ),
    path(
        "plans/<uuid:public_id>/documents/<uuid:document_id>/file/",
        api.DocumentFile.as_view(),
        name="document_file",
    ),
    path("plans/<uuid:public_id>/versions/", api.Versions.as_view(), name="versions"),
    path(_VERSION, api.OneVersion.as_view(), name="version"),
    path(f"{_VERSION}objects/", api.Objects.as_view(), name="objects"),
    path(f"{_VERSION}objects/<int:position>/", api.OneObject.as_view(), name="object"),
    path(f"{_VERSION}documents/", api.Documents.as_view(), name="documents"),
    path(f"{_VERSION}gml/", api.Gml.as_view(), name="gml"),
]
