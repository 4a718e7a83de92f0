"""OGC API Processes 1.0, Part 1 (OGC 18-062r2), requirements class "core", one requirement after the other; each test is named by its own."""

import base64
import json
from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from shapely.geometry import shape

from tenants.models import Tenant, User
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import within
from tests.factories import services
from tests.factories.tenants import TenantFactory, member
from tests.twin.analysis.test_processes import EXCEPTION, execute, ground, planner, program
from tests.twin.analysis.test_runs import stored
from twin.analysis import tasks
from twin.analysis.models import Run
from twin.analysis.services import publish_run
from twin.analysis.usecase import UseCase
from twin.catalogue.models import Dataset

__all__ = ["ground", "planner"]
pytestmark = pytest.mark.django_db(transaction=True)
TIFF = "image/tiff; application=geotiff; profile=cloud-optimized"


@pytest.fixture
def client_of(planner: User, town: Tenant) -> Client:
    return program(planner, town)


def done(client: Client, ground: Dataset, **wanted: Any) -> tuple[dict[str, Any], Any]:
    """The job as it is told when it has ended, and what its results answer."""
    told = execute(client, paths(ground), process="flow-paths", **wanted).json()
    tasks.take_turn(tenant_id=0, job_id=0)
    status = client.get(f"/ogc/jobs/{told['jobID']}").json()
    assert (status["jobID"], status["status"]) == (told["jobID"], "successful")
    return status, client.get(f"/ogc/jobs/{told['jobID']}/results")


def paths(ground: Dataset, **changes: Any) -> dict[str, Any]:
    return {"elevation": str(ground.public_id), "cell": "2", "catchment": 0.1} | changes


def body_of(answer: Any) -> bytes:
    found = b"".join(answer.streaming_content) if answer.streaming else answer.content
    answer.close()
    return found


def mime(answer: Any) -> list[Any]:
    """The parts of a multipart answer."""
    head = f"Content-Type: {answer['Content-Type']}\r\n\r\n".encode()
    return list(BytesParser(policy=HTTP).parsebytes(head + body_of(answer)).iter_parts())


# --- /req/core/landingpage-op to /req/core/process-exception/no-such-process


def test_req_core_landingpage_success_and_api_definition_success(client: Client) -> None:
    links = {each["rel"]: each["href"] for each in client.get("/ogc/?f=json").json()["links"]}
    rel = "http://www.opengis.net/def/rel/ogc/1.0/"
    assert {"service-desc", "service-doc", f"{rel}conformance", f"{rel}processes", f"{rel}job-list"} <= set(
        links
    )
    assert client.get(links["service-desc"]).json()["openapi"] == "3.0.3"
    for each in ("service-doc", f"{rel}conformance", f"{rel}processes", f"{rel}job-list"):
        assert client.get(links[each]).status_code == 200


def test_req_core_conformance_success(client: Client) -> None:
    assert "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/core" in client.get("/ogc/conformance?f=json").json()["conformsTo"]  # fmt: skip


def test_req_core_pl_limit_definition_and_pl_limit_response_and_pl_links(client: Client) -> None:
    (limit,) = (each for each in client.get("/ogc/api?f=json").json()["paths"]["/processes"]["get"]["parameters"] if each["name"] == "limit")  # fmt: skip
    assert (limit["in"], limit["required"], limit["schema"]["type"], limit["schema"]["minimum"]) == ("query", False, "integer", 1)  # fmt: skip
    told = client.get("/ogc/processes?limit=2").json()
    assert len(told["processes"]) == 2
    assert {"self", "next"} <= {each["rel"] for each in told["links"]}
    for wrong in ("0", "-1", "x", "1e3"):
        assert client.get(f"/ogc/processes?limit={wrong}").status_code == 400


def test_req_core_process_list_success_and_process_description_success(client: Client) -> None:
    for summary in client.get("/ogc/processes").json()["processes"]:
        assert {"id", "version", "jobControlOptions", "outputTransmission", "links"} <= set(summary)
        assert summary["jobControlOptions"] == ["async-execute", "dismiss"]
        assert summary["outputTransmission"] == ["reference", "value"]
        told = client.get(f"/ogc/processes/{summary['id']}").json()
        assert all({"title", "schema"} <= set(each) for each in (*told["inputs"].values(), *told["outputs"].values()))  # fmt: skip
        (execution,) = (each["href"] for each in told["links"] if each["rel"].endswith("/execute"))
        assert execution.endswith(f"/ogc/processes/{summary['id']}/execution")


def test_req_core_process_exception_no_such_process(client_of: Client) -> None:
    for answer in (client_of.get("/ogc/processes/keiner"), execute(client_of, {}, process="keiner")):
        assert (answer.status_code, answer.json()["type"]) == (404, f"{EXCEPTION}no-such-process")


# --- the execute request


@pytest.mark.parametrize("prefer", [None, "respond-async", "wait=5, Respond-Async; foo=1", "return=minimal"])
def test_req_core_process_execute_execution_modes_and_success_async(client_of: Client, ground: Dataset, prefer: str | None) -> None:  # fmt: skip
    """/req/core/process-execute-default-execution-mode, -auto-execution-mode, -success-async: there is one mode."""
    body = json.dumps({"inputs": paths(ground)})
    headers = {"Prefer": prefer} if prefer else {}
    answer = client_of.post("/ogc/processes/flow-paths/execution", body, content_type="application/json", headers=headers)  # fmt: skip
    told = answer.json()
    assert (answer.status_code, told["type"], told["status"]) == (201, "process", "accepted")
    assert client_of.get(answer["Location"]).json()["jobID"] == told["jobID"]
    assert answer.get("Preference-Applied") == (
        "respond-async" if prefer and "async" in prefer.lower() else None
    )


def test_req_core_process_execute_input_inline_object_and_mixed_type(client_of: Client, ground: Dataset) -> None:  # fmt: skip
    ring = [[385020, 5668020], [385080, 5668020], [385080, 5668080], [385020, 5668080], [385020, 5668020]]
    area = {"type": "Polygon", "coordinates": [ring]}
    plain = execute(client_of, paths(ground, area=area), process="flow-paths")
    qualified = execute(client_of, paths(ground, area={"value": area, "mediaType": "application/geo+json"}), process="flow-paths")  # fmt: skip
    assert (plain.status_code, plain.json()["jobID"]) == (201, qualified.json()["jobID"])


def test_req_core_process_execute_input_inline_bbox(client_of: Client, ground: Dataset, planner: User) -> None:  # fmt: skip
    """In degrees; a third of a thousandth of a degree is 31 m from south to north."""
    for box in ([13.35615, 51.1522, 13.35663, 51.15248], [13.35615, 51.1522, 0, 13.35663, 51.15248, 99]):
        answer = execute(client_of, paths(ground, area={"bbox": box}), process="flow-paths")
        assert answer.status_code == 201, answer.content
    (kept,) = parameters(planner)
    west, south, east, north = shape(kept["area"]).bounds
    assert (round(west), round(south)) == (385_033, 5_668_034)
    assert (round(east - west), round(north - south)) == (34, 32)


def parameters(person: User) -> list[dict[str, Any]]:
    with within(reach(person).scope):
        return list(Run.objects.values_list("parameters", flat=True))


BOXES: list[Any] = [
    {"bbox": [1, 2, 3]},
    {"bbox": "1,2,3,4"},
    {"bbox": [True, 0, 1, 1]},
    {"bbox": [14, 51, 13, 52]},
    {"bbox": [13, 52, 14, 51]},
    {"bbox": [13, 51, 13, 51]},
    {"bbox": [13, -91, 14, 91]},
    {"bbox": [1e400, 0, 1, 1]},
    {"bbox": [100, 51, 101, 52]},
    {"bbox": [13, 51, 14, 52], "crs": "http://www.opengis.net/def/crs/EPSG/0/4326"},
]


def test_req_core_process_execute_input_validation_of_boxes(client_of: Client, ground: Dataset) -> None:
    for box in BOXES:
        answer = execute(client_of, paths(ground, area=box), process="flow-paths")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), box
        assert answer.json()["detail"].startswith("area: ")


WRONG: list[dict[str, Any]] = [
    {"catchment": "0.1"},  # a number as text
    {"catchment": True},
    {"catchment": None},
    {"catchment": [0.1]},
    {"catchment": -1},
    {"catchment": 1e300},
    {"cell": 5},  # a choice of texts
    {"cell": "3"},
    {"elevation": ["x"]},
    {"elevation": "' OR 1=1"},
    {"elevation": {"value": 5}},
    {"area": "Polygon"},
    {"area": {"type": "Polygon"}},
    {"buildings": {"value": {"value": "x"}}},
    {"title": 5},
    {"title": "x" * 201},
    {"corners": "1 2"},  # for people alone
]


def test_req_core_process_execute_input_validation(client_of: Client, ground: Dataset) -> None:
    for changes in WRONG:
        answer = execute(client_of, paths(ground, **changes), process="flow-paths")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), changes
        assert answer.json()["detail"].startswith(f"{next(iter(changes))}: ")


# --- /req/core/process-execute-inputs: by reference


@pytest.fixture
def elsewhere(settings: LazySettings) -> Iterator[services.Service]:
    with services.serving() as found:
        settings.TRUSTED_HOSTS = [found.host]
        yield found


def test_req_core_process_execute_inputs_by_reference(client_of: Client, ground: Dataset, elsewhere: services.Service, planner: User) -> None:  # fmt: skip
    ring = [[385020, 5668020], [385080, 5668020], [385080, 5668080], [385020, 5668080], [385020, 5668020]]
    elsewhere.answers |= {"/gebiet.json": {"type": "Polygon", "coordinates": [ring]}, "/modell": str(ground.public_id).encode() + b"\n", "/zahl": 0.1}  # fmt: skip
    linked = {"area": {"href": f"{elsewhere.url}/gebiet.json", "type": "application/geo+json"}, "elevation": {"href": f"{elsewhere.url}/modell"}, "catchment": {"href": f"{elsewhere.url}/zahl"}}  # fmt: skip
    answer = execute(client_of, paths(ground) | linked, process="flow-paths")
    assert answer.status_code == 201, answer.content
    (kept,) = parameters(planner)
    assert (kept["elevation"], kept["catchment"], kept["area"]["coordinates"]) == (str(ground.public_id), 0.1, [ring])  # fmt: skip


ANSWERS: list[Any] = [services.Reply(b"{}", 404), b"<html>", b"\xff\xfe", "0.1", [0.1], {"href": "http://127.0.0.1/"}, -5, b"[" * 90_000, b"NaN"]  # fmt: skip


def test_req_core_process_execute_input_validation_by_reference(client_of: Client, ground: Dataset, elsewhere: services.Service) -> None:  # fmt: skip
    """What a reference leads to is judged as if it had been sent; a reference in it leads no further than one can count."""
    link = {"href": f"{elsewhere.url}/zahl"}
    for answer in ANSWERS:
        elsewhere.answers["/zahl"] = answer
        found = execute(client_of, paths(ground, catchment=link), process="flow-paths")
        assert (found.status_code, found.json()["detail"][:11]) == (400, "catchment: "), answer
    assert len(elsewhere.asked) == len(ANSWERS)


def test_references_never_lead_into_the_own_network(client_of: Client, ground: Dataset) -> None:
    for href in ["http://127.0.0.1:1/", "http://[::1]/", "http://169.254.169.254/latest", "file:///etc/passwd", "gopher://x/", "//x", "", 5, None, "http://user@example.org/"]:  # fmt: skip
        found = execute(client_of, paths(ground, area={"href": href}), process="flow-paths")
        assert (found.status_code, found.json()["detail"][:6]) == (400, "area: "), href


def test_references_are_few_and_fetched_for_nobody_who_may_not_ask(client_of: Client, town: Tenant, ground: Dataset, elsewhere: services.Service) -> None:  # fmt: skip
    link = {"href": f"{elsewhere.url}/zahl"}
    many = dict.fromkeys(("elevation", "cell", "catchment", "depth", "volume", "area"), link)
    assert execute(client_of, many, process="flow-paths").status_code == 400
    moderator = program(member(town, Role.MODERATOR), town)
    assert execute(moderator, {"catchment": link}, process="flow-paths").status_code == 403
    assert execute(Client(), {"catchment": link}, process="flow-paths").status_code == 401
    assert elsewhere.asked == []


# --- results


def test_req_core_job_results_async_raw_value_multi_and_default_outputs(client_of: Client, ground: Dataset) -> None:  # fmt: skip
    """/req/core/process-execute-default-outputs: nothing said is all outputs, by value, raw."""
    status, answer = done(client_of, ground)
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, "multipart/related")
    parts = mime(answer)
    assert [part["Content-ID"] for part in parts] == ["depth", "catchment", "features", "table", "summary"]
    kinds = {name: each["schema"].get("contentMediaType", "application/json") for name, each in client_of.get("/ogc/processes/flow-paths").json()["outputs"].items()}  # fmt: skip
    assert {str(part["Content-ID"]): str(part["Content-Type"]).replace('"', "") for part in parts} == kinds
    run = status["jobID"].partition("~")[0]
    for part in parts:
        alone = body_of(client_of.get(f"/ogc/jobs/{run}/results/{part['Content-ID']}"))
        assert part.get_payload(decode=True) == alone
    (link,) = (each for each in status["links"] if each["rel"].endswith("/results"))
    assert link["href"].endswith(f"/ogc/jobs/{status['jobID']}/results")


def test_req_core_job_results_async_raw_value_one(client_of: Client, ground: Dataset) -> None:
    _status, answer = done(client_of, ground, outputs={"depth": {}})
    assert (answer.status_code, answer["Content-Type"], body_of(answer)[:2]) == (200, TIFF, b"II")
    _status, answer = done(client_of, ground, outputs={"summary": {"format": {"mediaType": "application/json"}}}, response="raw")  # fmt: skip
    assert (answer.status_code, answer["Content-Type"], answer.json()["depressions"]) == (200, "application/json", 1)  # fmt: skip


def test_req_core_job_results_async_raw_ref(client_of: Client, ground: Dataset) -> None:
    outputs = dict.fromkeys(("table", "summary"), {"transmissionMode": "reference"})
    _status, answer = done(client_of, ground, outputs=outputs, response="raw")
    assert (answer.status_code, body_of(answer)) == (204, b"")
    links = [each.partition(">")[0].lstrip(" <") for each in answer["Link"].split(",")]
    assert [link.rpartition("/")[2] for link in links] == ["table", "summary"]
    assert body_of(client_of.get(links[0])).startswith(b"\xef\xbb\xbfNummer;")
    assert client_of.get(links[1]).json()["depressions"] == 1


def test_req_core_job_results_async_raw_mixed_multi(client_of: Client, ground: Dataset) -> None:
    _status, answer = done(client_of, ground, outputs={"depth": {"transmissionMode": "reference"}, "table": {}}, response="raw")  # fmt: skip
    assert answer["Content-Type"].startswith("multipart/related")
    first, second = mime(answer)
    assert (first["Content-ID"], second["Content-ID"]) == ("depth", "table")
    assert first.get_payload(decode=True) == b""
    assert body_of(client_of.get(str(first["Content-Location"])))[:2] == b"II"
    assert (second["Content-Location"], second.get_payload(decode=True)[:3]) == (None, b"\xef\xbb\xbf")


def test_req_core_job_results_async_document(client_of: Client, ground: Dataset) -> None:
    """results.yaml: a link, or a qualified value: JSON as it is, texts as texts, all else in base64."""
    outputs = {"depth": {}, "table": {"transmissionMode": "value"}, "features": {}, "catchment": {"transmissionMode": "reference"}}  # fmt: skip
    status, answer = done(client_of, ground, outputs=outputs, response="document")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    found = json.loads(body_of(answer))
    assert list(found) == ["depth", "table", "features", "catchment"]
    run = status["jobID"].partition("~")[0]
    alone = body_of(client_of.get(f"/ogc/jobs/{run}/results/depth"))
    assert base64.b64decode(found["depth"]["value"]) == alone
    assert (found["depth"]["mediaType"], found["depth"]["encoding"]) == (TIFF, "base64")
    assert found["features"]["value"]["type"] == "FeatureCollection"
    assert (found["table"]["mediaType"], found["table"]["value"][:7]) == ("text/csv", "Nummer;")
    assert (set(found["catchment"]), found["catchment"]["type"]) == ({"href", "type", "title"}, TIFF)


def test_the_same_question_wanted_otherwise_is_the_same_run(client_of: Client, ground: Dataset, planner: User) -> None:  # fmt: skip
    ways: list[dict[str, Any]] = [{}, {"response": "document"}, {"outputs": {"depth": {}}}]
    ids = {execute(client_of, paths(ground), process="flow-paths", **wanted).json()["jobID"] for wanted in ways}  # fmt: skip
    assert len(ids) == 3
    assert len({each.partition("~")[0] for each in ids}) == len(parameters(planner)) == 1


# --- errors, and what strangers learn


def test_req_core_job_exception_no_such_job_whatever_the_id_says(client_of: Client, ground: Dataset, planner: User, town: Tenant) -> None:  # fmt: skip
    status, answer = done(client_of, ground, outputs={"depth": {}})
    body_of(answer)
    run = status["jobID"].partition("~")[0]
    wrong = ["keiner", f"{run}~", f"{run}~xml", f"{run}~raw~", f"{run}~raw~geheim.v", f"{run}~raw~depth", f"{run}~raw~depth.x", f"{run}~raw~depth.v~depth.r", f"{run}~raw~{'a' * 51}.v", f"~{run}", f"{run}~raw" + "~depth.v" * 50, "~raw~depth.v", "%00"]  # fmt: skip
    stranger = program(member(TenantFactory.create(), Role.PLANNER), Tenant.objects.latest("pk"))
    for page, asks in [*((each, client_of) for each in wrong), (status["jobID"], Client()), (status["jobID"], stranger), (run, stranger)]:  # fmt: skip
        for path in ("", "/results", "/results/depth"):
            answer = asks.get(f"/ogc/jobs/{page}{path}")
            assert (answer.status_code, answer.json()["type"]) == (404, f"{EXCEPTION}no-such-job"), page
    assert client_of.get(f"/ogc/jobs/{run}/results/geheim").status_code == 404
    planner.reach = reach(planner)
    with within(planner.reach.scope):
        publish_run(stored(Run(pk=_pk(planner), tenant=town)), actor=planner)
    assert body_of(Client().get(f"/ogc/jobs/{status['jobID']}/results"))[:2] == b"II"


def _pk(person: User) -> int:
    with within(reach(person).scope):
        return int(Run.objects.get().pk)


@pytest.mark.parametrize("path", ["/results", "/results/depth"])
def test_req_core_job_results_exception_results_not_ready(client_of: Client, ground: Dataset, path: str) -> None:  # fmt: skip
    job = execute(client_of, paths(ground), process="flow-paths").json()["jobID"]
    answer = client_of.get(f"/ogc/jobs/{job}{path}")
    assert (answer.status_code, answer.json()["type"]) == (404, f"{EXCEPTION}result-not-ready")


def test_req_core_job_results_failed(client_of: Client, counting: UseCase, planner: User) -> None:
    job = execute(client_of, {"steps": 1}, process="counting").json()["jobID"]
    with within(reach(planner).scope):
        Run.objects.update(engine_version="0")
    tasks.take_turn(tenant_id=0, job_id=0)
    answer = client_of.get(f"/ogc/jobs/{job}/results")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["type"] == "NoApplicableCode"
