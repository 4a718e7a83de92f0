"""OGC API Processes: a program finds the use cases, asks, waits, reads the files, and dismisses; each as its token allows."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tenants import tokens
from tenants.models import Tenant, User
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories import elevation
from tests.factories.tenants import member
from tests.twin.analysis.test_runs import ask as asked
from tests.twin.analysis.test_runs import compute, stored
from twin.analysis import registry, services
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase
from twin.catalogue.models import Dataset

pytestmark = pytest.mark.django_db(transaction=True)
WALL = {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[0, 0], [50, 0]]}, "properties": {"kind": "wall", "height": 1}}  # fmt: skip
EXCEPTION = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"


@pytest.fixture
def planner(town: Tenant) -> User:
    return member(town, Role.PLANNER)


@pytest.fixture
def ground(town: Tenant, tmp_path: Path) -> Dataset:
    return elevation.model(town, tmp_path)


def program(person: User, tenant: Tenant, *, may_write: bool = True) -> Client:
    secret = tokens.make_token(person, tenant=tenant, name="QGIS", days=30, may_write=may_write)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def execute(client: Client, inputs: Any, *, process: str = "heavy-rain", **wanted: Any) -> Any:
    """wanted: response, outputs."""
    body = json.dumps({"inputs": inputs, **wanted})
    return client.post(f"/ogc/processes/{process}/execution", body, content_type="application/json")


def question(ground: Dataset, **changes: Any) -> dict[str, Any]:
    return {"elevation": str(ground.public_id), "cell": "5", "depth": 48.9, "minutes": 30, "after": 0} | changes  # fmt: skip


def test_every_use_case_is_a_process_with_schemas(client: Client, counting: UseCase) -> None:
    listed = client.get("/ogc/processes").json()["processes"]
    assert [one["id"] for one in listed] == list(registry.use_cases())
    first = client.get("/ogc/processes?limit=1").json()
    (following,) = (one["href"] for one in first["links"] if one["rel"] == "next")
    second = client.get(following).json()["processes"]
    assert [one["id"] for one in first["processes"] + second] == list(registry.use_cases())[:2]
    told = client.get("/ogc/processes/heavy-rain").json()
    assert told["jobControlOptions"] == ["async-execute", "dismiss"]
    assert told["inputs"]["depth"]["schema"] == {"type": "number", "minimum": 0.1, "maximum": 2000}
    assert told["inputs"]["minutes"]["schema"] == {"type": "integer", "minimum": 5, "maximum": 4320, "default": 60}  # fmt: skip
    assert told["inputs"]["rain"]["schema"]["enum"] == ["block", "euler2"]
    assert [each["format"] for each in told["inputs"]["area"]["schema"]["oneOf"]] == [
        "geojson-geometry",
        "ogc-bbox",
    ]
    assert (told["inputs"]["elevation"]["minOccurs"], told["inputs"]["buildings"]["minOccurs"]) == (1, 0)
    assert "corners" not in told["inputs"]
    wanted = told["inputs"]["measures"]["schema"]["properties"]["features"]["items"]["properties"][
        "properties"
    ]
    assert [one["properties"]["kind"]["const"] for one in wanted["oneOf"]] == [
        "wall",
        "ditch",
        "basin",
        "unsealing",
        "section",
    ]
    assert wanted["oneOf"][0]["properties"]["height"] == {"type": "number", "minimum": 0.05, "maximum": 10}
    assert {"depth", "speed", "arrival", "flow", "course", "hydrographs", "summary"} == told["outputs"].keys()
    for unknown in ("unbekannt", "un.bekannt", "ä b"):
        assert client.get(f"/ogc/processes/{unknown}").json()["type"] == f"{EXCEPTION}no-such-process"


def test_a_program_asks_waits_and_reads(planner: User, town: Tenant, ground: Dataset) -> None:
    client = program(planner, town)
    area = {"type": "Polygon", "coordinates": [[[385020, 5668020], [385080, 5668020], [385080, 5668080], [385020, 5668080], [385020, 5668020]]]}  # fmt: skip
    wanted: dict[str, Any] = {"response": "document", "outputs": {"depth": {"transmissionMode": "reference"}, "summary": {}}}  # fmt: skip
    answer = execute(client, question(ground, area={"value": area, "mediaType": "application/geo+json"}), **wanted)  # fmt: skip
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["status"], told["processID"], told["type"]) == ("accepted", "heavy-rain", "process")
    assert answer["Location"].endswith(f"/ogc/jobs/{told['jobID']}")
    waiting = client.get(f"/ogc/jobs/{told['jobID']}/results")
    assert (waiting.status_code, waiting.json()["type"]) == (404, f"{EXCEPTION}result-not-ready")
    run = Run(pk=_pk(told["jobID"], town), tenant=town)
    assert compute(run).summary["area"] == 3600
    done = client.get(answer["Location"]).json()
    assert (done["status"], done["progress"]) == ("successful", 100)
    results = client.get(f"/ogc/jobs/{told['jobID']}/results").json()
    assert results["summary"]["value"]["rained"] == pytest.approx(0.0489 * 3600, rel=1e-4)
    file = client.get(results["depth"]["href"])
    assert (file.status_code, results["depth"]["type"]) == (200, file["Content-Type"])
    assert b"".join(file)[:2] == b"II"  # a TIFF
    again = execute(client, question(ground, area=area), **wanted).json()
    assert (again["jobID"], again["status"]) == (told["jobID"], "successful")  # asked before


def _pk(public_id: str, tenant: Tenant) -> int:
    with acting_for([tenant.pk]):
        return int(Run.objects.get(public_id=public_id.partition("~")[0]).pk)


@pytest.mark.parametrize(
    ("changes", "status", "detail"),
    [
        ({"depth": "k.A."}, 400, "depth: "),
        ({"tiefe": 5}, 400, "tiefe: "),
        ({"cell": "1"}, 422, "Wählen Sie Zellen von 2 m oder mehr"),
        ({"elevation": None}, 400, "elevation: "),
        ({"measures": {"type": "FeatureCollection", "features": [5]}}, 400, "measures: Maßnahme 1: die Art"),
        ({"measures": "Mauer"}, 400, "measures: Hier wird ein Wert dieser Art erwartet: object"),
        (
            {"measures": {"type": "FeatureCollection", "features": [WALL]}},
            422,
            "Maßnahme 1 (Mauer): sie liegt nicht in",
        ),
    ],
)
def test_what_can_not_be_is_a_problem_with_its_reason(planner: User, town: Tenant, ground: Dataset, changes: dict[str, Any], status: int, detail: str) -> None:  # fmt: skip
    answer = execute(program(planner, town), question(ground, **changes))
    assert (answer.status_code, detail in answer.json()["detail"]) == (status, True), answer.content


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"inputs": 5}',
        "{",
        "[" * 90_000,
        '{"inputs": {}, "response": "raw"}',
        '{"inputs": {}, "response": "xml"}',
        '{"inputs": {}, "response": {}}',
        '{"inputs": {"depth": NaN}}',
    ],
)
def test_what_is_no_request_is_refused(planner: User, town: Tenant, body: str) -> None:
    answer = program(planner, town).post("/ogc/processes/heavy-rain/execution", body, content_type="application/json")  # fmt: skip
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_only_a_token_that_may_change_things_asks(planner: User, town: Tenant, ground: Dataset) -> None:
    stranger = Client()
    stranger.force_login(planner, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert execute(stranger, question(ground)).status_code == 401  # a session is for the pages
    assert execute(program(planner, town, may_write=False), question(ground)).status_code == 403
    moderator = member(town, Role.MODERATOR)
    assert execute(program(moderator, town), question(ground)).status_code == 403


def test_jobs_are_those_that_the_program_may_see(planner: User, town: Tenant, counting: UseCase) -> None:
    runs = [asked(counting, planner, steps=number)[0] for number in (1, 2, 3)]
    compute(runs[0])
    client, nobody = program(planner, town), Client()
    assert [one["jobID"] for one in client.get("/ogc/jobs").json()["jobs"]] == [str(run.public_id) for run in reversed(runs)]  # fmt: skip
    first = client.get("/ogc/jobs?limit=2").json()
    (following,) = (one["href"] for one in first["links"] if one["rel"] == "next")
    assert [one["jobID"] for one in client.get(following).json()["jobs"]] == [str(runs[0].public_id)]
    assert len(client.get("/ogc/jobs?status=accepted").json()["jobs"]) == 2
    listed(client, [runs[2], runs[1], runs[0]], "status=accepted,successful", "type=process", "processID=x,counting", "datetime=2020-01-01/..")  # fmt: skip
    listed(client, [], "type=workflow", "processID=x", "datetime=../2020-01-01", "minDuration=60", "status=failed")  # fmt: skip
    listed(client, [runs[0]], "maxDuration=60", "minDuration=0", "status=successful")
    for refused in ("status=kaputt", "status=accepted,kaputt", "datetime=gestern", "minDuration=-1", "maxDuration=1e9"):  # fmt: skip
        assert client.get(f"/ogc/jobs?{refused}").status_code == 400
    page = f"/ogc/jobs/{runs[0].public_id}"
    assert nobody.get("/ogc/jobs").json()["jobs"] == []
    assert nobody.get(page).json()["type"] == f"{EXCEPTION}no-such-job"
    assert client.get("/ogc/jobs/keiner").json()["type"] == f"{EXCEPTION}no-such-job"
    with acting_for([town.pk], [town.pk]):
        services.publish_run(stored(runs[0]), actor=_reaching(planner))
    told = nobody.get(page).json()
    assert (told["status"], "message" in told) == ("successful", False)
    assert nobody.get(f"{page}/results").json()["summary"]["value"] == {"began": 0, "counted": 1}
    assert nobody.delete(page).status_code == 401
    listed(nobody, [runs[0]], "maxDuration=60", "status=successful")  # its job is hidden


def listed(client: Client, runs: list[Run], *queries: str) -> None:
    for query in queries:
        found = [one["jobID"] for one in client.get(f"/ogc/jobs?{query}").json()["jobs"]]
        assert found == [str(run.public_id) for run in runs], query


def _reaching(person: User) -> User:
    person.reach = reach(person)
    return person


def test_dismissing_cancels_what_waits_and_removes_what_is_over(
    planner: User, town: Tenant, counting: UseCase
) -> None:
    client = program(planner, town)
    run, _ = asked(counting, planner, steps=1)
    page = f"/ogc/jobs/{run.public_id}"
    assert client.delete(page).json()["status"] == "dismissed"
    assert stored(run).state == "cancelled"
    assert client.get(page).json()["status"] == "dismissed"
    assert client.get(f"{page}/results").status_code == 410
    assert client.delete(page).status_code == 200
    assert client.get(page).status_code == 404
    reader = program(planner, town, may_write=False)
    other, _ = asked(counting, planner, steps=2)
    assert reader.delete(f"/ogc/jobs/{other.public_id}").status_code == 403


def test_what_is_declared_is_in_the_definition(client: Client) -> None:
    paths = client.get("/ogc/api?f=json").json()["paths"]
    assert set(paths["/jobs/{jobId}"]) == {"get", "delete"}
    assert list(paths["/processes/{processId}/execution"]) == ["post"]
    assert client.get("/ogc/api?f=html").status_code == 200
    classes = client.get("/ogc/conformance?f=json").json()["conformsTo"]
    named = {one.rpartition("/")[2] for one in classes if "ogcapi-processes-1" in one}
    assert named == {"core", "json", "ogc-process-description", "oas30", "job-list", "dismiss"}


def test_a_failed_job_says_why_it_has_no_result(planner: User, town: Tenant, counting: UseCase) -> None:
    run, _ = asked(counting, planner, steps=1)
    with acting_for([town.pk], [town.pk]):
        Run.objects.update(engine_version="0")
    assert compute(run).state == "failed"
    answer = program(planner, town).get(f"/ogc/jobs/{run.public_id}/results")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["detail"] == "Die Plattform wurde seit der Anfrage aktualisiert. Fragen Sie noch einmal."  # fmt: skip


def test_pages_of_other_sites_may_ask_with_a_token(client: Client) -> None:
    ask_first = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    told = client.options("/ogc/processes/heavy-rain/execution", headers=ask_first)
    assert (told.status_code, told["Access-Control-Allow-Methods"]) == (200, "POST, OPTIONS")
    assert {"Authorization", "Content-Type", "Prefer"} <= set(told["Access-Control-Allow-Headers"].split(", "))  # fmt: skip
    assert "DELETE" in client.options("/ogc/jobs/keiner")["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    ("outputs", "detail"),
    [([], "outputs: "), ({"höhe": {}}, "Es gibt kein Ergebnis „höhe“"), ({"depth": {"transmissionMode": "post"}}, "value, reference"), ({"depth": []}, "outputs: "), ({"depth": {"format": {"mediaType": "image/png"}}}, "depth: image/tiff; application=geotiff; profile=cloud-optimized")],
)  # fmt: skip
def test_outputs_that_there_are_not_are_refused(planner: User, town: Tenant, ground: Dataset, outputs: Any, detail: str) -> None:  # fmt: skip
    body = json.dumps({"inputs": question(ground), "outputs": outputs})
    answer = program(planner, town).post("/ogc/processes/heavy-rain/execution", body, content_type="application/json")  # fmt: skip
    assert (answer.status_code, detail in answer.json()["detail"]) == (400, True), answer.content
