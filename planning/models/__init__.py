"""Plans with the files they were delivered in, and their legal procedure."""

from planning.models.batches import Batch, BatchItem
from planning.models.capturing import Captured, CaptureKind, CaptureStatement
from planning.models.plans import (
    Amendment,
    Development,
    Origin,
    Plan,
    PlanChild,
    PlanChildQuerySet,
    PlanDocument,
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
from planning.models.validation import Finding, Severity, ValidationRun

__all__ = [
    "Amendment",
    "Batch",
    "BatchItem",
    "CalendarKey",
    "CaptureKind",
    "CaptureStatement",
    "Captured",
    "Development",
    "Fassung",
    "FassungKind",
    "Finding",
    "Origin",
    "Plan",
    "PlanChild",
    "PlanChildQuerySet",
    "PlanDocument",
    "PlanObject",
    "PlanQuerySet",
    "PlanReference",
    "PlanState",
    "PlanType",
    "PlanVersion",
    "ProcedureStep",
    "Severity",
    "Source",
    "StandingChoice",
    "StepDocument",
    "StepKind",
    "TrackKind",
    "ValidationRun",
]
