"""Why a question about a place cannot be answered; a code and its parameters, put into words where it is shown."""

from planning.errors import PlanningError
from planning.xplanung.findings import Value


class PlaceRefused(PlanningError):
    """code: see wording.REFUSALS."""

    def __init__(self, code: str, **params: Value) -> None:
        super().__init__(code)
        self.code, self.params = code, params
