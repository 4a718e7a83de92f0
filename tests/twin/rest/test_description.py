"""The description is sound, and what is described is what happens: schemathesis finds nothing."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings

from tests.twin.rest.conftest import Stage, secret_of
from twin.openapi import definition

EXAMPLES = 5  # of each address, made up; those at the borders of the schema come besides
# First word of an address -> model whose row it names.
ROWS = {
    "plans": "planning.Plan",
    "procedures": "participation.Procedure",
    "statements": "participation.Statement",
    "datasets": "catalogue.Dataset",
    "records": "catalogue.Record",
    "sources": "catalogue.Source",
    "data-formats": "catalogue.DataFormat",
    "jobs": "tenants.Job",
    "uploads": "catalogue.Upload",
    "plan-batches": "planning.Batch",
}
OTHERS = {
    "document_id": "planning.PlanDocument",
    "statement_id": "participation.Statement",
    "paper_id": "planning.StepDocument",
}


def test_description_has_no_gaps() -> None:
    """Also the command that writes it into a file: warnings fail."""
    written = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=written)
    assert "openapi: 3.1" in written.getvalue()


@pytest.fixture
def within_the_test() -> Iterator[None]:
    """Requests of a real server would end the test's transaction; Django's own test client does the same as this."""
    ends = (signals.request_started, signals.request_finished)
    for one in ends:
        one.disconnect(close_old_connections)
    yield
    for one in ends:
        one.connect(close_old_connections)


@pytest.fixture
def known(stage: Stage) -> dict[str, dict[str, Any]]:
    """First word of an address -> the parameters with which it names something that is there."""
    others = {name: str(stage.row(label).public_id) for name, label in OTHERS.items()}
    others["entry"] = str(stage.row("planning.ProcedureStep").entry)
    numbers = {"number": 1, "position": stage.row("planning.PlanObject").position, "slug": stage.town.slug}
    return {
        word: {"public_id": str(stage.row(label).public_id), **others, **numbers}
        for word, label in ROWS.items()
    } | {"tenants": numbers}


SERVER = get_wsgi_application()


def application(environ: Any, start_response: Any) -> Any:
    """Reads answers to their end, as a server does."""
    answer = SERVER(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
described = schemathesis.openapi.from_dict(definition("de"))
described.app = application
described.location = "/api/v1/schema/"
described.config.generation.update(deterministic=True)
_accepted = described.config.checks.positive_data_acceptance
_accepted.expected_statuses = [*_accepted.expected_statuses, "422"]  # a file that is no plan
for _check in (
    described.config.checks.negative_data_rejection,
    described.config.checks.missing_required_header,
):
    _check.expected_statuses = [*_check.expected_statuses, "412"]  # another version of tus
described.config.phases.coverage.unexpected_methods = {"TRACE"}  # stands for all that a view has not


@pytest.fixture
def secret(stage: Stage) -> Iterator[str]:
    yield secret_of(stage.person, stage.town, may_write=True)


@pytest.mark.slow
@described.exclude(method="POST", path="/api/v1/sources/").parametrize()  # it asks the address that is sent
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_schemathesis_finds_nothing(
    case: Any, known: dict[str, dict[str, Any]], secret: str, within_the_test: None
) -> None:
    """Asked with a token, for things that are there wherever the parameters are meant to be right."""
    word = case.path.removeprefix("/api/v1/").partition("/")[0]
    if case.meta is None or case.meta.generation.mode.is_positive:
        case.path_parameters = {
            name: known.get(word, {}).get(name, value) for name, value in (case.path_parameters or {}).items()
        }
    case.call_and_validate(headers={"Authorization": f"Bearer {secret}"})
