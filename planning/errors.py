"""What can go wrong in planning; turned into HTTP answers in twin/api.py."""

from collections.abc import Sequence

from planning.xplanung.findings import Finding, Value


class PlanningError(Exception):
    """Base of all errors of this package."""


class IllegalStep(PlanningError):
    """The plan's state does not allow this action."""


class ImportRefused(PlanningError):
    """Nothing of a delivered file was kept. Carries the findings that say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(", ".join(sorted({finding.rule for finding in findings})))
        self.findings = findings


def refuse(rule: str, *, gml_id: str = "", line: int | None = None, **params: Value) -> ImportRefused:
    """An ImportRefused with one fatal finding."""
    return ImportRefused([Finding(rule, "fatal", params, gml_id, line)])


class NeedsDecision(PlanningError):
    """The file looks like a new version of plans that exist; a person has to say so. Carries their public ids by name."""

    def __init__(self, proposals: dict[str, str]) -> None:
        super().__init__(", ".join(proposals.values()))
        self.proposals = proposals


class NotOneFile(PlanningError):
    """Several plans can be exported together only when they were delivered in one file."""


class NothingToDecide(PlanningError):
    """The import does not wait for a decision."""


class UnknownHolder(PlanningError):
    """Nobody with this address has a login."""


class BadVerdictList(PlanningError):
    """A line of a list of verdicts names no verdict or no stage."""


class TooMuchToDraw(PlanningError):
    """More objects than one picture may show."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class TooManySheets(PlanningError):
    """The plan would take more pages at this scale than one print may have."""

    def __init__(self, sheets: int, most: int) -> None:
        super().__init__(sheets, most)
        self.sheets, self.most = sheets, most


class EditRefused(PlanningError):
    """A change that would break what was sound. Carries the findings that say why, or a reason."""

    def __init__(self, reason: str = "", *, findings: Sequence[Finding] = ()) -> None:
        super().__init__(reason or ", ".join(sorted({finding.rule for finding in findings})))
        self.reason, self.findings = reason, list(findings)


class ChangedMeanwhile(PlanningError):
    """Somebody else changed the same object first. Carries the objects' keys."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        super().__init__(", ".join(keys))
        self.keys = list(keys)
