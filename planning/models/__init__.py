"""Plans with the files they were delivered in, and their legal procedure."""

from planning.models.addresses import Address
from planning.models.batches import Batch, BatchItem
from planning.models.capturing import Captured, CaptureKind, CaptureStatement
from planning.models.documents import PlanDocument, Schutzgut
from planning.models.editing import DraftState, EditDraft, EditedObject, EditKind, EditStep
from planning.models.legacy import LegacyKind, LegacyPlan, LegacyState
from planning.models.plans import (
    Amendment,
    Development,
    Origin,
    Plan,
    PlanChild,
    PlanChildQuerySet,
    PlanObject,
    PlanQuerySet,
    PlanReference,
    PlanState,
    PlanType,
    PlanVersion,
    StandingChoice,
    TrackKind,
)
from planning.models.procedures import (
    CalendarKey,
    Fassung,
    FassungKind,
    ProcedureStep,
    Source,
    StepDocument,
    StepKind,
)
from planning.models.rasters import GeoreferenceSource, PlanRaster, RasterState
from planning.models.reviews import PlanReview, Verdict
from planning.models.upgrades import PlanUpgrade
from planning.models.validation import Finding, Severity, ValidationRun

__all__ = [
    "Address",
    "Amendment",
    "Batch",
    "BatchItem",
    "CalendarKey",
    "CaptureKind",
    "CaptureStatement",
    "Captured",
    "Development",
    "DraftState",
    "EditDraft",
    "EditKind",
    "EditStep",
    "EditedObject",
    "Fassung",
    "FassungKind",
    "Finding",
    "GeoreferenceSource",
    "LegacyKind",
    "LegacyPlan",
    "LegacyState",
    "Origin",
    "Plan",
    "PlanChild",
    "PlanChildQuerySet",
    "PlanDocument",
    "PlanObject",
    "PlanQuerySet",
    "PlanRaster",
    "PlanReference",
    "PlanReview",
    "PlanState",
    "PlanType",
    "PlanUpgrade",
    "PlanVersion",
    "ProcedureStep",
    "RasterState",
    "Schutzgut",
    "Severity",
    "Source",
    "StandingChoice",
    "StepDocument",
    "StepKind",
    "TrackKind",
    "ValidationRun",
    "Verdict",
]
