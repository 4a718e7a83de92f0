"""A statement's file: procedures with their phases, statements with what stands beside them."""

from participation.models.procedures import (
    Category,
    Phase,
    PhaseKind,
    Procedure,
    ProcedureQuerySet,
    ReceiptCounter,
)
from participation.models.statements import (
    TEXT_LENGTH,
    Anchor,
    Answer,
    ModerationAct,
    ModerationRecord,
    Publication,
    Question,
    Statement,
    StatementQuerySet,
    Submitter,
)

__all__ = [
    "Anchor",
    "Answer",
    "Category",
    "ModerationAct",
    "ModerationRecord",
    "Phase",
    "PhaseKind",
    "Procedure",
    "ProcedureQuerySet",
    "Publication",
    "Question",
    "ReceiptCounter",
    "Statement",
    "StatementQuerySet",
    "Submitter",
    "TEXT_LENGTH",
]
